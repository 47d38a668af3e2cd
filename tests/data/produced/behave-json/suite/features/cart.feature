Feature: Cart

  Background:
    Given a cart

  @smoke
  Scenario: Add an item
    When I add 1 item
    Then it holds 1 item

  Scenario Outline: Add many
    When I add <count> items
    Then it holds <held> items

    Examples:
      | count | held |
      | 2     | 2    |
      | 3     | 4    |

  Scenario: A step that is not there
    When something undefined happens

  Scenario: It is skipped
    Given it is not on CI

  Scenario: The database is gone
    Given a broken database
