"""Pauses that are soon over: the client waits a hundredth of each pause, and its clock goes on by the rest.

Python loads this by its name when PYTHONPATH leads here. The client makes the same decisions as with whole
pauses, since its time limits use the same clock. It suits tests of one command whose server stays as it is,
and not those of several commands at the same time.
"""

import time
from typing import Any

_SHARE = 0.01
_monotonic = time.monotonic
_skipped = 0.0
time.monotonic = lambda: _monotonic() + _skipped

# It takes the clock when it is imported, and other modules take its class.
from onetest_ci.onetest.client import deadline  # noqa: E402


class _Quick(deadline.Deadline):
    def __init__(self, seconds: float, **more: Any) -> None:
        super().__init__(seconds, **more)
        self._sleep = self._wait_a_share

    def _wait_a_share(self, seconds: float) -> None:
        global _skipped  # noqa: PLW0603 - a process has one clock
        if not self._shortened.wait(seconds * _SHARE):
            _skipped += seconds * (1 - _SHARE)


deadline.Deadline = _Quick  # type: ignore[misc]
