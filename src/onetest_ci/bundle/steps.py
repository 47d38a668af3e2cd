"""Which steps were acknowledged, in little memory: a launch of 50,000 cases has as many, and more."""

from typing import Any, Final

_BITS: Final = 512
"""Numbers in one word: few enough that a hostile log of scattered numbers does not swell in memory."""
_LONGEST: Final = 18
"""Digits of an ordinal."""


class BitSet:
    """A set of whole numbers that mostly follow one another: a bit for each."""

    def __init__(self) -> None:
        self._words: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        return bool(self._words.get(number // _BITS, 0) >> number % _BITS & 1)

    def add(self, number: int) -> None:
        """Add a number; negative ones are as good as others."""
        if number not in self:
            word = number // _BITS
            self._words[word] = self._words.get(word, 0) | 1 << number % _BITS
            self._count += 1


class Steps:
    """Steps by their names; of ``case/17`` the kind is ``case`` and the ordinal 17.

    Steps that carry nothing but their number are kept in a ``BitSet`` for their kind, ``log/17/2`` (the third
    log of case 17) among those of ``log/*/2``; the others with what they carry.
    """

    def __init__(self) -> None:
        self._told: dict[str, dict[str, Any]] = {}
        self._numbered: dict[tuple[str, str], BitSet] = {}

    def add(self, row: dict[str, Any]) -> None:
        """Add a step; what it carried before is replaced."""
        step = row["step"]
        number = None if len(row) > 1 else _number(step)
        if number is None:
            self._told[step] = row
        else:
            kind, ordinal, rest = number
            self._numbered.setdefault((kind, rest), BitSet()).add(ordinal)

    def __contains__(self, step: str) -> bool:
        if step in self._told:
            return True
        number = _number(step)
        if number is None:
            return False
        kind, ordinal, rest = number
        return ordinal in self._numbered.get((kind, rest), ())

    def get(self, step: str) -> dict[str, Any]:
        """What the step carried; empty when it carried nothing, or is not there."""
        return self._told.get(step, {})

    def count(self, kind: str) -> int:
        """How many steps of a kind there are."""
        told = sum(step.startswith(f"{kind}/") for step in self._told)
        return told + sum(len(found) for (name, _), found in self._numbered.items() if name == kind)


def _number(step: str) -> tuple[str, int, str] | None:
    """Kind, ordinal and what follows it, of a step whose second part is a number as ``str`` writes it."""
    kind, slash, tail = step.partition("/")
    digits, _, rest = tail.partition("/")
    if not slash or len(digits) > _LONGEST:
        return None
    try:
        ordinal = int(digits)
    except ValueError:
        return None
    return (kind, ordinal, rest) if str(ordinal) == digits else None
