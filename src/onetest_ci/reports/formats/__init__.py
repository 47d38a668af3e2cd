"""The report formats: a module or package for each.

A module has ``read``, which yields suites and cases, and ``FEATURES``, its row in the table of the docs.
``table.py`` holds how files of a format are recognised, so that a run imports only the formats that it reads.
"""
