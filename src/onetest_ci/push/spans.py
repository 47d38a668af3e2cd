"""The launch and its suites while cases are sent: their times, and where each stands in OneTest."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from onetest_ci.errors import ServiceError


class Place(NamedTuple):
    """Where what is in a suite goes.

    Attributes:
        uuid: of the item to send it into, None for the launch.
        shift_ms: what its times are moved by, so that none is before the launch's start.
        refused: why the suite itself was not taken, so that this is the place of the one around it.
    """

    uuid: str | None
    shift_ms: int = 0
    refused: ServiceError | None = None


TOP = Place(None)


@dataclass(slots=True)
class Span:
    """The launch or a suite, with the times that what is in it must keep to.

    Attributes:
        ordinal: of the suite; None for the launch.
        name: of the suite.
        start_ms: nothing in it starts earlier.
        end_ms: end of what is in it so far; what has no time of its own starts here.
        last_start_ms: start of the last child so far.
        parent: what it stands in.
        depth: how many are around it.
        place: where what is in it goes, perhaps not known yet; None while nothing of it is sent.
    """

    ordinal: int | None
    name: str
    start_ms: int
    end_ms: int
    parent: "Span | None" = None
    depth: int = 0
    place: "Place | Future[Place] | None" = None
    last_start_ms: int = -1

    def start_child(self, start: float | None) -> int:
        """Return the start of the next child in ms; without a time of its own, where the previous one ended.

        OneTest orders children by their start. So each starts at least 1 ms after the previous one, which
        keeps the order of the report where times are equal or coarse.

        Args:
            start: the child's own start in epoch seconds, None when the report contains none.
        """
        own_ms = self.end_ms if start is None else int(start * 1000)
        self.last_start_ms = max(self.start_ms, own_ms, self.last_start_ms + 1)
        return self.last_start_ms

    def reach(self, end_ms: int) -> None:
        """Last at least until then, and so do those around it."""
        span: Span | None = self
        while span is not None:
            span.end_ms = max(span.end_ms, end_ms)
            span = span.parent


def known(place: "Place | Future[Place]") -> Place:
    """The place, waited for where it is not known yet."""
    return place if isinstance(place, Place) else place.result()
