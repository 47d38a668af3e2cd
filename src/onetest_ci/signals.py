"""Signals that ask a run to stop: SIGINT, SIGTERM and SIGHUP.

The first raises ``Stopped`` in the main thread, once, so that a later one does not cut the cleaning up short.
An exception between two instructions breaks what it meets there: a lock that was just taken stays locked, a
thread that is being started runs unnoticed. So ``stop_deferred`` holds it back around threads and locks.
The second ends the process at once. GitHub sends SIGINT, 7.5 s later SIGTERM, and kills 2.5 s after that.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from onetest_ci.exit_codes import ExitCode

# Windows has no SIGHUP.
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")

_received: list[int] = []
# The innermost deferral is the last; each holds the first signal, once it has arrived.
_deferrals: list[list["Stopped"]] = []


class Stopped(BaseException):
    """A signal arrived; not an ``Exception``, so that no handler of these catches it.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code: Final = exit_code_of(number)


def exit_code_of(number: int) -> ExitCode:
    """Return the exit code of a process that a signal stopped."""
    return ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED


def note_stop(number: int) -> Stopped:
    """Count a signal that the test command received as the first one; the next ends the process at once."""
    _received.append(number)
    return Stopped(number)


@contextmanager
def raise_stopped() -> Iterator[None]:
    """Raise ``Stopped`` for the first signal; for the main thread. Restores the handlers of the signals."""
    replaced: dict[int, signal._HANDLER] = {}
    try:
        for name in _NAMES:
            number = getattr(signal, name, None)
            # A signal that the parent ignores, as nohup does with SIGHUP, stays ignored.
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                replaced[number] = signal.signal(number, _stop) or signal.SIG_DFL
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)
        _received.clear()


@contextmanager
def stop_deferred() -> Iterator[list[Stopped]]:
    """Hold ``Stopped`` back to the end of the block; for the main thread. A second signal ends the process.

    Yields:
        A list of what is held back, empty until a signal arrives. What the block takes out is not raised.

    Raises:
        Stopped: a signal arrived during the block.
    """
    held: list[Stopped] = []
    _deferrals.append(held)
    try:
        yield held
    finally:
        _deferrals.pop()
        if held:
            raise held[0]


def _stop(number: int, frame: object) -> None:
    del frame
    if _received:
        with suppress(OSError):
            # Not through a stream: the signal may have arrived while one is written to.
            os.write(2, b"\nonetest-ci: ended at once by a second signal\n")
        os._exit(exit_code_of(number))
    _received.append(number)
    if not _deferrals:
        raise Stopped(number)
    _deferrals[-1].append(Stopped(number))
