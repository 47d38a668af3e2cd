"""What an answer of the service means: a reply, or which error.

See docs/onetest-api.md#refusals-for-coins-or-size, #errors.
"""

import json
import re
from typing import Any, Final, NamedTuple

from onetest_ci.errors import BudgetExhausted, NotOneTest, Refused, ServiceError
from onetest_ci.onetest.endpoints import Endpoint
from onetest_ci.onetest.limits import one_line
from onetest_ci.redaction import Redactor

_SHOWN: Final = 300
"""Characters of the server's own words that an error repeats."""

_NO_COINS: Final = re.compile("coin|budget|quota|exhaust|billing|credit", re.IGNORECASE)
_ROUTE_MISS: Final = {"detail": "Not Found"}
"""FastAPI's answer for a path it does not have; anything else is the service's own.

See docs/onetest-api.md#paths-of-the-import.
"""
_PRODUCT: Final = re.compile(r"\b(?:product|project)\b", re.IGNORECASE)
_IS_MISSING: Final = re.compile(r"\b(?:not found|does ?n[o']t exist|unknown)", re.IGNORECASE)
_NO_SUCH: Final = re.compile(r"\b(?:unknown|no such) (?:product|project)\b", re.IGNORECASE)
_NO_PRODUCT_CODE: Final = 4040
# HTTP itself fixes what these mean, so a proxy's HTML page with them is no doubt about who answers.
_PLAIN_STATUSES: Final = frozenset({401, 402, 413, 429})
_CHECK_BASE_URL: Final = "Check the base URL (--base-url, ONETEST_BASE_URL): it must be OneTest's address."
_SEND_LATER: Final = "Nothing is lost: push the bundle again later."


class Response(NamedTuple):
    """A 2xx answer.

    Attributes:
        status: HTTP status.
        body: the parsed JSON without secrets, None when there is none.
    """

    status: int
    body: Any


