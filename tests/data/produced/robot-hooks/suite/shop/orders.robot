*** Settings ***
Suite Setup    Fail    no database

*** Test Cases ***
Sends
    No Operation
