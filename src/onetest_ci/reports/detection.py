"""Recognises the format of a file by its content.

The file's name only decides whether other text may stand before the report.
"""

import codecs
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.engine.head import NAMED_FILE, FileHints, Head
from onetest_ci.reports.engine.reading import ByteStream
from onetest_ci.reports.engine.repair import RepairedStream
from onetest_ci.reports.engine.xml_root import LONGEST_PROLOG, XmlRoot, find_root, with_contents
from onetest_ci.reports.formats.table import FORMATS

HEAD_SIZE: Final = 65_536

TEXT_SAMPLE: Final = 4096
SPACE: Final = b" \t\r\n\xef\xbb\xbf"
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MAGIC_NUMBERS: Final = (
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_MAGIC: Final = tuple(number for number, _ in MAGIC_NUMBERS)
_COMMENTS: Final = re.compile(rb"(?:[ \t\r]*+(?:#[^\n]*+)?\n)*+")
_INSTRUCTION: Final = rb"<\?(?:[^?]|\?(?!>))*+\?>"
_COMMENT: Final = rb"<!--(?:[^-]|-(?!->))*+-->"
# A document type with a subset of its own does not match, since it is refused in any case.
_START_TAG: Final = re.compile(
    rb"(?:\s|%b|%b|<!DOCTYPE[^>\[]*+>)*+<(?:[\w.-]++:)?([A-Za-z_].*)" % (_INSTRUCTION, _COMMENT), re.DOTALL
)
_PROLOG: Final = re.compile(rb"\s*+(?=<\?xml\b)%b(?:\s|%b)*+" % (_INSTRUCTION, _COMMENT))


_SIGNS: Final = tuple(sign for report_format in FORMATS for sign in report_format.signs)
_SHARED_ROOTS: Final = frozenset(name for report_format in FORMATS for name in report_format.shared)


def format_of(head: Head) -> Format | None:
    """Return the format of a file; None if no format recognises it."""
    return next((report_format for report_format in FORMATS if report_format.recognises(head)), None)


def pinned_format(name: str, head: Head) -> Format | None:
    """Return the format that the user pins; None if the file cannot be read as that format."""
    report_format = next(report_format for report_format in FORMATS if report_format.name == name)
    return report_format if report_format.recognises(head) or report_format.could_be(head) else None


def meant_format(head: Head) -> Format | None:
    """Return the format that a file is unmistakably meant to be of although it cannot be read as it."""
    return next((report_format for report_format in FORMATS if report_format.is_meant(head)), None)


def hidden_format(head: Head) -> Format | None:
    """Return the format of a report behind other text, in a file of a runner's output; else None."""
    if head.xml is not None or head.json is not None or head.hints.text_before or not head.hints.is_output:
        return None
    return format_of(read_head(BytesIO(head.data)))


def report_beside(text: Iterator[bytes]) -> str:
    """Return the title of the format of a report in the text beside another report; empty for none.

    Args:
        text: in pieces; read to its end.
    """
    # Few files have such text.
    from onetest_ci.reports.engine.other_report import find_report  # noqa: PLC0415

    titles = {report_format.name: report_format.title for report_format in FORMATS}
    return find_report(text, _SIGNS, titles.__getitem__)


def read_head(stream: ByteStream, hints: FileHints = NAMED_FILE) -> Head:
    """Return what decides the format of a file. The stream is at its start again afterwards.

    Args:
        stream: the file, at its start.
        hints: what the file's name, and the way it was found, suggest.

    Raises:
        ReportError: nothing can be read out of an archive.
    """
    data = _start_of(stream)
    if not data or is_blank(data) or data.startswith(_MAGIC):
        head = Head(data, hints)
    elif _begins_as_json(data):
        head = _with_json(Head(data, hints), stream)
        if not _is_decided(head) and hints.text_before:
            stream.seek(0)
            head = head._replace(xml=_root(b"", stream, hints))
    else:
        head = Head(data, hints, _root(data, stream, hints))
        if head.xml is None:
            head = _with_text(head, stream)
    stream.seek(0)
    return head


def _is_decided(head: Head) -> bool:
    return head.json is not None and bool(head.json.format)


def _begins_as_json(data: bytes) -> bool:
    if not data.lstrip(SPACE).startswith((b"{", b"[", *_WIDE)):
        return False
    # Its patterns take as long as a small report of XML.
    from onetest_ci.reports.engine.json_window import begins_as_json  # noqa: PLC0415

    return begins_as_json(data)


def _with_json(head: Head, stream: ByteStream) -> Head:
    from onetest_ci.reports.engine.json_members import find_format  # noqa: PLC0415

    stream.seek(0)
    found = find_format(stream, _SIGNS, anywhere=head.hints.text_before)
    return head._replace(json=found) if found.documents else head


def _root(data: bytes, stream: ByteStream, hints: FileHints) -> XmlRoot | None:
    """Return the root element of a file, of which ``data`` is the beginning."""
    try:
        root = find_root(data, stream)
        if root is not None:
            return root if root.name not in _SHARED_ROOTS else with_contents(root, _again(stream))
        if not hints.text_before and not _is_markup(data):
            return None
        root = find_root(b"", RepairedStream(_again(stream), junk=hints.text_before), "utf-8")
        if root is None or root.name not in _SHARED_ROOTS:
            return root
        repaired = RepairedStream(_again(stream), junk=hints.text_before)
        return with_contents(root, repaired, "utf-8")
    except ReportError:
        # A damaged archive: no root element came out of it.
        return None


def _again(stream: ByteStream) -> ByteStream:
    """Return the stream, moved to its start."""
    stream.seek(0)
    return stream


def _with_text(head: Head, stream: ByteStream) -> Head:
    """Add what decides in a file that does not begin as JSON and has no XML root element."""
    if found := _START_TAG.match(_plain(head.data)):
        return head._replace(start_tag=found[1][:TEXT_SAMPLE].decode("utf-8", "replace"))
    if head.hints.text_before:
        head = _with_json(head, stream)
        if _is_decided(head):
            return head
    return head._replace(text=_first_lines(head.data, stream))


def _plain(data: bytes) -> bytes:
    """Return the text without byte order mark and zero bytes: enough of UTF-16 for patterns in ASCII."""
    for mark in (codecs.BOM_UTF8, *_WIDE):
        data = data.removeprefix(mark)
    return data.replace(b"\0", b"")


def _first_lines(data: bytes, stream: ByteStream) -> bytes:
    """Return the first line that is not blank or a comment, and what follows it."""
    data = _past_comments(_plain(data))
    if not _is_comment(data):
        return data
    # A page of comments: read on.
    stream.seek(0)
    data, passed = b"", 0
    while passed < LONGEST_PROLOG and (more := _read(stream)):
        passed += len(more)
        data = _past_comments(data + _plain(more))
        if not _is_comment(data):
            return data
        # The line may be of any length.
        data = data[:TEXT_SAMPLE]
    return data


def _past_comments(data: bytes) -> bytes:
    comments = _COMMENTS.match(data)
    return data[comments.end() :] if comments is not None else data


def _is_comment(data: bytes) -> bool:
    return data.lstrip()[:1] in {b"", b"#"}


def _read(stream: ByteStream) -> bytes:
    try:
        return stream.read(HEAD_SIZE)
    except ReportError:
        return b""


def _start_of(stream: ByteStream) -> bytes:
    """Return the first bytes. Fewer if the file ends or cannot be read on."""
    data = b""
    while len(data) < HEAD_SIZE:
        try:
            more = stream.read(HEAD_SIZE - len(data))
        except ReportError:
            # A broken archive: the part before the fault shows the kind of file.
            if data:
                break
            raise
        if not more:
            break
        data += more
    return data


def is_blank(data: bytes) -> bool:
    """Nothing but white space, byte order marks and zero bytes, as a runner that was killed leaves."""
    return not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe")


def is_prolog(data: bytes) -> bool:
    """Return whether a short file holds what stands before an XML root element, and no more."""
    return len(data) < HEAD_SIZE and _PROLOG.fullmatch(_plain(data)) is not None


def _is_markup(data: bytes) -> bool:
    return data.lstrip(SPACE).startswith((b"<", *_WIDE)) or b"\0" in data[:4]
