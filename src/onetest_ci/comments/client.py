"""Requests to the API of the CI host: one origin, one token, one deadline, and no redirect elsewhere."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlencode, urlsplit

from onetest_ci import __version__
from onetest_ci.errors import OnetestError, ServiceError
from onetest_ci.onetest.client.deadline import Deadline
from onetest_ci.onetest.client.hints import READING
from onetest_ci.onetest.client.redirects import follow
from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.onetest.client.retry import NoResponse
from onetest_ci.onetest.client.transport import Call, Transport
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.text.escape import one_line

SECONDS: Final = 20.0
"""Maximum seconds for the comment. The results were delivered before."""

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_LATER: Final = "Run the job again to have the comment. The results were delivered."


class CommentError(OnetestError):
    """The comment was not written.

    Args:
        code: as for ``OnetestError``.
        message: as for ``OnetestError``.
        hint: as for ``OnetestError``.
        status: the HTTP status, or 0 without a response.
        passing: whether the next round may succeed.
    """

    def __init__(self, code: str, message: str, hint: str, *, status: int = 0, passing: bool = False) -> None:
        super().__init__(code, message, hint)
        self.status = status
        self.passing = passing

    def as_passing(self) -> Self:
        """Return the same error, after which the next round may succeed."""
        return type(self)(self.code, self.message, self.hint, status=self.status, passing=True)


class Access(NamedTuple):
    """How a host's API is reached.

    Attributes:
        name: of the host, for people.
        api: base URL.
        headers: with the token.
        permission: what the token needs, for people.
    """

    name: str
    api: str
    headers: Sequence[tuple[str, str]]
    permission: str


def is_safe_address(address: str) -> bool:
    """Return whether a token may be sent to an address: by https, or to this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)


def is_token(token: Secret) -> bool:
    """Return whether a text can be sent as a token."""
    text = token.reveal()
    return text.isascii() and text.isprintable() and " " not in text


