"""The deadline's hold on connections that are in use.

A read time-out begins anew with each byte, so a server that sends one now and then (header lines, interim
answers, chunk extensions, trailers) would never meet it.
"""

import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Final
from weakref import WeakSet

import httpcore

from onetest_ci.errors import Unreachable

BASE_SECONDS: Final = 0.5
LONGEST_PAUSE: Final = 8.0


class Deadline:
    """The one time limit over all calls.

    Args:
        seconds: from now.
        clock: a clock that never goes back.
        sleep: waits so many seconds; by default such that ``shorten`` wakes it.
        jitter: a random number from 0 to 1.
        now: epoch seconds.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._shortened = threading.Event()
        self._sleep = sleep or self._shortened.wait
        self._jitter = jitter
        self._now = now
        self._end = clock() + seconds

    def shorten(self, seconds: float) -> None:
        """Leave so many seconds at most, and end all waiting between tries."""
        self._end = min(self._end, self._clock() + seconds)
        self._shortened.set()

    def remaining(self) -> float:
        """Seconds left; zero or less when it has passed."""
        return self._end - self._clock()

    def check(self) -> None:
        """Return while there is time.

        Raises:
            Unreachable: ``deadline-exceeded``.
        """
        if self.remaining() <= 0:
            raise self.error()

    def error(self) -> Unreachable:
        """The error for what the deadline cut off."""
        return Unreachable(
            "deadline-exceeded",
            f"not all was sent within the {self._seconds:g} seconds allowed in total",
            "Push the bundle again to send the rest.",
        )

    def back_off(self, tried: int, longest: float = LONGEST_PAUSE) -> bool:
        """Wait as long as suits after ``tried`` attempts, at most ``longest`` seconds; as ``wait``."""
        pause = self._jitter() * min(LONGEST_PAUSE, BASE_SECONDS * 2 ** (tried - 1))
        return self.wait(min(longest, pause))

    def wait(self, seconds: float) -> bool:
        """Wait; False, at once, when the deadline would pass meanwhile or there is a hurry."""
        if seconds >= self.remaining():
            return False
        self._sleep(seconds)
        return not self._shortened.is_set()

    def retry_after_seconds(self, retry_after: str) -> float | None:
        """The seconds that a Retry-After asks for; None when it says neither seconds nor a date."""
        try:
            return float(retry_after)
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - self._now())
        except (ValueError, OverflowError, OSError):
            return None


class DeadlineWatchdog:
    """Ends every connection when the deadline passes.

    Args:
        deadline: counted in real time from the first connection on.

    Attributes:
        passed: whether it has.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.passed = False
        self._deadline = deadline
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def watch(self, stream: httpcore.NetworkStream) -> None:
        """Note a connection; the plain one again when TLS has been laid over it."""
        connection: socket.socket = stream.get_extra_info("socket")
        with self._lock:
            self._sockets.add(connection)
            if self.passed:
                _end(connection)
            elif self._timer is None:
                self._set()

    def restart(self) -> None:
        """Look at the deadline anew, since it has become nearer."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._set()

    def _set(self) -> None:
        left = min(max(self._deadline.remaining(), 0), threading.TIMEOUT_MAX)
        self._timer = threading.Timer(left, self._pass)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        """Watch no longer."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()

    def _pass(self) -> None:
        with self._lock:
            self.passed = True
            for connection in self._sockets:
                _end(connection)


def _end(connection: socket.socket) -> None:
    """Wake whoever reads or writes; the owner closes it."""
    with suppress(OSError):
        # Not a TLS socket's own method, which takes the TLS state away from under a reader.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
