*** Settings ***
Suite Teardown    Fail    no terminal

*** Test Cases ***
Pays
    No Operation

Refuses
    Fail    was accepted

Asks
    Skip    not now
