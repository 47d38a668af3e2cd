*** Test Cases ***
Adds An Item
    No Operation
