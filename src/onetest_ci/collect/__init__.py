"""Collect: read reports, and describe the CI run, into a bundle."""
