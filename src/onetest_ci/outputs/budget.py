"""Fit the parts of a document into a number of bytes. What is left out is counted, and nothing is cut."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from onetest_ci.text.plural import plural


class Part(Protocol):
    """A part of a document that has longer and shorter forms."""

    def fit(self, room: int) -> str:
        """Return the longest form of at most ``room`` bytes, else the shortest one."""


def size(text: str) -> int:
    """Return the bytes of a text in a file."""
    return len(text.encode("utf-8", "replace"))


def fitted(parts: Sequence[Part], room: int) -> str:
    """Return the parts in their order in at most ``room`` bytes, if their shortest forms fit.

    Earlier parts take what they need, and leave each later one a fair share.
    """
    least = [size(part.fit(0)) for part in parts]
    spare = room - sum(least)
    texts = []
    for number, part in enumerate(parts):
        later = len(parts) - number - 1
        share = max(0, spare) // (2 * later) if later else 0
        kept = sum(min(share, _wish(other) - low) for other, low in _rest(parts, least, number))
        text = part.fit(least[number] + max(0, spare - kept))
        spare -= size(text) - least[number]
        texts.append(text)
    return "".join(texts)


def _rest(parts: Sequence[Part], least: Sequence[int], number: int) -> list[tuple[Part, int]]:
    return list(zip(parts[number + 1 :], least[number + 1 :], strict=True))


def _wish(part: Part) -> int:
    """Return the bytes of the longest form."""
    return size(part.fit(_UNLIMITED))


_UNLIMITED = 1 << 40


class Fixed(NamedTuple):
    """A part with one form."""

    text: str

    def fit(self, _room: int) -> str:
        """Return the text."""
        return self.text


class Choice(NamedTuple):
    """A part with some forms, longest first."""

    forms: tuple[str, ...]

    def fit(self, room: int) -> str:
        """Return the first form that fits, else the last one."""
        return next((form for form in self.forms if size(form) <= room), self.forms[-1])


class Entry(NamedTuple):
    """One element of a list: with all that is known of it, and on one line."""

    full: str
    short: str


class Entries(NamedTuple):
    """A list: some entries in full, then some on one line each, then the number of the others.

    Attributes:
        opening: before the entries.
        entries: the first of them.
        total: of all entries, also of those that are not at hand.
        closing: after the entries.
        others: what an entry that is left out is, as "failed test", and where all are. Either may be empty.
    """

    opening: str
    entries: Sequence[Entry]
    total: int
    closing: str = ""
    others: tuple[str, str] = ("", "")

    def fit(self, room: int) -> str:
        """Return the list. Entries on one line have half of the room if not all fit in full."""
        spare = room - size(self.opening) - size(self.closing) - size(self._more(self.total))
        whole = sum(size(entry.full) for entry in self.entries)
        full = _that_fit([entry.full for entry in self.entries], spare if whole <= spare else spare // 2)
        spare -= sum(map(size, full))
        short = _that_fit([entry.short for entry in self.entries[len(full) :]], spare)
        left = self.total - len(full) - len(short)
        # A blank line ends what is before a list.
        between = "\n" if full and (short or left) else ""
        return "".join((self.opening, *full, between, *short, self._more(left), self.closing))

    def _more(self, count: int) -> str:
        return f"- {left_out(count, self.others)}\n" if count > 0 else ""


def left_out(count: int, others: tuple[str, str]) -> str:
    """Return how many entries of a list are left out: "7 more failed tests; the reports contain them".

    Args:
        count: of those entries.
        others: see ``Entries``.
    """
    noun, where = others
    number = plural(count, f"more {noun}") if noun else f"{count:,} more"
    return f"{number}; {where}" if where else number


def _that_fit(texts: Sequence[str], room: int) -> list[str]:
    found = []
    for text in texts:
        room -= size(text)
        if room < 0:
            break
        found.append(text)
    return found
