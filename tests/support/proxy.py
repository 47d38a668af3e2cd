"""A TCP proxy before a OneTest: it passes on, and for chosen calls answers itself, breaks off or dawdles.

Works on sockets, since what a client must live with (a reset, half an answer, bytes that come one by one) is
below what an HTTP server can be told to do. It remembers every request.
"""

import http.client
import io
import json
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

HTML = b"<!doctype html><title>Sign in</title>"
_PATIENCE = 60.0
_CHUNK = 64 * 1024
_SMALL_BUFFER = 8 * 1024
"""Bytes that a client can send ahead: with more it waits in the middle of its request."""


class Request:
    """A request whose head has come; the body is read when somebody asks for it.

    Attributes:
        method: of HTTP.
        path: with its query.
        headers: case does not count.
        head: request line and headers as sent.
    """

    def __init__(self, head: bytes, stream: "Stream") -> None:
        line, _, rest = head.partition(b"\r\n")
        self.method, self.path, _ = line.decode("latin-1").split(" ", 2)
        self.headers = http.client.parse_headers(io.BytesIO(rest))
        self.head = head
        self._stream = stream
        self._read = b""
        self._missing = int(self.headers.get("Content-Length", "0"))

    @property
    def body(self) -> bytes:
        """All of it."""
        return self.some(self._missing)

    def some(self, count: int) -> bytes:
        """What was read of the body, and so many bytes more."""
        count = min(count, self._missing)
        if count:
            self._read += self._stream.exactly(count)
            self._missing -= count
        return self._read

    def json(self) -> Any:
        return json.loads(self.body)

    def without_authorization(self) -> bytes:
        """All that was read but the one header that may hold the key."""
        kept = [part for part in self.head.split(b"\r\n") if not part.lower().startswith(b"authorization:")]
        return b"\r\n".join(kept) + self._read


class Stream:
    """Reads a socket to where something ends."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting = b""

    def until(self, end: bytes) -> bytes:
        """Everything up to and with ``end``; nothing when the other side has hung up before."""
        while end not in self._waiting:
            if not (more := self._connection.recv(_CHUNK)):
                return b""
            self._waiting += more
        found, _, self._waiting = self._waiting.partition(end)
        return found + end

    def exactly(self, count: int) -> bytes:
        parts, missing = [self._waiting[:count]], count - len(self._waiting)
        self._waiting = self._waiting[count:]
        while missing > 0:
            if not (more := self._connection.recv(min(missing, _CHUNK))):
                raise ConnectionAbortedError("broken off within a body")
            parts.append(more)
            missing -= len(more)
        return b"".join(parts)

    def answer(self) -> bytes:
        """One whole HTTP answer as it was sent."""
        head = self.until(b"\r\n\r\n")
        if not head:
            raise ConnectionAbortedError("no answer")
        headers = http.client.parse_headers(io.BytesIO(head.partition(b"\r\n")[2]))
        if headers.get("Transfer-Encoding", "") != "chunked":
            return head + self.exactly(int(headers.get("Content-Length", "0")))
        while True:
            size = self.until(b"\r\n")
            head += size + self.exactly(int(size, 16) + 2)
            if int(size, 16) == 0:
                return head


class Exchange:
    """One request and what becomes of it; a fault plays on this.

    Attributes:
        request: what came.
        proxy: where it came to.
        over: the client's connection is at its end.
    """

    def __init__(self, proxy: "Proxy", client: socket.socket, target: "_Target", request: Request) -> None:
        self.proxy, self.request, self.over = proxy, request, False
        self._client, self._target = client, target

    def forward(self) -> bytes:
        """Have OneTest act; returns its answer as it was sent, which nobody has seen yet."""
        return self._target.ask(self.request.head + self.request.body)

    def send(self, data: bytes) -> None:
        try:
            self._client.sendall(data)
        except OSError:
            # Whoever asked was killed meanwhile, or lost patience.
            self.over = True

    def answer(
        self, status: int, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer in place of OneTest."""
        told = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
        lines = [f"HTTP/1.1 {status} Answer", *(f"{name}: {value}" for name, value in told.items())]
        # Read to its end, or what is left of it would be taken for the next request.
        assert self.request.body is not None
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def pass_on(self) -> None:
        self.send(self.forward())

    def gone(self, seconds: float) -> bool:
        """Whether the client hangs up within that time."""
        with suppress(OSError, ValueError):
            return bool(select.select([self._client], [], [], seconds)[0])
        return True

    def reset(self) -> None:
        """Break off so that the client's next read or write fails."""
        with suppress(OSError):
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.end()

    def end(self) -> None:
        """Hang up in the orderly way."""
        self._client.close()
        self.over = True


