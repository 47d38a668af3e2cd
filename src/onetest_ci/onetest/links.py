"""Addresses that the service answers and people will click on."""

from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 2048


def web_link(value: object) -> str:
    """Return ``value`` when it is an http(s) address fit to be shown, else an empty text."""
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable() or " " in value:
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in {"http", "https"} and parts.hostname else ""
