"""Waiting for a condition that another process brings about, and giving up when it surely never will."""

import time
from collections.abc import Callable
from typing import TypeVar

Read = TypeVar("Read")

# No measure of speed: a server that is stuck must not hang the whole suite.
_GIVE_UP = 300


def wait_for(read: Callable[[], Read], done: Callable[[Read], bool]) -> Read:
    """Read again until it is done; gives what was read then."""
    until = time.monotonic() + _GIVE_UP
    while not done(found := read()):
        assert time.monotonic() < until, f"still waiting after {_GIVE_UP} s: {found!r}"
    return found
