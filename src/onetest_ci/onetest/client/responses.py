"""What a response of the service means: success, or which error.

See docs/onetest-api.md#refusals-for-coins-or-size, #errors.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from onetest_ci.errors import BudgetExhausted, NotOneTest, Refused, ServiceError
from onetest_ci.limits import one_line
from onetest_ci.onetest.client.hints import Hints
from onetest_ci.onetest.client.keys import KeyAdvisor
from onetest_ci.onetest.endpoints import ENDPOINTS, Endpoint
from onetest_ci.redaction import Redactor

_SHOWN: Final = 300
"""Characters of the server's text that an error repeats."""

_NO_COINS: Final = "(?i)coin|budget|quota|exhaust|billing|credit"
_ROUTE_MISS: Final = {"detail": "Not Found"}
"""FastAPI's response for a path that does not exist; any other 404 comes from the service itself.

See docs/onetest-api.md#paths-of-the-import.
"""
_PRODUCT: Final = re.compile(r"\b(?:product|project)\b", re.IGNORECASE)
_IS_MISSING: Final = re.compile(r"\b(?:not found|does ?n[o']t exist|unknown)", re.IGNORECASE)
_NO_SUCH: Final = r"(?i)\b(?:unknown|no such) (?:product|project)\b"
_NO_PRODUCT_CODE: Final = 4040
# HTTP defines what these mean, so they are read even from an HTML page, which a proxy may have sent.
_PLAIN_STATUSES: Final = frozenset({401, 402, 413, 429})
_CHECK_BASE_URL: Final = "Check the base URL (--base-url, ONETEST_BASE_URL): it must be OneTest's address."


class Response(NamedTuple):
    """A successful response.

    Attributes:
        status: HTTP status.
        body: the parsed JSON without secrets; None if there is none.
    """

    status: int
    body: Any


