"""Compare the tests of a run with their newest earlier results."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, zip_longest
from operator import attrgetter, or_
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from onetest_ci.model import BAD, COMMAND_CASE, PASSED, SKIPPED
from onetest_ci.results.identity import Identity, identity_of
from onetest_ci.results.run_results import Change, TestResult

SLOWER_TIMES: Final = 2.0
"""A test is slower if it took at least this many times as long: shared runners often differ by half."""
SLOWER_SECONDS: Final = 1.0
"""And at least this many seconds longer: below that, the start of a process or a cold cache explains it."""

_SEVERITY: Final = {PASSED: 1, SKIPPED: 0}
_BAD: Final = 2


class Past(NamedTuple):
    """A test in one run.

    Attributes:
        context: of its identity.
        status: one of the statuses of ``model``.
        flaky: whether it passed only after a failed attempt.
        seconds: duration. None if it is unknown.
        path: of its report. Empty if it is unknown.
        report: number of its report within its run. -1 if it is unknown.
        run: number of its run.
        row: its number within its run.
        counts: whether it is a result: not a skip, in a report that was read to its end, and of a test.
    """

    context: bytes
    status: str
    flaky: bool
    seconds: float | None
    path: str
    report: int
    run: int
    row: int
    counts: bool


class Report(NamedTuple):
    """A report of a run.

    Attributes:
        path: as its run displayed it.
        complete: whether it was read to its end.
    """

    path: str
    complete: bool


class Row(NamedTuple):
    """A test of a run and the number of its report. -1 if it is unknown."""

    test: TestResult
    report: int = -1


class Run:
    """The tests of a run, by their identity.

    A test takes about 400 bytes.

    Args:
        reports: of the run.
        rows: all its tests.
        number: of the run, to find it again.
        is_whole: False if the run was cut short: a test that it lacks has not vanished.
    """

    def __init__(
        self, reports: Sequence[Report], rows: Iterable[Row], number: int = 0, *, is_whole: bool = True
    ) -> None:
        self.reports = tuple(reports)
        self.is_whole = is_whole
        self.tests: dict[bytes, tuple[Past, ...]] = {}
        self.count = 0
        for test, report in rows:
            known = self.reports[report] if 0 <= report < len(self.reports) else None
            # A command that failed for another reason may have left out tests.
            self.is_whole = self.is_whole and test.name != COMMAND_CASE
            path = known.path if known else ""
            identity = identity_of(test, path)
            is_complete = known is None or known.complete
            self._add(identity, Row(test, report), path, number, counts=is_complete)

    def _add(self, identity: Identity, row: Row, path: str, number: int, *, counts: bool) -> None:
        test, report = row
        past = Past(
            identity.context,
            test.status,
            bool(test.attempts) and test.flaky,
            test.seconds,
            path,
            report,
            number,
            self.count,
            # The reason why the test command failed is unknown, so its failure is never a known one.
            counts and test.status != SKIPPED and test.name != COMMAND_CASE,
        )
        self.count += 1
        self.tests[identity.key] = (*self.tests.get(identity.key, ()), past)

    @property
    def complete_paths(self) -> frozenset[str]:
        """Paths of the reports that contain all their tests. None if the run was cut short."""
        return frozenset(one.path for one in self.reports if one.complete and self.is_whole)


def pairs(
    now: Sequence[Past], before: Sequence[Past]
) -> Iterator[tuple[Past, Past | None] | tuple[None, Past]]:
    """Yield the tests of one key with their earlier results.

    If either run has several tests of the key, the names around them must be the same, too. Of several tests
    with the same names, those in reports of the same path belong together. Of the others the worst ones do,
    so one failure more than before is a new failure.
    """
    if len(now) == len(before) == 1:
        yield now[0], before[0]
        return
    now_by_context, before_by_context = _grouped(now, _context), _grouped(before, _context)
    for context in now_by_context | before_by_context:
        yield from _pairs_of_context(now_by_context.get(context, []), before_by_context.get(context, []))


def _pairs_of_context(
    now: list[Past], before: list[Past]
) -> Iterator[tuple[Past, Past | None] | tuple[None, Past]]:
    if len(now) > 1 or len(before) > 1:
        now_by_path, before_by_path = _grouped(now, _path), _grouped(before, _path)
        now, before = [], []
        for path in now_by_path | before_by_path:
            here, there = now_by_path.get(path, []), before_by_path.get(path, [])
            yield from zip(here, there, strict=False)
            now += here[len(there) :]
            before += there[len(here) :]
    yield from zip_longest(_worst_first(now), _worst_first(before))


def _grouped(tests: Iterable[Past], key: Callable[[Past], Any]) -> dict[Any, list[Past]]:
    """Return the tests by their key, each group with the worst results first."""
    groups: dict[Any, list[Past]] = {}
    for test in _worst_first(tests):
        groups.setdefault(key(test), []).append(test)
    return groups


_context: Final = attrgetter("context")
_path: Final = attrgetter("path")


def _worst_first(tests: Iterable[Past]) -> list[Past]:
    return sorted(tests, key=_severity, reverse=True)


def _severity(past: Past) -> int:
    return _SEVERITY.get(past.status, _BAD)


class History:
    """The newest result of each test in earlier runs.

    Args:
        runs: the newest first. Only one of them is in memory at a time.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self.tests: dict[bytes, tuple[Past, ...]] = {}
        self.reports: list[tuple[Report, ...]] = []
        self._complete_paths: list[frozenset[str]] = []
        for run in runs:
            self.reports.append(run.reports)
            self._complete_paths.append(run.complete_paths)
            if not self.tests:
                self.tests = run.tests
            else:
                self._extend(run)

    def _extend(self, older: Run) -> None:
        """Add the results of an older run to tests that have none yet."""
        for key, tests in older.tests.items():
            newer = self.tests.get(key)
            if newer is None:
                self.tests[key] = tests
            elif not all(one.counts for one in newer):
                self.tests[key] = tuple(_newest(one, other) for one, other in pairs(newer, tests))

    def later_paths(self) -> list[frozenset[str]]:
        """Return for each run the paths of the reports that later runs contain with all their tests."""
        nothing: frozenset[str] = frozenset()
        return list(accumulate(self._complete_paths[:-1], or_, initial=nothing))


