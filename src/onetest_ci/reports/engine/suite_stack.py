"""The suites of a report that are open while it is read, and their numbers."""

from typing import Final

MOST_REMEMBERED: Final = 5_000
"""Suites that can be entered again by name. After as many others a suite begins anew."""


class OpenSuite:
    """An open suite, and the cases in it, those of inner suites included.

    Attributes:
        ordinal: its number, None for the report itself.
        name: as the report spells it.
        cases: cases since it was opened or entered.
        bad: the bad ones among them.
        lost: failures that the producer counts beyond the bad cases. One case stands for all of them.
    """

    __slots__ = ("bad", "cases", "lost", "name", "ordinal")

    def __init__(self, ordinal: int | None, name: str) -> None:
        self.ordinal = ordinal
        self.name = name
        self.cases = 0
        self.bad = 0
        self.lost = 0


class SuiteStack:
    """The open suites, from the report itself to the innermost.

    Attributes:
        current: the innermost.
        path: the names that it was entered by. None if it was opened.
    """

    def __init__(self) -> None:
        self.current = OpenSuite(None, "")
        self.path: tuple[str, ...] | None = ()
        self._open = [self.current]
        self._count = 0
        # Ordinals by a hash of parent and name: of the suites since the last change, and of those before.
        self._recent: dict[int, int] = {}
        self._earlier: dict[int, int] = {}

    def open(self, name: str) -> int:
        """Open a new suite inside the current one. Return its ordinal."""
        ordinal = self._count
        self._count += 1
        self._push(ordinal, name)
        self.path = None
        return ordinal

    def close(self) -> None:
        """Close the current suite, unless it is the report itself."""
        if len(self._open) > 1:
            inner = self._open.pop()
            self.current = self._open[-1]
            self.current.cases += inner.cases
            self.current.bad += inner.bad
            self.current.lost += inner.lost
        self.path = None

    def leave_all(self) -> None:
        """Make the report itself current."""
        del self._open[1:]
        self.current = self._open[0]
        self.path = ()

    def reenter(self, name: str) -> bool:
        """Make the suite of this name in the current one current. If this returns False, open it next."""
        key = hash((self.current.ordinal, name))
        ordinal = self._recent.get(key)
        if ordinal is None:
            ordinal = self._earlier.get(key)
            self._remember(key, self._count if ordinal is None else ordinal)
        if ordinal is None:
            return False
        self._push(ordinal, name)
        return True

    def _push(self, ordinal: int, name: str) -> None:
        self.current = OpenSuite(ordinal, name)
        self._open.append(self.current)

    def _remember(self, key: int, ordinal: int) -> None:
        if len(self._recent) >= MOST_REMEMBERED:
            self._earlier, self._recent = self._recent, {}
        self._recent[key] = ordinal
