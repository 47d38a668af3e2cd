"""What kind of file this is: by its first bytes, then by its name."""

import pytest

from onetest_ci.bundle.content_types import HEAD_BYTES, content_type

LATIN_1 = "größe\n".encode("latin-1")


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n\0", "image/png"),
        ("a.png", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a", b"GIF89a", "image/gif"),
        ("a", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("a", b"RIFF\0\0\0\0WAVE", "application/octet-stream"),
        ("a", b"\0\0\0\x20ftypisom", "video/mp4"),
        ("a", b"\0\0\0\x20ftypqt  ", "video/quicktime"),
        ("a.jpg", b"\0\0\0\x20ftypheic", "image/heic"),
        ("a", b"\x1aE\xdf\xa3", "video/webm"),
        ("a", b"%PDF-1.7", "application/pdf"),
        ("trace", b"PK\x03\x04", "application/zip"),
        ("a.html", b"<html>", "text/html"),
        ("a.json", b"{}", "application/json"),
        ("a.csv", b"a,b", "text/csv"),
        ("a.log", b"plain", "text/plain"),
        ("a.png", b"plain", "text/plain"),
        ("a.exe", b"plain", "text/plain"),
        ("a.svg", b"<svg><script/></svg>", "text/plain"),
        ("a", b"", "text/plain"),
        ("a.txt", b"\0\1\2", "application/octet-stream"),
        ("a.png", b"\0\1\2", "application/octet-stream"),
        ("a.txt", LATIN_1, "application/octet-stream"),
        ("a.txt", (LATIN_1 * HEAD_BYTES)[:HEAD_BYTES], "application/octet-stream"),
        ("../../x/a.json", b"{}", "application/json"),
    ],
)
def test_kinds(name: str, head: bytes, expected: str) -> None:
    assert content_type(name, head) == expected


@pytest.mark.parametrize("shift", range(4))
def test_a_character_that_the_head_cuts_in_two(shift: int) -> None:
    head = (b"x" * shift + "🛒".encode() * HEAD_BYTES)[:HEAD_BYTES]
    assert content_type("a.log", head) == "text/plain"


def test_a_short_file_that_ends_within_a_character() -> None:
    assert content_type("a.log", "🛒".encode()[:3]) == "application/octet-stream"