@dataclass(frozen=True)
class Answer:
    """A fault: this in place of OneTest's answer.

    Attributes:
        acts: OneTest has acted all the same.
    """

    status: int
    body: bytes = b'{"detail": "the proxy says so"}'
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    acts: bool = False

    def __call__(self, exchange: Exchange) -> None:
        if self.acts:
            exchange.forward()
        exchange.answer(self.status, self.body, self.content_type, self.headers)


@dataclass(frozen=True)
class HangUp:
    """A fault: no answer, before OneTest sees the request or after it has acted."""

    after_acting: bool = False

    def __call__(self, exchange: Exchange) -> None:
        if self.after_acting:
            exchange.forward()
        exchange.end()


Fault = Callable[[Exchange], None]
Rule = Callable[[Request], Fault | None]


class Proxy:
    """Listens on loopback; a rule sees each request and may give it a fault, the rest goes to OneTest.

    Args:
        target: the URL of the OneTest behind it.
        tls: speaks TLS by it; may be exchanged while the proxy runs.

    Attributes:
        url: what to report to.
        requests: all that came, in order.
        rule: None lets everything pass.
    """

    def __init__(self, target: str, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.rule: Rule | None = None
        self.tls = tls
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._lock = threading.Lock()
        self._clients: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._stop_at: int | None = None
        self._stopped = threading.Event()
        self._go_on = threading.Event()
        # Holds the port while nobody listens there.
        self._place = _bound(("127.0.0.1", 0))
        self.port: int = self._place.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._listener: socket.socket | None = None
        self.listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._go_on.set()
        self.refuse()
        for thread in self._threads:
            thread.join()
        self._place.close()

    def listen(self) -> None:
        """Take connections, if it does not already."""
        with self._lock:
            if self._listener is None:
                self._listener = _bound(("127.0.0.1", self.port))
                self._listener.listen(128)
                self._start(self._accept, self._listener)

    def refuse(self) -> None:
        """Be no server any more: connections are refused, and those there are break off."""
        with self._lock:
            if self._listener is not None:
                with suppress(OSError):
                    self._listener.shutdown(socket.SHUT_RDWR)  # wakes who accepts
                self._listener.close()
                self._listener = None
            for client in self._clients:
                with suppress(OSError):
                    # Not a TLS socket's own method, which takes the TLS state away from under its reader.
                    socket.socket.shutdown(client, socket.SHUT_RDWR)

    def answer(self, part: str, fault: Fault, method: str = "") -> None:
        """Give this fault to each call whose path holds ``part``."""

        def rule(request: Request) -> Fault | None:
            return fault if part in request.path and method in {"", request.method} else None

        self.rule = rule

    def hang_up_from(self, number: int, *, after_acting: bool = False) -> None:
        """Break off from that request on, counted from now."""
        before = len(self.requests)

        def rule(_: Request) -> Fault | None:
            return HangUp(after_acting) if len(self.requests) - before >= number else None

        self.rule = rule

    def stop_at(self, number: int) -> None:
        """Hold the request of that number, counted from now."""
        self._stopped.clear()
        self._go_on.clear()
        self._stop_at = len(self.requests) + number

    def wait_until_stopped(self) -> None:
        assert self._stopped.wait(_PATIENCE)

    def go_on(self) -> None:
        self._stop_at = None
        self._go_on.set()

    def _take(self, request: Request) -> Fault:
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
            fault = self.rule(request) if self.rule else None
        if number == self._stop_at:
            self._stopped.set()
            self._go_on.wait(_PATIENCE)
        return fault or Exchange.pass_on

    def _start(self, work: Callable[[socket.socket], None], connection: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(connection,))
        self._threads = [one for one in self._threads if one.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return  # it listens no more
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.settimeout(_PATIENCE)
            with self._lock:
                if self._listener is not listener:
                    client.close()
                    return
                self._clients.add(client)
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        target = _Target(self._target)
        secured = client
        try:
            if self.tls:
                secured = self.tls.wrap_socket(client, server_side=True)
                with self._lock:
                    self._clients.add(secured)
            stream = Stream(secured)
            while head := stream.until(b"\r\n\r\n"):
                exchange = Exchange(self, secured, target, Request(head, stream))
                self._take(exchange.request)(exchange)
                if exchange.over:
                    break
        except OSError:
            pass  # the client broke off, or would not have this certificate
        finally:
            with self._lock:
                self._clients -= {client, secured}
            target.close()
            secured.close()


class _Target:
    """The connection to OneTest of one client's connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._connection: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        if self._connection is None:
            self._connection = socket.create_connection(self._address, timeout=_PATIENCE)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._stream = Stream(self._connection)
        self._connection.sendall(request)
        return self._stream.answer()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _bound(address: tuple[str, int]) -> socket.socket:
    """A socket that shares its address with others of its kind, so that the port stays ours throughout."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
    bound.bind(address)
    return bound
