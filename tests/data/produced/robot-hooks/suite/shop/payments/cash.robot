*** Settings ***
Suite Teardown    Skip    nobody there

*** Test Cases ***
Counts Coins
    No Operation
