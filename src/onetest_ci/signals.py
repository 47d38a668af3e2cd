"""Signals that ask a run to stop: SIGINT, SIGTERM and SIGHUP.

The first raises ``Stopped`` in the main thread, once, so that a later one does not cut the cleaning up short.
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


def _stop(number: int, frame: object) -> None:
    del frame
    if _received:
        with suppress(OSError):
            # Not through a stream: the signal may have arrived while one is written to.
            os.write(2, b"\nonetest-ci: ended at once by a second signal\n")
        os._exit(exit_code_of(number))
    _received.append(number)
    raise Stopped(number)
