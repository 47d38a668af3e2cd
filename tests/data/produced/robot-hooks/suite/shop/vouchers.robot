*** Settings ***
Suite Teardown    Skip    printer is off

*** Test Cases ***
Prints
    No Operation

Expires
    Fail    still valid
