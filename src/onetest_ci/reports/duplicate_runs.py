"""Warns of one run that is reported twice: some tools write their own report and a JUnit report beside it.

Files of one format are never compared: shards and matrices run the same tests on purpose. Both reports count
until the user chooses one of them. The names of the tests are collected while the reports
are read, and only where the beginnings of the files show that they may be of several formats.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

from onetest_ci.notices import Notice
from onetest_ci.reports.case_names import MOST_NAMES
from onetest_ci.reports.engine.head import REPORT_SUFFIXES
from onetest_ci.reports.folders import FoundFolder, Part
from onetest_ci.reports.results import FileReport, ReportSet
from onetest_ci.safe_open import open_regular

_FEWEST: Final = 2
_ALIKE: Final = 0.9
_NAMED: Final = 2
_PACKED: Final = frozenset({".gz", ".zip"})
_XML: Final = ".xml"
_BEGINNING: Final = 4096
_JUNIT: Final = b"<testsuite"
_EXTENSIONS: Final = REPORT_SUFFIXES | _PACKED


def may_be_of_several_formats(parts: Sequence[Part]) -> bool:
    """Return whether the files can be reports of several formats, by their names and beginnings."""
    kinds: set[str] = set()
    for part in parts:
        kinds |= _kinds(part)
        if len(kinds) > 1:
            return True
    return False


def _kinds(part: Part) -> set[str]:
    """Return the kinds of a file by its name. Each kind is another format; an archive may hold several."""
    if isinstance(part, FoundFolder):
        return {"folder"}
    suffix = part.path.suffix.lower()
    if suffix in _PACKED:
        return {_XML, suffix}
    if suffix != _XML:
        return {suffix} if suffix in _EXTENSIONS or part.explicit else set()
    return {_XML if _JUNIT in _beginning(part.path) else "other"}


def _beginning(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(_BEGINNING)
    except OSError:
        return b""


def bounded(sets: Iterable[ReportSet]) -> Iterator[ReportSet]:
    """Yield the sets, without names once there are more than are kept."""
    left = MOST_NAMES
    for one in sets:
        left -= sum(len(row.names) for row in one.files)
        if left < 0:
            yield one._replace(files=tuple(row._replace(names=frozenset()) for row in one.files))
        else:
            yield one


def with_warnings(read: ReportSet) -> ReportSet:
    """Return the rows without names, with a warning on each file whose tests another format contains, too.

    Args:
        read: all that was read, with the names of tests.
    """
    by_format: dict[str, list[FileReport]] = defaultdict(list)
    for row in read.files:
        if row.format and row.names:
            by_format[row.format].append(row)
    warnings: dict[str, Notice] = {}
    if read.totals.tests <= MOST_NAMES:
        for one, other in combinations(by_format.values(), 2):
            warnings |= _warnings(one, other)
    if not by_format:
        return read
    rows = (
        row._replace(
            names=frozenset(),
            notices=(*row.notices, warnings[row.path]) if row.path in warnings else row.notices,
        )
        for row in read.files
    )
    return read._replace(files=tuple(rows))


def _warnings(one: Sequence[FileReport], other: Sequence[FileReport]) -> dict[str, Notice]:
    """Return warnings by path: for the second format's files, or the first's where these are fewer."""
    of_one, of_other = _repeated(one, other), _repeated(other, one)
    if of_one and len(of_one) < len(of_other):
        return {row.path: _warning(row, other) for row in of_one}
    if of_other:
        return {row.path: _warning(row, one) for row in of_other}
    # The tests of the first are among those of the second, which has more.
    return {row.path: _warning(row, of_one) for row in _sharing(other, of_one)}


def _repeated(files: Sequence[FileReport], others: Sequence[FileReport]) -> list[FileReport]:
    """Return the files of which nearly all tests are among those of the others."""
    names = frozenset().union(*(row.names for row in others))
    return [
        row
        for row in files
        if len(row.names) >= _FEWEST and len(row.names & names) >= _ALIKE * len(row.names)
    ]


def _sharing(files: Sequence[FileReport], others: Sequence[FileReport]) -> list[FileReport]:
    """Return the files that have tests of the others."""
    names = frozenset().union(*(row.names for row in others))
    return [row for row in files if row.names & names]


def _warning(row: FileReport, others: Sequence[FileReport]) -> Notice:
    same = sorted(_sharing(others, [row]), key=lambda other: -len(other.names & row.names))
    more = f" and {len(same) - _NAMED:,} more" if len(same) > _NAMED else ""
    see = ", ".join(other.path for other in same[:_NAMED])
    return Notice(
        "two-formats",
        f"the {row.format} and {same[0].format} reports name the same tests (see {see}{more}): if one run "
        "was reported in two formats, name the reports of one of them; until then each counts",
    )
