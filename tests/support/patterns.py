"""Whether a regular expression may take more than linear time, by its structure.

The engine of ``re`` backtracks. Its time grows with the number of ways in which the loops of a pattern can
share one text. It grows with the square if a text can pass from one loop to another at any place:
``\\s*\\s*#``, and ``\\s+#`` in a search, which is a loop, too. It grows with a power if a loop can be passed
through in two ways: ``(?:a*)*#``. Both show in the automaton of the pattern. See Weber and Seidl, "On the
degree of ambiguity of finite automata" (1991).

Repeats of at most ``BOUNDED`` are a constant factor, and count as three copies.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

BOUNDED: Final = 64
SEARCHES: Final = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
_COPIES: Final = 3
_LEAVES: Final = frozenset({sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN})
_OTHERS: Final = "\u0130\u0131\u017f\u0663\u2028\u203a\u241b\u3000\u4e00\ud800\udc80\ufeff\uffff\U0001f600"


class Part(NamedTuple):
    """A part of a pattern.

    Attributes:
        first: places it can begin with, and the characters that may be read there.
        last: places it can end with, the characters that may come next, and whether nothing can fail then.
        skips: characters that may come next if it is empty; None if it cannot be.
        sure: can it be empty whatever comes next?
    """

    first: dict[int, int]
    last: dict[int, tuple[int, bool]]
    skips: int | None
    sure: bool


class Automaton:
    """The places of a pattern that read a character, and which can follow which."""

    def __init__(self, pattern: "re.Pattern[Any]", method: str) -> None:
        self._bytes = isinstance(pattern.pattern, bytes)
        self._letters = self._alphabet(pattern.pattern)
        self._all = (1 << len(self._letters)) - 1
        self.reads: list[int] = []
        self.inside: list[tuple[tuple[int, bool], ...]] = []
        self._around: list[tuple[int, bool]] = []
        self._groups = count()
        self.follow: dict[int, dict[int, int]] = defaultdict(dict)
        self.doubled: set[tuple[int, int]] = set()
        tree = parser.parse(pattern.pattern, pattern.flags)
        whole = self._sequence(tree, pattern.flags)
        if method in SEARCHES:
            whole = self._joined(self._before(tree, pattern.flags), whole)
        self.safe = {at for at, (_, sure) in whole.last.items() if sure} if method != "fullmatch" else set()

    def letter(self, letters: int) -> str:
        """Return one of a set of characters."""
        return next(letter for place, letter in enumerate(self._letters) if letters >> place & 1)

    def _alphabet(self, pattern: Any) -> list[str]:
        if self._bytes:
            return [chr(code) for code in range(256)]
        return sorted({*map(chr, range(256)), *_OTHERS, *pattern})

    def _before(self, tree: Any, flags: int) -> Part:
        """What a search passes over."""
        anchor = next(((op, what) for op, what in tree), None)
        if anchor in ((sre.AT, sre.AT_BEGINNING_STRING), (sre.AT, sre.AT_BEGINNING)) and not (
            flags & re.MULTILINE and anchor[1] == sre.AT_BEGINNING
        ):
            return self._empty(sure=True)
        passed = self._loop(self._leaf(self._all))
        if anchor == (sre.AT, sre.AT_BEGINNING):
            ended = self._joined(passed, self._leaf(1 << self._letters.index("\n")))
            return ended._replace(skips=self._all)
        return passed._replace(skips=self._all)

    def _sequence(self, items: Iterable[Any], flags: int) -> Part:
        result = self._empty(sure=True)
        for op, what in items:
            result = self._joined(result, self._part(op, what, flags))
        return result

    def _part(self, op: Any, what: Any, flags: int) -> Part:
        if op in _LEAVES:
            return self._leaf(self._set(op, what, flags))
        if op is sre.SUBPATTERN:
            _, added, removed, items = what
            return self._sequence(items, (flags | added) & ~removed)
        if op is sre.ATOMIC_GROUP:
            with self._group(is_final=True):
                return self._sequence(what, flags)
        if op is sre.BRANCH:
            return self._either([self._sequence(items, flags) for items in what[1]])
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            low, high, items = what
            return self._repeat(low, high, items, flags, gives_back=op is not sre.POSSESSIVE_REPEAT)
        return self._assertion(op, what, flags)

    def _empty(self, *, sure: bool) -> Part:
        return Part({}, {}, self._all, sure=sure)

    def _assertion(self, op: Any, what: Any, flags: int) -> Part:
        """What reads nothing. One character that is looked at ahead limits what comes next."""
        if op is sre.AT or what[0] < 0:
            # What is looked at behind has a fixed width.
            return self._empty(sure=False)
        if op not in {sre.ASSERT, sre.ASSERT_NOT}:
            raise NotImplementedError(op)
        items = what[1]
        if len(items) != 1 or items[0][0] not in _LEAVES:
            return self._empty(sure=False)._replace(first=self._sequence(items, flags).first)
        kind, value = items[0]
        reads = self._set(kind, value, flags)
        return self._empty(sure=False)._replace(skips=reads if op is sre.ASSERT else self._all & ~reads)

    def _repeat(self, low: int, high: int, items: Any, flags: int, *, gives_back: bool) -> Part:
        if high != sre.MAXREPEAT and high <= BOUNDED:
            copies = [self._sequence(items, flags) for _ in range(min(high, _COPIES))]
            required = min(low, len(copies))
            result = self._empty(sure=True)
            for number, copy in enumerate(copies):
                optional = number >= required
                result = self._joined(result, self._optional(copy) if optional else copy)
            return result
        with self._group(is_final=not gives_back), self._group(is_final=False):
            part = self._loop(self._sequence(items, flags))
        exits = self._all
        if not gives_back and set(part.first) == set(part.last):
            for at in part.first:
                exits &= ~self.reads[at]
        last = {at: (mask & exits, sure) for at, (mask, sure) in part.last.items()}
        part = part._replace(last=last)
        return part if low else part._replace(skips=exits if part.skips is None else part.skips, sure=True)

    @contextmanager
    def _group(self, *, is_final: bool) -> Iterator[None]:
        self._around.append((next(self._groups), is_final))
        yield
        self._around.pop()

    def leaves_for_good(self, one: int, two: int) -> bool:
        """Return whether the way from one place to another leaves a group that gives nothing back."""
        left = next((group for group in self.inside[one] if group not in self.inside[two]), None)
        return left is not None and left[1]

    def _optional(self, part: Part) -> Part:
        return part._replace(skips=self._all, sure=True)

    def _leaf(self, reads: int) -> Part:
        self.reads.append(reads)
        self.inside.append(tuple(self._around))
        at = len(self.reads) - 1
        return Part({at: reads}, {at: (self._all, True)}, None, sure=False)

    def _loop(self, part: Part) -> Part:
        self._connect(part.last, part.first)
        return part

    def _connect(self, ends: dict[int, tuple[int, bool]], begins: dict[int, int], allowed: int = -1) -> None:
        for end, (mask, _) in ends.items():
            for begin, reads in begins.items():
                shared = mask & reads & allowed
                if shared & self.follow[end].get(begin, 0):
                    self.doubled.add((end, begin))
                if shared:
                    self.follow[end][begin] = self.follow[end].get(begin, 0) | shared

    def _joined(self, one: Part, two: Part) -> Part:
        self._connect(one.last, two.first)
        first, last = dict(one.first), dict(two.last)
        if one.skips is not None:
            for at, reads in two.first.items():
                first[at] = first.get(at, 0) | (reads & one.skips)
        if two.skips is not None:
            for at, (mask, sure) in one.last.items():
                last[at] = (mask & two.skips, sure and two.sure)
        skips = one.skips & two.skips if one.skips is not None and two.skips is not None else None
        return Part(first, last, skips, sure=one.sure and two.sure)

    def _either(self, parts: list[Part]) -> Part:
        first: dict[int, int] = {}
        last: dict[int, tuple[int, bool]] = {}
        skips: int | None = None
        for part in parts:
            first |= part.first
            last |= part.last
            if part.skips is not None:
                skips = (skips or 0) | part.skips
        return Part(first, last, skips, sure=any(part.sure for part in parts))

    def _set(self, op: Any, what: Any, flags: int) -> int:
        return sum(
            1 << place for place, letter in enumerate(self._letters) if self._reads(op, what, letter, flags)
        )

    def _reads(self, op: Any, what: Any, letter: str, flags: int) -> bool:
        if op is sre.ANY:
            return bool(flags & re.DOTALL) or letter != "\n"
        spellings = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
        spellings = {each for each in spellings if len(each) == 1}
        if op is sre.LITERAL:
            return any(ord(each) == what for each in spellings)
        if op is sre.NOT_LITERAL:
            return all(ord(each) != what for each in spellings)
        negated = what[0] == (sre.NEGATE, None)
        found = any(self._in(kind, value, each, flags) for kind, value in what for each in spellings)
        return bool(found != negated)

    def _in(self, kind: Any, value: Any, letter: str, flags: int) -> bool:
        if kind is sre.LITERAL:
            return bool(ord(letter) == value)
        if kind is sre.RANGE:
            return bool(value[0] <= ord(letter) <= value[1])
        if kind is sre.NEGATE:
            return False
        ascii_only = self._bytes or bool(flags & re.ASCII)
        name = str(value).rpartition("_")[2].lower()
        sign = {"digit": r"\d", "space": r"\s", "word": r"\w"}[name]
        inside = re.match(sign, letter, re.ASCII if ascii_only else re.NOFLAG) is not None
        is_not = "NOT" in str(value)
        return bool(not inside if is_not else inside)


def slow(pattern: "re.Pattern[Any]", method: str) -> str:
    """Return why a pattern may take more than linear time. Empty if it may not.

    Args:
        pattern: the compiled pattern.
        method: of the pattern that is called: ``match``, ``fullmatch``, ``search`` and the like.
    """
    machine = Automaton(pattern, method)
    reach = {at: _reached(machine, at) for at in machine.follow}
    loops = {
        frozenset(to for to in seen if at in reach.get(to, ())) for at, seen in reach.items() if at in seen
    }
    for loop in loops:
        if any(end in loop and begin in loop for end, begin in machine.doubled):
            return "a loop inside of a loop"
        if _splits(machine, loop):
            return "a loop that can be passed through in two ways"
    for one, two in product(loops, loops):
        # Inside of one loop this is a loop that can be passed through in two ways.
        if one != two and (shared := _shared(machine, reach, one, two)):
            return f"two loops share {shared!r}"
    return ""


def _reached(machine: Automaton, start: int) -> set[int]:
    seen: set[int] = set()
    waiting = list(machine.follow[start])
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += machine.follow.get(at, {})
    return seen


def _shared(machine: Automaton, reach: dict[int, set[int]], one: frozenset[int], two: frozenset[int]) -> str:
    """Return a character of a text that can pass from one loop to another after any round; empty for none."""
    for start, end in product(one, two):
        both = machine.reads[start] & machine.reads[end]
        if not both or end in machine.safe or end not in reach[start] or machine.leaves_for_good(start, end):
            continue
        if _moves(machine, start, end, one, two):
            return machine.letter(both)
    return ""


def _steps(machine: Automaton, *places: int) -> Iterator[tuple[int, ...]]:
    """Yield where the places can be after one more character that all of them read."""
    found: list[tuple[tuple[int, ...], int]] = [((), -1)]
    for place in places:
        nexts = machine.follow.get(place, {}).items()
        found = [((*to, at), mask & reads) for to, mask in found for at, reads in nexts if mask & reads]
    yield from (to for to, _ in found)


def _splits(machine: Automaton, loop: frozenset[int]) -> bool:
    """Can one text lead from a place back to it in two ways? If from one place of a loop, then from each."""
    at = min(loop)
    start = (at, at)
    before: dict[tuple[int, ...], set[tuple[int, ...]]] = {start: set()}
    waiting: list[tuple[int, ...]] = [start]
    while waiting:
        pair = waiting.pop()
        for to in _steps(machine, *pair):
            if loop.issuperset(to):
                if to not in before:
                    waiting.append(to)
                before.setdefault(to, set()).add(pair)
    seen: set[tuple[int, ...]] = set()
    waiting = [start]
    while waiting:
        pair = waiting.pop()
        if pair not in seen:
            seen.add(pair)
            waiting += before[pair]
    return any(one != two for one, two in seen)


def _moves(machine: Automaton, one: int, two: int, first: frozenset[int], second: frozenset[int]) -> bool:
    """Can one text keep the first loop, lead from it to the second, and keep the second?"""
    goal = (one, two, two)
    seen: set[tuple[int, ...]] = {(one, one, two)}
    waiting: list[tuple[int, ...]] = list(seen)
    while waiting:
        for to in _steps(machine, *waiting.pop()):
            if to == goal:
                return True
            if to not in seen and to[0] in first and to[2] in second:
                seen.add(to)
                waiting.append(to)
    return False
