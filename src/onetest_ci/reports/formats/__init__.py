"""The formats of single tools: one module each, that reads it and says what it can tell.

A module has ``read``, which yields suites and cases, and ``FEATURES``, its row in the table of the docs. How
its files are known stands in ``reports/formats/table.py``, so that a run imports only what it reads.
"""
