"""The failed cases of reports that were counted. Only reports with failures are read again."""

import re
from collections.abc import Iterable, Sequence
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
    bad: set[str] = set()
    for row in rows:
        if row.counts.failures + row.counts.errors:
            bad.add(row.path)
            # The path of the archive that it is in: either name may contain the mark.
            bad.update(row.path[: mark.start()] for mark in re.finditer("!", row.path))
    found: dict[str, tuple[Case, ...]] = {}
    for file in files:
        if not most:
            break
        if file.display in bad:
            failures = _Failures()
            read_file(file, failures.add, options)
            for path, cases in failures.by_report.items():
                found[path] = tuple(cases.values())[:most]
                most -= len(found[path])
    return found


class _Failures:
    """Receives records, and keeps the cases whose final verdict is bad."""

    def __init__(self) -> None:
        self.by_report: dict[str, dict[int, Case]] = {}

    def add(self, file: FoundFile, records: Sequence[Suite | Case]) -> None:
        cases = self.by_report.setdefault(file.display, {})
        for record in records:
            if isinstance(record, Suite):
                continue
            if record.retry_of is not None:
                cases.pop(record.retry_of, None)
            if record.status in BAD and len(cases) < _KEPT:
                cases[record.ordinal] = record
