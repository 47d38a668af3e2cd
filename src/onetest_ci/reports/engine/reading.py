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


@dataclass(slots=True, repr=False, eq=False)  # unused, and slow to make
class Reading:
    """One file being read: its limits, and the warnings, notes and error of its reader.

    Attributes:
        path: the displayed path, for messages.
        text_limit: characters kept of one text.
        counting: the records are only counted, so a reader may yield a ``Tally`` for cases that passed.
        merge_by_name: in formats that do not mark retries, a result that follows a failure of the same name
            is a further attempt of that test. False: both are tests.
        error: why the file was not read to its end, else None.
        truncated: the records are the complete ones before a break.
        restarts: how often the file was begun again. If the records are only counted, the counts from before
            are void. Otherwise the reader yields no record a second time.
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
        """Add a warning, one of a kind for each file."""
        self._notices.setdefault(kind, Notice(kind, message))

    def note(self, kind: str, message: str) -> None:
        """Add a note or a hint that needs no action, one of a kind for each file."""
        self._notices.setdefault(kind, Notice(kind, message, level=NOTE))

    def add(self, notices: Iterable[Notice]) -> None:
        """Add the notices of a part of the report."""
        for notice in notices:
            self._notices.setdefault(notice.kind, notice)

    def look_for_report(self, text: Iterator[bytes]) -> None:
        """Search the text before or after the document, which is left out, for another report.

        Args:
            text: in pieces; read to its end.
        """
        if self.find_report is not None:
            self.other_report = self.other_report or self.find_report(text)
        for _ in text:
            pass

    def note_merged(self, name: str) -> None:
        """List a test whose results were merged only because they have one name."""
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
        """Texts of the warnings."""
        return tuple(texts(self.notices, WARNING))

    def fail(self, error: ReportError, *, truncated: bool = True) -> None:
        """End the file with an error. Records from before it stay."""
        self.error = error
        self.truncated = truncated

    def restart(self) -> None:
        """Remove all notices: the file is read again from its start."""
        self.restarts += 1
        self._notices.clear()
        self._merged.clear()
        self.other_report = ""
        self.error = None
        self.truncated = False


class Tally(NamedTuple):
    """Cases that passed in the first attempt, where only their number and time are needed.

    Attributes:
        passed: their number.
        seconds: the time of all of them.
    """

    passed: int
    seconds: float


class ByteStream(Protocol):
    """A report's bytes: read in pieces, and again from the start when need be."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most ``size`` bytes; empty at the end. May raise ``OSError`` or ``ReportError``."""

    def seek(self, offset: int, /) -> object:
        """Go back to the start: ``offset`` is 0."""


Records = list[Suite | Case | Tally]
Reader = Callable[[ByteStream, Reading], Iterator[Records]]
"""Yields records in the order of the file, some at a time; a list holds until the next is asked for. A
``Tally`` is among them only when ``reading.counting``.

Never raises for what is in the file but notes ``reading.error``.
"""


def untallied(records: Records) -> list[Suite | Case]:
    """Return the same records, typed for a reading that does not only count: they contain no ``Tally``."""
    return cast("list[Suite | Case]", records)


def shown(value: str, limit: int = 60) -> str:
    """Return a value of a report, quoted and short enough for a message."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
