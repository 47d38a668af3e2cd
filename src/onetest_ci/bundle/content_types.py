"""Detect the MIME type of a file, by its first bytes and only then by its name."""

import codecs
import mimetypes
from pathlib import PurePath
from typing import Final

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_BRANDS: Final = {
    b"avif": "image/avif",
    b"heic": "image/heic",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
"""Types that share the signature of MP4."""

_BINARY: Final = "application/octet-stream"
_TEXT_NAMES: Final = frozenset({"text/html", "text/csv", "text/xml", "application/xml", "application/json"})

HEAD_BYTES: Final = 4096
"""Size of the part of a file that ``content_type`` needs."""


def content_type(name: str, head: bytes) -> str:
    """Return the MIME type of a file.

    Args:
        name: decides only between types of text, and for types without a signature.
        head: the file's first ``HEAD_BYTES`` bytes.
    """
    for signature, mime_type in _SIGNATURES:
        if head.startswith(signature):
            return mime_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    guessed = mimetypes.guess_type(PurePath(name).name)[0] or ""
    if _is_text(head):
        return guessed if guessed in _TEXT_NAMES else "text/plain"
    return guessed if guessed and not guessed.startswith(("text/", "image/")) else _BINARY


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        # If the head is not the whole file, its last character may be cut.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    return True
