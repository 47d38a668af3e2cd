"""One request, one answer, and what failures mean; what httpx knows of URLs and forms is used as it is."""

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import httpcore
import httpx

from onetest_ci.errors import NotOneTest, ServiceError, Unreachable, UsageProblem
from onetest_ci.onetest.client.connector import Connector, ProxyUnreachable
from onetest_ci.onetest.client.deadline import Deadline, DeadlineWatchdog
from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.onetest.client.retry import NoResponse
from onetest_ci.onetest.client.wire import NotHttp, Request, TooLong, Wire
from onetest_ci.onetest.limits import one_line

_MAX_RESPONSE_BYTES: Final = 16 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_LONGEST_TARGET: Final = 65_536
_CHECK_BASE_URL: Final = (
    "Check the base URL (--base-url, ONETEST_BASE_URL) and that this machine may reach it."
)
_PUSH_AGAIN: Final = "Nothing is lost: push the bundle again."
_CHECK_PROXY: Final = "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."
_NOT_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"}
)
"""OpenSSL's reasons where the peer spoke another protocol; https://docs.openssl.org/master/man3/ERR_get_error/."""


# httpcore.TimeoutException and the like have no common base but Exception.
_FAILURES: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)


class Part(NamedTuple):
    """One part of a multipart/form-data body.

    Attributes:
        name: the field's name.
        content: bytes, or a file that is opened and streamed at each try.
        content_type: MIME type of the part.
        filename: None for a field that is no file.
    """

    name: str
    content: bytes | Path
    content_type: str
    filename: str | None = None


class Call(NamedTuple):
    """A request that can be built anew for each try.

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
    """An answer, and the little that only the transport knows of it.

    Attributes:
        answer: what came back.
        location: the header's value, else empty.
    """

    answer: RawResponse
    location: str


class Transport:
    """Connections to one origin, kept alive; a thread has one of its own, so that none waits for another's.

    Args:
        base_url: where OneTest is.
        deadline: limits every wait, and ends what is under way when it passes.
        redact: removes secrets from messages.
        connect_timeout: seconds.
        read_timeout: seconds without progress, for reading and writing.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.

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
    ) -> None:
        base = _base(base_url)
        self.base: Final = str(base).rstrip("/")
        self.origin: Final = _origin(base)
        self._deadline = deadline
        self._redact = redact
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._watchdog = DeadlineWatchdog(deadline)
        self._connector = Connector(base, ca_bundle, self._watchdog.watch)
        self._host = f"Host: {base.netloc.decode()}\r\n{self._connector.headers}"
        self._own = threading.local()
        self._wires: list[Wire] = []

    def close(self) -> None:
        """Close the connections."""
        self._watchdog.close()
        for wire in self._wires:
            wire.close()

    def deadline_shortened(self) -> None:
        """Keep to a deadline that is nearer than it was."""
        self._watchdog.restart()

    def _wire(self) -> Wire:
        """This thread's connection."""
        wire: Wire | None = getattr(self._own, "wire", None)
        if wire is None:
            wire = self._own.wire = Wire(self._connector.connect, _MAX_RESPONSE_BYTES, self._deadline.check)
            self._wires.append(wire)
        return wire

    def exchange(self, call: Call, url: str) -> Exchange:
        """Send one request and read its answer to the end; follows no redirect, repeats nothing.

        Raises:
            NoResponse: none came.
            NotOneTest: ``unexpected-answer``, for one without end, or when no request can be made of what an
                earlier one told; ``redirected``.
            ServiceError: ``unreadable-file``.
        """
        left = max(self._deadline.remaining(), 0.001)
        with ExitStack() as files:
            request = self._request(call, url, files)
            try:
                reader = self._wire().ask(
                    request, min(self._connect_timeout, left), min(self._read_timeout, left)
                )
            except TooLong as error:
                raise NotOneTest(
                    "unexpected-answer", f"{self.base} sent {error} in one answer", _CHECK_BASE_URL
                ) from None
            except _FAILURES as error:
                # Without its context, which holds the request and thereby the key.
                raise self._no_response(error) from None
            except OSError as error:
                raise self._unreadable(error) from None
        if self._watchdog.passed:
            # A body without declared length ends where the connection does.
            raise self._deadline.error()
        headers = reader.headers
        answer = RawResponse(
            reader.status,
            _text(headers, b"content-type").partition(";")[0].strip().lower(),
            reader.body,
            _text(headers, b"retry-after"),
        )
        return Exchange(answer, _text(headers, b"location"))

    def redirected(self, url: str, location: str) -> tuple[str, str]:
        """Where a redirect leads: the target's origin, and its URL if that is the same origin.

        Raises:
            NotOneTest: ``redirected``, to no valid address.
        """
        here = httpx.URL(url)
        try:
            there = here.join(location)
        except (httpx.InvalidURL, ValueError):
            raise self._bad_redirect() from None
        if _origin(here) == _origin(there) and not there.userinfo:
            return self.origin, str(there.copy_with(fragment=None))
        return self._redact(one_line(_origin(there))), ""

    def _request(self, call: Call, url: str, files: ExitStack) -> Request:
        try:
            headers, length, body = self._content(call, files)
            told = "".join([f"{name}: {_plain(value)}\r\n" for name, value in headers])
            line = f"{call.method} {self._connector.prefix}{self._target(url)} HTTP/1.1\r\n"
            head = f"{line}{self._host}{told}Content-Length: {length}\r\n\r\n"
            return Request(head.encode("ascii"), length, body)
        except ValueError:
            # Settings and options are checked before; what remains is what the service has told.
            raise NotOneTest(
                "unexpected-answer",
                f"{self.base} answered what no request can be made of: too long, or no address",
                _CHECK_BASE_URL,
            ) from None

    def _target(self, url: str) -> str:
        """What stands behind the origin.

        Raises:
            ValueError: it is too long, or holds what ends a request line.
        """
        target = url.removeprefix(self.origin)
        if len(target) > _LONGEST_TARGET or " " in target:
            raise ValueError("no target")
        return _plain(target)

    def _content(
        self, call: Call, files: ExitStack
    ) -> tuple[Sequence[tuple[str, str]], int, Iterable[bytes]]:
        """Headers and body, and how long that is."""
        if call.parts:
            form = httpx.Request(
                call.method,
                self.base,
                files=[
                    (part.name, (part.filename, self._opened(part.content, files), part.content_type))
                    for part in call.parts
                ],
            )
            kind = ("Content-Type", form.headers["Content-Type"])
            # A form of bytes and files streams, as asked for without asyncio, and knows its length.
            return [*call.headers, kind], int(form.headers["Content-Length"]), _Form(form)
        if not isinstance(call.content, Path):
            content = call.content or b""
            return call.headers, len(content), (content,)
        file = self._opened(call.content, files)
        size = os.fstat(file.fileno()).st_size
        return call.headers, size, _chunks(file, size)

    def _opened(self, content: bytes | Path, files: ExitStack) -> Any:
        """Bytes as they are; a file open until its request is done."""
        if isinstance(content, bytes):
            return content
        try:
            return files.enter_context(content.open("rb"))
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> ServiceError:
        text = one_line(f"cannot read {error.filename or 'a file'}: {error.strerror or error}")
        return ServiceError("unreadable-file", self._redact(text))

    def _no_response(self, error: Exception) -> NoResponse:
        """What a failed try was, and whether the request may have arrived."""
        unsent = isinstance(
            error,
            httpcore.ConnectError | httpcore.ConnectTimeout | httpcore.ProxyError,
        )
        timed_out = isinstance(error, httpcore.TimeoutException) and self._deadline.remaining() <= 0
        if timed_out or self._watchdog.passed:
            return NoResponse(self._deadline.error(), sent=not unsent, lasting=True)
        said = self._redact(one_line(str(error)))
        failure = self._no_connection(error, said) if unsent else self._lost(error, said)
        lasting = failure.code in {"tls-error", "file-changed", "not-http"}
        return NoResponse(failure, sent=not unsent, lasting=lasting)

    def _no_connection(self, error: Exception, said: str) -> Unreachable:
        said = f" ({said})" if said else ""
        if isinstance(error, ProxyUnreachable):
            code, why, hint = _reason(error, error.address)
            return Unreachable(
                code if code == "tls-error" else "proxy-error",
                f"cannot connect to the proxy {error.address}: {why}{said}",
                f"{_CHECK_PROXY} {hint if code == 'tls-error' else f'{self.base} is reached through it.'}",
            )
        code, why, hint = _reason(error, self.base)
        return Unreachable(code, f"cannot connect to {self.base}: {why}{said}", hint)

    def _bad_redirect(self) -> NotOneTest:
        return NotOneTest("redirected", f"{self.base} redirects to no valid address", _CHECK_BASE_URL)

    def _lost(self, error: Exception, said: str) -> ServiceError:
        if isinstance(error, httpcore.TimeoutException):
            return Unreachable("timeout", f"{self.base} did not answer in time", _PUSH_AGAIN)
        if isinstance(error, httpcore.LocalProtocolError):
            return ServiceError("file-changed", f"a file changed while it was sent ({said})", _PUSH_AGAIN)
        if isinstance(error, NotHttp):
            return NotOneTest("not-http", f"what answers at {self.base} does not speak HTTP", _CHECK_BASE_URL)
        return Unreachable("connection-lost", f"{self.base} broke off the connection ({said})", _PUSH_AGAIN)


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


