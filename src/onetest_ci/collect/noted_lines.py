"""Notes which lines of the items hold tests that people look at, while the tests are read."""

from heapq import heappush, heapreplace
from typing import Final

from onetest_ci.model import SKIPPED, Case
from onetest_ci.results.notable_lines import NotableLines
from onetest_ci.results.run_results import SLOWEST
from onetest_ci.results.summarize import KEPT

_MOST_OTHERS: Final = 100_000


class NotedLines:
    """Receives the suites, and the cases that did not just pass or that are slow.

    Attributes:
        least: seconds of the fastest of the slowest tests so far. A case that took longer is among them.
    """

    def __init__(self) -> None:
        self.least = 0.0
        self._others: list[int] = []
        self._failed: list[int] = []
        self._skipped: list[int] = []
        self._slowest: list[tuple[float, int]] = []
        self._has_repeats = False

    @property
    def lines(self) -> NotableLines | None:
        """The lines. None if a case repeats another, which may be on any line, or if there are too many."""
        if self._has_repeats or len(self._others) > _MOST_OTHERS:
            return None
        slowest = sorted(-line for _, line in self._slowest)
        return NotableLines(self._others, self._failed, self._skipped, slowest)

    def add_suite(self, line: int) -> None:
        """Note the line of a suite."""
        self._others.append(line)

    def add_slow(self, seconds: float, line: int) -> None:
        """Note the line of a case that took longer than ``least``. Of equal ones, the first stay."""
        if len(self._slowest) < SLOWEST:
            heappush(self._slowest, (seconds, -line))
        else:
            heapreplace(self._slowest, (seconds, -line))
        if len(self._slowest) == SLOWEST:
            self.least = self._slowest[0][0]

    def add(self, case: Case, line: int) -> None:
        """Note the line of a case that failed, was skipped, or has several attempts."""
        if case.retry_of is not None:
            self._has_repeats = True
        if case.attempts:
            self._others.append(line)
            return
        lines = self._skipped if case.status == SKIPPED else self._failed
        if len(lines) < KEPT:
            lines.append(line)
