*** Test Cases ***
Gives Up
    Fatal Error    no database
Behind
    No Operation