def _text(headers: dict[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _plain(text: str) -> str:
    """The text as it stands in a head.

    Raises:
        ValueError: it would end its line.
    """
    if not text.isprintable():
        raise ValueError("a control character")
    return text


class _Form:
    """A form's bytes; made anew at each try, since files are read but once."""

    def __init__(self, form: httpx.Request) -> None:
        self._form = form

    def __iter__(self) -> Iterator[bytes]:
        stream = self._form.stream
        assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - for mypy: nothing in it is asynchronous
        return iter(stream)


def _chunks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """The first ``size`` bytes: a file that grows meanwhile cannot break the declared length."""
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        yield chunk


def _reason(error: Exception, address: str) -> tuple[str, str, str]:
    """Return code, reason and hint for a connection to an address that was not made."""
    causes = list(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if isinstance(error, httpcore.ProxyError):
        return "proxy-error", "the proxy refuses", _CHECK_PROXY
    if any(isinstance(cause, httpcore.TimeoutException) for cause in causes):
        return "timeout", "no connection in time", _CHECK_BASE_URL
    if tls is not None and tls.reason in _NOT_TLS:
        plain = address.replace("https://", "http://", 1)
        hint = f"Check scheme and port. If nothing speaks TLS there on purpose, the address is {plain}"
        return "tls-error", "what answers there does not speak TLS", hint
    if tls is not None:
        hint = "If your company signs its own certificates, name them with --ca-bundle or SSL_CERT_FILE."
        return "tls-error", "no trusted TLS connection", hint
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "name-not-resolved", "the host name cannot be resolved", _CHECK_BASE_URL
    return "no-server", "no server answers there", _CHECK_BASE_URL


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
