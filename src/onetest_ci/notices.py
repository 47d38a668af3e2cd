"""Warnings and notes: messages for people that are not errors.

A notice has a kind, so that ``outputs.notice_lines`` can show many of one kind as one line.
"""

from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple, Self

Level = Literal["warning", "note"]

WARNING: Final = "warning"
NOTE: Final = "note"

MOST_OF_A_KIND: Final = 10_000
"""Notices of one kind that are kept; the others are counted."""


class Notice(NamedTuple):
    """A warning or a note.

    Attributes:
        kind: a key that all notices of the same kind have; ``outputs.notice_lines`` has its title.
        text: the message.
        subject: the report, file or pattern that it is about. Empty for the run.
        level: ``warning``; ``note`` for hints, and for what a person cannot change.
        total: number of notices that it stands for. More than one if the others were not kept.
    """

    kind: str
    text: str
    subject: str = ""
    level: Level = WARNING
    total: int = 1

    def about(self, subject: str) -> Self:
        """Return the notice with a subject, and the subject's name before its text."""
        return self._replace(text=f"{subject}: {self.text}", subject=subject)

    def redacted(self, redact: Callable[[str], str], redact_text: Callable[[str], str]) -> Self:
        """Return the notice without secrets."""
        return self._replace(text=redact_text(self.text), subject=redact(self.subject))


class Notices:
    """Collects the notices of a run: of each kind the first ones, and the number of the others."""

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
        """Return the notices in order, and for each kind one notice that counts those that were not kept."""
        more = (
            Notice(kind, f"{count:,} more of this kind ({kind}).", "", level, count)
            for (kind, level), count in self._more.items()
        )
        return (*self._kept, *more)


def texts(notices: Iterable[Notice], level: Level) -> list[str]:
    """Return all texts of a level."""
    return [notice.text for notice in notices if notice.level == level]
