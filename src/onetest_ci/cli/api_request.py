"""The request that the arguments of ``onetest-ci api`` describe: query, headers and body."""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from onetest_ci.errors import UsageProblem
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.onetest.any_path import METHODS
from onetest_ci.onetest.client.http import encode_json

STDIN: Final = "-"
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LITERALS: Final = {"true": True, "false": False, "null": None}
_INTEGER: Final = re.compile("-?(?:0|[1-9][0-9]{0,17})")
_FIELD: Final = re.compile(r"([^\[\]=]+)((?:\[[^\[\]=]+\])*)(\[\])?")
_PART: Final = re.compile(r"\[([^\[\]]+)\]")
_DEEPEST: Final = 100
"""Keys of a field. Python's encoder of JSON refuses what is nested much deeper."""
_HEADER_NAME: Final = re.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile("[ -~]*")
_NOT_YOURS: Final = frozenset(
    {
        *("authorization", "cookie", "host", "user-agent", "date", "via"),
        *("content-length", "transfer-encoding", "content-encoding", "accept-encoding"),
        *("connection", "keep-alive", "upgrade", "te", "trailer", "expect"),
    }
)
"""Headers of the client and of the connection."""
_NOT_YOURS_BEGIN: Final = (
    "proxy-",
    "x-http-method",
    "x-method-override",
    "x-forwarded-",
    "x-original-",
    "x-rewrite-",
)
"""Headers that make another request of this one on its way."""


class Body(NamedTuple):
    """A body, and its media type unless a header sets one."""

    content: bytes
    content_type: str = "application/json"


def method_of(text: str) -> str:
    """Return a method in upper case.

    Raises:
        UsageProblem: ``bad-method``.
    """
    method = text.upper()
    if method not in METHODS:
        raise UsageProblem(
            "bad-method", f"{text!r} is not a method of OneTest's API", f"Allowed: {', '.join(METHODS)}"
        )
    return method


def fields_of(typed: Iterable[str], raw: Iterable[str]) -> dict[str, Any]:
    """Return the fields of ``--raw-field`` and ``--field`` as an object.

    Raises:
        UsageProblem: ``bad-field``, ``unreadable-input``.
    """
    fields: dict[str, Any] = {}
    for text in raw:
        _insert(fields, text, lambda value: value)
    for text in typed:
        _insert(fields, text, _typed)
    return fields


def _insert(fields: dict[str, Any], text: str, convert: Any) -> None:
    """Insert one ``NAME=VALUE``. ``NAME[KEY]=VALUE`` fills an object, ``NAME[]=VALUE`` appends to a list."""
    name, equals, value = text.partition("=")
    found = _FIELD.fullmatch(name)
    if not equals or found is None:
        raise _bad_field(name, "it is not NAME=VALUE, NAME[KEY]=VALUE or NAME[]=VALUE")
    *outer, last = [found[1], *_PART.findall(found[2])]
    if len(outer) > _DEEPEST:
        raise _bad_field(name, f"it has more than {_DEEPEST} keys")
    place: Any = fields
    for key in outer:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            raise _bad_field(name, f"{key} has a value of its own already")
    if not found[3]:
        if last in place:
            raise _bad_field(name, "it is given twice; for a list write NAME[]=VALUE")
        place[last] = convert(value)
        return
    values = place.setdefault(last, [])
    if not isinstance(values, list):
        raise _bad_field(name, f"{last} has a value of its own already")
    values.append(convert(value))


def _typed(value: str) -> Any:
    """Return ``true``, ``false``, ``null`` and whole numbers as such, and the content of ``@FILE``."""
    if value in _LITERALS:
        return _LITERALS[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    if not value.startswith("@"):
        return value
    try:
        return _read(value[1:]).decode("utf-8")
    except UnicodeDecodeError:
        raise UsageProblem(
            "unreadable-input", f"the file {value[1:]} is not UTF-8 text", "Send other files with --input."
        ) from None


def query_of(fields: dict[str, Any]) -> str:
    """Return the fields as an encoded query; a list repeats its name.

    Raises:
        UsageProblem: ``bad-field``.
    """
    pairs = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                raise _bad_field(name, "a query has no objects")
            pairs.append((name, _in_query(one)))
    return urlencode(pairs, errors="replace")


def _in_query(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def body_of(method: str, fields: dict[str, Any], source: str) -> Body | None:
    """Return the body: the content of ``--input``, else the fields as JSON; None without both.

    Raises:
        UsageProblem: ``unreadable-input``, ``unexpected-body``.
    """
    if source:
        if method in _WITHOUT_BODY:
            raise UsageProblem("unexpected-body", f"{method} has no body", "Leave out --input, or use POST.")
        return Body(_read(source))
    return Body(encode_json(fields)) if fields and method not in _WITHOUT_BODY else None


def headers_of(texts: Sequence[str], body: Body | None) -> list[tuple[str, str]]:
    """Return the headers of ``--header``, and the body's media type unless it is one of them.

    Raises:
        UsageProblem: ``bad-header``.
    """
    headers: dict[str, tuple[str, str]] = {}
    for text in texts:
        name, colon, value = text.partition(":")
        lower = name.lower()
        if not colon or not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise _bad_header(name, "it is not NAME: VALUE in visible ASCII characters")
        if lower in _NOT_YOURS or lower.replace("_", "-").startswith(_NOT_YOURS_BEGIN):
            raise _bad_header(
                name, "onetest-ci sets it itself, or it would change where or how the request goes"
            )
        if lower in headers:
            raise _bad_header(name, "it is given twice")
        headers[lower] = (name, value.strip())
    if body is not None:
        headers.setdefault("content-type", ("Content-Type", body.content_type))
    return list(headers.values())


def uses_stdin(source: str, typed: Iterable[str]) -> bool:
    """Return whether the request reads standard input."""
    return source == STDIN or any(text.partition("=")[2] == f"@{STDIN}" for text in typed)


def _read(name: str) -> bytes:
    """Read a file or standard input.

    Raises:
        UsageProblem: ``unreadable-input``, it cannot be read, or has more than 10 MB.
    """
    what = "standard input" if name == STDIN else f"the file {name}"
    try:
        if name == STDIN:
            content = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as problem:
        reason = (problem.strerror if isinstance(problem, OSError) else "") or "it is not a file"
        raise UsageProblem(
            "unreadable-input", f"{what} cannot be read: {reason}", "Name a file that exists."
        ) from None
    if len(content) > MAX_FILE_BYTES:
        raise UsageProblem(
            "unreadable-input",
            f"{what} has more than 10 MB",
            "OneTest accepts at most 10 MB per file and request.",
        )
    return content


def _bad_field(name: str, reason: str) -> UsageProblem:
    return UsageProblem("bad-field", f"the field {name!r} is not allowed: {reason}")


def _bad_header(name: str, reason: str) -> UsageProblem:
    return UsageProblem("bad-header", f"the header {name!r} is not allowed: {reason}")
