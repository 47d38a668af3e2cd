"""Streams any XML report through expat: safely, in bounded memory, up to the place where it breaks.

Every XML format shares this and handles the elements itself.
"""

from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat
from xml.parsers.expat import errors

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.repair import RepairedStream

DEEPEST = 500
"""Elements open at one time; real reports stay under 20."""

MOST_NAMES = 10_000
"""Different names of elements and attributes: expat keeps each for good. Real reports stay under 200."""

CHUNK = 64 * 1024
LONGEST_TOKEN = 32 * 1024 * 1024
"""Bytes of one tag or comment: expat holds it whole, so it bounds our memory."""

_NATIVE = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii"})
_REPAIRABLE = frozenset(
    errors.codes[name]
    for name in (
        errors.XML_ERROR_INVALID_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_BAD_CHAR_REF,
        errors.XML_ERROR_UNKNOWN_ENCODING,
        errors.XML_ERROR_INCORRECT_ENCODING,
        errors.XML_ERROR_MISPLACED_XML_PI,
        errors.XML_ERROR_SYNTAX,
    )
)
ENTITY_HINT = "A report needs no entities, and they can attack its reader: remove the [...] of its DOCTYPE."


class Handler(Protocol):
    """The handlers of one format for one document.

    Attributes:
        records: finished records; emptied by the stream after each chunk.
    """

    records: Records

    @property
    def depth(self) -> int:
        """How many elements are open."""

    @property
    def ended(self) -> bool:
        """Whether the root element has ended. Errors after it are not part of the document."""

    def settle(self) -> None:
        """Finish records, and keep all else within the limits; called after each chunk."""

    def finish(self) -> None:
        """Record what the end of a complete document shows."""

    def abandon(self) -> None:
        """Record the complete parts: the document breaks off here."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _RepairableError(Exception):
    """The strict parser refused a fault that the repair may cure."""


def stream_xml(
    stream: ByteStream, reading: Reading, attach: Callable[[expat.XMLParserType, Reading], Handler]
) -> Iterator[Records]:
    """Yield the records of a document, a chunk's worth at a time.

    Nothing is fetched: a DOCTYPE without internal subset is ignored, an internal subset or an undefined
    entity refuses the file. A file that breaks yields what was complete and notes ``reading.error``.

    Args:
        stream: the file, at its start.
        reading: collects warnings and notes.
        attach: sets a format's handlers on a new parser.
    """
    yielded = 0
    try:
        for batch in _batches(stream, reading, attach, encoding=None, repairable=True):
            yielded += len(batch)
            yield batch
    except _RepairableError:
        stream.seek(0)
        reading.restart()
        repaired = RepairedStream(stream, junk=not yielded, look=reading.look_for_report)
        if reading.counting:
            # A tally may be of other cases this time.
            yielded = 0
        # The first pass yielded the records before the fault. The second pass begins with the same ones.
        for batch in _batches(repaired, reading, attach, encoding="utf-8", repairable=False):
            yield batch[yielded:]
            yielded = max(0, yielded - len(batch))
        for kind, note in repaired.notes.items():
            reading.warn(kind, note)


def _batches(
    stream: _Readable,
    reading: Reading,
    attach: Callable[[expat.XMLParserType, Reading], Handler],
    *,
    encoding: str | None,
    repairable: bool,
) -> Iterator[Records]:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024
    parser.StartDoctypeDeclHandler = _no_internal_subset
    parser.EntityDeclHandler = _no_entity
    if repairable:
        parser.XmlDeclHandler = _known_encoding
    parser.SkippedEntityHandler = _no_entity
    handler = attach(parser, reading)
    failure: ReportError | None = None
    ended = False
    fed = 0
    data = b""
    chunks = _chunks(stream, parser)
    while not ended and failure is None:
        try:
            data = next(chunks, b"")
            ended = not data
            fed += len(data)
            parser.Parse(data, ended)
            handler.settle()
            _check(parser, handler.depth)
            if ended:
                handler.finish()
                reading.names = parser.intern
        except expat.ExpatError as error:
            handler.settle()
            if repairable and error.code in _REPAIRABLE:
                yield handler.records
                raise _RepairableError from None
            rest = _Rest(data, fed - parser.ErrorByteIndex, stream)
            if handler.ended and rest.is_text(reading):
                reading.warn("junk", "text after the document was left out")
                handler.finish()
                ended = True
            else:
                handler.abandon()
                failure = _broken(reading.path, error)
        except ReportError as error:
            handler.settle()
            handler.abandon()
            failure = ReportError(error.code, f"{reading.path}: {error.message}", error.hint)
        if handler.records:
            yield handler.records
            handler.records.clear()
    if failure is not None:
        reading.fail(failure)


def _chunks(stream: _Readable, parser: expat.XMLParserType) -> Iterator[bytes]:
    """Yield the file's bytes, in bigger chunks while one token goes on: expat scans it again for each."""
    size, fed, position = CHUNK, 0, 0
    while data := _read(stream, size):
        fed += len(data)
        yield data
        position, before = parser.CurrentByteIndex, position
        if fed - position > LONGEST_TOKEN:
            raise ReportError(
                "oversized-xml",
                f"a tag or comment is over {LONGEST_TOKEN >> 20} MiB, at line {parser.CurrentLineNumber}.",
                "Such a file is damaged or hostile; look at that line.",
            )
        size = CHUNK if position > before else size * 2


