"""The report formats: a module or package for each.

A module has ``read``, which yields suites and cases, and ``FEATURES``, its row in the table of the docs. Its
row in ``table.py`` declares how its files are recognised, so a run imports only the formats that it reads.
"""
