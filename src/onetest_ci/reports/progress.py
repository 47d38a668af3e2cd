"""How far reading has come, for people who wait. Until it takes long, this costs a look at the clock."""

import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final

from onetest_ci.reports.folders import FoundFolder, Part

Shown = Callable[[int, int], None]
"""Receives how many bytes of how many were read."""

_QUIET: Final = 2.0
"""Seconds at the beginning in which nothing is shown: most runs have read their reports by then."""
_BETWEEN: Final = 0.1
"""Seconds."""


class ReadProgress:
    """Shows how many bytes of some files and directories were read.

    Args:
        parts: what is read, in this order.
        shown: shows it.
    """

    def __init__(self, parts: Sequence[Part], shown: Shown) -> None:
        self._parts = parts
        self._shown = shown
        self._next = time.monotonic() + _QUIET
        self._finished = 0
        # Bytes before each part, and of all; empty until they are needed, since many files take long to ask.
        self._before: list[int] = []

    def step(self, share: float) -> None:
        """Show that a share of the current part was read, from 0 to 1, if the last time is long ago."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _BETWEEN
        if not self._before:
            self._before = list(accumulate(map(_size, self._parts), initial=0))
        start = self._before[self._finished]
        end = self._before[min(self._finished + 1, len(self._parts))]
        self._shown(start + int(min(share, 1.0) * (end - start)), self._before[-1])

    def finish(self, parts: int = 1) -> None:
        """Go on behind parts that were read."""
        self._finished += parts
        self.step(0.0)

    def end(self) -> None:
        """Show that all was read, if anything was shown."""
        if self._before:
            self._shown(self._before[-1], self._before[-1])


def _size(part: Part) -> int:
    """Return the bytes of a part; 0 if they are unknown."""
    if isinstance(part, FoundFolder):
        return sum(map(_size, part.files))
    try:
        return part.path.stat().st_size
    except OSError:
        return 0
