"""Merge the saved results of the runners that reported to one launch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from onetest_ci.bundle.records import TOTALS
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.results.allowance import Allowance
from onetest_ci.results.baseline import Report, Row
from onetest_ci.results.identity import identity_of
from onetest_ci.results.run_results import TestResult
from onetest_ci.results.saved import Saved, UnusableResults, rows_of

_FLAKY: Final = 2
_SEVERITY: Final = {SKIPPED: 0, PASSED: 1, FAILED: 3, ERROR: 4}
_TOTAL: Final = {PASSED: "passed", FAILED: "failures", ERROR: "errors", SKIPPED: "skipped"}

Totals = dict[str, int | float]


class Merged(NamedTuple):
    """The tests of several runs as those of one.

    Attributes:
        files: that could be read.
        chosen: for each file, the numbers of the rows that count.
        totals: of the tests that count, as in a manifest.
        per_file: totals of each file alone.
        unusable: the files that cannot be used, each with the reason.
    """

    files: tuple[Saved, ...]
    chosen: tuple[frozenset[int], ...]
    totals: Totals
    per_file: tuple[Totals, ...]
    unusable: tuple[tuple[Saved, str], ...]

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports of all files."""
        return tuple(report for one in self.files for report in one.reports)

    @property
    def cut_short(self) -> tuple[Saved, ...]:
        """The files whose run was cut short, or has a report that was not read to its end."""
        return tuple(
            one
            for one in self.files
            if not (one.header.complete and all(report.complete for report in one.reports))
        )

    def rows(self) -> Iterator[Row]:
        """Yield the tests that count.

        Raises:
            UnusableResults: a file was changed since it was read.
        """
        first = 0
        for one, chosen in zip(self.files, self.chosen, strict=True):
            for number, (test, report) in enumerate(rows_of(one)):
                if number in chosen:
                    yield Row(test, report if report < 0 else first + report)
            first += len(one.reports)


def merge(files: Sequence[Saved], allowance: Allowance) -> Merged:
    """Merge saved results. The worst verdict of a test in several files counts: no failure is hidden.

    Tests of one file that cannot be distinguished are as many tests.

    Args:
        files: of all runners.
        allowance: for their tests.

    Raises:
        Exhausted: they contain more.
    """
    best: dict[bytes, tuple[int, int, int]] = {}
    used: list[Saved] = []
    unusable: list[tuple[Saved, str]] = []
    per_file: list[Totals] = []
    for one in files:
        try:
            found, totals = _read(one, allowance)
        except UnusableResults as problem:
            unusable.append((one, str(problem)))
            continue
        for key, (severity, row) in found.items():
            if key not in best or severity > best[key][0]:
                best[key] = (severity, len(used), row)
        used.append(one)
        per_file.append(totals)
    chosen: list[set[int]] = [set() for _ in used]
    for _, number, row in best.values():
        chosen[number].add(row)
    merged = Merged(tuple(used), tuple(map(frozenset, chosen)), {}, tuple(per_file), tuple(unusable))
    return merged._replace(totals=_totals(row.test for row in merged.rows()))


def _read(saved: Saved, allowance: Allowance) -> tuple[dict[bytes, tuple[int, int]], Totals]:
    """Return severity and row of each test of a file, and the totals of the file."""
    found: dict[bytes, tuple[int, int]] = {}
    seen: Counter[bytes] = Counter()
    totals = _totals(())
    for number, (test, report) in enumerate(rows_of(saved, allowance.take_bytes)):
        allowance.take_tests(1)
        identity = identity_of(test, saved.reports[report].path if report >= 0 else "")
        key = identity.key + identity.context
        seen[key] += 1
        severity = _FLAKY if test.attempts and test.flaky else _SEVERITY[test.status]
        found[key + seen[key].to_bytes(4)] = (severity, number)
        _count(test, totals)
    return found, totals


def _totals(tests: "Iterator[TestResult] | tuple[TestResult, ...]") -> Totals:
    totals = dict(TOTALS)
    for test in tests:
        _count(test, totals)
    return totals


def _count(test: TestResult, totals: Totals) -> None:
    totals["tests"] += 1
    totals[_TOTAL[test.status]] += 1
    totals["flaky"] += bool(test.attempts) and test.flaky
    totals["seconds"] += test.seconds or 0
