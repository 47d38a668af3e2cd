"""Durations as people write them."""

from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 3600


def duration(seconds: float) -> str:
    """Return ``350 ms``, ``2.3 s``, ``1 min 5 s``, ``1 h 1 min``."""
    milliseconds = round(seconds * 1000)
    if not milliseconds:
        return "0 s"
    if milliseconds < 1000:  # noqa: PLR2004 - a second
        return f"{milliseconds} ms"
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return _two(whole, _MINUTE, "min", "s")
    return _two(round(seconds / _MINUTE), _MINUTE, "h", "min")


def _two(count: int, base: int, large: str, small: str) -> str:
    """Return a count of small units in large and small ones."""
    rest = count % base
    return f"{count // base:,} {large}" + (f" {rest} {small}" if rest else "")
