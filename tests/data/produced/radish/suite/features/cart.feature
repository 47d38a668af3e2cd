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

  @ignore
  Scenario: Größe wählen
    Given an empty cart

  Scenario: The database is gone
    Given a cart in the database


