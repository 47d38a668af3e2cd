"""What a reader of reports receives and yields: the file's bytes, its ``Reading``, and records."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, cast

from onetest_ci.errors import ReportError
from onetest_ci.model import Case, Suite
from onetest_ci.notices import NOTE, WARNING, Notice, texts
from onetest_ci.reports.engine.text import DEFAULT_LIMIT

MOST_MERGED: Final = 1_000
"""Tests merged by name alone that are named for each file."""

LONGEST_MERGED: Final = 500
"""Characters kept of such a name."""


@dataclass(slots=True)
class Reading:
    """One file being read: its limits going in, what the reader noted coming out.

    Attributes:
        path: how the user knows the file; for messages.
        text_limit: characters kept of one text.
        counting: nobody takes the records; a reader may give a ``Tally`` for cases that passed.
        merge_by_name: a test that failed and comes again under the same name was retried, in formats that do
            not mark a retry otherwise. False: both are tests.
        error: why the file was not read to its end, else None.
        truncated: the records are the complete ones before a break.
        restarts: how often the file was begun again; what was counted until then does not count.
        start: characters to leave out at the start of a JSON file: they stand before its document.
        find_report: returns the kind of a report in a text, empty for none; see ``look_for_report``. None
            ignores text beside the document.
        other_report: the kind of a report in the text beside the document; empty for none.
        names: names of elements and attributes of an XML document that was read to its end, with prefixes.
    """

    path: str
    text_limit: int = DEFAULT_LIMIT
    counting: bool = False
    merge_by_name: bool = True
    start: int = 0
    find_report: Callable[[Iterator[bytes]], str] | None = None
    other_report: str = ""
    names: Collection[str | None] = ()
    error: ReportError | None = None
    truncated: bool = False
    restarts: int = 0
    _notices: dict[str, Notice] = field(default_factory=dict)
    _merged: dict[str, None] = field(default_factory=dict)

    def warn(self, kind: str, message: str) -> None:
        """Note something the user should know; one warning of a kind for each file."""
        self._notices.setdefault(kind, Notice(kind, message))

    def note(self, kind: str, message: str) -> None:
        """Note what a person can do nothing about, or a hint; one of a kind for each file."""
        self._notices.setdefault(kind, Notice(kind, message, level=NOTE))

    def add(self, notices: Iterable[Notice]) -> None:
        """Note what was noted of a part of the report."""
        for notice in notices:
            self._notices.setdefault(notice.kind, notice)

    def look_for_report(self, text: Iterator[bytes]) -> None:
        """Take the text before or after the document, which is left out: note it if a report is in it.

        Args:
            text: in pieces; read to its end.
        """
        if self.find_report is not None:
            self.other_report = self.other_report or self.find_report(text)
        for _ in text:
            pass

    def note_merged(self, name: str) -> None:
        """Note a test whose results were merged because they have one name, and for no other reason."""
        name = name[:LONGEST_MERGED]
        if len(self._merged) < MOST_MERGED:
            self._merged[name] = None
        elif name not in self._merged:
            self.warn(
                "merged", f"more than {MOST_MERGED:,} tests were merged by name alone; the rest is not named"
            )

    @property
    def merged(self) -> tuple[str, ...]:
        """The tests that were merged by name alone, each once, in the order of the file."""
        return tuple(self._merged)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The warnings and notes, in the order they came up."""
        return tuple(self._notices.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """The texts of the warnings."""
        return tuple(texts(self.notices, WARNING))

    def fail(self, error: ReportError, *, truncated: bool = True) -> None:
        """Note that the file ends here for us; what was read before stays."""
        self.error = error
        self.truncated = truncated

    def restart(self) -> None:
        """Forget what was noted: the file is read again from its start."""
        self.restarts += 1
        self._notices.clear()
        self._merged.clear()
        self.other_report = ""
        self.error = None
        self.truncated = False


class Tally(NamedTuple):
    """Cases that passed at the first try, of which only the number and the time are asked.

    Attributes:
        passed: how many.
        seconds: of all of them.
    """

    passed: int
    seconds: float


class ByteStream(Protocol):
    """A report's bytes: read in pieces, and again from the start when need be."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most so many; empty at the end. May raise ``OSError`` or ``ReportError``."""

    def seek(self, offset: int, /) -> object:
        """To the start: ``offset`` is 0."""


Records = list[Suite | Case | Tally]
Reader = Callable[[ByteStream, Reading], Iterator[Records]]
"""Yields records in the order of the file, some at a time; a list holds until the next is asked for. A
``Tally`` is among them only when ``reading.counting``.

Never raises for what is in the file but notes ``reading.error``.
"""


def untallied(records: Records) -> list[Suite | Case]:
    """The same records, of a reading that does not only count: no ``Tally`` is among them."""
    return cast("list[Suite | Case]", records)


def shown(value: str, limit: int = 60) -> str:
    """A value out of a report, quoted and short enough for a message."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
