"""The counts that ExUnit prints at the end of a run.

Facts: ``print_summary`` of ExUnit.CLIFormatter: ``2 doctests, 3 tests, 1 failure, 1 excluded, 1 skipped``,
and from Elixir 1.20 on ``Result: 4/5 passed (2/2 doctests, 2/3 tests), 1 skipped, 1 excluded``.
"""

import re
from typing import Final, NamedTuple

_RESULT: Final = re.compile(r"Result: (\d{1,9})(?:/(\d{1,9}))? (?:passed|tests)\b")
_COUNT: Final = re.compile(r"(\d{1,9}) (.+)")
_MOST_COUNTS: Final = 50


class Counts(NamedTuple):
    """What a run declares: its tests, those that failed, and the others by their word, as ``skipped``."""

    total: int
    failed: int
    others: dict[str, int]


def counts_in(line: str) -> Counts | None:
    """Return the counts in the last line of a run."""
    if found := _RESULT.match(line):
        passed, total = int(found[1]), int(found[2] or found[1])
        others = {word: count for count, word in _pairs(line.rpartition(")")[2].split(", ")[1:])}
        return Counts(total + sum(others.values()), total - passed, others)
    parts = line.split(", ")
    pairs = _pairs(parts)
    words = [word for _, word in pairs]
    if len(pairs) < len(parts) or not (at := _index_of_failures(words)):
        return None
    total = sum(count for count, _ in pairs[: at - 1])
    return Counts(total, pairs[at - 1][0], {word: count for count, word in pairs[at:]})


def _index_of_failures(words: list[str]) -> int:
    """Return the place of the failures, from 1: behind the kinds of tests. 0 if there is none."""
    return next((at for at, word in enumerate(words, 1) if word in {"failure", "failures"}), 0)


def _pairs(parts: list[str]) -> list[tuple[int, str]]:
    """Return the numbers of a line with their words, without parts of another kind."""
    found = [_COUNT.fullmatch(part) for part in parts[:_MOST_COUNTS]]
    return [(int(one[1]), one[2]) for one in found if one is not None]
