Feature: Cart

  Scenario: adds
    Given an empty cart
    When I add an apple for 5
    Then it costs 5

  Scenario: total
    Given an empty cart
    When I add an apple for 5
    Then it costs 8
    And it costs 5

  Scenario: undefined step
    Given a step that nobody wrote

  Scenario: pending step
    When I pay

  Scenario: skipped step
    When I print
    Then it costs 0

  @database
  Scenario: broken set-up
    Given an empty cart

  @close
  Scenario: broken clean-up
    Given an empty cart

  Scenario Outline: price
    Given an empty cart
    When I add an apple for <price>
    Then it costs 5

    Examples:
      | price |
      | 5     |
      | 11    |
