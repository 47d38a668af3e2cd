*** Settings ***
Library    a_library_that_is_not_there

*** Test Cases ***
Adds
    No Operation
