Feature: Cart

  Scenario: Adds
    Given a cart
    It is not Gherkin
