"""Receiver: accepts results by ReportPortal's API or as JUnit files, and returns them to a session."""
