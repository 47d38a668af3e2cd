"""The launch and its suites while cases are sent: their times, and where each stands in OneTest."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, NamedTuple

from onetest_ci.errors import ServiceError

MOST_STARTS: Final = 100_000
"""Starts of children that are remembered, about 15 MiB."""


class ParentItem(NamedTuple):
    """Where what is in a suite goes.

    Attributes:
        uuid: of the item to send it into, None for the launch.
        shift_ms: what its times are moved by, so that none is before the launch's start.
        refused: why the suite itself was not taken, so that this is the place of the one around it.
    """

    uuid: str | None
    shift_ms: int = 0
    refused: ServiceError | None = None


TOP = ParentItem(None)


@dataclass(slots=True)
class SuiteNode:
    """The launch or a suite, with the times that what is in it must keep to.

    Attributes:
        ordinal: of the suite; None for the launch.
        name: of the suite.
        start_ms: nothing in it starts earlier.
        end_ms: end of what is in it so far; what has no time of its own starts here.
        last: the last child's time, and the start that it was given, in ms; None before the first.
        parent: what it stands in.
        depth: how many are around it.
        place: where what is in it goes, perhaps not known yet; None while nothing of it is sent.
    """

    ordinal: int | None
    name: str
    start_ms: int
    end_ms: int
    parent: "SuiteNode | None" = None
    depth: int = 0
    place: "ParentItem | Future[ParentItem] | None" = None
    last: tuple[int, int] | None = None

    def start_child(self, start: float | None, starts: "UniqueStarts") -> int:
        """Return the start of the next child in ms: its own time but never before the suite's.

        Args:
            start: the child's time in epoch seconds. None when the report contains none: the child starts
                where the previous one ended.
            starts: keeps the order of children whose times are equal.
        """
        own_ms = max(self.start_ms, self.end_ms if start is None else int(start * 1000))
        wanted_ms = self.last[1] + 1 if self.last is not None and self.last[0] == own_ms else own_ms
        self.last = own_ms, starts.take(self.ordinal, wanted_ms)
        return self.last[1]

    def reach(self, end_ms: int) -> None:
        """Last at least until then, and so do those around it."""
        span: SuiteNode | None = self
        while span is not None:
            span.end_ms = max(span.end_ms, end_ms)
            span = span.parent


class UniqueStarts:
    """Gives each child of a parent a start that no other child of it has.

    OneTest orders children by their start, so that equal times would lose the order of the report. The first
    free millisecond is taken. Memory is bounded: after ``MOST_STARTS`` children older ones are forgotten.
    """

    def __init__(self) -> None:
        # The millisecond behind a taken one: chains of these end at a free one.
        self._next: dict[tuple[int | None, int], int] = {}

    def take(self, parent: int | None, wanted_ms: int) -> int:
        """Take the first free start of the parent's children, from ``wanted_ms`` on."""
        if len(self._next) >= MOST_STARTS:
            self._next.clear()
        free_ms = wanted_ms
        while (parent, free_ms) in self._next:
            free_ms = self._next[parent, free_ms]
        while wanted_ms != free_ms:
            # Shorten the chain, or many equal times would take quadratic time.
            following_ms = self._next[parent, wanted_ms]
            self._next[parent, wanted_ms] = free_ms
            wanted_ms = following_ms
        self._next[parent, free_ms] = free_ms + 1
        return free_ms


def resolved(place: "ParentItem | Future[ParentItem]") -> ParentItem:
    """The place, waited for where it is not known yet."""
    return place if isinstance(place, ParentItem) else place.result()
