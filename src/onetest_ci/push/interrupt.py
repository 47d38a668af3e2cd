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

from onetest_ci.errors import Interrupted, OnetestError
from onetest_ci.push.ordered_pool import Cancelled
from onetest_ci.signals import Stopped

LATE_SECONDS: Final = 3.0
"""Time to begin calls if the run was asked to stop before the work."""
LATE_CURRENT_CALLS_SECONDS: Final = 1.5
"""Time for current calls after that."""
CURRENT_CALLS_SECONDS: Final = 3.0
"""Time for current calls after a signal."""
FINISH_SECONDS: Final = 3.0
"""Time to finish the launch after that."""
_STEP_SECONDS: Final = 0.1

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
        Exception: an internal error of the work.
    """
    errors: list[Exception] = []
    ended = threading.Event()

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that waits
            errors.append(error)
        ended.set()

    seconds = LATE_CURRENT_CALLS_SECONDS if stopped else CURRENT_CALLS_SECONDS
    until = time.monotonic() + LATE_SECONDS if stopped else math.inf
    worker = threading.Thread(target=guarded, name="delivery", daemon=True)
    try:
        worker.start()
        # Not by joining it: a join that a signal breaks off takes the thread for ended (CPython, up to 3.12).
        # In short steps: a signal that another thread gets does not wake this one.
        while not ended.wait(_STEP_SECONDS) and time.monotonic() < until:
            pass
    except Stopped as signal:
        # The next signal ends the process, so it cannot interrupt the lines below.
        stopped = signal
    if stopped and not ended.is_set():
        stopping.set()
        shorten_deadline(seconds)
        notify(f"{_word(stopped)}: current requests get {seconds:g} seconds; another signal ends the run.")
        ended.wait()
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
