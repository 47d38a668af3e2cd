"""Addresses in responses, which people will click on."""

import re
from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 2048
# Without characters that an address must escape (RFC 3986, section 2) or that end a link in Markdown or HTML.
_PLAIN: Final = re.compile(r"[^\s\x00-\x20\x7f-\xa0<>\"\\^`{|}]+")


def web_link(value: object) -> str:
    """Return ``value`` if it is an http(s) address that is safe to show, else an empty text."""
    if not isinstance(value, str) or len(value) > _LONGEST or not _PLAIN.fullmatch(value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in {"http", "https"} and parts.hostname else ""
