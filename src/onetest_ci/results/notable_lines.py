"""Where the items of a bundle hold the tests that people look at, so that the others are not read again."""

from collections.abc import Sequence
from typing import NamedTuple


class NotableLines(NamedTuple):
    """Numbers of lines of the items, from 0, in their order.

    Attributes:
        others: suites, and tests with several attempts.
        failed: the first failed tests.
        skipped: the first skipped tests.
        slowest: the tests that took longest.
    """

    others: Sequence[int]
    failed: Sequence[int]
    skipped: Sequence[int]
    slowest: Sequence[int]

    def first(self, most: int) -> list[int]:
        """Return the lines with the first ``most`` failed tests and as many skipped ones, in their order."""
        return sorted({*self.others, *self.failed[:most], *self.skipped[:most], *self.slowest})
