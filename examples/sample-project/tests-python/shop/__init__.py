"""A tiny shop, which the sample suites test. Its few bugs are real: the reports have real failures."""
