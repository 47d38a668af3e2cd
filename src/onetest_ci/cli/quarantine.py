"""The quarantine of a run, from its list and its tests."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from onetest_ci.cli.invocation import Invocation
from onetest_ci.outcome import Delivery
from onetest_ci.results.run_results import TestResult
from onetest_ci.settings.gates import QUARANTINE_NAME

QuarantineOf = Callable[[TestResult], str]
"""Returns why a test is in quarantine; empty if it is not."""


def not_in_quarantine(_test: TestResult) -> str:
    """Return that a test is not in quarantine."""
    return ""


def quarantine_of(
    tests: Callable[[], Iterator[TestResult]], delivery: Delivery, invocation: Invocation
) -> QuarantineOf:
    """Return what decides whether a test is in quarantine.

    Args:
        tests: yields all tests of the run.
        delivery: receives a warning for each entry that does not count.
        invocation: of the command.

    Raises:
        BundleError: the items of the bundle are missing or damaged.
    """
    name = invocation.settings.quarantine
    if name is None and not os.path.lexists(invocation.cwd / QUARANTINE_NAME):
        return not_in_quarantine
    # Few runs have a list, and YAML takes long to import.
    from onetest_ci.results.quarantine import Matcher, without_broad  # noqa: PLC0415
    from onetest_ci.results.quarantine_list import load_quarantine  # noqa: PLC0415

    listed = load_quarantine(
        invocation.settings,
        invocation.context,
        os.environ,
        path=invocation.cwd / (name or Path(QUARANTINE_NAME)),
        today=datetime.fromtimestamp(invocation.clock(), UTC).date(),
    )
    counting = without_broad(listed, tests())
    delivery.notices.extend(counting.notices)
    matcher = Matcher(counting.entries)

    def why(test: TestResult) -> str:
        entry = matcher.find(test)
        return entry.why if entry else ""

    return why if counting.entries else not_in_quarantine
