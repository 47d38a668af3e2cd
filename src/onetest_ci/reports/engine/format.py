"""What every reader of reports shares: what it is given, what it notes, and the row that registers it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, Self, cast

from onetest_ci.errors import ReportError
from onetest_ci.model import Case, Suite
from onetest_ci.notices import NOTE, WARNING, Notice, texts
from onetest_ci.reports.engine.text import DEFAULT_LIMIT
from onetest_ci.reports.engine.xml_root import XmlRoot

REPORT_SUFFIXES: Final = frozenset({".xml", ".trx", ".json", ".jsonl", ".ndjson", ".tap"})
"""Extensions of reports. A file of another extension is a report only if it begins as one."""

_OUTPUT_SUFFIXES: Final = frozenset({"", ".t", ".log", ".txt", ".out"})
"""Extensions of what a runner printed. ".t": with PERL_TEST_HARNESS_DUMP_TAP, Test::Harness keeps what a test
prints under the name of the test."""

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
        merge_repeats: a test that failed and comes again under the same name was retried, in formats that do
            not mark a retry otherwise. False: both are tests.
        error: why the file was not read to its end, else None.
        truncated: the records are the complete ones before a break.
        restarts: how often the file was begun again; what was counted until then does not count.
        start: characters to leave out at the start of a JSON file: they stand before its document.
        find_report: returns the kind of a report in a text, empty for none; see ``look_beside``. None: text
            beside the document is not looked at.
        other_report: the kind of a report in the text beside the document; empty for none.
        names: names of elements and attributes of an XML document that was read to its end, with prefixes.
    """

    path: str
    text_limit: int = DEFAULT_LIMIT
    counting: bool = False
    merge_repeats: bool = True
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

    def look_beside(self, text: Iterator[bytes]) -> None:
        """Take the text before or after the document, which is left out: note it if a report is in it.

        Args:
            text: in pieces; read to its end.
        """
        if self.find_report is not None:
            self.other_report = self.other_report or self.find_report(text)
        for _ in text:
            pass

    def merged_by_name(self, name: str) -> None:
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


class Place(NamedTuple):
    """What a file's name and the way it was found allow.

    Attributes:
        suffix: the extension in lower case, with the dot; that before ``.gz`` for a compressed file.
        named: the user named this very file, so it has to be a report.
    """

    suffix: str = ""
    named: bool = True

    @classmethod
    def of(cls, display: str, *, named: bool) -> Self:
        """Return the place of a file by its displayed path."""
        # No Path: it takes as long as to recognise a small report.
        name = display[display.rfind("/") + 1 :].lower().removesuffix(".gz")
        stem, dot, suffix = name.rpartition(".")
        return cls(dot + suffix if stem else "", named)

    @property
    def of_runner(self) -> bool:
        """Whether the extension is that of what a test runner printed."""
        return self.suffix in _OUTPUT_SUFFIXES

    @property
    def text_before(self) -> bool:
        """Whether text, as a runner's log, may stand before the report."""
        return self.named or self.suffix in REPORT_SUFFIXES


NAMED: Final = Place()
"""The place of a file that the user named, whatever its extension."""


class Sign(NamedTuple):
    """Members of one object that decide its format together.

    Attributes:
        format: name of the format.
        names: ``tests``; ``stats.passes`` for a member of a member, which may be a list of objects;
            ``tests[]`` and ``stats{}`` if the value has to be a list or an object.
        in_list: whether the object has to be an item of the document's list, or the document itself.
        enough: True if the file can be read. False if the members only show what it was meant to be.
    """

    format: str
    names: tuple[str, ...]
    in_list: bool
    enough: bool


class JsonFound(NamedTuple):
    """What a search in a JSON file found.

    Attributes:
        format: the format that a sign decided; empty for none.
        start: characters before the document that holds the sign.
        marks: the format that the members at least show; empty for none.
        documents: JSON documents that began, up to the decision.
        cut: whether the file ends inside a document, or the document is nested too deeply to be read.
    """

    format: str = ""
    start: int = 0
    marks: str = ""
    documents: int = 0
    cut: bool = False


class Head(NamedTuple):
    """What decides the format of a file.

    Attributes:
        data: the first bytes.
        place: what the file's name and the way it was found allow.
        xml: the root element of an XML file; None for other files.
        begun: the start tag of a root element that is broken or cut off, as far as it goes; else empty.
        text: of a file that is neither XML nor JSON, the first line that is not a comment and what follows.
        json: what was found in a JSON file; None for other files.
    """

    data: bytes
    place: Place = NAMED
    xml: XmlRoot | None = None
    begun: str = ""
    text: bytes = b""
    json: JsonFound | None = None

    @property
    def root(self) -> str:
        """The local name of the root element; empty when the file is not XML."""
        return self.xml.name if self.xml is not None else ""

    @property
    def namespace(self) -> str:
        """The namespace of the root element; may be empty."""
        return self.xml.namespace if self.xml is not None else ""


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


class Format(NamedTuple):
    """One kind of report.

    Attributes:
        name: what rows and messages call it (``junit``).
        title: what people call it (``JUnit XML``).
        sniff: return whether this file's head is that of this format.
        may_be: return whether the file can be one, if the user says so although ``sniff`` does not.
        marks: return whether the file is unmistakably meant to be of this format, although ``sniff`` does not
            accept it: such a file is an error, even if nobody named it.
        read: reads it.
        module: its module under ``onetest_ci.reports``.
        needs: XML: elements or attributes, one of which a whole report has at least. Empty if the root is
            enough. JSON: the members that a file with marks lacks, for messages.
        signs: JSON: the members that decide.
        shared: XML: names of its root element that other documents have as well.
    """

    name: str
    title: str
    sniff: Callable[[Head], bool]
    may_be: Callable[[Head], bool]
    marks: Callable[[Head], bool]
    read: Reader
    module: str
    needs: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    shared: tuple[str, ...] = ()


def shown(value: str, limit: int = 60) -> str:
    """A value out of a report, quoted and short enough for a message."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
