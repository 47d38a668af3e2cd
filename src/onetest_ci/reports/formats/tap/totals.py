"""Totals of failed tests in the comments at the end of a TAP document.

Facts: summaries of tape 5, Mocha 12, QUnit and node:test of Node.js 20 (``# fail 2`` behind ``# pass`` or
``# tests``), of node-tap (``# failed 1 of 3 tests``) and of Test::More (``# Looks like you failed 1 test of
3.``, ``# Looks like your test exited with 255 just after 2.``). They count failed points; node:test counts
apart those that were cancelled. tape prints the names of tests as comments, too: only comments behind the
last point count.
"""

import re
from typing import Final

_SUMMARY: Final = re.compile(r"#\s*(?:tests|pass|fail|cancelled|Looks like you)")
_COUNT: Final = re.compile(r"#\s*(tests|pass|fail|cancelled):?\s+(\d{1,9})$")
_FAILED: Final = re.compile(
    r"#\s*(?:Looks like you )?failed (\d{1,9})(?: of \d{1,9})? tests?(?: of \d{1,9})?\.?$"
)
_EXITED: Final = re.compile(r"#\s*Looks like your test exited with (\d{1,9})")
_FAILURES: Final = frozenset({"fail", "cancelled"})


class Totals:
    """The counts in the comments since the last point.

    Attributes:
        exited: the exit code that the document reports for its process; empty if it reports none.
    """

    __slots__ = ("_failed", "_summed", "exited")

    def __init__(self) -> None:
        self._summed = False
        self._failed: dict[str, int] = {}
        self.exited = ""

    @property
    def failed(self) -> int | None:
        """Points that failed. None if no comment counts them."""
        return sum(self._failed.values()) if self._failed else None

    def restart(self) -> None:
        """Forget the comments before a point."""
        self._summed = False
        self._failed.clear()

    def take(self, comment: str) -> None:
        """Read a comment of the document itself."""
        if not _SUMMARY.match(comment):
            return
        if match := _COUNT.match(comment):
            if match[1] not in _FAILURES:
                self._summed = True
            elif self._summed:
                self._failed[match[1]] = int(match[2])
        elif match := _FAILED.match(comment):
            self._failed["fail"] = int(match[1])
        elif match := _EXITED.match(comment):
            self.exited = match[1]
