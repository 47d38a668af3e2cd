"""Paths that a person types, for any call of OneTest: which are allowed, and whose service they belong to.

A path must not leave the configured address, and must mean the same to this client, to a proxy and to the
service. So it is refused if one more decoding would make another path of it.
"""

import re
import unicodedata
from typing import Final, NamedTuple
from urllib.parse import unquote

from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.endpoints import ASSUMED, ENDPOINTS, Endpoint, Retry

READING_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS: Final = (*sorted(READING_METHODS), "DELETE", "PATCH", "POST", "PUT")
PRODUCT: Final = "{product_id}"

_MOST_DECODINGS: Final = 5
_LONGEST: Final = 8000
"""Characters of a path with its query: about as much as servers accept."""
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/%-]")
_NOT_IN_QUERY: Final = re.compile("[^!-~]")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HARMFUL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_RECEIVER: Final = re.compile(r"/api/(?:receiver|v1)(?:/|$)")
"""The Receiver's prefix, and that of an import without one (docs/onetest-api.md#paths-of-the-import)."""
_SERVICE: Final = re.compile(r"/api/([a-z][a-z-]{0,40})(?:/|$)")


class Target(NamedTuple):
    """A checked path below the base URL, and its query without the question mark."""

    path: str
    query: str

    def with_query(self, more: str) -> "Target":
        """Return the target with further parameters."""
        return self._replace(query=f"{self.query}&{more}" if self.query else more)


def target_of(text: str, product_id: str) -> Target:
    """Return the target that a person typed.

    Args:
        text: a path, with ``{product_id}`` for the product and perhaps a query.
        product_id: the product's UUID.

    Raises:
        UsageProblem: ``bad-path``.
    """
    if "#" in text:
        raise _refused(text, "it has a fragment (#)")
    path, _, query = text.partition("?")
    if _SCHEME.match(path) or path.startswith("//"):
        raise _refused(text, "it names a host; the host is set by --base-url alone")
    path = path.replace(PRODUCT, product_id)
    reason = _reason(path)
    if reason:
        raise _refused(text, reason)
    if _NOT_IN_QUERY.search(query):
        raise _refused(text, "its query has characters that need percent-encoding")
    if len(text) > _LONGEST:
        raise _refused(text, f"with its query it has over {_LONGEST:,} characters")
    return Target(path, query)


def _reason(path: str) -> str:
    """Return why a path is not allowed; empty if it is."""
    if not path.startswith("/"):
        return "it does not begin with /"
    if found := _NOT_PLAIN.search(path):
        return f"{found[0]!r} is not allowed in it; percent-encode characters of names"
    if _BAD_ESCAPE.search(path):
        return "it has a % that is not an escape"
    for _ in range(_MOST_DECODINGS):
        if reason := _reason_of_spelling(path):
            return reason
        decoded = unquote(path)
        if decoded == path:
            return ""
        path = decoded
    return "it is percent-encoded too many times"


def _reason_of_spelling(path: str) -> str:
    """Return why a path and its decoded form may differ in their segments; empty if they do not."""
    try:
        decoded = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return "it has escapes that are not UTF-8"
    # Some servers turn compatible characters, as a full-width dot, into ASCII.
    flat = unicodedata.normalize("NFKC", decoded)
    if flat.count("/") != path.count("/") or _HARMFUL.search(flat):
        return "it has an escaped slash, backslash or control character"
    if _has_bad_segment(path) or _has_bad_segment(flat):
        return "it has an empty segment, or one that is . or .."
    return ""


def _has_bad_segment(path: str) -> bool:
    """Return whether a segment may lead to another path. Some servers ignore what follows a semicolon."""
    first, *segments = path.split("/")
    if segments and not segments[-1]:
        segments.pop()
    return bool(first) or any(segment.partition(";")[0].strip() in {"", ".", ".."} for segment in segments)


def endpoint_of(method: str, path: str) -> Endpoint:
    """Return an endpoint for a request that a person typed.

    It is retried only where that is safe (docs/onetest-api.md#retrying-a-request): requests that read, and
    a ``PUT`` that the list of endpoints marks so. A ``POST`` is never sent again.
    """
    retry = Retry.SAFE if method in READING_METHODS or _is_safe_put(method, path) else Retry.NEVER
    return Endpoint(f"{service_of(path)}.any", method, (path,), ASSUMED, "", retry, promises_json=False)


def service_of(path: str) -> str:
    """Return the service of a path as its prefix spells it; ``onetest`` if there is none."""
    if _RECEIVER.match(path):
        return "receiver"
    found = _SERVICE.match(path)
    return found[1] if found else "onetest"


def _is_safe_put(method: str, path: str) -> bool:
    return method == "PUT" and any(
        endpoint.retry is Retry.SAFE and _matches(template, path)
        for endpoint in ENDPOINTS.values()
        if endpoint.method == method
        for template in endpoint.templates
    )


def _matches(template: str, path: str) -> bool:
    """Return whether a path is one of a template, whose last placeholder ``{key}`` may have slashes."""
    wanted, found = template.split("/"), path.split("/")
    if wanted[-1] == "{key}":
        found = found[: len(wanted)]
    return len(wanted) == len(found) and all(
        part == other or part.startswith("{") for part, other in zip(wanted, found, strict=True)
    )


def _refused(text: str, reason: str) -> UsageProblem:
    return UsageProblem(
        "bad-path",
        f"the path {text!r} is not allowed: {reason}",
        "Give a path below the base URL, for example /api/gateway/api/v1/tools",
    )