class _Rest:
    """The text after a document.

    Args:
        data: the last bytes that the parser received.
        rest: how much of that follows the place of its error.
        stream: the rest of the file.
    """

    def __init__(self, data: bytes, rest: int, stream: _Readable) -> None:
        start = len(data) - rest
        # The parser may point behind the "</" of what it does not understand. Else a line begins.
        before = data[max(0, start - 2) : start]
        self._data = (before if b"<" in before else b"\n") + data[start:]
        self._stream = stream
        self._is_text = True

    def is_text(self, reading: Reading) -> bool:
        """Return whether it is free of markup, so that no results are lost with it. Call this once.

        Args:
            reading: looks for a report in it that is not XML.
        """
        reading.look_for_report(self._pieces())
        return self._is_text

    def _pieces(self) -> Iterator[bytes]:
        data = self._data
        try:
            while data:
                self._is_text = self._is_text and b"<" not in data
                yield data
                data = _read(self._stream, CHUNK)
        except ReportError:
            self._is_text = False


def _read(stream: _Readable, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise ReportError("unreadable-file", f"it cannot be read on: {error.strerror or error}.") from None


def _broken(path: str, error: expat.ExpatError) -> ReportError:
    what = expat.ErrorString(error.code)
    return ReportError(
        "broken-xml",
        f"{path} is broken XML: {what}, line {error.lineno}, column {error.offset + 1}.",
        "The tests before that place were read. A test runner that was killed leaves such a file.",
    )


def _check(parser: expat.XMLParserType, depth: int) -> None:
    """Check the limits once per chunk. This costs nothing, and exceeds them by a chunk at most."""
    hint = "No test runner writes such a file; see what made it."
    line = parser.CurrentLineNumber
    if depth > DEEPEST:
        raise ReportError("too-deep", f"more than {DEEPEST} elements are open at line {line}.", hint)
    if len(parser.intern) > MOST_NAMES:
        what = f"it has more than {MOST_NAMES:,} different names of elements and attributes by line {line}."
        raise ReportError("too-many-names", what, hint)


def _known_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    """Leave to the repairing reader what expat does not decode; it would fail right after this call."""
    if encoding is not None and encoding.lower() not in _NATIVE:
        raise _RepairableError


def _no_internal_subset(
    _name: str, _system: str | None, _public: str | None, has_internal_subset: int
) -> None:
    if has_internal_subset:
        raise ReportError("xml-entities", "it has a document type of its own.", ENTITY_HINT)


def _no_entity(name: str, *_details: object) -> None:
    raise ReportError("xml-entities", f"it uses the XML entity {name[:40]!r}.", ENTITY_HINT)
