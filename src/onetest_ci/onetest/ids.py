"""Ids that the service answers and later requests carry."""

from typing import Final

_LONGEST: Final = 255


def answered_id(value: object) -> str:
    """Return ``value`` as an id: a number or printable text of at most 255 characters; else empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        # Python refuses to spell out the very long ones.
        return str(value) if abs(value) < 10**_LONGEST else ""
    return value if len(value) <= _LONGEST and value.isprintable() else ""
