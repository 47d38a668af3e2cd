"""One request and its response: bodies, limits of time, and the origin that everything is sent to."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, cast

import httpx

from onetest_ci.errors import NotOneTest, ServiceError, UsageProblem
from onetest_ci.limits import one_line
from onetest_ci.onetest.client.connection import Connection, ExactStream, FileChanged, ResponseTooLong
from onetest_ci.onetest.client.deadline import Deadline, DeadlineWatchdog
from onetest_ci.onetest.client.failures import CHECK_BASE_URL, FailureInterpreter, was_sent
from onetest_ci.onetest.client.hints import Hints
from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.onetest.client.retry import NoResponse
from onetest_ci.onetest.client.route import route_to

_CHUNK: Final = 64 * 1024
_SHORTEST_TIMEOUT: Final = 0.001
"""Seconds."""


class Part(NamedTuple):
    """One part of a multipart/form-data body.

    Attributes:
        name: the field's name.
        content: bytes, or a file that is opened and streamed for each request.
        content_type: MIME type of the part.
        filename: None for a field that is not a file.
    """

    name: str
    content: bytes | Path
    content_type: str
    filename: str | None = None


class Call(NamedTuple):
    """A call, from which each of its requests is built.

    Attributes:
        method: HTTP method.
        headers: all but those that describe a form.
        content: the body; a file is streamed.
        parts: a form, in place of ``content``.
    """

    method: str
    headers: list[tuple[str, str]]
    content: bytes | Path | None = None
    parts: Sequence[Part] = ()


class Exchange(NamedTuple):
    """A request and its response.

    Attributes:
        call: what was sent.
        response: what the service returned.
    """

    call: Call
    response: RawResponse


class Transport:
    """Connections to one origin, kept alive. Each thread has its own, so no thread waits for another.

    Args:
        base_url: the address of OneTest.
        deadline: limits every wait, and ends requests that are under way when it passes.
        redact: removes secrets from messages.
        connect_timeout: seconds.
        read_timeout: seconds without progress, for reading and writing.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.
        hints: what to do after a failure.

    Attributes:
        base: the base URL without trailing slash; messages show it.
        origin: its scheme, host and port.

    Raises:
        UsageProblem: ``bad-base-url``, ``bad-ca-bundle``, ``bad-proxy``.
    """

    def __init__(
        self,
        base_url: str,
        *,
        deadline: Deadline,
        redact: Callable[[str], str],
        connect_timeout: float,
        read_timeout: float,
        ca_bundle: Path | None,
        hints: Hints,
    ) -> None:
        base = _base(base_url)
        self.base: Final = str(base).rstrip("/")
        self.origin: Final = _origin(base)
        self._host = ("Host", base.netloc.decode())
        self._deadline = deadline
        self._redact = redact
        self._hints = hints
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._watchdog = DeadlineWatchdog(deadline)
        self._route = route_to(base, ca_bundle)
        self._failures = FailureInterpreter(self.base, self._route.proxy_address, redact, hints)
        self._own = threading.local()
        self._connections: list[Connection] = []

    def close(self) -> None:
        """Close the connections."""
        self._watchdog.close()
        for connection in self._connections:
            connection.close()

    def deadline_shortened(self) -> None:
        """Keep to a deadline that is nearer than before."""
        self._watchdog.restart()

    def exchange(self, call: Call, url: str) -> Exchange:
        """Send one request and read its response to the end. Follow no redirect, retry nothing.

        Raises:
            NoResponse: there is no complete response.
            NotOneTest: ``unexpected-answer``, for a response that is too long, or a URL from an earlier
                response that cannot be requested.
            ServiceError: ``unreadable-file``.
        """
        with ExitStack() as files:
            try:
                response = self._connection().send(self._request(call, url, files), self._timeout())
            except ResponseTooLong as error:
                raise self._unexpected(f"sent {error} in one response") from None
            except FileChanged as error:
                message = f"a file changed while it was sent ({error})"
                failure = ServiceError("file-changed", message, self._hints.no_response)
                raise NoResponse(failure, sent=True, lasting=True) from None
            except httpx.TransportError as error:
                # Without its context, which holds the request and thereby the key.
                raise self._no_response(error) from None
            except (httpx.InvalidURL, ValueError):
                # Settings and options were checked before; what is left comes from the service.
                raise self._unexpected("returned a value that is too long or invalid for a request") from None
            except OSError as error:
                raise self._unreadable(error) from None
        if self._watchdog.passed:
            # The watchdog closed the connection, which also ends a body without a declared length.
            raise self._deadline.error()
        return Exchange(call, response)

    def redirected(self, url: str, location: str) -> tuple[str, str]:
        """Return the origin that a redirect leads to, and its URL if that is the same origin.

        Raises:
            NotOneTest: ``redirected``, to an invalid address.
        """
        source = httpx.URL(url)
        try:
            target = source.join(location)
        except (httpx.InvalidURL, ValueError):
            raise NotOneTest(
                "redirected", f"{self.base} redirects to an invalid address", CHECK_BASE_URL
            ) from None
        if _origin(source) == _origin(target) and not target.userinfo:
            return self.origin, str(target.copy_with(fragment=None))
        return self._redact(one_line(_origin(target))), ""

    def _connection(self) -> Connection:
        """Return this thread's connection."""
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = Connection(self._route, self._watchdog.watch, self._deadline.check)
            self._own.connection = connection
            self._connections.append(connection)
        return connection

    def _timeout(self) -> dict[str, float]:
        left = max(self._deadline.remaining(), _SHORTEST_TIMEOUT)
        connect, read = min(self._connect_timeout, left), min(self._read_timeout, left)
        return {"connect": connect, "read": read, "write": read, "pool": connect}

    def _request(self, call: Call, url: str, files: ExitStack) -> httpx.Request:
        """Build a request.

        Raises:
            ValueError: a header cannot be sent.
            httpx.InvalidURL: the URL cannot be requested.
            ServiceError: ``unreadable-file``.
        """
        if not all(value.isascii() and value.isprintable() for _, value in call.headers):
            raise ValueError("a header with a control character or a non-ASCII letter")
        headers = [self._host, *call.headers]
        if call.parts:
            form = httpx.Request(
                call.method,
                self.base,
                files=[
                    (part.name, (part.filename, self._opened(part.content, files), part.content_type))
                    for part in call.parts
                ],
            )
            headers.append(("Content-Type", form.headers["Content-Type"]))
            length = int(form.headers["Content-Length"])
            # A form of bytes and files is never asynchronous.
            stream: httpx.SyncByteStream = ExactStream(cast("Iterable[bytes]", form.stream), length)
        elif isinstance(call.content, Path):
            file = self._opened(call.content, files)
            length = os.fstat(file.fileno()).st_size
            stream = ExactStream(_chunks(file, length), length)
        else:
            content = call.content or b""
            length, stream = len(content), httpx.ByteStream(content)
        headers.append(("Content-Length", str(length)))
        return httpx.Request(call.method, url, headers=headers, stream=stream)

    def _opened(self, content: bytes | Path, files: ExitStack) -> Any:
        """Return bytes unchanged, and a file open until its request is done."""
        if isinstance(content, bytes):
            return content
        try:
            return files.enter_context(content.open("rb"))
        except OSError as error:
            raise self._unreadable(error) from None

    def _no_response(self, error: httpx.TransportError) -> NoResponse:
        timed_out = isinstance(error, httpx.TimeoutException) and self._deadline.remaining() <= 0
        if timed_out or self._watchdog.passed:
            return NoResponse(self._deadline.error(), sent=was_sent(error), lasting=True)
        return self._failures.no_response(error)

    def _unreadable(self, error: OSError) -> ServiceError:
        text = one_line(f"cannot read {error.filename or 'a file'}: {error.strerror or error}")
        return ServiceError("unreadable-file", self._redact(text))

    def _unexpected(self, text: str) -> NotOneTest:
        return NotOneTest("unexpected-answer", f"{self.base} {text}", CHECK_BASE_URL)


def _base(base_url: str) -> httpx.URL:
    try:
        base = httpx.URL(base_url)
    except httpx.InvalidURL:
        base = httpx.URL()
    if (
        " " in base_url
        or base.scheme not in {"http", "https"}
        or not base.host
        or base.userinfo
        or base.query
        or base.fragment
    ):
        raise UsageProblem(
            "bad-base-url",
            "the base URL must be http:// or https:// and a host, without user, query or fragment",
            "For example --base-url https://tms.onetest.ai",
        )
    return base


def _origin(url: httpx.URL) -> str:
    """Scheme, host and port; httpx leaves out the default port."""
    return f"{url.scheme}://{url.netloc.decode()}"


def _chunks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the first ``size`` bytes of a file, even if it grows meanwhile."""
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        yield chunk
