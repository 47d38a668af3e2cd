"""A connection without TLS whose time-outs the system keeps.

With a time-out of Python's own, each read and write first asks the system whether it could go on, and lets
the other threads in once more; of a small call among many, that is a fifth of the time. TLS needs Python's.
"""

import os
import socket
import struct
from typing import Any, Final

import httpcore

_SHORTEST: Final = 0.001
"""Seconds; 0 would be none."""


class PlainStream(httpcore.NetworkStream):
    """A connection of httpcore's, read and written without it.

    Args:
        stream: without TLS.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._socket: socket.socket = stream.get_extra_info("socket")
        self._socket.settimeout(None)
        self._timeout: float | None = None

    @classmethod
    def of(cls, stream: httpcore.NetworkStream, timeout: float) -> httpcore.NetworkStream:
        """The connection as one of these, or as it is where the system keeps no such time-outs."""
        if os.name != "posix":
            return stream
        plain = cls(stream)
        try:
            plain.set_timeout(timeout)
        except OSError:
            return stream
        return plain

    def set_timeout(self, timeout: float | None) -> None:
        """Seconds that one read or write may take.

        Raises:
            OSError: the system keeps none.
        """
        if timeout != self._timeout:
            seconds = max(timeout or 0.0, _SHORTEST)
            # struct timeval.
            value = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, value)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, value)
            self._timeout = timeout

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes, none at the end; raises as httpcore's."""
        try:
            self.set_timeout(timeout)
            return self._socket.recv(max_bytes)
        except BlockingIOError:
            raise httpcore.ReadTimeout("timed out") from None
        except OSError as problem:
            raise httpcore.ReadError(str(problem)) from problem

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all; raises as httpcore's."""
        try:
            self.set_timeout(timeout)
            self._socket.sendall(buffer)
        except BlockingIOError:
            raise httpcore.WriteTimeout("timed out") from None
        except OSError as problem:
            raise httpcore.WriteError(str(problem)) from problem

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore knows of it."""
        return self._stream.get_extra_info(info)