class Client:
    """Makes requests to one API. A context manager that closes the connections.

    Args:
        access: the API.
        redact: removes secrets from messages.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.
        debug: prints a line for each request; None for none.
        seconds: for all requests and pauses together.

    Raises:
        UsageProblem: the settings of proxies or authorities are wrong.
    """

    def __init__(
        self,
        access: Access,
        redact: Redactor,
        ca_bundle: Path | None,
        debug: Callable[[str], None] | None = None,
        *,
        seconds: float = SECONDS,
    ) -> None:
        self.access: Final = access
        self._redact = redact
        self._debug = debug
        self._deadline = Deadline(seconds, hints=READING)
        self._transport = Transport(
            access.api,
            deadline=self._deadline,
            redact=redact.text,
            connect_timeout=seconds / 2,
            read_timeout=seconds / 2,
            ca_bundle=ca_bundle,
            hints=READING,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def pause(self, seconds: float) -> bool:
        """Wait. Return False, at once, if there is no time for it."""
        return self._deadline.wait(seconds)

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """Return the JSON of a path; see ``send``."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make a request, and return its JSON; None if there is no content.

        Args:
            method: HTTP method.
            path: below the base URL, with its query, encoded.
            body: sent as JSON.

        Raises:
            CommentError: there is no successful response.
        """
        response = self._response(method, path, body)
        if not 200 <= response.status < 300:  # noqa: PLR2004
            raise self._refusal(response)
        if not response.body:
            return None
        try:
            return response.parsed()
        except ValueError:
            what = "a web page" if response.is_html else "no JSON"
            raise self._failure(
                "comment-not-json",
                f"{self._transport.base} returned {what} in place of JSON",
                "Check that no proxy or login page is between this machine and the API.",
            ) from None

    def graphql_address(self, address: str) -> str:
        """Return the path of another address for ``send_to``; empty if its origin is not the API's."""
        return address if address.startswith(f"{self._transport.origin}/") else ""

    def _response(self, method: str, path: str, body: Mapping[str, Any] | None) -> RawResponse:
        headers = [*self.access.headers, ("User-Agent", f"onetest-ci/{__version__}")]
        content = None
        if body is not None:
            headers.append(("Content-Type", "application/json"))
            content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        call = Call(method, headers, content)
        url = path if path.startswith(f"{self._transport.origin}/") else self._transport.base + path
        try:
            self._deadline.check()
            response = follow(self._transport, url, lambda one: self._transport.exchange(call, one).response)
        except NoResponse as failure:
            raise self._no_response(failure.error) from None
        except ServiceError as error:
            raise self._no_response(error) from None
        if self._debug:
            self._debug(f"{method} {path} -> {response.status}")
        return response

    def _no_response(self, error: ServiceError) -> CommentError:
        code = error.code
        if code == "deadline-exceeded":
            return CommentError(
                "comment-timeout", f"{self.access.name} did not respond within {SECONDS:g} seconds", _LATER
            )
        if code == "redirected":
            return CommentError(
                "comment-redirected", error.message, f"Check the address of {self.access.name}'s API."
            )
        passing = code in {"timeout", "connection-lost", "no-server"}
        return CommentError(
            "comment-no-response",
            error.message,
            f"Check that this machine may reach it. {_LATER}",
            passing=passing,
        )

    def _failure(
        self, code: str, message: str, hint: str, status: int = 0, *, passing: bool = False
    ) -> CommentError:
        return CommentError(code, self._redact.text(message), hint, status=status, passing=passing)

    def _refusal(self, response: RawResponse) -> CommentError:
        """Return what a response means that is not a success."""
        status, name = response.status, self.access.name
        reason = "" if response.is_html else _message_of(response)
        shown = f": {one_line(reason)}" if reason else ""
        if status == 429 or (status == 403 and _is_rate_limited(response, reason)):  # noqa: PLR2004
            return self._failure(
                "comment-rate-limited",
                f"{name} limits the rate of requests{shown}",
                _LATER,
                status,
            )
        if status == 403 and "locked" in reason.lower():  # noqa: PLR2004
            return self._failure(
                "comment-locked",
                f"the conversation of the pull or merge request is locked{shown}",
                "Unlock it, or switch the comment off.",
                status,
            )
        if status >= 500:  # noqa: PLR2004
            return self._failure(
                "comment-host-fault",
                f"{name} failed with status {status}{shown}",
                _LATER,
                status,
                passing=True,
            )
        refused = _REFUSALS.get(status, _Refusal("comment-refused", "does not accept the comment"))
        what = f"{name} {refused.what} (status {status}){shown}"
        return self._failure(refused.code, what, self.access.permission, status)


class _Refusal(NamedTuple):
    """The error's code for a status, and what the host does: a verb and its object."""

    code: str
    what: str


_REFUSALS: Final = {
    401: _Refusal("comment-token-refused", "does not accept the token"),
    403: _Refusal("comment-forbidden", "does not let the token comment"),
    404: _Refusal(
        "comment-not-found", "does not show the pull or merge request, or its comment, to the token"
    ),
    410: _Refusal("comment-gone", "has switched off the conversation"),
}


def _message_of(response: RawResponse) -> str:
    """Return the host's explanation; empty without one."""
    try:
        document = response.parsed()
    except ValueError:
        return ""
    if not isinstance(document, dict):
        return ""
    text = document.get("message") or document.get("error") or ""
    return text if isinstance(text, str) else json.dumps(text)


def _is_rate_limited(response: RawResponse, reason: str) -> bool:
    """Return whether a 403 is about the rate.

    GitHub: "Rate limits for the REST API", the primary and the secondary limit.
    """
    none_left = any(
        name.lower() == b"x-ratelimit-remaining" and value.strip() == b"0" for name, value in response.headers
    )
    return none_left or bool(response.retry_after) or "rate limit" in reason.lower()
