"""HTTP/1.1 over one connection, which is made when it is needed and kept as long as both sides want it.

A launch is tens of thousands of small calls, and what an HTTP library in Python does for each costs more than
all else that a push does (``benchmarks/pushing.py``). So a request is written as it is, and the answer is
read by llhttp, the parser of Node.js. Connections, their TLS and their failures are httpcore's.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, NamedTuple

import httpcore
import httptools

_PIECE: Final = 64 * 1024
_LONGEST_HEAD: Final = 64 * 1024
"""Bytes before an answer's body, interim answers included."""
_FIRST_FINAL: Final = 200
_FIRST_ERROR: Final = 400
_LONGEST_ERROR: Final = 2 * 1024 * 1024
"""Bytes kept of an error's body."""


class NotHttp(httpcore.RemoteProtocolError):
    """What came is no answer of HTTP/1."""


class TooLong(httpcore.RemoteProtocolError):
    """The answer's body is longer than allowed."""


class Request(NamedTuple):
    """What is sent.

    Attributes:
        head: request line and headers, with the empty line that ends them.
        length: bytes of the body, as the head says.
        body: the same in pieces.
    """

    head: bytes
    length: int = 0
    body: Iterable[bytes] = ()


class Wire:
    """One connection, for one thread.

    Args:
        connect: makes the connection within so many seconds.
        most: bytes of an answer.
        going_on: called with each part of an answer; may raise.
    """

    def __init__(
        self, connect: Callable[[float], httpcore.NetworkStream], most: int, going_on: Callable[[], None]
    ) -> None:
        self._connect = connect
        self._most = most
        self._going_on = going_on
        self._stream: httpcore.NetworkStream | None = None
        self._reader = Reader()

    def close(self) -> None:
        """Close the connection, if there is one; for any thread."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def ask(self, request: Request, connect_timeout: float, timeout: float) -> "Reader":
        """Send a request and read its answer to the end.

        Args:
            request: what to send.
            connect_timeout: seconds until the connection is there.
            timeout: seconds without progress.

        Returns:
            The answer, until the next request is made.

        Raises:
            httpcore.ConnectError: no connection, nor the like (``ConnectTimeout``, ``ProxyError``).
            httpcore.NetworkError: no answer, nor the like (``TimeoutException``, ``ProtocolError``).
            httpcore.LocalProtocolError: the body has another length than was said.
            OSError: the body cannot be read.
        """
        stream = self._stream
        # What can be read before anything was asked is the connection's end, or nothing to trust.
        if stream is None or stream.get_extra_info("is_readable"):
            self.close()
            stream = self._stream = self._connect(connect_timeout)
            self._reader = Reader()
        sent = False
        try:
            # Some refuse a body by an answer, and hang up before they have read it.
            with suppress(httpcore.WriteError):
                _send(stream, request, timeout)
                sent = True
            self._reader.read(stream, timeout, self._most, self._going_on)
        except BaseException:
            self.close()
            raise
        if not (sent and self._reader.keeps):
            self.close()
        return self._reader


class Reader:
    """Reads the answers that come over one connection, one at a time.

    Args:
        tunnels: the answer has no body, since all that follows is the tunnel's.

    Attributes:
        status: of the latest answer, as are the others.
        reason: what the status line says besides.
        headers: names in lower case; what comes twice counts as it came first.
        keeps: whether the connection may be used again.
    """

    def __init__(self, *, tunnels: bool = False) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._tunnels = tunnels
        self._forget()

    @property
    def body(self) -> bytes:
        """The answer's body as it was sent: no coding was asked for, so none is undone. An error's is cut."""
        return b"".join(self._body)

    def read(
        self, stream: httpcore.NetworkStream, timeout: float, most: int, going_on: Callable[[], None]
    ) -> None:
        """Read one answer; as ``Wire.ask``, which says what the arguments are."""
        self._forget()
        came = 0
        while True:
            data = stream.read(_PIECE, timeout)
            came += len(data)
            self._parse(data)
            going_on()
            if self._whole:
                return
            if came > _LONGEST_HEAD and not self._in_body:
                raise httpcore.RemoteProtocolError("the head of an answer without end")
            if came > most:
                raise TooLong(f"more than {most} bytes")

    def _parse(self, data: bytes) -> None:
        if not data:
            # The end of the connection is that of an answer which does not say how long it is.
            self._whole = self._in_body and not self.headers.keys() & {
                b"content-length",
                b"transfer-encoding",
            }
            if not self._whole:
                raise httpcore.RemoteProtocolError("it hung up before its answer was whole")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as problem:
            # What follows an answer is not for us to judge.
            self.keeps = False
            if not self._whole:
                raise NotHttp(str(problem)) from None

    def _forget(self) -> None:
        self._whole = False
        self._in_body: bool = False
        self.status = 0
        self.reason = b""
        self.headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._kept = 0
        self.keeps = False

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Forget an interim answer, which came before."""
        if self._whole:
            raise httpcore.RemoteProtocolError("an answer that nobody asked for")
        self._forget()

    def on_status(self, reason: bytes) -> None:
        """Note the status line's text."""
        self.reason = reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header; those behind the body say nothing that is of use."""
        if not self._in_body:
            self.headers.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        """Note what the parser knows only now."""
        self.status = self._parser.get_status_code()
        if self.status >= _FIRST_FINAL:
            self._in_body = True
            self.keeps = self._parser.should_keep_alive()
            self._whole = self._tunnels

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body. The start of an error's body is enough for a message."""
        if self.status < _FIRST_ERROR:
            self._body.append(piece)
        elif self._kept < _LONGEST_ERROR:
            self._body.append(piece[: _LONGEST_ERROR - self._kept])
            self._kept += len(piece)

    def on_message_complete(self) -> None:
        """Note the end, unless a final answer is still to come."""
        self._whole = self._in_body


def _send(stream: httpcore.NetworkStream, request: Request, timeout: float) -> None:
    """Send the whole request; what is small at once, head and all."""
    ready, left = request.head, request.length
    for piece in request.body:
        left -= len(piece)
        if left < 0:
            break
        ready += piece
        if len(ready) >= _PIECE:
            stream.write(ready, timeout)
            ready = b""
    if left:
        raise httpcore.LocalProtocolError("it grew" if left < 0 else "it shrank")
    stream.write(ready, timeout)
