"""A thread beside the main thread, which receives the signals, and how the main thread waits for it.

Not by joining it: a join that a signal breaks off takes the thread for ended (CPython, up to 3.12).
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

_STEP_SECONDS: Final = 0.1


def begin(work: Callable[[], None], name: str) -> threading.Event:
    """Start a thread, and return the event that is set when its work ends. Call it while stops are deferred.

    Raises:
        RuntimeError: the system allows no more threads.
    """
    ended = threading.Event()

    def run() -> None:
        try:
            work()
        finally:
            ended.set()

    threading.Thread(target=run, name=name, daemon=True).start()
    return ended


def wait_for(ended: threading.Event, until: float = math.inf, unless: Sequence[object] = ()) -> bool:
    """Wait for an event, while stops are deferred. Return whether it is set.

    In short steps: a signal that another thread gets does not wake this one.

    Args:
        ended: from ``begin``.
        until: when to stop waiting, in monotonic seconds.
        unless: waiting stops once this is not empty.
    """
    while not ended.wait(_STEP_SECONDS):
        if unless or time.monotonic() >= until:
            return False
    return True
