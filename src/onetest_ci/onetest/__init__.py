"""The OneTest client: one HTTP module, every path as data, one module per service."""
