"""Addresses that the service answers and people will click on."""

import re
from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 2048
# What no address holds unescaped, and what would end a link in Markdown or HTML (RFC 3986, section 2).
_PLAIN: Final = re.compile(r"[^\s\x00-\x20\x7f-\xa0<>\"\\^`{|}]+")


def web_link(value: object) -> str:
    """Return ``value`` when it is an http(s) address fit to be shown, else an empty text."""
    if not isinstance(value, str) or len(value) > _LONGEST or not _PLAIN.fullmatch(value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in {"http", "https"} and parts.hostname else ""
