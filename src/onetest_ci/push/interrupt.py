"""Work that a signal can interrupt: it runs in a thread beside the one that receives signals.

A signal shortens the deadline of current calls to a few seconds. Then the caller may finish the launch as
interrupted. Both end within the 7.5 seconds after which GitHub sends the next signal. The same holds for a
signal that was received earlier, while the tests ran.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Final

from onetest_ci.background import begin, wait_for
from onetest_ci.errors import Interrupted, OnetestError
from onetest_ci.push.ordered_pool import Cancelled
from onetest_ci.signals import Stopped, stop_deferred

LATE_SECONDS: Final = 3.0
"""Time to begin calls if the run was asked to stop before the work."""
LATE_CURRENT_CALLS_SECONDS: Final = 1.5
"""Time for current calls after that."""
CURRENT_CALLS_SECONDS: Final = 3.0
"""Time for current calls after a signal."""
FINISH_SECONDS: Final = 3.0
"""Time to finish the launch after that."""

Notify = Callable[[str], None]


def run_interruptible(
    work: Callable[[], None],
    stopping: threading.Event,
    *,
    shorten_deadline: Callable[[float], None],
    notify: Notify,
    stopped: Stopped | None = None,
) -> OnetestError | None:
    """Do the work. Return the error that ended it early: ``Interrupted`` after a signal.

    Args:
        work: sends everything. It ends soon after ``stopping`` is set and ``shorten_deadline`` was called.
        stopping: is set on a signal.
        shorten_deadline: leaves current calls a number of seconds.
        notify: prints a line.
        stopped: the signal that asked the run to stop before the work began.

    Raises:
        Stopped: a signal arrived before the work began.
        Exception: an internal error of the work.
    """
    errors: list[Exception] = []

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that waits
            errors.append(error)

    seconds = LATE_CURRENT_CALLS_SECONDS if stopped else CURRENT_CALLS_SECONDS
    until = time.monotonic() + LATE_SECONDS if stopped else math.inf
    with stop_deferred() as signals:
        ended = begin(guarded, "delivery")
        has_ended = wait_for(ended, until, signals)
        if signals:
            stopped = signals.pop()
        if stopped and not has_ended:
            stopping.set()
            shorten_deadline(seconds)
            notify(
                f"{_word(stopped)}: current requests get {seconds:g} seconds; another signal ends the run."
            )
            wait_for(ended)
    # Work without an error is complete, even if it was asked to stop.
    error = errors[0] if errors else None
    if stopped and stopping.is_set() and isinstance(error, Cancelled | OnetestError):
        return _interrupted(stopped)
    if error is None or isinstance(error, OnetestError):
        return error
    raise error


def _interrupted(stopped: Stopped) -> Interrupted:
    return Interrupted(
        stopped.exit_code,
        f"The run was {_word(stopped)} while it sent results.",
        "Push the bundle to send the rest.",
    )


def _word(stopped: Stopped) -> str:
    return stopped.exit_code.name.lower()
