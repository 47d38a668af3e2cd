*** Settings ***
Suite Teardown    Fail    no bank
