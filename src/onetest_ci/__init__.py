"""Get test results from CI into OneTest."""

__version__ = "0.1.0"