class RawResponse(NamedTuple):
    """What came back for one request, read to its end.

    Attributes:
        status: HTTP status.
        content_type: in lower case, without parameters.
        body: as sent.
        retry_after: the header's value, else empty.
    """

    status: int
    content_type: str
    body: bytes
    retry_after: str = ""

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        """Whether a page for people came back where an API was asked."""
        return self.content_type in {"text/html", "application/xhtml+xml"}

    @property
    def speaks_of_coins(self) -> bool:
        """Whether the body says that a budget is spent, which no waiting within a run cures."""
        return self.status == 402 or (self.status == 429 and _NO_COINS.search(self.text) is not None)  # noqa: PLR2004

    def parsed(self) -> Any:
        """The JSON in the body.

        Raises:
            ValueError: it holds none.
        """
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class ResponseInterpreter:
    """Turns answers into replies and errors.

    Args:
        address: the base URL, for messages.
        redact: removes secrets from text; the server may echo anything.
    """

    def __init__(self, address: str, redact: Redactor) -> None:
        self._address = address
        self._redact = redact

    def reply(self, endpoint: Endpoint, path: str, answer: RawResponse) -> Response:
        """The reply in an answer.

        Raises:
            NotOneTest: ``html-answer``, ``bad-json``, ``unexpected-answer``.
            Refused: ``key-refused``, ``forbidden``, ``unknown-product``.
            BudgetExhausted: ``budget-exhausted``.
            ServiceError: ``unknown-endpoint``, ``not-found``, ``conflict``, ``too-large``, ``rate-limited``,
                ``server-error``, ``rejected``.
        """
        asked = f"{endpoint.method} {path}"
        if answer.is_html and answer.status < 500 and answer.status not in _PLAIN_STATUSES:  # noqa: PLR2004
            raise NotOneTest(
                "html-answer",
                f"{self._address} answered {asked} with a web page (status {answer.status}), not as an API",
                _CHECK_BASE_URL,
                status=answer.status,
            )
        if not 200 <= answer.status < 300:  # noqa: PLR2004
            raise self._refusal(endpoint, asked, answer)
        try:
            body, text = answer.parsed(), answer.text
            # Ids, links and texts in it reach files and summaries. If nothing is escaped, a search will do.
            if "\\" in text or self._redact.may_be_in(text):
                body = self._redact.values(body)
            return Response(answer.status, body)
        except (ValueError, RecursionError):
            if not endpoint.promises_json:
                return Response(answer.status, None)
        raise NotOneTest(
            "bad-json",
            f"{self._address} answered {asked} with status {answer.status} but not with JSON"
            + self._quoted(one_line(answer.text)),
            _CHECK_BASE_URL,
            status=answer.status,
        )

    def _refusal(self, endpoint: Endpoint, asked: str, answer: RawResponse) -> ServiceError:
        said = self._quoted(error_text(answer))
        told = f"{self._address} answered {asked} with status {answer.status}{said}"
        status = answer.status
        if answer.speaks_of_coins:
            return BudgetExhausted(
                "budget-exhausted",
                f"OneTest says that no coins are left (status {status}){said}",
                "Push the bundle again when the budget has been reset or raised.",
                status=status,
            )
        if status in {401, 403, 404, 405}:
            return self._refused(endpoint, told, said, answer)
        code, hint = _other(endpoint, status)
        kind = NotOneTest if code == "unexpected-answer" else ServiceError
        return kind(code, told, hint, status=status)

    def _refused(self, endpoint: Endpoint, told: str, said: str, answer: RawResponse) -> ServiceError:
        """The errors about who may do what where: 401, 403, 404, 405."""
        status = answer.status
        if status == 401:  # noqa: PLR2004
            return Refused(
                "key-refused",
                f"{self._address} refuses the API key at the {endpoint.service} service (status 401){said}",
                "Give a current key (ONETEST_API_KEY"
                + (", or ONETEST_RECEIVER_API_KEY" if endpoint.service == "receiver" else "")
                + "); keys are made in OneTest under Settings.",
                status=status,
            )
        if status == 403:  # noqa: PLR2004
            return Refused(
                "forbidden",
                f"the API key may not use the {endpoint.service} service for this product (status 403){said}",
                "Give the key the scope it lacks, or make its owner a member of the product.",
                status=status,
            )
        body = _object(answer)
        if status == 405 or body == _ROUTE_MISS:  # noqa: PLR2004
            return ServiceError(
                "unknown-endpoint",
                f"{told}: it does not know this call",
                f"Check the base URL, or set the path of {endpoint.name} if your OneTest has it elsewhere.",
                status=status,
            )
        if body.get("errorCode") == _NO_PRODUCT_CODE or _names_no_product(error_text(answer)):
            return Refused(
                "unknown-product",
                f"{self._address} does not know the product (status {status}){said}",
                "Check --product-id (ONETEST_PRODUCT_ID): the UUID shown in OneTest under Settings.",
                status=status,
            )
        return ServiceError("not-found", told, "What the call is about does not exist there.", status=status)

    def _quoted(self, text: str) -> str:
        text = redacted_body(text, self._redact)
        if not text:
            return ""
        return ": " + (text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def redacted_body(text: str, redact: Redactor) -> str:
    """Return a body, to be shown, without secrets. JSON may escape any letter, so its values are redacted."""
    try:
        body = json.loads(text)
        redacted = redact.values(body)
    except (ValueError, RecursionError):
        return redact.text(text)
    # Of a member that is there twice, one was lost.
    clean = redacted == body and redact.text(text) == text
    return text if clean else json.dumps(redacted, ensure_ascii=False)


def proves_absence(error: ServiceError) -> bool:
    """Whether an error says that the path is not there, so that nothing happened and another may be tried.

    A proxy's page that forbids (403) proves nothing of the kind.
    """
    return error.code in {"unknown-endpoint", "html-answer"} and error.status != 403  # noqa: PLR2004


def error_text(answer: RawResponse) -> str:
    """The server's own words in an error, on one line.

    The order of the keys is that of docs/onetest-api.md#errors.
    """
    body = _object(answer)
    for key in ("message", "detail", "error_description", "error"):
        text = _words(body.get(key))
        if text:
            return one_line(text)
    return "" if answer.is_html else one_line(answer.text)


def _names_no_product(text: str) -> bool:
    """Return whether an error's text reports that a product does not exist."""
    product = _PRODUCT.search(text)
    is_missing = product is not None and _IS_MISSING.search(text, product.end())
    return bool(is_missing or _NO_SUCH.search(text))


def _words(value: object) -> str:
    """A text, a list of validation errors (``loc: msg`` each), or an object that holds one of these."""
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


def _object(answer: RawResponse) -> dict[str, Any]:
    try:
        body = answer.parsed()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _other(endpoint: Endpoint, status: int) -> tuple[str, str]:
    """Code and hint of the statuses that need no look at the body."""
    if status >= 500:  # noqa: PLR2004
        return "server-error", _SEND_LATER
    if status < 400:  # noqa: PLR2004
        return "unexpected-answer", _CHECK_BASE_URL
    return {
        409: ("conflict", "It exists already, or something else stands in its way."),
        413: ("too-large", "OneTest takes at most 10 MB per file and request."),
        429: ("rate-limited", "Too many requests for now. " + _SEND_LATER),
    }.get(status, ("rejected", f"The {endpoint.service} service did not accept what was sent."))
