"""Safe text: which characters are left out, how a text is cut, and how it is escaped for each place."""
