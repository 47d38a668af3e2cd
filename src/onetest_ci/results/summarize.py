"""Choose the tests that people are shown, in one pass over the results."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from heapq import heappush, heappushpop
from itertools import chain, repeat
from types import MappingProxyType
from typing import Final

from onetest_ci.model import BAD, SKIPPED
from onetest_ci.results.distinct_names import with_distinct_names
from onetest_ci.results.run_results import (
    NOT_HELD,
    SLOWEST,
    Change,
    Held,
    Listed,
    RunResults,
    ShownTest,
    TestResult,
    reported_place,
)
from onetest_ci.text.cut import cut_middle

KEPT: Final = 1000
"""Tests kept of each list by default; its total is exact."""
_LONGEST_NAME: Final = 500
_LONGEST_TEXT: Final = 4000

_LISTED_BY_CHANGE: Final = (Change.FIXED, Change.NEWLY_FLAKY, Change.NEW, Change.SLOWER)
"""Changes of tests that this run contains and whose list depends on nothing else."""

Show = Callable[[TestResult], ShownTest]


def summarize(
    tests: Iterable[TestResult],
    *,
    show: Show | None = None,
    changes: Iterable[Change | None] = (),
    seconds_before: Mapping[int, float] = MappingProxyType({}),
    quarantine_of: Callable[[TestResult], Held] = lambda _: NOT_HELD,
    report_of: Callable[[int], str] = lambda _: "",
    kept: int = KEPT,
) -> RunResults:
    """Return the tests of a run that people look at.

    Args:
        tests: all of them.
        show: makes the entry of a test that is listed, and adds its place and its own frames.
        changes: how each test compares with the baseline, in the same order. Nothing if there is none.
        seconds_before: see ``Compared``.
        quarantine_of: returns why a failed or flaky test is in quarantine; false if it is not.
        report_of: returns the path of the report of the test in a row. Empty if it is unknown.
        kept: tests kept of each list.
    """
    show = show or shown
    new_list = partial(_List, show, kept, report_of)
    new_failures, still_failing, quarantined = new_list(), new_list(), new_list()
    flaky, skipped, slowest = new_list(), new_list(), _Slowest()
    quarantined_flaky = 0
    changed = {change: new_list() for change in _LISTED_BY_CHANGE}
    for row, (test, change) in enumerate(zip(tests, chain(changes, repeat(None)), strict=False)):
        slowest.add(row, test)
        if change is not None and change in changed:
            changed[change].add(row, test, change, seconds_before=seconds_before.get(row))
        if test.status in BAD:
            reason = quarantine_of(test)
            if reason:
                quarantined.add(row, test, change, reason)
            elif change is Change.STILL_FAILING:
                still_failing.add(row, test, change)
            else:
                new_failures.add(row, test, change)
        elif test.status == SKIPPED:
            skipped.add(row, test)
        elif test.attempts and test.flaky:
            reason = quarantine_of(test)
            quarantined_flaky += bool(reason)
            flaky.add(row, test, change, reason)
    results = RunResults(
        new_failures=new_failures.listed(),
        still_failing=still_failing.listed(),
        quarantined=quarantined.listed(),
        flaky=flaky.listed(),
        skipped=skipped.listed(),
        slowest=slowest.listed(show, report_of),
        quarantined_flaky=quarantined_flaky,
        fixed=changed[Change.FIXED].listed(),
        newly_flaky=changed[Change.NEWLY_FLAKY].listed(),
        new=changed[Change.NEW].listed(),
        slower=changed[Change.SLOWER].listed(),
    )
    return with_distinct_names(results)


def shown(test: TestResult) -> ShownTest:
    """Return the entry of a test in a list, without its place."""
    return ShownTest(
        name=test.name[:_LONGEST_NAME],
        suite=_suite_of(test)[:_LONGEST_NAME],
        status=test.status,
        seconds=test.seconds,
        message=cut_middle(test.message, _LONGEST_TEXT),
        trace=cut_middle(test.details, _LONGEST_TEXT),
        reported_place=reported_place(test.file[:_LONGEST_NAME], test.line),
        attempts=test.attempts,
        around=(_suites_around(test)[:_LONGEST_NAME], ""),
    )


def _suites_around(test: TestResult) -> str:
    """Return the suites around the class of a test. Empty if they are shown in its place, or are its name."""
    names = [suite for suite in test.suites if suite not in {"", test.name, test.classname}]
    return " > ".join(names) if test.classname else ""


def _suite_of(test: TestResult) -> str:
    """Return the class or the suites around a test. Some tools repeat the test's name there."""
    return test.classname or " > ".join(suite for suite in test.suites if suite not in {"", test.name})


class _List:
    """The first tests of a kind, and how many there are."""

    def __init__(self, show: Show, kept: int, report_of: Callable[[int], str]) -> None:
        self._show = show
        self._kept = kept
        self._report_of = report_of
        self._tests: list[ShownTest] = []
        self._total = 0

    def add(
        self,
        row: int,
        test: TestResult,
        change: Change | None = None,
        quarantine: Held = NOT_HELD,
        seconds_before: float | None = None,
    ) -> None:
        self._total += 1
        if len(self._tests) < self._kept:
            entry = _with_report(self._show(test), self._report_of(row))
            if change or quarantine:
                entry = entry._replace(change=change, quarantine=quarantine, seconds_before=seconds_before)
            self._tests.append(entry)

    def listed(self) -> Listed:
        return Listed(tuple(self._tests), self._total)


def _with_report(test: ShownTest, report: str) -> ShownTest:
    return test._replace(around=(test.around[0], report)) if report else test


class _Slowest:
    """The tests that took longest."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, int, TestResult]] = []
        self._timed = 0

    def add(self, row: int, test: TestResult) -> None:
        seconds = test.seconds
        if not seconds:
            return
        self._timed += 1
        if len(self._heap) < SLOWEST:
            heappush(self._heap, (seconds, -self._timed, row, test))
        elif seconds > self._heap[0][0]:
            heappushpop(self._heap, (seconds, -self._timed, row, test))

    def listed(self, show: Show, report_of: Callable[[int], str]) -> Listed:
        tests = (
            _with_report(show(test), report_of(row)) for _, _, row, test in sorted(self._heap, reverse=True)
        )
        return Listed(tuple(tests), self._timed)
