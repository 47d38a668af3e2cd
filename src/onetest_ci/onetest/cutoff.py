"""The deadline's hold on connections that are in use.

A read time-out begins anew with each byte, so a server that sends one now and then (header lines, interim
answers, chunk extensions, trailers) would never meet it.
"""

import socket
import threading
from contextlib import suppress
from weakref import WeakSet

import httpcore

from onetest_ci.onetest.retry import Deadline


class Cutoff:
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

    def hurry(self) -> None:
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
