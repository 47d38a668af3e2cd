"""What people should know besides errors: warnings, and notes on what they can do nothing about.

A notice has a kind, so that many of one kind can be shown as one line. No kind is ever left out: any of them
may hint at a failure that is lost.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple, Self

Level = Literal["warning", "note"]

WARNING: Final = "warning"
NOTE: Final = "note"

EXAMPLES: Final = 2
"""Notices of one kind that are shown as they are."""

_EXAMPLE: Final = 350
"""Characters of one of them, so that what follows is seen as well."""

MOST_OF_A_KIND: Final = 10_000
"""Notices of one kind that are kept; the others are counted."""


class Notice(NamedTuple):
    """One thing that people should know.

    Attributes:
        kind: a word for the kind, the same for all that are alike.
        text: all of it, for people.
        subject: what it is about: a report, a file, a pattern. Empty for the run.
        level: ``warning``; ``note`` for what a person can do nothing about, and for hints.
        total: how many it stands for. More than one if the others were not kept.
    """

    kind: str
    text: str
    subject: str = ""
    level: Level = WARNING
    total: int = 1

    def about(self, subject: str) -> Self:
        """Return the notice with the subject, which its text does not name yet."""
        return self._replace(text=f"{subject}: {self.text}", subject=subject)

    def redacted(self, redact: Callable[[str], str], redact_text: Callable[[str], str]) -> Self:
        """Return the notice without secrets."""
        return self._replace(text=redact_text(self.text), subject=redact(self.subject))


class Notices:
    """Collects the notices of a run; of each kind, those that are too many are counted."""

    def __init__(self) -> None:
        self._kept: list[Notice] = []
        self._more: dict[tuple[str, Level], int] = {}
        self._counts: dict[tuple[str, Level], int] = {}

    def add(self, *notices: Notice) -> None:
        """Add further notices."""
        for notice in notices:
            kind = (notice.kind, notice.level)
            self._counts[kind] = self._counts.get(kind, 0) + 1
            if self._counts[kind] <= MOST_OF_A_KIND:
                self._kept.append(notice)
            else:
                self._more[kind] = self._more.get(kind, 0) + notice.total

    def all(self) -> tuple[Notice, ...]:
        """Return the notices in order, and one for those of each kind that were only counted."""
        more = (
            Notice(kind, f"{count:,} more of this kind ({kind}).", "", level, count)
            for (kind, level), count in self._more.items()
        )
        return (*self._kept, *more)


def texts(notices: Iterable[Notice], level: Level) -> list[str]:
    """Return all texts of a level."""
    return [notice.text for notice in notices if notice.level == level]


def folded(notices: Iterable[Notice], level: Level, rest: str) -> list[str]:
    """Return one line for each kind of a level: the text, or the count, two examples and where the rest is.

    Args:
        notices: in order.
        level: those of it.
        rest: where all of them are.
    """
    kinds: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.level == level:
            kinds.setdefault(notice.kind, []).append(notice)
    return [_line(kind, alike, rest) for kind, alike in kinds.items()]


def _line(kind: str, alike: Sequence[Notice], rest: str) -> str:
    total = sum(notice.total for notice in alike)
    if total == 1:
        return alike[0].text
    examples = [_shortened(notice.text.rstrip(".")) for notice in alike[:EXAMPLES]]
    more = total - sum(notice.total for notice in alike[:EXAMPLES])
    return f"{kind} ({total:,}): {'; '.join(examples)}" + (f"; {more:,} more: {rest}" if more else ".")


def _shortened(text: str) -> str:
    return text if len(text) <= _EXAMPLE else f"{text[: _EXAMPLE - 1]}…"
