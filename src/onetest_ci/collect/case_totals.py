"""What the manifest contains about all cases of a bundle: counts, times and the first failures."""

import math
from collections.abc import Sequence
from typing import Final

from onetest_ci.bundle.logs import count_logs, short_failure
from onetest_ci.bundle.records import Failure, StoredCase
from onetest_ci.collect.noted_lines import NotedLines
from onetest_ci.model import BAD, PASSED, Case, Suite

_MAX_FAILURES: Final = 50
"""Failed cases that a manifest names; the summaries show no more."""

_EARLIEST_START: Final = 946_684_800.0
"""2000-01-01. Tools without a clock write year 1 or 1970; a launch must not begin there."""

_MAX_TEXT: Final = 500
"""Characters kept of each text of a failure."""


class CaseTotals:
    """Adds up the cases of a bundle, as they are written.

    Attributes:
        cases: cases to send; those that a later case repeats do not count.
        superseded: ordinals of these.
        log_entries: log lines of the cases.
        attachment_bytes: size of all attachments.
        noted: the lines with tests that people look at, if each suite and case is on one line.
    """

    def __init__(self) -> None:
        self.noted = NotedLines()
        self._lines = 0
        self.cases = 0
        self.superseded: list[int] = []
        self.log_entries = 0
        self.attachment_bytes = 0
        self._failures: dict[int, Failure] = {}
        self._start, self._end = math.inf, -math.inf

    @property
    def span(self) -> tuple[float, float] | None:
        """Earliest start and latest end in epoch seconds; None if the reports contain no times."""
        return (self._start, self._end) if self._start <= self._end else None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The first cases whose final verdict is bad."""
        return tuple(self._failures.values())[:_MAX_FAILURES]

    def add(self, items: Sequence[Suite | StoredCase]) -> None:
        """Count cases, which have their ordinals in the bundle, and the times of suites and cases."""
        noted = self.noted
        self.cases += len(items)
        for line, item in enumerate(items, self._lines):
            if isinstance(item, Suite):
                self.cases -= 1
                noted.add_suite(line)
                self._add_time(item.start, 0.0)
                continue
            case = item.case
            start, seconds = case.start, case.seconds
            if start is not None:
                self._add_time(start, seconds)
            if seconds is not None and seconds > noted.least:
                noted.add_slow(seconds, line)
            if case.retry_of is not None:
                self._supersede(case.retry_of)
            elif case.status == PASSED and not (case.attempts or item.files):
                continue
            self._add_unusual(item, line)
        self._lines += len(items)

    def _add_time(self, start: float | None, seconds: float | None) -> None:
        """Extend the span to a start, in epoch seconds, and the end that follows from the duration."""
        if start is None or start < _EARLIEST_START:
            return
        # Not min() and max(), which take three times as long, once for each test.
        if start < self._start:  # noqa: PLR1730
            self._start = start
        end = start if seconds is None else start + seconds
        if end > self._end:  # noqa: PLR1730
            self._end = end

    def _add_unusual(self, stored: StoredCase, line: int) -> None:
        """Count a case that did not just pass."""
        case = stored.case
        if case.status != PASSED or case.attempts or case.retry_of is not None:
            self.noted.add(case, line)
        if case.status in BAD or case.attempts or stored.files:
            self._add_logs(stored)

    def _add_logs(self, stored: StoredCase) -> None:
        if stored.case.status in BAD:
            self._add_failure(stored.case)
        self.log_entries += count_logs(stored)
        self.attachment_bytes += sum(file.size for file in stored.files)

    def _supersede(self, ordinal: int) -> None:
        self.superseded.append(ordinal)
        self._failures.pop(ordinal, None)
        self.cases -= 1

    def _add_failure(self, case: Case) -> None:
        # Twice as many as are shown, since a later attempt may turn some of them green.
        if len(self._failures) < 2 * _MAX_FAILURES:
            self._failures[case.ordinal] = Failure(
                name=case.name[:_MAX_TEXT],
                suite=case.classname[:_MAX_TEXT],
                status=case.status,
                message=(short_failure(case) or case.details)[:_MAX_TEXT],
                file=case.file[:_MAX_TEXT],
                line=case.line,
            )
