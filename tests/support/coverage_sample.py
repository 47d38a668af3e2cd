"""Choose which tests coverage measures, since it doubles the time of a short command.

Under ``coverage run``, the first test of a test function is measured, with the processes that it starts. The
others run at full speed. With ``ONETEST_MEASURED=all`` all tests are measured.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage

from support import command

# They need reports or tools that some machines lack, or test memory and kills, which coverage would change.
_UNMEASURED_FOLDERS = {"corpus", "faults", "fuzz", "hosts", "image"}


# Their tests run several commands each, and many of them the same code.
_EVERY_FOURTH_FUNCTION = {"cli", "push"}
# But these alone reach what they test: help, completion, calls of any path, reading by several processes.
_EVERY_FUNCTION = {
    "test_help_command.py",
    "test_completion.py",
    "test_many_reports.py",
    "test_api_request.py",
    "test_api_responses.py",
}


def sample(items: list[pytest.Item]) -> set[str]:
    """Return the node ids of the tests that are measured."""
    everything = os.environ.get("ONETEST_MEASURED") == "all"
    functions: dict[str, list[str]] = {}  # by folder, each one once
    chosen = set()
    for item in items:
        folder = Path(item.nodeid).parts[1]
        if folder in _UNMEASURED_FOLDERS or item.get_closest_marker("unmeasured"):
            continue
        function = item.nodeid.partition("[")[0]
        before = functions.setdefault(folder, [])
        first = function not in before[-1:]
        if first:
            before.append(function)
        all_of_it = (
            folder not in _EVERY_FOURTH_FUNCTION or Path(function.partition("::")[0]).name in _EVERY_FUNCTION
        )
        if everything or (first and (all_of_it or len(before) % 4 == 1)):
            chosen.add(item.nodeid)
    return chosen


@contextmanager
def unmeasured() -> Iterator[None]:
    """Pause the measurement of this process, and start none in the commands that it runs."""
    measurement = Coverage.current()
    if not measurement:
        yield
        return
    measurement.stop()
    command.measured = False
    try:
        yield
    finally:
        command.measured = True
        measurement.start()
