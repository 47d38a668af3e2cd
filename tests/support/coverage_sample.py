"""Choose which tests coverage measures, since it doubles the time of a short command.

Under ``coverage run``, the first test of each test function is measured, with the processes that it starts.
The others run at full speed. ``ONETEST_MEASURED_TESTS`` sets how many tests of each function are measured.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage

from support import command

# They need reports or tools that some machines lack, or test memory and kills, which coverage would change.
_UNMEASURED_FOLDERS = {"corpus", "faults", "fuzz", "hosts", "image"}


def sample(items: list[pytest.Item]) -> set[str]:
    """Return the node ids of the tests that are measured."""
    size = int(os.environ.get("ONETEST_MEASURED_TESTS", "1"))
    seen: Counter[str] = Counter()
    chosen = set()
    for item in items:
        folder = Path(item.nodeid).parts[1]
        if folder in _UNMEASURED_FOLDERS or item.get_closest_marker("unmeasured"):
            continue
        function = item.nodeid.partition("[")[0]
        seen[function] += 1
        if seen[function] <= size:
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
