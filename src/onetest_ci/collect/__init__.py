"""Collect: reports and what CI says, into a bundle."""
