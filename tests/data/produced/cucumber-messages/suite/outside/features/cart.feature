Feature: Cart

  Scenario: Adds
    Given a cart
