"""How reports are to be read, and what keeps a reading from being complete beyond what reports say."""

from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports import ReadOptions, ReportSet
from onetest_ci.settings import Settings, options

_ABSENT: Final = frozenset({"no-reports", "file-not-found"})


def problems_of(
    read: ReportSet, *, allow_empty: bool = False, tests_needed: bool = False
) -> list[ReportError]:
    """The errors that fail a reading.

    Args:
        read: what was read.
        allow_empty: accept that reports are not there, or hold no tests.
        tests_needed: reports without a single test are an error too.
    """
    problems = [error for error in read.problems if not (allow_empty and error.code in _ABSENT)]
    if problems or allow_empty:
        return problems
    if not read.files:
        return [_no_reports(read, "Or accept it with --allow-empty." if tests_needed else "")]
    if tests_needed and not read.totals.tests:
        return [
            ReportError(
                "no-tests",
                "The reports hold no tests.",
                "See why the test runner ran none, or accept it with --allow-empty.",
            )
        ]
    return []


def warnings_of(read: ReportSet, problems: list[ReportError]) -> list[str]:
    """What was not found and yet fails nothing."""
    absent = [*read.errors, *(row.error for row in read.files if row.error and row.error.code in _ABSENT)]
    return [error.message for error in absent if error not in problems]


def _no_reports(read: ReportSet, otherwise: str) -> ReportError:
    what = "No reports are named."
    if read.skipped:
        what = f"No test report is among the files that were found ({read.skipped:,} of another kind)."
    return ReportError("no-reports", what, f"{options()['files'].hint} {otherwise}".rstrip())


def read_options(settings: Settings) -> ReadOptions:
    """How reports are to be read."""
    dialect = "" if settings.report_format == "auto" else settings.report_format
    return ReadOptions(
        text_limit=settings.text_limit, dialect=dialect, merge_repeats=settings.repeats == "attempts"
    )
