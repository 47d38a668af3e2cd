@shop
Feature: Cart
  What a customer takes along

  Scenario: Add an item
    Given an empty cart
    When I add 1 item
    Then it holds 1 item

  Scenario Outline: Add many
    Given an empty cart
    When I add <count> items
    Then it holds <held> items

    Examples: Some
      | count | held |
      | 2     | 2    |
      | 3     | 4    |

  Scenario: Größe wählen
    Given a skipped step

  Scenario: It is to be written
    Given a pending step

  @flaky
  Scenario: A flaky one
    Given a flaky cart

  Scenario: The database is gone
    Given a cart in the database

  Scenario: A step that is not there
    Given a step that nobody wrote

  Rule: Nothing is free
    Scenario: Zero items
      Given an empty cart
      Then it holds 0 items
