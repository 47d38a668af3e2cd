"""The way to OneTest, without a request: proxy, name resolution and the server's certificate.

The first request shows whether the way works. These facts explain why it does or does not.
"""

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from onetest_ci.doctor.finding import Area, Finding, note, ok, warning
from onetest_ci.onetest.client.route import Route

_SECONDS: Final = 10.0
_DAY: Final = 86_400
_SOON: Final = 14 * _DAY
_MAX_SKEW: Final = 120
"""Seconds. A signed request or a token fails at five minutes; a launch is out of order at less."""
_PORTS: Final = {"http": 80, "https": 443}
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME (https://docs.openssl.org/master/man3/X509_VERIFY_PARAM_set_flags/).
_NO_CHECK_TIME: Final = 0x200000


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate.

    Attributes:
        issuer: name of the authority that signed it.
        expires: epoch seconds.
        refused: why it is not trusted. Empty if it is.
    """

    issuer: str
    expires: float
    refused: str = ""


def way(base_url: str, route: Route, now: float) -> Iterator[Finding]:
    """Yield what lies between this machine and OneTest. The key is not sent.

    Args:
        base_url: the address of OneTest.
        route: how it is reached.
        now: epoch seconds.
    """
    url = httpx.URL(base_url)
    if route.proxy is None:
        yield ok(Area.CONNECTION, "no-proxy", f"No proxy is used for {url.host}.")
    else:
        yield ok(Area.CONNECTION, "proxy", f"{url.host} is reached through the proxy {route.proxy_address}.")
    first = url if route.proxy is None else route.proxy.url
    addresses = resolved(first.host, first.port or _PORTS[first.scheme])
    if addresses:
        yield ok(Area.CONNECTION, "name", f"{first.host} resolves to {', '.join(addresses)}.")
    if url.scheme == "https" and (addresses or route.proxy is not None):
        certificate = certificate_of(url, route)
        if certificate is not None:
            yield from _of_certificate(url.host, certificate, now)


def skew(date: str, before: float, after: float) -> Iterator[Finding]:
    """Yield whether this machine's clock agrees with the server's.

    Args:
        date: value of the response's ``Date`` header, which has whole seconds.
        before: epoch seconds when the request was sent.
        after: epoch seconds when the response was read.
    """
    try:
        server = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):
        yield note(Area.CONNECTION, "no-date", "The response has no valid Date: the clock was not compared.")
        return
    off = max(before - server - 1, server - after, 0.0)
    if off <= _MAX_SKEW:
        yield ok(Area.CONNECTION, "clock", "This machine's clock agrees with the server's.")
        return
    direction = "ahead of" if before > server else "behind"
    yield warning(
        Area.CONNECTION,
        "clock-skew",
        f"This machine's clock is {_length(off)} {direction} the server's. Times of results will be wrong, "
        "and certificates may count as expired.",
        "Set the machine's clock, for example by NTP.",
    )


def resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host. Empty if it cannot be resolved in time."""
    found: list[str] = []

    def resolve() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(info[4][0]) for info in infos))

    # A resolver has no time limit of its own.
    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(_SECONDS)
    return list(found)


def certificate_of(url: httpx.URL, route: Route) -> Certificate | None:
    """Return the certificate of a server, also one that is not trusted. None if it cannot be read."""
    try:
        return _parsed(_peer(url, route, route.tls))
    except ssl.SSLCertVerificationError as problem:
        refused = problem.verify_message or "it is not trusted"
    except (OSError, http.client.HTTPException, ValueError):
        return None
    try:
        return _untrusted(url, route, refused)
    except (OSError, http.client.HTTPException, ValueError):
        return Certificate("", 0, refused)


def _untrusted(url: httpx.URL, route: Route, refused: str) -> Certificate:
    """Read a certificate that is not trusted; nothing is sent over this connection.

    Python parses only a certificate that it has verified, so the second connection trusts this one alone.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    content = _peer(url, route, context, binary=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=content)
    context.verify_flags = ssl.VerifyFlags(ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME)
    return _parsed(_peer(url, route, context), refused)


def _parsed(content: Any, refused: str = "") -> Certificate:
    names = {key: value for part in content.get("issuer", ()) for key, value in part}
    issuer = names.get("organizationName") or names.get("commonName") or ""
    return Certificate(issuer, ssl.cert_time_to_seconds(content["notAfter"]), refused)


def _peer(url: httpx.URL, route: Route, tls: ssl.SSLContext, *, binary: bool = False) -> Any:
    """Connect as a request would, without sending one, and return the peer's certificate."""
    port = url.port or _PORTS[url.scheme]
    proxy = route.proxy
    if proxy is None:
        connection = http.client.HTTPSConnection(url.host, port, timeout=_SECONDS, context=tls)
    elif proxy.url.scheme == "http":
        at = proxy.url.port or _PORTS["http"]
        connection = http.client.HTTPSConnection(proxy.url.host, at, timeout=_SECONDS, context=tls)
        connection.set_tunnel(url.host, port, _login(proxy))
    else:
        raise ValueError("TLS inside of TLS")
    try:
        connection.connect()
        peer = connection.sock
        if not isinstance(peer, ssl.SSLSocket):
            raise ssl.SSLError("no TLS")
        return peer.getpeercert(binary_form=binary)
    finally:
        connection.close()


def _login(proxy: httpx.Proxy) -> dict[str, str]:
    if proxy.raw_auth is None:
        return {}
    encoded = base64.b64encode(b":".join(proxy.raw_auth)).decode()
    return {"Proxy-Authorization": f"Basic {encoded}"}


def _of_certificate(host: str, certificate: Certificate, now: float) -> Iterator[Finding]:
    left = certificate.expires - now
    issuer = f" was issued by {certificate.issuer}" if certificate.issuer else ""
    if not certificate.expires:
        text = f"The certificate of {host} cannot be read"
    elif left < 0:
        text = f"The certificate of {host}{issuer} and expired on {_day(certificate.expires)}"
    else:
        text = f"The certificate of {host}{issuer} and is valid until {_day(certificate.expires)}"
    if certificate.refused:
        yield warning(
            Area.CONNECTION,
            "certificate-refused",
            f"{text}. It is not trusted: {certificate.refused}.",
            "If your company signs its own certificates, name them with --ca-bundle or SSL_CERT_FILE. If it "
            "has expired, it has to be renewed at the server, or this machine's clock is wrong.",
        )
    elif left < _SOON:
        yield warning(Area.CONNECTION, "certificate-expires", f"{text}.", "Have it renewed before that day.")
    else:
        yield ok(Area.CONNECTION, "certificate", f"{text}.")


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _length(seconds: float) -> str:
    """Return a length of over a minute in words."""
    units = ((_DAY, "days"), (3600, "hours"), (60, "minutes"))
    size, unit = next(each for each in units if seconds >= each[0])
    return f"{seconds / size:.1f} {unit}"
