"""The time limit over all calls, and how it ends connections that are in use."""

import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Final
from weakref import WeakSet

from onetest_ci.errors import Unreachable
from onetest_ci.onetest.client.hints import PUSHING, Hints

LONGEST_PAUSE: Final = 8.0
"""Seconds between two requests of one call, where the service does not ask for another time."""
_FIRST_PAUSE: Final = 0.5


class Deadline:
    """One time limit over all calls.

    Args:
        seconds: from now.
        clock: monotonic seconds.
        sleep: waits for a number of seconds; ``shorten`` ends the default one.
        jitter: a random number from 0 to 1.
        now: epoch seconds.
        hints: what to do after a failure.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
        hints: Hints = PUSHING,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._shortened = threading.Event()
        self._sleep = sleep or self._shortened.wait
        self._jitter = jitter
        self._now = now
        self._hints = hints
        self._end = clock() + seconds

    def shorten(self, seconds: float) -> None:
        """Shorten the limit to ``seconds`` from now, and end all waiting between requests."""
        self._end = min(self._end, self._clock() + seconds)
        self._shortened.set()

    def remaining(self) -> float:
        """Return the seconds left; zero or less when it has passed."""
        return self._end - self._clock()

    def check(self) -> None:
        """Return while there is time.

        Raises:
            Unreachable: ``deadline-exceeded``.
        """
        if self.remaining() <= 0:
            raise self.error()

    def error(self) -> Unreachable:
        """Return the error for a call that the deadline ended."""
        return Unreachable(
            "deadline-exceeded",
            f"not all was sent within the {self._seconds:g} seconds allowed in total",
            self._hints.time,
        )

    def back_off(self, failed: int, longest: float = LONGEST_PAUSE) -> bool:
        """Wait as long as suits after ``failed`` requests, at most ``longest`` seconds; as ``wait``."""
        pause = self._jitter() * min(LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (failed - 1))
        return self.wait(min(longest, pause))

    def wait(self, seconds: float) -> bool:
        """Wait. Return False, at once, if the deadline would pass meanwhile or has been shortened."""
        if seconds >= self.remaining():
            return False
        self._sleep(seconds)
        return not self._shortened.is_set()

    def seconds_until(self, retry_after: str) -> float | None:
        """Return the seconds that a Retry-After header asks for; None if it holds no seconds and no date."""
        try:
            return float(retry_after)
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - self._now())
        except (ValueError, OverflowError, OSError):
            return None


class DeadlineWatchdog:
    """Ends all connections when the deadline passes.

    A read timeout starts again with each byte, so a server that now and then sends one (of a header, an
    interim response, a chunk extension, a trailer) would never exceed it.

    Args:
        deadline: measured in real time from the first connection on.

    Attributes:
        passed: whether it has passed.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.passed = False
        self._deadline = deadline
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def watch(self, connection: socket.socket) -> None:
        """Add a socket. TLS replaces a connection's socket, so each one is added."""
        with self._lock:
            self._sockets.add(connection)
            if self.passed:
                _end(connection)
            elif self._timer is None:
                self._start_timer()

    def restart(self) -> None:
        """Wait for the deadline again, since it has been shortened."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._start_timer()

    def close(self) -> None:
        """Stop waiting."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()

    def _start_timer(self) -> None:
        left = min(max(self._deadline.remaining(), 0), threading.TIMEOUT_MAX)
        self._timer = threading.Timer(left, self._pass)
        self._timer.daemon = True
        self._timer.start()

    def _pass(self) -> None:
        with self._lock:
            self.passed = True
            for connection in self._sockets:
                _end(connection)


def _end(connection: socket.socket) -> None:
    """Wake the thread that reads or writes; that thread closes the socket."""
    with suppress(OSError):
        # Not an SSLSocket's own method, which discards the TLS state while another thread reads.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
