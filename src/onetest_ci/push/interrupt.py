"""A delivery that can be stopped: the work is done beside the thread that hears signals.

A signal leaves what is under way a few seconds, then ends it, and finishes the launch as interrupted, all
within the 7.5 seconds after which GitHub sends the next signal. So does a signal that came before, while the
tests ran.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Final

from onetest_ci.errors import Interrupted, OnetestError
from onetest_ci.push.ordered_pool import Cancelled
from onetest_ci.signals import Stopped

LATE_SECONDS: Final = 3.0
"""Time in which a run that was asked to stop before may still begin to send things."""
LATE_CURRENT_CALLS_SECONDS: Final = 1.5
"""Time that such a run then leaves to what is under way."""
CURRENT_CALLS_SECONDS: Final = 3.0
"""What is under way may take so long after a signal."""
FINISH_SECONDS: Final = 3.0
"""Then the launch's finish may take so long."""
_STEP_SECONDS: Final = 0.1

Say = Callable[[str], None]


def run_interruptible(
    work: Callable[[], None],
    stopping: threading.Event,
    *,
    hurry: Callable[[float], None],
    last_words: Callable[[float], None],
    say: Say,
    stopped: Stopped | None = None,
) -> OnetestError | None:
    """Do the work; returns what kept it from its end.

    Args:
        work: everything that is sent; ends soon after ``stopping`` is set and ``hurry`` was called.
        stopping: set when a signal comes.
        hurry: leaves what is under way so many seconds.
        last_words: called after that, with seconds.
        say: takes a line for people.
        stopped: the signal that asked to stop before the work began.

    Raises:
        Exception: a fault of ours that the work raised.
    """
    problems: list[Exception] = []
    ended = threading.Event()

    def guarded() -> None:
        try:
            work()
        except Exception as problem:  # noqa: BLE001 - raised again below, in the thread that waits
            problems.append(problem)
        ended.set()

    worker = threading.Thread(target=guarded, name="delivery", daemon=True)
    until = time.monotonic() + LATE_SECONDS if stopped else math.inf
    under_way = LATE_CURRENT_CALLS_SECONDS if stopped else CURRENT_CALLS_SECONDS
    try:
        worker.start()
        # Not by joining it: a join that a signal breaks off takes the thread for ended (CPython, up to 3.12).
        # In short steps: a signal that another thread gets does not wake this one.
        while not ended.wait(_STEP_SECONDS) and time.monotonic() < until:
            pass
    except Stopped as signal:
        # The next signal ends the process, so nothing below is cut short by one.
        stopped = signal
    if stopped and not ended.is_set():
        stopping.set()
        hurry(under_way)
        say(f"{_word(stopped)}: what is under way gets {under_way:g} seconds; another signal ends it.")
        ended.wait()
        if problems:
            last_words(FINISH_SECONDS)
    # Without a problem it came to its end, whatever was asked meanwhile.
    problem = problems[0] if problems else None
    if problem is None:
        return None
    if stopped and stopping.is_set() and isinstance(problem, Cancelled | OnetestError):
        return _interrupted(stopped)
    if isinstance(problem, OnetestError):
        return problem
    raise problem


def _interrupted(stopped: Stopped) -> Interrupted:
    return Interrupted(
        stopped.exit_code, f"The run was {_word(stopped)} while it sent.", "Push the bundle to send the rest."
    )


def _word(stopped: Stopped) -> str:
    return stopped.exit_code.name.lower()
