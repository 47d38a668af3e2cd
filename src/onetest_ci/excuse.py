"""Decide whether failed tests in quarantine account for the failure of the test command."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from onetest_ci.gate import Figures
from onetest_ci.notices import Notice
from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

TESTS_FAILED: Final = 1
"""The exit code by which test runners report failed tests. Others stand for errors of their own."""

DOUBTS: Final = frozenset(
    {
        "declared",
        "declared-failures",
        "declared-fewer",
        "declared-more-failures",
        "definitions",
        "file-not-found",
        "fragments",
        "lines",
        "no-reports",
        "plan",
        "stale-report",
        "status",
    }
)
"""Kinds of notices on reports that may lack a failure."""


class CommandEnd(NamedTuple):
    """How the test command ended, and whether the reports can account for it.

    Attributes:
        exit_code: of the command.
        stopped: whether a signal asked this process to stop while the command ran.
        unread: whether a report could not be read to its end, is missing or is too old.
        any_age: whether reports of any age are accepted although this process ran the command.
        empty: whether a report contains no test, as that of a runner that broke off before the first one.
        has_case: whether a case in error stands for the command, since no report contains a failure.
        unaccounted: path of a file that is not a report and may hold a failure; empty if there is none.
        absent: number of tests of the baseline that are in no report: they may not have started.
        notices: on the reports.
    """

    exit_code: int
    stopped: bool = False
    unread: bool = False
    any_age: bool = False
    empty: bool = False
    has_case: bool = False
    unaccounted: str = ""
    absent: int = 0
    notices: Iterable[Notice] = ()


def why_not_excused(end: CommandEnd, figures: Figures | None) -> str:
    """Return why quarantine does not change the exit code of a command that failed; empty if it does.

    Args:
        end: of the command.
        figures: the numbers of the tests. None if the results cannot be read.
    """
    if figures is None:
        return "the results cannot be read"
    if figures.failed or not figures.quarantined:
        are = "is" if figures.failed == 1 else "are"
        return f"{plural(figures.failed, 'failed test')} {are} not in quarantine"
    if end.exit_code != TESTS_FAILED:
        return (
            f"test runners report failed tests by exit code {TESTS_FAILED}, and all else by other exit codes"
        )
    reasons = {
        "a signal asked the run to stop": end.stopped,
        "not all reports could be read": end.unread,
        "reports of earlier runs are accepted": end.any_age,
        "a report contains no test": end.empty,
        "no report contains the failure": end.has_case,
        _of_other_file(end.unaccounted): bool(end.unaccounted),
        f"{plural(end.absent, 'test')} of the baseline did not run": bool(end.absent),
        "a report may lack a failure; see the warnings": any(notice.kind in DOUBTS for notice in end.notices),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _of_other_file(path: str) -> str:
    shown = one_line(path)
    return (
        f"{shown} is not a report and may contain another failure; if it cannot, exclude it with '!{shown}'"
    )
