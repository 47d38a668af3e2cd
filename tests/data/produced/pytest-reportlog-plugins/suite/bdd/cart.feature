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

    Examples:
      | count | held |
      | 2     | 2    |
      | 3     | 4    |

  @skip
  Scenario: Größe wählen
    Given an empty cart

  Scenario: A step that is not there
    Given a step that nobody wrote
