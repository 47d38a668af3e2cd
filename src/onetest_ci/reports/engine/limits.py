"""Limits on what is kept of one test or suite, and the warning that each of them leaves."""

from typing import Final

from onetest_ci.reports.engine.reading import Reading

MOST_PROPERTIES: Final = 10_000
MOST_OTHERS: Final = 1_000
"""Bounds on properties, and on the attachments and attempts of a case."""


def first_line(text: str) -> str:
    """The first line with something on it."""
    return text.lstrip().split("\n", 1)[0].strip()[:1000]


def note_cut(reading: Reading) -> None:
    """One warning for the file."""
    reading.warn("cut", f"texts of more than {reading.text_limit:,} characters were cut in the middle")
