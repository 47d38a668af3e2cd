"""Ids in responses, which later requests contain."""

from typing import Final

_LONGEST: Final = 255


def usable_id(value: object) -> str:
    """Return ``value`` as an id: a number or printable text of at most 255 characters; else empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        # Python refuses to print very long numbers.
        return str(value) if abs(value) < 10**_LONGEST else ""
    return value if len(value) <= _LONGEST and value.isprintable() else ""
