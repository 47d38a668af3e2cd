"""The quarantine of a run, from its list and its tests."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from onetest_ci.cli.invocation import Invocation
from onetest_ci.outcome import Delivery
from onetest_ci.results.run_results import NOT_HELD, Held, TestResult
from onetest_ci.settings.gates import QUARANTINE_NAME

if TYPE_CHECKING:
    from onetest_ci.results.quarantine import Quarantine

QuarantineOf = Callable[[TestResult], Held]
"""Returns why a test is in quarantine; false if it is not."""


def not_in_quarantine(_test: TestResult) -> Held:
    """Return that a test is not in quarantine."""
    return NOT_HELD


def read_list(invocation: Invocation) -> "Quarantine | None":
    """Return the entries of the list that count for the run; None without a list.

    `run` reads the list before the tests, which could change it, the event and the clone.
    """
    name = invocation.settings.quarantine
    if name is None and not os.path.lexists(invocation.cwd / QUARANTINE_NAME):
        return None
    # Few runs have a list, and YAML takes long to import.
    from onetest_ci.results.quarantine_list import load_quarantine  # noqa: PLC0415

    return load_quarantine(
        invocation.settings,
        invocation.context,
        os.environ,
        path=invocation.cwd / (name or Path(QUARANTINE_NAME)),
        today=datetime.fromtimestamp(invocation.clock(), UTC).date(),
    )


def quarantine_of(
    tests: Callable[[], Iterator[TestResult]], delivery: Delivery, listed: "Quarantine | None"
) -> QuarantineOf:
    """Return what decides whether a test is in quarantine.

    Args:
        tests: yields all tests of the run.
        delivery: receives a warning for each entry that does not count.
        listed: from ``read_list``.

    Raises:
        BundleError: the items of the bundle are missing or damaged.
    """
    if listed is None:
        return not_in_quarantine
    # As above.
    from onetest_ci.results.quarantine import Matcher, without_broad  # noqa: PLC0415

    counting = without_broad(listed, tests())
    delivery.notices.extend(counting.notices)
    matcher = Matcher(counting.entries)

    def why(test: TestResult) -> Held:
        entry = matcher.find(test)
        return entry.held if entry else NOT_HELD

    return why if counting.entries else not_in_quarantine