class RawResponse(NamedTuple):
    """The response to one request, as the server sent it.

    Attributes:
        status: HTTP status.
        content_type: in lower case, without parameters.
        body: undecoded; an error's body may be truncated.
        retry_after: the header's value, else empty.
        location: the header's value, else empty.
        headers: all of them, undecoded.
    """

    status: int
    content_type: str
    body: bytes
    retry_after: str = ""
    location: str = ""
    headers: Sequence[tuple[bytes, bytes]] = ()

    @property
    def text(self) -> str:
        """The body as text; invalid UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        """Whether the body is a web page, which the API never returns."""
        return self.content_type in {"text/html", "application/xhtml+xml"}

    @property
    def is_about_coins(self) -> bool:
        """Whether a budget is spent, so that waiting within a run does not help."""
        return self.status == 402 or (self.status == 429 and re.search(_NO_COINS, self.text) is not None)  # noqa: PLR2004

    def parsed(self) -> Any:
        """Return the body's JSON.

        Raises:
            ValueError: the body is not JSON.
        """
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class ResponseInterpreter:
    """Turns raw responses into successful ones and errors.

    Args:
        address: the base URL, for messages.
        redact: removes secrets; the server may echo any text.
        hints: what to do after a failure.
        advisor: explains why a key was refused.
    """

    def __init__(self, address: str, redact: Redactor, hints: Hints, advisor: KeyAdvisor) -> None:
        self._address = address
        self._advisor = advisor
        self._redact = redact
        self._hints = hints

    def interpret(self, endpoint: Endpoint, path: str, response: RawResponse) -> Response:
        """Return a successful response.

        Raises:
            NotOneTest: ``html-answer``, ``bad-json``, ``unexpected-answer``.
            Refused: ``key-refused``, ``forbidden``, ``unknown-product``.
            BudgetExhausted: ``budget-exhausted``.
            ServiceError: ``unknown-endpoint``, ``not-found``, ``conflict``, ``too-large``, ``rate-limited``,
                ``server-error``, ``rejected``.
        """
        error = self.error_of(endpoint, path, response)
        if error is not None:
            raise error
        try:
            body, text = response.parsed(), response.text
            # Its texts reach files and summaries. Without escapes a search is enough.
            if "\\" in text or self._redact.may_be_in(text):
                body = self._redact.values(body)
            return Response(response.status, body)
        except (ValueError, RecursionError):
            if not endpoint.promises_json:
                return Response(response.status, None)
        raise NotOneTest(
            "bad-json",
            f"{self._address} responded to {endpoint.method} {path} with status {response.status} but "
            "without valid JSON" + self._quoted(one_line(response.text)),
            _CHECK_BASE_URL,
            status=response.status,
        )

    def error_of(
        self, endpoint: Endpoint, path: str, response: RawResponse, *, may_be_html: bool = False
    ) -> ServiceError | None:
        """Return the error that a response means, as ``interpret`` raises it; None for a success.

        Args:
            endpoint: the endpoint.
            path: the requested path.
            response: its response.
            may_be_html: a success may be a web page.
        """
        request = f"{endpoint.method} {path}"
        success = 200 <= response.status < 300  # noqa: PLR2004
        is_page = response.is_html and not (success and may_be_html)
        if is_page and response.status < 500 and response.status not in _PLAIN_STATUSES:  # noqa: PLR2004
            return NotOneTest(
                "html-answer",
                f"{self._address} responded to {request} with a web page (status {response.status})",
                _CHECK_BASE_URL,
                status=response.status,
            )
        if not success:
            return self._refusal(endpoint, request, response)
        self._advisor.record_accepted(endpoint.service)
        return None

    def _refusal(self, endpoint: Endpoint, request: str, response: RawResponse) -> ServiceError:
        quoted = self._quoted(error_text(response))
        message = f"{self._address} responded to {request} with status {response.status}{quoted}"
        status = response.status
        if response.is_about_coins:
            return BudgetExhausted(
                "budget-exhausted",
                f"OneTest reports that no coins are left (status {status}){quoted}",
                self._hints.coins,
                status=status,
            )
        if status == 401:  # noqa: PLR2004
            return self._key_refused(endpoint, quoted)
        if status == 403:  # noqa: PLR2004
            return Refused(
                "forbidden",
                f"the API key may not use the {endpoint.service} service for this product (status 403)"
                + quoted,
                self._advisor.not_allowed(endpoint.service, endpoint.method),
                status=status,
            )
        if status in {404, 405}:
            return self._missing(endpoint, message, quoted, response)
        other = _other(endpoint, status, self._hints)
        kind = NotOneTest if other.code == "unexpected-answer" else ServiceError
        return kind(other.code, message, other.hint, status=status)

    def _key_refused(self, endpoint: Endpoint, quoted: str) -> Refused:
        return Refused(
            "key-refused",
            f"{self._address} refuses the API key at the {endpoint.service} service (status 401){quoted}",
            self._advisor.not_accepted(endpoint.service),
            status=401,
        )

    def _missing(self, endpoint: Endpoint, message: str, quoted: str, response: RawResponse) -> ServiceError:
        """Return the error for a path, a product or another object that does not exist."""
        status, body = response.status, _object(response)
        if status == 405 or body == _ROUTE_MISS:  # noqa: PLR2004
            return ServiceError(
                "unknown-endpoint",
                f"{message}: the path "
                + (f"does not accept {endpoint.method} there" if status == 405 else "does not exist there"),  # noqa: PLR2004
                f"Check the base URL, or set the path of {endpoint.name} if your OneTest uses another one."
                if endpoint.name in ENDPOINTS
                else "Check the path, the method and the base URL.",
                status=status,
            )
        if body.get("errorCode") == _NO_PRODUCT_CODE or _names_no_product(error_text(response)):
            return Refused(
                "unknown-product",
                f"{self._address} has no such product (status {status}){quoted}",
                "Check --product-id (ONETEST_PRODUCT_ID): the UUID shown in OneTest under Settings.",
                status=status,
            )
        return ServiceError(
            "not-found", message, "The object of the call does not exist there.", status=status
        )

    def _quoted(self, text: str) -> str:
        text = redacted_body(text, self._redact)
        if not text:
            return ""
        return ": " + (text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def redacted_body(text: str, redact: Redactor) -> str:
    """Return a body without secrets, for people. JSON may escape any letter, so its values are redacted."""
    try:
        body = json.loads(text)
        redacted = redact.values(body)
    except (ValueError, RecursionError):
        return redact.text(text)
    # Parsing drops one of two members with the same name, so the text is searched too.
    clean = redacted == body and redact.text(text) == text
    return text if clean else json.dumps(redacted, ensure_ascii=False)


def proves_absence(error: ServiceError) -> bool:
    """Return whether an error proves that the path does not exist, so that another path may be requested.

    A proxy's page that forbids access (403) proves nothing.
    """
    return error.code in {"unknown-endpoint", "html-answer"} and error.status != 403  # noqa: PLR2004


def error_text(response: RawResponse) -> str:
    """Return the server's text in an error, on one line.

    The keys have the order of docs/onetest-api.md#errors.
    """
    body = _object(response)
    for key in ("message", "detail", "error_description", "error"):
        text = _words(body.get(key))
        if text:
            return one_line(text)
    return "" if response.is_html else one_line(response.text)


def _names_no_product(text: str) -> bool:
    """Return whether an error's text reports that a product does not exist."""
    product = _PRODUCT.search(text)
    is_missing = product is not None and _IS_MISSING.search(text, product.end())
    return bool(is_missing or re.search(_NO_SUCH, text))


def _words(value: object) -> str:
    """Return the text of a string, a list of validation errors (``loc: msg``), or an object of these."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next(
            (found for key in ("message", "msg", "detail", "error") if (found := _words(value.get(key)))), ""
        )
    if isinstance(value, list):
        return "; ".join(_field_error(each) for each in value if isinstance(each, dict))
    return ""


def _field_error(error: dict[str, Any]) -> str:
    where = error.get("loc")
    place = ".".join(map(str, where)) if isinstance(where, list) else ""
    return f"{place}: {error.get('msg', '')}"


def _object(response: RawResponse) -> dict[str, Any]:
    try:
        body = response.parsed()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


class _Other(NamedTuple):
    """The error's code and hint for a status."""

    code: str
    hint: str


def _other(endpoint: Endpoint, status: int, hints: Hints) -> _Other:
    """Return code and hint for a status whose meaning does not depend on the body."""
    if status >= 500:  # noqa: PLR2004
        return _Other("server-error", hints.later)
    if status < 400:  # noqa: PLR2004
        return _Other("unexpected-answer", _CHECK_BASE_URL)
    return {
        409: _Other("conflict", "It exists already, or something else prevents it."),
        413: _Other("too-large", "OneTest accepts at most 10 MB per file and request."),
        429: _Other("rate-limited", "There are too many requests for now. " + hints.later),
    }.get(status, _Other("rejected", f"The {endpoint.service} service did not accept the request."))
