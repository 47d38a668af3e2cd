"""How connections are made: whom they trust, and the proxy on their way."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.tls import tls_context


def connector(base: httpx.URL, ca_bundle: Path | None) -> Callable[[], httpcore.ConnectionPool]:
    """Makes connections to ``base``, through the proxy that the environment names for it, if any.

    Raises:
        UsageProblem: ``bad-ca-bundle``, ``bad-proxy``.
    """
    context = tls_context(base.scheme, ca_bundle, os.environ)
    proxy = _proxy(base)
    if proxy is None:
        return lambda: httpcore.ConnectionPool(context, max_connections=1)
    told = proxy.url
    auth = proxy.raw_auth
    proxy_context = tls_context("https", ca_bundle, os.environ) if told.scheme == "https" else None
    return lambda: httpcore.HTTPProxy(
        proxy_url=httpcore.URL(
            scheme=told.raw_scheme, host=told.raw_host, port=told.port, target=told.raw_path
        ),
        proxy_auth=auth,
        ssl_context=context,
        proxy_ssl_context=proxy_context,
        max_connections=1,
    )


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
