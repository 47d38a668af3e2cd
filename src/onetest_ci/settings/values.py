"""Parsers from text to a value, one for each kind of setting.

A parser returns the typed value of a text, or raises ``NotAllowed`` with the allowed values.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from onetest_ci.text.characters import ASCII_CONTROLS

Parser = Callable[[str], Any]

_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_LONGEST_PATTERN = 4096
_MOST_BRACES = 100
_ALL = 1_000_000
"""100 % in ten thousandths."""
_LONGEST_WORD = 100
_HTTP_URL = r"https?://[^\s\x00-\x1f]+"
_CONTROL = f"[{ASCII_CONTROLS}]"


class NotAllowed(ValueError):
    """The text is not a value of this kind; the message completes "Allowed: …".

    Attributes:
        near: values that the text may be a misspelling of.
    """

    def __init__(self, allowed: str, near: Sequence[str] = ()) -> None:
        super().__init__(allowed)
        self.near = near


class NotGiven(ValueError):
    """The text contains no value, as ``KEY=`` does. It is left out, with the message as a warning."""


class Limited:
    """A parser, with the limits of what it parses as keywords of JSON Schema."""

    __slots__ = ("_parse", "limits")

    def __init__(self, parse: Parser, **limits: Any) -> None:
        self._parse = parse
        self.limits = limits

    def __call__(self, value: str) -> Any:
        """Return the value of a text."""
        return self._parse(value)


def text(limit: int = 255) -> Parser:
    """Return a parser for one line of at most ``limit`` characters."""

    def parse(value: str) -> str:
        if len(value) > limit or re.search(_CONTROL, value):
            raise NotAllowed(f"one line of at most {limit} characters")
        return value

    return Limited(parse, maxLength=limit, pattern=r"^[^\x00-\x1f\x7f]*$")


def long_text(limit: int) -> Parser:
    """Return a parser for text of at most ``limit`` characters, line breaks included."""

    def parse(value: str) -> str:
        if len(value) > limit:
            raise NotAllowed(f"text of at most {limit} characters")
        return value

    return Limited(parse, maxLength=limit)


def _near(value: str, words: Sequence[str]) -> list[str]:
    # Late, since it ends the command.
    from difflib import get_close_matches  # noqa: PLC0415

    return get_close_matches(value[:_LONGEST_WORD].lower(), words)


def choice(*allowed: str) -> Parser:
    """Return a parser for one of some words."""

    def parse(value: str) -> str:
        if value not in allowed:
            raise NotAllowed(", ".join(allowed), _near(value, allowed))
        return value

    return Limited(parse, enum=allowed)


def report_format(value: str) -> str:
    """``auto``, or the name of a format that is read."""
    if value == "auto":
        return value
    # Few commands name a format.
    from onetest_ci.reports.formats.table import FORMATS  # noqa: PLC0415

    return str(choice("auto", *(row.name for row in FORMATS))(value))


def whole_number(low: int, high: int) -> Parser:
    """Return a parser for a whole number from ``low`` to ``high``, both included."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
            raise NotAllowed(f"a whole number from {low} to {high}")
        return int(value)

    return Limited(parse, minimum=low, maximum=high)


class Percent(NamedTuple):
    """A percentage from 0 to 100, exact to four digits after the point.

    Attributes:
        units: ten thousandths of a per cent.
    """

    units: int

    def __str__(self) -> str:
        """Return the shortest spelling: ``99.5``."""
        whole, rest = divmod(self.units, 10_000)
        return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


def percent(value: str) -> Percent:
    """Parse a percentage from 0 to 100 with at most four digits after the point."""
    match = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,4}))? ?%?", value)
    units = int(match[1]) * 10_000 + int((match[2] or "").ljust(4, "0")) if match else -1
    if not 0 <= units <= _ALL:
        raise NotAllowed("a percentage from 0 to 100, with at most four digits after the point")
    return Percent(units)


def commit_id(value: str) -> str:
    """Parse the full id of a commit."""
    if not re.fullmatch(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}", value):
        raise NotAllowed("the full id of a commit: 40 or 64 hexadecimal digits")
    return value.lower()


def boolean(value: str) -> bool:
    """Parse ``true`` or ``false`` in the spellings of YAML 1.2, which GitHub's own actions accept."""
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise NotAllowed("true, false")


def path(value: str) -> Path:
    """Parse a path; whether it exists is not checked."""
    if "\0" in value:
        raise NotAllowed("a path")
    return Path(value)


def pattern(value: str) -> str:
    """Parse a path, a directory or a glob. All patterns of its braces are searched, so they are limited."""
    if "\0" in value or len(value) > _LONGEST_PATTERN:
        raise NotAllowed(f"a path, a directory or a glob of at most {_LONGEST_PATTERN:,} characters")
    if "{" in value:
        # Few patterns have braces.
        from onetest_ci.reports.braces import MOST, stands_for_too_many  # noqa: PLC0415

        if value.count("{") > _MOST_BRACES or stands_for_too_many(value):
            raise NotAllowed(f"a glob whose braces stand for at most {MOST:,} patterns")
    return value


def uuid(value: str) -> str:
    """Parse a UUID, and return its canonical form."""
    try:
        return str(UUID(value))
    except ValueError:
        raise NotAllowed("a UUID, as 4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10") from None


def base_url(value: str) -> str:
    """Parse an http or https URL with an optional path, and return it without a trailing slash."""
    allowed = NotAllowed("an http or https URL without user name, query or fragment")
    if re.search(_CONTROL, value) or " " in value:
        raise allowed
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise allowed from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_valid:
        raise allowed
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise allowed
    return value.rstrip("/")


def pair(value: str) -> tuple[str, str]:
    """Parse ``KEY=VALUE``. Both are trimmed, and neither is empty."""
    key, equals, rest = value.partition("=")
    key, rest = key.strip(), rest.strip()
    if not equals or not key or not rest:
        raise NotAllowed("KEY=VALUE")
    return key, rest


def attribute(value: str) -> tuple[str, str]:
    """Parse ``KEY=VALUE``. A key without a value, as an empty variable leaves it, is left out."""
    key, equals, rest = value.partition("=")
    if equals and key.strip() and not rest.strip():
        raise NotGiven(f"{key.strip()} has no value and is left out")
    return pair(value)


def http_url(limit: int) -> Parser:
    """Return a parser for an http or https URL of at most ``limit`` characters."""

    def parse(value: str) -> str:
        if not re.fullmatch(_HTTP_URL, value) or len(value) > limit:
            raise NotAllowed(f"an http or https URL of at most {limit} characters")
        return value

    return Limited(parse, maxLength=limit, pattern=f"^({_HTTP_URL})?$")


def api_key(value: str) -> str:
    """Parse an API key: visible ASCII with any prefix (docs/onetest-api.md#api-keys)."""
    key = value.strip()
    if not re.fullmatch(r"[\x21-\x7e]{8,512}", key):
        raise NotAllowed("8 to 512 visible ASCII characters on one line")
    return key


def secret_text(value: str) -> str:
    """Parse any text. A token that cannot be sent is a warning when it is needed, and redacted anyway."""
    return value.strip()