def _newest(newer: Past | None, older: Past | None) -> Past:
    """Return the newest result of a test, and where the newest run contains the test."""
    if newer is None or older is None:
        # One of them is a test.
        return newer or older  # type: ignore[return-value]
    if newer.counts or not older.counts:
        return newer
    return newer._replace(status=older.status, flaky=older.flaky, seconds=older.seconds, counts=True)


class Compared(NamedTuple):
    """The tests of a run, compared with their newest earlier results.

    Attributes:
        changes: for each test, in the order of the run.
        vanished: run and row of each test that vanished, in order.
        lost_reports: paths of the reports of earlier runs that this run lacks.
        lost_tests: number of their tests that are in no other report.
        seconds_before: the earlier duration of each test that became slower, by its row.
    """

    changes: tuple[Change | None, ...]
    vanished: tuple[tuple[int, int], ...]
    lost_reports: tuple[str, ...] = ()
    lost_tests: int = 0
    seconds_before: Mapping[int, float] = MappingProxyType({})


def compare(now: Run, history: History) -> Compared:
    """Compare a run with earlier ones.

    Args:
        now: the run.
        history: the newest result of each test.
    """
    changes: list[Change | None] = [None] * now.count
    absent: list[Past] = []
    found: dict[tuple[int, int], int] = {}
    seconds_before: dict[int, float] = {}
    for key, before in history.tests.items():
        tests = now.tests.get(key, ())
        for one, other in pairs(tests, before):
            if one is not None:
                changes[one.row] = change_of(one, other)
            elif other is not None:
                absent.append(other)
            if one is not None and other is not None:
                if changes[one.row] is Change.SLOWER:
                    seconds_before[one.row] = other.seconds or 0
                place = other.run, other.report
                found[place] = found.get(place, 0) + 1
    for key, tests in now.tests.items():
        if key not in history.tests:
            for one in tests:
                changes[one.row] = change_of(one, None)
    compared = Compared(tuple(changes), (), seconds_before=seconds_before)
    return _with_absent(compared, now, history, absent, found)


def change_of(now: Past, before: Past | None) -> Change | None:
    """Return how a test changed. None if it did not, or if this run has no result of it.

    A test that was flaky and fails is a new failure: it passed in the end. A test that failed before and
    passes only after a failed attempt is newly flaky, and not fixed.

    Args:
        now: the test in this run.
        before: its newest earlier result. Without a result, the earlier runs only skipped it. None if they do
            not contain it.
    """
    status = before.status if before and before.counts else SKIPPED
    if now.status in BAD:
        # In a report that breaks off, too: the attempt that passed may be missing, but a failure stays red.
        return Change.STILL_FAILING if status in BAD else Change.NEW_FAILURE
    if not now.counts:
        return None
    if now.flaky:
        return None if before and before.counts and before.flaky else Change.NEWLY_FLAKY
    if before is None:
        return Change.NEW
    if status in BAD:
        return Change.FIXED
    is_slower = status == PASSED and _is_slower(now.seconds, before.seconds)
    return Change.SLOWER if is_slower else None


def _is_slower(now: float | None, before: float | None) -> bool:
    if now is None or before is None:
        return False
    return now >= before * SLOWER_TIMES and now - before >= SLOWER_SECONDS


def _with_absent(
    compared: Compared,
    now: Run,
    history: History,
    absent: Iterable[Past],
    found: dict[tuple[int, int], int],
) -> Compared:
    """Add the tests that are gone although their report is there, and the reports that are gone.

    A report is there if a report with its path was read to its end. A report of the newest run is also there
    if all reports were read to their end and contain at least half of its tests: it has another path now.
    """
    missing: dict[tuple[int, int], list[int]] = {}
    for past in absent:
        if past.counts:
            missing.setdefault((past.run, past.report), []).append(past.row)
    paths = now.complete_paths
    all_paths = {report.path for report in now.reports}
    later = history.later_paths()
    all_complete = now.is_whole and all(report.complete for report in now.reports)
    rows: list[tuple[int, int]] = []
    lost: dict[str, int] = {}
    for (run, report), gone in missing.items():
        if not 0 <= report < len(history.reports[run]):
            continue
        path = history.reports[run][report].path
        # A newer run with the same report did not contain the test any more.
        if path in later[run]:
            continue
        is_renamed = not run and all_complete and found.get((run, report), 0) >= len(gone)
        if path in paths or is_renamed:
            rows += ((run, row) for row in gone)
        elif path not in all_paths:
            lost[path] = lost.get(path, 0) + len(gone)
    return compared._replace(
        vanished=tuple(sorted(rows)), lost_reports=tuple(sorted(lost)), lost_tests=sum(lost.values())
    )
