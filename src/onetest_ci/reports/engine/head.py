"""The start of a file, as far as it decides the file's format."""

from typing import Final, NamedTuple, Self

from onetest_ci.reports.engine.xml_root import XmlRoot

REPORT_SUFFIXES: Final = frozenset({".xml", ".trx", ".json", ".jsonl", ".ndjson", ".tap"})
"""Extensions of reports. A file of another extension is a report only if it begins as one."""

_OUTPUT_SUFFIXES: Final = frozenset({"", ".t", ".log", ".txt", ".out"})
"""Extensions of what a runner printed. ".t": with PERL_TEST_HARNESS_DUMP_TAP, Test::Harness keeps what a test
prints under the name of the test."""


class FileHints(NamedTuple):
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


NAMED_FILE: Final = FileHints()
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
    place: FileHints = NAMED_FILE
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
