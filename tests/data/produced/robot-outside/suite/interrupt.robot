*** Settings ***
Library    signals.py

*** Test Cases ***
Adds
    No Operation
Interrupted
    Interrupt
Behind
    No Operation
