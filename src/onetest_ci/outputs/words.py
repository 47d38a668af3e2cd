"""Counts in words, as every text for people has them."""

from collections.abc import Mapping
from typing import Final

MERGED: Final = (
    "merged by name alone: a failure and a later result of the same name count as attempts of one test; "
    "--repeats tests counts each as a test"
)


def counts(totals: Mapping[str, float]) -> str:
    """The counts in words: tests, and what is not zero."""
    words = {"failures": "failed", "errors": "in error", "skipped": "skipped", "flaky": "flaky"}
    parts = [f"{totals[key]:,} {word}" for key, word in words.items() if totals[key]]
    parts.insert(0, f"{totals['passed']:,} passed")
    return f"{plural(totals['tests'], 'test')}: {', '.join(parts)}"


def plural(number: float, noun: str) -> str:
    """``1 test``, ``2 tests``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
