"""Limits on what is kept of one test or suite, and the warning that each of them leaves."""

from typing import Final, TypeVar

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.text.cut import cut_middle

Item = TypeVar("Item")

MOST_PROPERTIES: Final = 10_000
"""Properties of a case or a suite."""

MOST_OTHERS: Final = 1_000
"""Attachments, and attempts, of a case."""

MOST_ATTEMPTS: Final = 100
"""Earlier attempts of a case that a report only counts, or that a reader joins from several results."""

DEEPEST: Final = 100
"""Suites or steps inside each other. Real reports stay under 20."""


def bounded_text(text: str, reading: Reading) -> str:
    """Return a text within the reading's limit. Warn if it had to be cut."""
    if len(text) <= reading.text_limit:
        return text
    warn_of_cut(reading)
    return cut_middle(text, reading.text_limit)


def bounded_items(items: tuple[Item, ...], most: int, reading: Reading) -> tuple[Item, ...]:
    """Return the first ``most`` items. Warn if there are more."""
    if len(items) > most:
        warn_of_many(reading)
    return items[:most]


def first_line(text: str) -> str:
    """Return the first line that is not blank."""
    return text.lstrip().split("\n", 1)[0].strip()[:1000]


def warn_of_cut(reading: Reading) -> None:
    """Warn that texts were cut, once for each file."""
    reading.warn("cut", f"texts of more than {reading.text_limit:,} characters were cut in the middle")


def warn_of_many(reading: Reading) -> None:
    """Warn that properties, attachments or attempts were left out, once for each file."""
    reading.warn("many", "a test has too many properties, attachments or attempts; the rest is left out")


def check_depth(depth: int, reading: Reading, what: str = "suites") -> None:
    """Check how many suites are inside each other.

    Raises:
        ReportError: they are more than ``DEEPEST``.
    """
    if depth > DEEPEST:
        raise ReportError(
            "too-deep",
            f"{reading.path} has more than {DEEPEST} {what} inside each other.",
            "The tests before that place were read. See what wrote the file.",
        )
