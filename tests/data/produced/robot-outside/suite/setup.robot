*** Settings ***
Suite Setup    Fail    no database

*** Test Cases ***
Adds
    No Operation
