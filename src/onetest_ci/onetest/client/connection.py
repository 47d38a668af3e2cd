"""One thread's connection: httpx sends the request, and this module limits and checks the response.

httpx's transport is used without its client, whose cookies, redirects and authentication are not wanted here.
"""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import httpx

from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.onetest.client.route import Route

_MAX_RESPONSE_BYTES: Final = 16 * 1024 * 1024
_MAX_ERROR_BYTES: Final = 2 * 1024 * 1024
"""Bytes kept of an error's body."""
_FIRST_FINAL: Final = 200
_FIRST_ERROR: Final = 400
_ONE: Final = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=None)


class AmbiguousResponse(httpx.RemoteProtocolError):
    """The response has no single meaning in HTTP/1.1."""


class ProxyUnreachable(httpx.ConnectError):
    """The proxy itself cannot be reached."""


class ResponseTooLong(Exception):
    """The response's body is longer than allowed."""


class FileChanged(Exception):
    """A file has another size than when its request began."""


class ExactStream(httpx.SyncByteStream):
    """A body of exactly the declared length.

    Args:
        pieces: the body.
        length: its declared length in bytes.
    """

    def __init__(self, pieces: Iterable[bytes], length: int) -> None:
        self._pieces = pieces
        self._length = length

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces.

        Raises:
            FileChanged: they are longer or shorter than declared.
        """
        left = self._length
        for piece in self._pieces:
            left -= len(piece)
            if left < 0:
                raise FileChanged("it grew")
            yield piece
        if left:
            raise FileChanged("it shrank")


class Connection:
    """A connection for one thread. It is made on first use, and again after either side has closed it.

    Args:
        route: how the origin is reached.
        watch: called with each socket as soon as it is connected, and again when TLS replaces the socket.
        check: called with each part of a response's body; may raise.
    """

    def __init__(
        self, route: Route, watch: Callable[[socket.socket], object], check: Callable[[], object]
    ) -> None:
        self._transport = httpx.HTTPTransport(
            verify=route.tls, proxy=route.proxy, trust_env=False, limits=_ONE
        )
        self._watch = watch
        self._check = check
        self._has_proxy = route.proxy is not None
        self._reaches_proxy = False
        self._opens_tunnel = False

    def close(self) -> None:
        """Close the connection; for any thread."""
        self._transport.close()

    def send(self, request: httpx.Request, timeout: Mapping[str, float]) -> RawResponse:
        """Send a request and read its response to the end.

        Args:
            request: what to send, with all of its headers.
            timeout: seconds for each of httpx's steps.

        Raises:
            ProxyUnreachable: the proxy cannot be reached.
            httpx.ConnectError: the origin cannot be reached, or cannot be trusted.
            httpx.ConnectTimeout: the origin did not accept the connection in time.
            httpx.ProxyError: the proxy does not connect to the origin.
            httpx.TransportError: there is no complete response.
            ResponseTooLong: the response has more than 16 MiB.
            FileChanged: the body is longer or shorter than declared.
            OSError: the body cannot be read.
        """
        request.extensions = {"timeout": timeout, "trace": self._trace}
        self._reaches_proxy = self._has_proxy
        self._opens_tunnel = False
        try:
            response = self._transport.handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if self._reaches_proxy:
                raise ProxyUnreachable(str(error)) from error
            raise
        except httpx.TransportError as error:
            if self._opens_tunnel:
                raise httpx.ProxyError(str(error)) from error
            raise
        try:
            return self._read(response)
        finally:
            response.close()

    def _read(self, response: httpx.Response) -> RawResponse:
        headers, status = response.headers, response.status_code
        if status < _FIRST_FINAL:
            raise AmbiguousResponse(f"status {status} in place of a response")
        if "content-length" in headers and "transfer-encoding" in headers:
            raise AmbiguousResponse("two lengths")
        size, body = 0, []
        for piece in response.iter_raw():
            self._check()
            if status < _FIRST_ERROR or size < _MAX_ERROR_BYTES:
                body.append(piece)
            size += len(piece)
            if size > _MAX_RESPONSE_BYTES:
                raise ResponseTooLong(f"more than {_MAX_RESPONSE_BYTES} bytes")
        return RawResponse(
            status,
            headers.get("content-type", "").partition(";")[0].strip().lower(),
            b"".join(body),
            headers.get("retry-after", ""),
            headers.get("location", ""),
            headers.raw,
        )

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Follow how a connection is made.

        The events are those of https://www.python-httpx.org/advanced/extensions/#trace. An unknown event
        changes nothing but whether an error names the proxy.
        """
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._watch(info["return_value"].get_extra_info("socket"))
        elif event == "http11.send_request_headers.started":
            self._reaches_proxy = False
            self._opens_tunnel = info["request"].method == b"CONNECT"
        elif event == "proxy.start_tls.started":
            self._opens_tunnel = False
