"""The failed cases of reports that were counted. Only reports with failures are read again."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from onetest_ci.model import BAD, Case, Suite
from onetest_ci.reports.find import FoundFile
from onetest_ci.reports.read import ReadOptions, read_file
from onetest_ci.reports.results import FileReport

_KEPT: Final = 1000
"""Failures kept of one report: a later attempt may turn some of them green."""


def failed_cases(
    files: Iterable[FoundFile], rows: Iterable[FileReport], options: ReadOptions, most: int
) -> dict[str, tuple[Case, ...]]:
    """Return the first failed cases by the path of their report.

    Args:
        files: that were read.
        rows: what they contain.
        options: how they were read.
        most: maximum number of cases in all reports.
    """
    # By path, whether a failure may be an attempt of a test that passed in the end. Archives have their path
    # and those of the reports in them; either may contain the mark.
    bad: dict[str, bool] = {}
    for row in rows:
        if row.counts.failures + row.counts.errors:
            for path in (row.path, *(row.path[: mark.start()] for mark in re.finditer("!", row.path))):
                bad[path] = bad.get(path, False) or row.counts.flaky > 0
    found: dict[str, tuple[Case, ...]] = {}
    for file in files:
        if not most:
            break
        if file.display in bad:
            failures = _Failures(None if bad[file.display] else most)
            with suppress(_Enough):
                read_file(file, failures.add, options)
            for path, cases in failures.by_report.items():
                found[path] = tuple(cases.values())[:most]
                most -= len(found[path])
    return found


class _Enough(Exception):
    """All failures that are shown were found; nothing more is read."""


class _Failures:
    """Receives records, and keeps the cases whose final verdict is bad.

    Args:
        most: cases after which reading stops. None reads to the end, since some may turn green.

    Attributes:
        by_report: failed cases by the path of their report and their ordinal.
    """

    def __init__(self, most: int | None) -> None:
        self.by_report: dict[str, dict[int, Case]] = {}
        self._most = most

    def add(self, file: FoundFile, records: Sequence[Suite | Case]) -> None:
        cases = self.by_report.setdefault(file.display, {})
        for record in records:
            if isinstance(record, Suite):
                continue
            if record.retry_of is not None:
                cases.pop(record.retry_of, None)
            if record.status in BAD and len(cases) < _KEPT:
                cases[record.ordinal] = record
        if self._most is not None and sum(map(len, self.by_report.values())) >= self._most:
            raise _Enough
