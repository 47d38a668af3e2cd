"""The dialects that are read; a new one is a file beside this one and a row here."""

from onetest_ci.errors import ReportError
from onetest_ci.reports import junit
from onetest_ci.reports.dialect import Dialect, Head
from onetest_ci.reports.sniff import describe

DIALECTS: tuple[Dialect, ...] = (junit.DIALECT,)
"""Asked in this order; the first that knows the file's head reads it."""


def dialect_of(head: Head) -> Dialect | None:
    """The dialect of a file, None when no one knows it."""
    return next((dialect for dialect in DIALECTS if dialect.sniff(head)), None)


def pinned(name: str, head: Head) -> Dialect | None:
    """The dialect that the user names, None when the file cannot be of it whatever its root element is."""
    dialect = next(dialect for dialect in DIALECTS if dialect.name == name)
    return dialect if dialect.sniff(head) or dialect.may_be(head) else None


def unknown(path: str, head: Head) -> ReportError:
    """The error for a file that was to be a report and is none."""
    titles = ", ".join(dialect.title for dialect in DIALECTS)
    return ReportError(
        "unknown-format",
        f"{path} is no test report that is read today: it is {describe(head)}.",
        f"What is read: {titles}; most test runners can write it. If the file is that, but its root element "
        "has another name, say --report-format junit.",
    )
