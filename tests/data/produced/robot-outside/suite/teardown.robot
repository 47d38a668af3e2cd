*** Settings ***
Suite Teardown    Fail    left open

*** Test Cases ***
Adds
    No Operation
