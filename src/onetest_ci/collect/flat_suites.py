"""Finds flat suites: those with tests of one name in several places, as pytest's suite of a whole run."""

from collections.abc import Sequence
from typing import Final

MAX_NAMES: Final = 100_000
"""Names of tests that are remembered. Where there are more, a suite with several places counts as flat."""


class _Suite:
    """What is known of one suite: the place of each name, and all places."""

    __slots__ = ("names", "places")

    def __init__(self) -> None:
        self.names: dict[int, int] = {}
        self.places: set[int] = set()


class FlatSuites:
    """Takes the tests of all suites, and finds those suites that hide where a test is.

    Attributes:
        places: for each such suite, the places in it: what the reports give for class and file.
    """

    def __init__(self) -> None:
        self.places: dict[int, set[int]] = {}
        self._suites: dict[int, _Suite] = {}
        self._names = 0

    def add(self, suite: int, where: tuple[str, str], names: Sequence[str]) -> None:
        """Take tests of a suite that are in one place.

        Args:
            suite: its number.
            where: class and file.
            names: of the tests.
        """
        place = hash(where)
        if (places := self.places.get(suite)) is not None:
            places.add(place)
            return
        seen = self._suites.setdefault(suite, _Suite())
        seen.places.add(place)
        before = len(seen.names)
        found = dict.fromkeys(map(hash, names), place)
        if len(seen.places) > 1 and any(seen.names.get(name, place) != place for name in found):
            self._take(suite)
            return
        seen.names |= found
        self._names += len(seen.names) - before
        if self._names > MAX_NAMES:
            self._forget()

    def _take(self, suite: int) -> None:
        """Note a suite that is flat."""
        seen = self._suites.pop(suite)
        self.places[suite] = seen.places
        self._names -= len(seen.names)

    def _forget(self) -> None:
        for suite, seen in list(self._suites.items()):
            if len(seen.places) > 1:
                self._take(suite)
        self._suites.clear()
        self._names = 0

    @property
    def count(self) -> int:
        """Places of all flat suites together; each becomes a suite."""
        return sum(map(len, self.places.values()))
