"""Finds flat suites: those with tests of one name in several places, as pytest's suite of a whole run."""

from typing import Final

from onetest_ci.model import Case

MOST_NAMES: Final = 100_000
"""Names of tests that are remembered. Where there are more, a suite with several places counts as flat."""


class _Seen:
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
        self._seen: dict[int, _Seen] = {}
        self._names = 0

    def add(self, suite: int, case: Case) -> None:
        """Take a test of a suite."""
        place = hash((case.classname, case.file))
        if (places := self.places.get(suite)) is not None:
            places.add(place)
            return
        seen = self._seen.get(suite)
        if seen is None:
            seen = self._seen[suite] = _Seen()
        seen.places.add(place)
        if seen.names.setdefault(hash(case.name), place) != place:
            self.places[suite] = self._seen.pop(suite).places
            return
        self._names += 1
        if self._names > MOST_NAMES:
            self.places |= {one: seen.places for one, seen in self._seen.items() if len(seen.places) > 1}
            self._seen.clear()
            self._names = 0

    @property
    def count(self) -> int:
        """Places of all flat suites together; each becomes a suite."""
        return sum(map(len, self.places.values()))
