"""Cut long texts, with a mark in place of what is left out."""

from typing import Final

CUT_END: Final = " characters cut …\n"
"""End of the mark in a text."""

NAME_CUT_END: Final = " characters…"
"""End of the mark in a name."""

CUT: Final = rf"\n… [0-9,]+{CUT_END}|…[0-9,]+{NAME_CUT_END}"
"""Finds the marks; a pattern that few runs use."""


LONGEST_NAME: Final = 4096
"""Maximum characters of a name, class, suite path or file."""
_HEAD: Final = 2048
_TAIL: Final = 1024


def shorten_name(name: str) -> str:
    """Return a name, class, suite path or file in at most ``LONGEST_NAME`` characters.

    Each test of a suite repeats it: a long one would make the results grow with the square of the report.
    """
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:_HEAD]}…{len(name) - _HEAD - _TAIL:,}{NAME_CUT_END}{name[-_TAIL:]}"


def dotted_path(outer: str | None, name: str) -> str:
    """Return the path of a suite. ``outer`` is the path of the suite around it, None if there is none."""
    return shorten_name(name if outer is None else f"{outer}.{name}")


def join_around_cut(head: str, dropped: int, tail: str) -> str:
    """Return head and tail of a text with a mark between them that counts the ``dropped`` characters."""
    return f"{head}\n… {dropped:,}{CUT_END}{tail}"


def cut_middle(text: str, limit: int) -> str:
    """Return a text, or its head and tail with a mark between them if it is longer than ``limit``."""
    if len(text) <= limit:
        return text
    head, tail = limit - limit // 2, limit // 2
    return join_around_cut(text[:head], len(text) - limit, text[-tail:] if tail else "")
