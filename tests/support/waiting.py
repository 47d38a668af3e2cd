"""Waiting for a condition that another process brings about, and giving up when it surely never will."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

Read = TypeVar("Read")

# No measure of speed: a process that is stuck must not hang the whole suite, and a machine may be very slow.
GIVE_UP: Final = 900
"""Seconds to wait for another process."""
# Asking without a pause would take the processor from the one that is waited for.
_PAUSE: Final = 0.02


def wait_for(read: Callable[[], Read], done: Callable[[Read], bool]) -> Read:
    """Read again until it is done; gives what was read then."""
    until = time.monotonic() + GIVE_UP
    while not done(found := read()):
        time.sleep(_PAUSE)
        assert time.monotonic() < until, f"still waiting after {GIVE_UP} s: {found!r}"
    return found
