"""Find flat suites: those with tests of one name in several places, as pytest's suite of a whole run."""

from collections.abc import Sequence
from typing import Final

MAX_NAMES: Final = 100_000
"""Names of tests kept in memory. With more, each suite with several places counts as flat."""


class _SuiteNames:
    """The place of each name of one suite, and all places."""

    __slots__ = ("names", "places")

    def __init__(self) -> None:
        self.names: dict[int, int] = {}
        self.places: set[int] = set()


class FlatSuites:
    """Finds the flat suites among the suites of all tests.

    Attributes:
        places: for each flat suite, the hashes of its places: class and file.
    """

    def __init__(self) -> None:
        self.places: dict[int, set[int]] = {}
        self._suites: dict[int, _SuiteNames] = {}
        self._names = 0

    def add(self, suite: int, where: tuple[str, str], names: Sequence[str]) -> None:
        """Add tests of a suite that are in one place.

        Args:
            suite: its number.
            where: class and file.
            names: of the tests.
        """
        place = hash(where)
        if (places := self.places.get(suite)) is not None:
            places.add(place)
            return
        seen = self._suites.setdefault(suite, _SuiteNames())
        seen.places.add(place)
        before = len(seen.names)
        found = dict.fromkeys(map(hash, names), place)
        if len(seen.places) > 1 and any(seen.names.get(name, place) != place for name in found):
            self._mark_flat(suite)
            return
        seen.names |= found
        self._names += len(seen.names) - before
        if self._names > MAX_NAMES:
            self._drop_names()

    def finish_report(self) -> None:
        """Drop the names of a report's tests: no other report has tests in its suites."""
        self._suites.clear()
        self._names = 0

    def _mark_flat(self, suite: int) -> None:
        seen = self._suites.pop(suite)
        self.places[suite] = seen.places
        self._names -= len(seen.names)

    def _drop_names(self) -> None:
        for suite, seen in list(self._suites.items()):
            if len(seen.places) > 1:
                self._mark_flat(suite)
        self.finish_report()

    @property
    def count(self) -> int:
        """Places of all flat suites; each becomes a suite."""
        return sum(map(len, self.places.values()))
