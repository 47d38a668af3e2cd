"""How connections are made: whom they trust, and the proxy on their way."""

import base64
import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.client.plain_stream import PlainStream
from onetest_ci.onetest.client.tls import tls_context
from onetest_ci.onetest.client.wire import Reader

_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_REFUSAL: Final = 65_536

Watch = Callable[[httpcore.NetworkStream], object]


class ProxyUnreachable(httpcore.ConnectError):
    """There is no connection to the proxy itself.

    Args:
        address: the proxy's scheme, host and port; its user and password are left out.
        problem: why.
    """

    def __init__(self, address: str, problem: Exception) -> None:
        super().__init__(str(problem))
        self.address = address


class Connector:
    """Makes connections to one origin, through the proxy that the environment names for it, if any.

    Args:
        base: the origin.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.
        watch: is shown each connection as soon as it is there.

    Attributes:
        prefix: what stands before the path in a request line.
        headers: what each request says to a proxy that passes it on, a line each.

    Raises:
        UsageProblem: ``bad-ca-bundle``, ``bad-proxy``.
    """

    def __init__(self, base: httpx.URL, ca_bundle: Path | None, watch: Watch) -> None:
        self._base = base
        self._watch = watch
        self._network = httpcore.SyncBackend()
        self._context = _trust(base.scheme, ca_bundle)
        self._proxy = _proxy(base)
        self._proxy_context: ssl.SSLContext | None = None
        self._authorization = ""
        if self._proxy is not None:
            if self._proxy.url.scheme == "https":
                self._proxy_context = _trust("https", ca_bundle)
            if self._proxy.raw_auth is not None:
                basic = base64.b64encode(b":".join(self._proxy.raw_auth)).decode()
                self._authorization = f"Proxy-Authorization: Basic {basic}\r\n"
        passed_on = self._proxy is not None and base.scheme == "http"
        self.prefix: Final = f"http://{base.netloc.decode()}" if passed_on else ""
        self.headers: Final = self._authorization if passed_on else ""

    def connect(self, timeout: float) -> httpcore.NetworkStream:
        """Connect.

        Args:
            timeout: seconds, for each step on the way.

        Raises:
            ProxyUnreachable: there is no connection to the proxy.
            httpcore.ConnectError: there is no connection, or no trusted one.
            httpcore.ConnectTimeout: not in time.
            httpcore.ProxyError: the proxy refuses.
        """
        if self._proxy is None:
            stream = self._reach(self._base, timeout)
        else:
            stream = self._reach_proxy(self._proxy.url, timeout)
            if self._base.scheme == "https":
                self._tunnel(stream, timeout)
        if self._base.scheme == "https":
            return self._secured(stream, self._context, self._base, timeout)
        return stream if self._proxy_context is not None else PlainStream.of(stream, timeout)

    def _reach(self, url: httpx.URL, timeout: float) -> httpcore.NetworkStream:
        stream = self._network.connect_tcp(
            url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme], timeout, socket_options=()
        )
        self._watch(stream)
        return stream

    def _reach_proxy(self, url: httpx.URL, timeout: float) -> httpcore.NetworkStream:
        try:
            stream = self._reach(url, timeout)
            if self._proxy_context is not None:
                stream = self._secured(stream, self._proxy_context, url, timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
            raise ProxyUnreachable(f"{url.scheme}://{url.netloc.decode()}", problem) from problem
        return stream

    def _secured(
        self, stream: httpcore.NetworkStream, context: ssl.SSLContext, url: httpx.URL, timeout: float
    ) -> httpcore.NetworkStream:
        stream = stream.start_tls(context, url.raw_host.decode("ascii"), timeout)
        self._watch(stream)
        return stream

    def _tunnel(self, stream: httpcore.NetworkStream, timeout: float) -> None:
        """Have the proxy connect to the origin; it is told no more than that (RFC 9110, section 9.3.6)."""
        host = self._base.netloc.decode()
        place = host if self._base.port else f"{host}:{_PORTS[self._base.scheme]}"
        head = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\nAccept: */*\r\n{self._authorization}\r\n"
        answer = Reader(tunnels=True)
        try:
            stream.write(head.encode("ascii"), timeout)
            answer.read(stream, timeout, _LONGEST_REFUSAL, lambda: None)
        except httpcore.TimeoutException as problem:
            stream.close()
            raise httpcore.ConnectTimeout(str(problem)) from problem
        except (httpcore.NetworkError, httpcore.ProtocolError) as problem:
            stream.close()
            raise httpcore.ProxyError(str(problem)) from problem
        if not 200 <= answer.status < 300:  # noqa: PLR2004
            stream.close()
            raise httpcore.ProxyError(f"{answer.status} {answer.reason.decode('ascii', 'ignore')}")


def _trust(scheme: str, ca_bundle: Path | None) -> ssl.SSLContext:
    context = tls_context(scheme, ca_bundle, os.environ)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _proxy(base: httpx.URL) -> httpx.Proxy | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names and NO_PROXY does not except."""
    named = getproxies()
    address = named.get(base.scheme) or named.get("all")
    if not address or proxy_bypass(base.netloc.decode()):
        return None
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
        if proxy.url.scheme in {"http", "https"} and proxy.url.host:
            return proxy
    except (httpx.InvalidURL, ValueError):
        pass
    # The value is not shown: proxy URLs often hold a password.
    raise UsageProblem(
        "bad-proxy",
        "a proxy variable (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) holds no http:// or https:// URL",
        "Correct it, or unset it for this step.",
    )
