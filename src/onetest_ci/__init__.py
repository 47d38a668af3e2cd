"""Get test results from CI into OneTest.

The command line is the interface; the Python modules may change without notice.
"""

__version__ = "0.1.0"
