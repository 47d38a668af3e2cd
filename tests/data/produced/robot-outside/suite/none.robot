*** Keywords ***
Help
    No Operation
