Feature: Stop

  Scenario: goes
    Given an empty cart
