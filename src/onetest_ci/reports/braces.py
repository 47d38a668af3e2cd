"""Braces in patterns: ``*.{xml,trx}`` stands for ``*.xml`` and ``*.trx``, ``TEST-{1..3}`` for three names.

As shells and the reporters of CI read them: groups may be nested, alternatives may be empty or contain ``/``,
and braces without a comma or a range are ordinary characters.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

MOST: Final = 1_000
"""Patterns that one pattern stands for, and numbers of a range."""

# Few patterns have a range, so it is compiled on first use.
_RANGE: Final = r"(?a)(\d{1,9})\.\.(\d{1,9})|([a-z])\.\.([a-z])|([A-Z])\.\.([A-Z])"


class Group(NamedTuple):
    """A group in braces.

    Attributes:
        start: index of the opening brace.
        end: index behind the closing one.
        alternatives: what the group stands for; they may hold groups.
    """

    start: int
    end: int
    alternatives: tuple[str, ...]


def first_group(pattern: str, start: int = 0) -> Group | None:
    """Return the first group from an index on; None if there is none."""
    while (start := pattern.find("{", start)) >= 0:
        group = _group_at(pattern, start)
        if group is not None:
            return group
        start += 1
    return None


def _group_at(pattern: str, start: int) -> Group | None:
    """Return the group that an opening brace begins, if it begins one."""
    depth = 0
    parts = [start + 1]
    for at in range(start, len(pattern)):
        character = pattern[at]
        if character == "{":
            depth += 1
        elif character == "," and depth == 1:
            parts.append(at + 1)
        elif character == "}":
            depth -= 1
            if depth == 0:
                ends = [*(part - 1 for part in parts[1:]), at]
                alternatives = tuple(pattern[one:end] for one, end in zip(parts, ends, strict=True))
                if len(alternatives) == 1:
                    alternatives = _range(alternatives[0])
                return Group(start, at + 1, alternatives) if alternatives else None
    return None


def _range(text: str) -> tuple[str, ...]:
    match = re.fullmatch(_RANGE, text)
    if match is None:
        return ()
    low, high = (part for part in match.groups() if part is not None)
    if low.isdigit():
        numbers = range(min(int(low), int(high)), max(int(low), int(high)) + 1)
        width = max(len(low), len(high)) if "0" in {low[0], high[0]} else 0
        return tuple(f"{number:0{width}}" for number in numbers) if len(numbers) <= MOST else ()
    return tuple(map(chr, range(min(ord(low), ord(high)), max(ord(low), ord(high)) + 1)))


def stands_for_too_many(pattern: str) -> bool:
    """Return whether a pattern stands for more than ``MOST`` patterns."""
    return sum(1 for _ in islice(_expanded(pattern, 0, only_paths=False), MOST + 1)) > MOST


def expanded(pattern: str, *, only_paths: bool = False) -> list[str]:
    """Return the patterns that a pattern stands for, at most ``MOST``.

    Args:
        pattern: as a user wrote it.
        only_paths: expand only groups with a ``/`` inside, which are not part of one name.
    """
    return list(islice(_expanded(pattern, 0, only_paths=only_paths), MOST))


def _expanded(pattern: str, start: int, *, only_paths: bool) -> Iterator[str]:
    group = first_group(pattern, start)
    if group is None:
        yield pattern
    elif only_paths and "/" not in pattern[group.start : group.end]:
        yield from _expanded(pattern, group.end, only_paths=only_paths)
    else:
        for alternative in group.alternatives:
            inner = pattern[: group.start] + alternative + pattern[group.end :]
            yield from _expanded(inner, group.start, only_paths=only_paths)
