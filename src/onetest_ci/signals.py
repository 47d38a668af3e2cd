"""What asks a run to stop: SIGINT, SIGTERM and, where there is one, SIGHUP.

The first raises ``Stopped`` in the main thread, once, so that what cleans up is not cut short itself; GitHub
sends SIGINT, 7.5 s later SIGTERM, and kills 2.5 s after that. A second one ends the process there and then.
"""

import os
import signal
from contextlib import suppress
from typing import Final

from onetest_ci.exit_codes import ExitCode

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")

_stopped_by: list[int] = []


class Stopped(BaseException):
    """A signal arrived; not an ``Exception``, so that no handler below swallows it.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code: Final = exit_code_of(number)


def exit_code_of(number: int) -> ExitCode:
    """What the process exits with after a signal."""
    return ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED


def note_stop(number: int) -> Stopped:
    """Count a signal that the test command got as the first one; the next ends the process at once."""
    _stopped_by.append(number)
    return Stopped(number)


def listen() -> None:
    """Take the signals from here on; for the main thread."""
    for name in _NAMES:
        number = getattr(signal, name, None)
        # What a parent ignores, as nohup does with SIGHUP, stays ignored.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _take)


def _take(number: int, frame: object) -> None:
    del frame
    if _stopped_by:
        with suppress(OSError):
            # Not by a stream: this may have come while one is written to.
            os.write(2, b"\nonetest-ci: ended at once by a second signal\n")
        os._exit(exit_code_of(number))
    _stopped_by.append(number)
    raise Stopped(number)
