"""What is this file? By its content only: names and extensions lie."""

import io
from xml.parsers import expat

from onetest_ci.errors import ReportError
from onetest_ci.reports.dialect import ByteStream, Head
from onetest_ci.reports.json_head import json_keys
from onetest_ci.reports.repair import RepairedStream

HEAD_SIZE = 65_536
_TEXT_SAMPLE = 4096
_MAGIC = (
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


class _RootFoundError(Exception):
    """Ends the parse: what comes after the root's start tag is not sniffed."""


def read_head(stream: ByteStream) -> Head:
    """The start of a file and its XML root element, if any. The stream is at its start again afterwards."""
    data = _start_of(stream)
    stream.seek(0)
    if not data or is_blank(data) or data.startswith(tuple(magic for magic, _ in _MAGIC)):
        return Head(data)
    if keys := json_keys(data):
        return Head(data, keys=keys)
    root = _root(data, None)
    if root is None:
        repaired = RepairedStream(io.BytesIO(data))
        root = _root(b"".join(iter(lambda: repaired.read(HEAD_SIZE), b"")), "utf-8")
    return Head(data, *root) if root is not None else Head(data, keys=json_keys(data, later=True))


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


def _root(data: bytes, encoding: str | None) -> tuple[str, str] | None:
    """Local name and namespace of the root element, None when the parser does not get there."""
    found: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        found.append(tag)
        raise _RootFoundError

    parser = expat.ParserCreate(encoding, "\n")
    parser.StartElementHandler = start
    try:
        parser.Parse(data, False)
    except _RootFoundError:
        namespace, _, local = found[0].rpartition("\n")
        return local, namespace
    except (expat.ExpatError, LookupError, ValueError):
        # pyexpat raises the latter two for encodings that it does not know.
        return None
    return None


def describe(head: Head) -> str:
    """What a file that no dialect knows looks like, for the message."""
    if head.root:
        namespace = f" in the namespace {head.namespace[:100]}" if head.namespace else ""
        return f"an XML document with the root element <{head.root[:60]}>{namespace}"
    known = next((what for magic, what in _MAGIC if head.data.startswith(magic)), None)
    return known or _kind_of_text(head.data[:_TEXT_SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n").lower())


def declares_entities(head: Head) -> bool:
    """Does it declare entities before its root element?"""
    return not head.root and b"<!ENTITY" in head.data


def is_archive(head: Head) -> bool:
    """A gzip file or a zip archive."""
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
    """Does it start as XML does, although no root element was found?"""
    return not head.root and head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() == b"<?xml"
