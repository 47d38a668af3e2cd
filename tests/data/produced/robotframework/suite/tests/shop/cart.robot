*** Settings ***
Documentation     What a customer takes along

*** Test Cases ***
Adds An Item
    Log    adding größe-注文
    Should Be Equal    ${1}    ${1}

Total In €
    Should Be Equal    7 €    8 €

Not On CI
    Skip    not on CI

Broken Setup
    [Setup]    Fail    no database
    No Operation

Templated Price
    [Template]    Price Is
    1    5
    2    11

*** Keywords ***
Price Is
    [Arguments]    ${count}    ${price}
    Should Be Equal As Integers    ${${count} * 5}    ${price}
