"""What is this file? By its content: a name only decides whether other text may stand before the report."""

import codecs
import re
from typing import Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.head import FileHints, Head, Sign
from onetest_ci.reports.engine.reading import ByteStream
from onetest_ci.reports.engine.repair import RepairedStream
from onetest_ci.reports.engine.xml_root import LONGEST_PROLOG, XmlRoot, find_root, with_contents

HEAD_SIZE: Final = 65_536

_TEXT_SAMPLE: Final = 4096
_SPACE: Final = b" \t\r\n\xef\xbb\xbf"
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAGIC: Final = (
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
_MAGICS: Final = tuple(magic for magic, _ in _MAGIC)
_COMMENTS: Final = re.compile(rb"(?:[ \t\r]*+(?:#[^\n]*+)?\n)*+")
_INSTRUCTION: Final = rb"<\?(?:[^?]|\?(?!>))*+\?>"
_COMMENT: Final = rb"<!--(?:[^-]|-(?!->))*+-->"
# A document type with a subset of its own does not match, since it is refused in any case.
_BEGUN: Final = re.compile(
    rb"(?:\s|%b|%b|<!DOCTYPE[^>\[]*+>)*+<(?:[\w.-]++:)?([A-Za-z_].*)" % (_INSTRUCTION, _COMMENT), re.DOTALL
)
_PROLOG: Final = re.compile(rb"\s*+(?=<\?xml\b)%b(?:\s|%b)*+" % (_INSTRUCTION, _COMMENT))


class Clues(NamedTuple):
    """What the formats need to know of a file.

    Attributes:
        signs: the members that decide among JSON formats.
        shared: names of XML root elements that other documents have as well.
    """

    signs: tuple[Sign, ...]
    shared: frozenset[str]


def read_head(stream: ByteStream, clues: Clues, place: FileHints) -> Head:
    """Return what decides the format of a file. The stream is at its start again afterwards.

    Args:
        stream: the file, at its start.
        clues: what the formats need to know.
        place: what the file's name and the way it was found allow.
    """
    data = _start_of(stream)
    if not data or is_blank(data) or data.startswith(_MAGICS):
        head = Head(data, place)
    elif _begins_as_json(data):
        head = _with_json(Head(data, place), stream, clues)
        if not _decided(head) and place.text_before:
            stream.seek(0)
            head = head._replace(xml=_root(b"", stream, place, clues))
    else:
        head = Head(data, place, _root(data, stream, place, clues))
        if head.xml is None:
            head = _with_text(head, stream, clues)
    stream.seek(0)
    return head


def _decided(head: Head) -> bool:
    return head.json is not None and bool(head.json.format)


def _begins_as_json(data: bytes) -> bool:
    if not data.lstrip(_SPACE).startswith((b"{", b"[", *_WIDE)):
        return False
    # Its patterns take as long as a small report of XML.
    from onetest_ci.reports.engine.json_window import begins_as_json  # noqa: PLC0415

    return begins_as_json(data)


def _with_json(head: Head, stream: ByteStream, clues: Clues) -> Head:
    from onetest_ci.reports.engine.json_members import find_format  # noqa: PLC0415

    stream.seek(0)
    found = find_format(stream, clues.signs, anywhere=head.place.text_before)
    return head._replace(json=found) if found.documents else head


def _root(data: bytes, stream: ByteStream, place: FileHints, clues: Clues) -> XmlRoot | None:
    """The root element of a file of which so much has been read."""
    try:
        root = find_root(data, stream)
        if root is not None:
            return root if root.name not in clues.shared else with_contents(root, _again(stream))
        if not place.text_before and not _is_markup(data):
            return None
        root = find_root(b"", RepairedStream(_again(stream), junk=place.text_before), "utf-8")
        if root is None or root.name not in clues.shared:
            return root
        repaired = RepairedStream(_again(stream), junk=place.text_before)
        return with_contents(root, repaired, "utf-8")
    except ReportError:
        # A damaged archive: no root element came out of it.
        return None


def _again(stream: ByteStream) -> ByteStream:
    """The stream, at its start."""
    stream.seek(0)
    return stream


def _with_text(head: Head, stream: ByteStream, clues: Clues) -> Head:
    """Add what decides in a file that does not begin as JSON and has no XML root element."""
    if begun := _BEGUN.match(_plain(head.data)):
        return head._replace(begun=begun[1][:_TEXT_SAMPLE].decode("utf-8", "replace"))
    if head.place.text_before:
        head = _with_json(head, stream, clues)
        if _decided(head):
            return head
    return head._replace(text=_first_lines(head.data, stream))


def _plain(data: bytes) -> bytes:
    """A text without byte order mark and zero bytes: enough of UTF-16 for patterns in ASCII."""
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
        data = data[:_TEXT_SAMPLE]
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
    """The first bytes; fewer when the file ends or breaks."""
    data = b""
    while len(data) < HEAD_SIZE:
        try:
            more = stream.read(HEAD_SIZE - len(data))
        except ReportError:
            # A broken archive: what came out before shows what it is.
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
    return data.lstrip(_SPACE).startswith((b"<", *_WIDE)) or b"\0" in data[:4]


# What a file looks like, for messages


def describe(head: Head) -> str:
    """Describe a file that no format accepts."""
    if head.root:
        namespace = f" in the namespace {head.namespace[:100]}" if head.namespace else ""
        return f"an XML document with the root element <{head.root[:60]}>{namespace}"
    known = next((what for magic, what in _MAGIC if head.data.startswith(magic)), None)
    return known or _kind_of_text(head.data[:_TEXT_SAMPLE].lstrip(_SPACE).lower())


def declares_entities(head: Head) -> bool:
    """Return whether it declares entities before its root element."""
    return not head.root and b"<!ENTITY" in head.data


def is_archive(head: Head) -> bool:
    """Return whether it is a gzip file or a zip archive."""
    return head.data.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"))


def _kind_of_text(sample: bytes) -> str:
    if sample.startswith((b"{", b"[")):
        return "JSON"
    if sample.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if sample.startswith(b"<"):
        return "broken XML"
    return "binary data" if b"\0" in sample else "text"


def looks_like_xml(head: Head) -> bool:
    """Return whether it starts as XML does, although no root element was found."""
    return not head.root and head.data.lstrip(_SPACE)[:5].lower() == b"<?xml"
