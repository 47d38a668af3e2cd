"""Find the test cases that were added to a product since they were listed."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from onetest_ci.case_links import ManagedCase
from onetest_ci.cases.sync_plan import CaseIndex
from onetest_ci.onetest.test_management import ListedCases, TestManagement

_FIRST_PAGE: Final[Mapping[str, str]] = {}


class _End(Enum):
    """The end of the list at which new cases appear. No source documents the order of the list."""

    UNKNOWN = auto()
    FIRST = auto()
    LAST = auto()


class Lookup:
    """Looks up new cases. It reads the end of the list at which they appear, and until that is known both.

    Args:
        management: of the product.
        listed: all test cases, just listed.

    Attributes:
        index: of all cases that are known.
    """

    def __init__(self, management: TestManagement, listed: ListedCases) -> None:
        self.index: Final = CaseIndex(listed.cases)
        self._management = management
        self._last_page = listed.last_page
        self._end = _End.UNKNOWN
        self._created = ""
        self._added = CaseIndex([])

    def refresh(self) -> None:
        """Add the cases that were added to the product.

        Raises:
            ServiceError: the list cannot be read.
        """
        if self._end is not _End.FIRST:
            found = self._management.added(self._last_page)
            self._last_page = found.last_page
            self._take(found, _End.LAST)
        if self._end is not _End.LAST and self._last_page != _FIRST_PAGE:
            self._take(self._management.added(_FIRST_PAGE, max_pages=1), _End.FIRST)

    def _take(self, found: ListedCases, end: _End) -> None:
        if self._end is _End.UNKNOWN and any(case.id == self._created for case in found.cases):
            self._end = end
        new = [case for case in found.cases if case not in self.index]
        self.index.add(new)
        self._added.add(new)

    def added_unlinked(self, title: str) -> list[ManagedCase]:
        """Return the cases of a title without references that others added."""
        return [case for case in self._added.with_title(title) if not case.references]

    def add(self, created: ManagedCase) -> None:
        """Add a case that this run created."""
        self.index.add([created])
        self._created = created.id


def most_calls(creations: int, pages: int) -> int:
    """Return the maximum number of requests of the lookups before a number of creations.

    Args:
        creations: number of cases to create.
        pages: pages of the list before. A page has 50 entries or more.
    """
    if not creations:
        return 0
    both_ends = 2 if pages > 1 else 1
    return creations + both_ends + creations // 50
