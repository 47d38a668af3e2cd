"""Errors and notices of a reading as a whole, and the options that reports are read with."""

from typing import Final

from onetest_ci.collect.stale_reports import STALE, Snapshot
from onetest_ci.errors import ReportError
from onetest_ci.notices import Notice
from onetest_ci.reports import ReadOptions, ReportSet
from onetest_ci.settings import options
from onetest_ci.settings.collection import CollectSettings

ABSENT: Final = frozenset({"no-reports", "file-not-found", STALE})
"""Codes of errors for a report that the tests did not write."""

_STALE_SHOWN: Final = 10


def reading_problems(
    read: ReportSet, *, allow_empty: bool = False, tests_needed: bool = False
) -> list[ReportError]:
    """Return the errors that fail a reading.

    Args:
        read: the reports.
        allow_empty: accept missing reports, and reports without tests.
        tests_needed: whether reports without any test are an error.
    """
    problems = [error for error in read.problems if not (allow_empty and error.code in ABSENT)]
    problems = _with_few_stale(problems)
    if problems or allow_empty:
        return problems
    if not read.files:
        return [_no_reports(read, "Or accept it with --allow-empty." if tests_needed else "")]
    if tests_needed and not read.totals.tests:
        return [
            ReportError(
                "no-tests",
                "The reports contain no tests.",
                "See why the test runner ran none, or accept it with --allow-empty.",
            )
        ]
    return []


def absence_notices(read: ReportSet, problems: list[ReportError]) -> list[Notice]:
    """Return a notice for each absent report that is not an error of the reading."""
    absent = [*read.errors, *(row.error for row in read.files if row.error and row.error.code in ABSENT)]
    has_stale = any(problem.code == STALE for problem in problems)
    return [
        Notice(error.code, error.message)
        for error in absent
        if error not in problems and not (has_stale and error.code == STALE)
    ]


def _no_reports(read: ReportSet, otherwise: str) -> ReportError:
    what = "No reports are named."
    if read.skipped:
        what = f"No test report is among the files that were found ({read.skipped:,} of another kind)."
    return ReportError("no-reports", what, f"{options()['files'].hint} {otherwise}".rstrip())


def _with_few_stale(problems: list[ReportError]) -> list[ReportError]:
    """Return the errors with the first stale reports only: a folder may contain those of many runs."""
    stale = [problem for problem in problems if problem.code == STALE]
    more = len(stale) - _STALE_SHOWN
    if more <= 0:
        return problems
    others = [problem for problem in problems if problem.code != STALE]
    rest = ReportError(STALE, f"{more:,} more reports are older than the test command.", stale[0].hint)
    return [*others, *stale[:_STALE_SHOWN], rest]


def read_options(settings: CollectSettings, before: Snapshot | None = None) -> ReadOptions:
    """Return the options that reports are read with.

    Args:
        settings: of the command.
        before: the files from before the test command. None accepts reports of any age.
    """
    return ReadOptions(
        text_limit=settings.text_limit,
        format="" if settings.report_format == "auto" else settings.report_format,
        merge_by_name=settings.repeats == "attempts",
        judge_age=before.judge_age if before else None,
    )
