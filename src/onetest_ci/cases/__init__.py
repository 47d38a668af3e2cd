"""Test cases of a product, and which of them the tests of a run belong to."""
