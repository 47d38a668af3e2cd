*** Test Cases ***
Adds
    No Operation
