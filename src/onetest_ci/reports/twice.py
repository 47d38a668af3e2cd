"""Is one run reported twice? Some tools write their own report and a JUnit report beside it.

Files of one dialect are never compared: shards and matrices repeat their tests on purpose. Nothing is counted
away: which of the two is meant is for the user to say.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from onetest_ci.model import Case, Suite
from onetest_ci.refs import code_ref
from onetest_ci.reports.find import FoundFile
from onetest_ci.reports.folders import Part, read_part
from onetest_ci.reports.read import ReadOptions
from onetest_ci.reports.rows import ReportSet

MOST_TESTS: Final = 200_000
"""Tests that are compared; a run with more of them in several dialects is not looked at."""

_SUFFIX: Final = re.compile(r"\.\w+:")
_PARTS: Final = 2
_FEWEST: Final = 2
_ALIKE: Final = 0.9


def with_warnings(read: ReportSet, parts: Sequence[Part], options: ReadOptions) -> ReportSet:
    """The rows, with a warning on each that names the same tests as those of another dialect.

    Args:
        read: all that was read.
        parts: what it was read from; read once more when there are several dialects.
        options: how.
    """
    by_dialect: dict[str, list[str]] = defaultdict(list)
    dialects = {}
    for row in read.files:
        if row.dialect and row.counts.tests:
            by_dialect[row.dialect].append(row.path)
            dialects[row.path] = row.dialect
    if len(by_dialect) < _FEWEST or read.totals.tests > MOST_TESTS:
        return read
    names = _names(parts, options, dialects)
    warnings = {}
    for one, other in combinations(by_dialect, 2):
        fewer = min(len(names[one]), len(names[other]))
        if fewer >= _FEWEST and len(names[one] & names[other]) >= _ALIKE * fewer:
            warnings[by_dialect[other][0]] = (
                f"the {other} and {one} reports name the same tests (see {by_dialect[one][0]}): if one run "
                "was reported in two formats, name the reports of one of them; until then each counts"
            )
    rows = (
        replace(row, warnings=(*row.warnings, warnings[row.path])) if row.path in warnings else row
        for row in read.files
    )
    return replace(read, files=tuple(rows))


def _names(parts: Sequence[Part], options: ReadOptions, dialects: dict[str, str]) -> dict[str, set[int]]:
    """A number for each name of a test, by dialect."""
    found: dict[str, set[int]] = defaultdict(set)
    suites: dict[tuple[str, int | None], tuple[Suite, ...]] = defaultdict(tuple)

    def take(file: FoundFile, records: Sequence[Suite | Case]) -> None:
        for record in records:
            if isinstance(record, Suite):
                outer = suites[file.display, record.parent]
                suites[file.display, record.ordinal] = (*outer, record)
            elif (dialect := dialects.get(file.display)) is not None:
                name = _name(record, suites[file.display, record.suite])
                found[dialect].add(zlib.crc32(name.encode("utf-8", "replace")))

    for part in parts:
        suites.clear()
        read_part(part, take, options)
    return found


def _name(case: Case, suites: tuple[Suite, ...]) -> str:
    """The end of the reference: what all reports of a tool tell, however much of the place they do."""
    ref = code_ref(case, suites=suites).rpartition("/")[2]
    return ".".join(_SUFFIX.sub(".", ref).split(".")[-_PARTS:])
