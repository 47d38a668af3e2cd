@shop
Feature: Cart

  Background:
    Given an empty cart

  @smoke
  Scenario: Add an item
    When I add 1 item
    Then it holds 1 item

  Scenario Outline: Add many
    When I add <count> items
    Then it holds <held> items

    Examples: Some
      | count | held |
      | 2     | 2    |
      | 3     | 4    |

  Scenario: Größe wählen
    Given a skipped step
    Then it holds 0 items

  Scenario: A step that is not there
    Given a step that nobody wrote

  Scenario: A step that is there twice
    Given a step that is there twice

  @flaky
  Scenario: A flaky one
    Given a flaky cart

  @flaky
  Scenario: It never works
    Given a cart in the database

  Rule: Nothing is free
    Scenario: Zero items
      Then it holds 0 items

    @no-database
    Scenario: The database is gone
      Then it holds 0 items

    @left-open
    Scenario: The cart is left open
      Then it holds 0 items

    Scenario: Nothing happens
