*** Settings ***
Library    exits.py

*** Test Cases ***
Adds
    No Operation
Exits
    Exit Now
