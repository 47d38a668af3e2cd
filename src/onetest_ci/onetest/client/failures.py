"""Why a request got no response: the error for people, and whether a retry is safe and useful."""

import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import httpx

from onetest_ci.errors import NotOneTest, ServiceError, Unreachable
from onetest_ci.limits import one_line
from onetest_ci.onetest.client.connection import ProxyUnreachable
from onetest_ci.onetest.client.hints import Hints
from onetest_ci.onetest.client.retry import NoResponse

CHECK_BASE_URL: Final = (
    "Check the base URL (--base-url, ONETEST_BASE_URL) and that this machine may reach it."
)
_CHECK_PROXY: Final = "Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."
_NOT_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"}
)
"""OpenSSL's reasons where the peer spoke another protocol; https://docs.openssl.org/master/man3/ERR_get_error/."""
_ENDED_EARLY: Final = ("Server disconnected", "peer closed connection", "Receive buffer too long")
"""How httpx's texts start when a response is HTTP but not complete; its other texts mean invalid HTTP."""


class FailureInterpreter:
    """Turns httpx's exceptions into the client's errors.

    Args:
        address: the base URL, for messages.
        proxy_address: the proxy's, if there is one.
        redact: removes secrets from messages.
        hints: what to do after a failure.
    """

    def __init__(self, address: str, proxy_address: str, redact: Callable[[str], str], hints: Hints) -> None:
        self._address = address
        self._proxy_address = proxy_address
        self._redact = redact
        self._hints = hints

    def no_response(self, error: httpx.TransportError) -> NoResponse:
        """Return what a request without a response means."""
        details = self._redact(one_line(str(error)))
        if not was_sent(error):
            failure: ServiceError = self._no_connection(error, f" ({details})" if details else "")
        else:
            failure = self._lost(error, details)
        lasting = failure.code in {"tls-error", "not-http"}
        return NoResponse(failure, sent=was_sent(error), lasting=lasting)

    def _no_connection(self, error: httpx.TransportError, details: str) -> Unreachable:
        if isinstance(error, ProxyUnreachable):
            reason = _reason(error, self._proxy_address)
            is_tls = reason.code == "tls-error"
            return Unreachable(
                "tls-error" if is_tls else "proxy-error",
                f"cannot connect to the proxy {self._proxy_address}: {reason.why}{details}",
                f"{_CHECK_PROXY} {reason.hint if is_tls else f'{self._address} is reached through it.'}",
            )
        reason = _reason(error, self._address)
        return Unreachable(
            reason.code, f"cannot connect to {self._address}: {reason.why}{details}", reason.hint
        )

    def _lost(self, error: httpx.TransportError, details: str) -> ServiceError:
        if isinstance(error, httpx.TimeoutException):
            return Unreachable("timeout", f"{self._address} did not respond in time", self._hints.no_response)
        if isinstance(error, httpx.RemoteProtocolError) and not str(error).startswith(_ENDED_EARLY):
            return NotOneTest(
                "not-http", f"the server at {self._address} does not speak HTTP", CHECK_BASE_URL
            )
        return Unreachable(
            "connection-lost",
            f"{self._address} broke off the connection ({details})",
            self._hints.no_response,
        )


def was_sent(error: httpx.TransportError) -> bool:
    """Return whether a failed request may have arrived."""
    return not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError)


class _Reason(NamedTuple):
    """Why a connection was not made: the error's code, a clause and a hint."""

    code: str
    why: str
    hint: str


def _reason(error: httpx.TransportError, address: str) -> _Reason:
    """Return why a connection to an address was not made."""
    causes = list(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if isinstance(error, httpx.ProxyError):
        return _Reason("proxy-error", "the proxy refuses", _CHECK_PROXY)
    if any(isinstance(cause, httpx.TimeoutException) for cause in causes):
        return _Reason("timeout", "no connection in time", CHECK_BASE_URL)
    if tls is not None and tls.reason in _NOT_TLS:
        plain = address.replace("https://", "http://", 1)
        hint = f"Check scheme and port. If nothing speaks TLS there on purpose, the address is {plain}"
        return _Reason("tls-error", "the server there does not speak TLS", hint)
    if tls is not None:
        hint = "If your company signs its own certificates, name them with --ca-bundle or SSL_CERT_FILE."
        return _Reason("tls-error", "no trusted TLS connection", hint)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _Reason("name-not-resolved", "the host name cannot be resolved", CHECK_BASE_URL)
    return _Reason("no-server", "no server listens there", CHECK_BASE_URL)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
