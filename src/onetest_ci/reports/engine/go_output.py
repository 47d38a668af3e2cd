"""Finds the failure of a Go test in its output: the reason, the place, and the subtests that failed.

Facts: ``testing`` of Go 1.10 to 1.26 writes logs and errors alike, as ``cart_test.go:10: text`` with the name
of the file alone. A panic is followed by the stack, with absolute paths (``/srv/shop/cart_test.go:7 +0x27``).
``gotestsum`` 1.8 to 1.13 and ``go-junit-report`` 2.1 write the output of a failed test into JUnit XML, with
``Failed`` for the message; ``gotestsum`` writes subtests before the test that they belong to.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onetest_ci.model import Case

MOST_NAMED: Final = 10
"""Failed subtests that a message names."""

# Few reports are of Go, so the patterns are compiled on first use.
_REASON: Final = r"(?m)^[^\S\n]++([^\s:]+\.go):(\d{1,9}): (.*)"
_OF_STACK: Final = r"(?m)^\t(\S.*_test\.go):(\d{1,9})(?: \+0x[0-9a-f]+)?$"
_TEST: Final = r"(?:Test|Fuzz|Example|Benchmark)(?![a-z])"
_NO_REASON: Final = "Failed"
_MOST_REMEMBERED: Final = 1_000
_DIED: Final = ("panic:", "fatal error:")


class GoFailure(NamedTuple):
    """The failure in the output of a test.

    Attributes:
        reason: the first text that the test logged, or the line by which its process reports that it died.
        file: where that was, as the output spells it; empty where no place is printed.
        line: in that file.
    """

    reason: str = ""
    file: str = ""
    line: int | None = None


NO_FAILURE: Final = GoFailure()
"""The failure of a test that passed."""


def failure_in(output: str) -> GoFailure:
    """Return the failure in the output of one test."""
    if (logged := re.search(_REASON, output)) is not None:
        return GoFailure(logged[3], logged[1], int(logged[2]))
    reason = process_death(output)
    stack = re.search(_OF_STACK, output) if reason else None
    return GoFailure(reason, stack[1], int(stack[2])) if stack else GoFailure(reason)


def process_death(output: str) -> str:
    """Return the line by which a process reports that it died."""
    lines = (line.strip() for line in output.splitlines())
    return next((line for line in lines if line.startswith(_DIED)), "")


def with_subtests(reason: str, failed: Sequence[str], count: int) -> str:
    """Return the reason for the failure of a test, with its failed subtests.

    Args:
        reason: the test's own; empty for a test that failed through its subtests only.
        failed: the first of them.
        count: how many there are.
    """
    if not count:
        return reason
    more = f" and {count - len(failed):,} more" if count > len(failed) else ""
    subtests = f"failed subtests: {', '.join(failed)}{more}"
    return f"{reason} ({subtests})" if reason else subtests


class GoFailureFinder:
    """Adds reason and place to the failures in JUnit XML of Go's tests, from their output."""

    def __init__(self) -> None:
        self._suite: int | None = None
        self._failed: list[str] = []

    def explained(self, case: Case) -> Case:
        """Return a failed case, with reason and place from its output if it is one of Go's."""
        if case.message != _NO_REASON or not re.match(_TEST, case.name):
            return case
        if case.suite != self._suite:
            self._suite = case.suite
            self._failed.clear()
        below = [name for name in self._failed if name.startswith(f"{case.name}/")]
        subtests = [name for name in below if not any(name.startswith(f"{other}/") for other in below)]
        if len(self._failed) < _MOST_REMEMBERED:
            self._failed.append(case.name)
        found = failure_in(case.details)
        message = with_subtests(found.reason, subtests[:MOST_NAMED], len(subtests)) or case.message
        if case.file or case.line is not None:
            return case._replace(message=message)
        return case._replace(message=message, file=found.file, line=found.line)
