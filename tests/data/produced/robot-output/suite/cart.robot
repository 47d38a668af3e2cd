*** Test Cases ***
Adds An Item
    [Tags]    smoke
    Log    größe <b>38</b>

Totals
    Should Be Equal    ${7}    ${8}    the total

Not On CI
    Skip    not on CI

Shows The Cart
    Log    <img src="cart.png">    html=True
    Fail    the picture shows it

Sometimes Fails
    Should Be Equal    %{TRY=first}    second    not yet
