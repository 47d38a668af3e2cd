*** Test Cases ***
Slow
    [Timeout]    100ms
    Sleep    10s
Adds
    No Operation
