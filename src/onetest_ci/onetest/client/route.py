"""How OneTest is reached: the authorities that TLS trusts, and the proxy that the environment names."""

import os
import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.client.tls import tls_context


class Route(NamedTuple):
    """The way to one origin; all connections share it, since loading authorities takes 0.1 s.

    Attributes:
        tls: verifies the origin.
        proxy: None for a direct connection.
    """

    tls: ssl.SSLContext
    proxy: httpx.Proxy | None

    @property
    def proxy_address(self) -> str:
        """The proxy's scheme, host and port, without user and password. Empty without a proxy."""
        return f"{self.proxy.url.scheme}://{self.proxy.url.netloc.decode()}" if self.proxy else ""


def route_to(base: httpx.URL, ca_bundle: Path | None) -> Route:
    """Return the route to the origin of a URL.

    Args:
        base: the URL.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.

    Raises:
        UsageProblem: ``bad-ca-bundle``, ``bad-proxy``.
    """
    tls = tls_context(base.scheme, ca_bundle, os.environ)
    proxy = _proxy(base)
    if proxy is not None and proxy.url.scheme == "https":
        proxy.ssl_context = tls_context("https", ca_bundle, os.environ)
    return Route(tls, proxy)


def _proxy(base: httpx.URL) -> httpx.Proxy | None:
    """Return the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY excludes the origin."""
    proxies = getproxies()
    address = proxies.get(base.scheme) or proxies.get("all")
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
