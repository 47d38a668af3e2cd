*** Settings ***
Resource    absent.resource

*** Test Cases ***
Adds
    No Operation
