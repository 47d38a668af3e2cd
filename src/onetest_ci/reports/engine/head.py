"""What decides the format of a file: its name, its first bytes, its root element or its JSON members."""

from typing import Final, NamedTuple, Self

from onetest_ci.reports.engine.xml_root import XmlRoot

REPORT_SUFFIXES: Final = frozenset({".xml", ".trx", ".json", ".jsonl", ".ndjson", ".tap"})
"""Extensions of reports. A file of another extension is a report only if it begins as one."""

_OUTPUT_SUFFIXES: Final = frozenset({"", ".t", ".log", ".txt", ".out"})
"""Extensions of runners' output. ".t": with PERL_TEST_HARNESS_DUMP_TAP, Test::Harness keeps what a test
prints under the name of the test."""


class FileHints(NamedTuple):
    """What a file's name, and the way it was found, suggest.

    Attributes:
        suffix: the extension in lower case, with the dot; that before ``.gz`` for a compressed file.
        named: the user named this very file, so it has to be a report.
    """

    suffix: str = ""
    named: bool = True

    @classmethod
    def of(cls, display: str, *, named: bool) -> Self:
        """Return the hints for a file by its displayed path."""
        # No Path: it takes as long as to recognise a small report.
        name = display[display.rfind("/") + 1 :].lower().removesuffix(".gz")
        stem, dot, suffix = name.rpartition(".")
        return cls(dot + suffix if stem else "", named)

    @property
    def is_output(self) -> bool:
        """Whether the extension is that of a runner's output."""
        return self.suffix in _OUTPUT_SUFFIXES

    @property
    def text_before(self) -> bool:
        """Whether text, as a runner's log, may stand before the report."""
        return self.named or self.suffix in REPORT_SUFFIXES


NAMED_FILE: Final = FileHints()
"""The hints for a file that the user named, with any extension."""


class Sign(NamedTuple):
    """Members of one JSON object that decide its format together.

    Attributes:
        format: name of the format.
        names: ``tests``; ``stats.passes`` for a member of a member, which may be a list of objects;
            ``tests[]`` and ``stats{}`` if the value has to be a list or an object.
        in_list: whether the object has to be an item of the document's list, or the document itself.
        readable: whether the file can be read. If not, the members only show what it is meant to be.
    """

    format: str
    names: tuple[str, ...]
    in_list: bool
    readable: bool


class JsonFound(NamedTuple):
    """The result of a search in a JSON file.

    Attributes:
        format: the format that a sign decided; empty for none.
        start: characters before the document that holds the sign.
        meant: the format that the members at least show; empty for none.
        documents: JSON documents that began, up to the decision.
        cut: whether the file ends inside a document, or the document is nested too deeply to be read.
    """

    format: str = ""
    start: int = 0
    meant: str = ""
    documents: int = 0
    cut: bool = False


class Head(NamedTuple):
    """The parts of a file that decide its format.

    Attributes:
        data: the first bytes.
        hints: the hints of its name.
        xml: the root element of an XML file; None for other files.
        start_tag: the start tag of a root element that is broken or cut off, up to the break; else empty.
        text: of a file that is neither XML nor JSON, the text from the first line that is not a comment.
        json: what a search in a JSON file found; None for other files.
    """

    data: bytes
    hints: FileHints = NAMED_FILE
    xml: XmlRoot | None = None
    start_tag: str = ""
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
