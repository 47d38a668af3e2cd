"""Receiver: takes results in, by ReportPortal's protocol or as a JUnit file, and lets a session read them."""
