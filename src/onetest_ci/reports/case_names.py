"""Collects the names of a report's tests, to compare it with reports of other formats."""

import re
import zlib
from collections.abc import Sequence
from typing import Final

from onetest_ci.code_ref.reference import code_ref
from onetest_ci.model import Case, Suite

MOST_NAMES: Final = 200_000
"""Maximum number of names kept of all reports together. A run with more is not compared."""

_SUFFIX: Final = re.compile(r"\.\w+:")
_PARTS: Final = 2


class CaseNames:
    """Collects a number for each name of a test of one report, while it is read."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self._around: dict[int | None, tuple[Suite, ...]] = {None: ()}

    def add(self, records: Sequence[Suite | Case]) -> None:
        """Add the next records of the report."""
        for record in records:
            if isinstance(record, Suite):
                self._around[record.ordinal] = (*self._around.get(record.parent, ()), record)
            elif len(self.numbers) <= MOST_NAMES:
                name = _name(record, self._around.get(record.suite, ()))
                self.numbers.add(zlib.crc32(name.encode("utf-8", "replace")))


def _name(case: Case, suites: tuple[Suite, ...]) -> str:
    """Return the end of the reference, which all reports of a tool contain."""
    ref = code_ref(case, suites=suites).rpartition("/")[2]
    return ".".join(_SUFFIX.sub(".", ref).split(".")[-_PARTS:])
