*** Settings ***
Suite Setup       Fail    no database

*** Test Cases ***
Lists Orders
    No Operation
