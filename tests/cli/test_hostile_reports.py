"""Broken and hostile reports through the installed command: clear rows, bounded memory, nothing fetched."""

import gzip
import io
import json
import os
import random
import socket
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from support.memory import Measured, measured

# MiB. The command alone takes 20; to hold any of these files, or to build a tree of them, takes far more.
LITTLE = 90
ONE = '<testsuite><testcase name="a"/></testsuite>'
CASE = '<testcase classname="a.B" name="case number {}" time="0.5"><system-out>{}</system-out></testcase>\n'


def rows(done: Measured, most: int = LITTLE) -> list[dict[str, Any]]:
    assert done.peak < most
    return list(json.loads(done.stdout)["files"])


def inspect(place: Path, *names: str, most: int = LITTLE, code: int | None = None) -> list[dict[str, Any]]:
    done = measured("inspect", "--format", "json", *(names or (".",)), cwd=place)
    found = rows(done, most)
    expected = 3 if any(row["error"] for row in found) else 0
    assert done.returncode == (expected if code is None else code), done.stderr
    return found


def one(place: Path, content: bytes | str, name: str = "r.xml", most: int = LITTLE) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    (place / name).write_bytes(data)
    (row,) = inspect(place, name, most=most)
    return row


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def many_cases(number: int) -> str:
    return '<testsuites><testsuite name="s">' + "".join(CASE.format(i, "out " * 50) for i in range(number))


def test_truncated_in_the_middle(place: Path) -> None:
    row = one(place, many_cases(60_000) + '<testcase name="half')
    assert (row["tests"], row["truncated"], row["error"]["code"]) == (60_000, True, "broken-xml")
    assert "line 60001" in row["error"]["message"]


@pytest.mark.parametrize(
    "junk", ["npm WARN deprecated\n", "\x1b[32mPASS\x1b[0m src/a.test.js\n", "x" * 50_000]
)
def test_text_before_the_document(place: Path, junk: str) -> None:
    row = one(place, f'{junk}<?xml version="1.0"?>{many_cases(3)}</testsuite></testsuites>')
    assert (row["tests"], row["error"]) == (3, None)
    assert row["warnings"] == ["text before the document was left out"]


def test_text_after_the_document(place: Path) -> None:
    row = one(place, many_cases(3) + "</testsuite></testsuites>\nKilled\n" + "\0" * 5_000_000)
    assert (row["tests"], row["error"]) == (3, None)
    assert "text after the document was left out" in row["warnings"]


def test_another_document_after_the_first(place: Path) -> None:
    row = one(place, (many_cases(3) + "</testsuite></testsuites>\n") * 2)
    assert (row["tests"], row["truncated"], row["error"]["code"]) == (3, True, "broken-xml")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\0" * 1_000_000])
def test_empty(place: Path, content: bytes) -> None:
    assert one(place, content)["error"]["code"] == "empty-file"


def test_binary(place: Path) -> None:
    assert one(place, random.Random(1).randbytes(3_000_000))["error"]["code"] == "unknown-format"  # noqa: S311


@pytest.mark.parametrize("name", ["report", "report.txt", "report.json", "report.zip", "report.gz"])
def test_a_wrong_extension(place: Path, name: str) -> None:
    row = one(place, many_cases(2) + "</testsuite></testsuites>", name)
    assert (row["format"], row["tests"], row["error"]) == ("junit", 2, None)


@pytest.mark.parametrize(
    "where", ['name="{}"', 'name="n" classname="{}"', 'name="n"><failure message="{}"/></testcase']
)
def test_ten_megabytes_in_one_attribute(place: Path, where: str) -> None:
    end = ">" if where.endswith("testcase") else "/>"
    row = one(place, f"<testsuite><testcase {where.format('x' * 10_000_000)}{end}</testsuite>", most=150)
    assert (row["tests"], row["error"]) == (1, None)


def test_a_tag_without_an_end(place: Path) -> None:
    row = one(place, '<testsuite><testcase name="a"/><testcase name="' + "x" * 80_000_000, most=200)
    assert (row["tests"], row["error"]["code"]) == (1, "oversized-xml")


@pytest.mark.parametrize("tag", ["testsuite", "testcase", "system-out", "properties", "a"])
def test_a_hundred_thousand_levels(place: Path, tag: str) -> None:
    row = one(place, '<testsuite><testcase name="a"/>' + f"<{tag}>" * 100_000)
    assert (row["tests"], row["error"]["code"]) == (1, "too-deep")


def test_endless_names(place: Path) -> None:
    row = one(place, "<testsuite>" + "".join(f"<n{i} a{i}='1'/>" for i in range(300_000)) + "</testsuite>")
    assert row["error"]["code"] == "too-many-names"


@pytest.mark.parametrize(
    "inside",
    [
        '<property name="p" value="{}"/>',
        "<system-out>{}</system-out>",
        "<failure>{}</failure>",
        "<rerunFailure>{}</rerunFailure>",
    ],
)
def test_endless_parts_of_one_case(place: Path, inside: str) -> None:
    parts = inside.format("x" * 60_000) * 2_500
    row = one(place, f'<testsuite><testcase name="a">{parts}</testcase></testsuite>')
    assert (row["tests"], row["error"]) == (1, None)
    assert row["warnings"]


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
ENTITIES = {
    "billion laughs": f'<!DOCTYPE t [<!ENTITY l0 "ha">{LAUGHS}]><testsuite name="&l9;"/>',
    "quadratic": f'<!DOCTYPE t [<!ENTITY a "{"x" * 100_000}">]><testsuite name="{"&a;" * 30_000}"/>',
    "file": '<!DOCTYPE t [<!ENTITY a SYSTEM "SECRET">]><testsuite><testcase>&a;</testcase></testsuite>',
    "parameter file": '<!DOCTYPE t [<!ENTITY % a SYSTEM "SECRET"> %a;]><testsuite/>',
    "URL": '<!DOCTYPE t [<!ENTITY a SYSTEM "http://HOST/x">]><testsuite><testcase name="&a;"/></testsuite>',
    "parameter URL": '<!DOCTYPE t [<!ENTITY % a SYSTEM "http://HOST/x"> %a;]><testsuite/>',
}


@pytest.mark.parametrize("attack", ENTITIES)
def test_entities(place: Path, attack: str) -> None:
    secret = place.parent / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        row = one(place, ENTITIES[attack].replace("SECRET", secret.as_uri()).replace("HOST", host))
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert (row["tests"], row["error"]["code"]) == (0, "xml-entities")
    assert "the secret" not in json.dumps(row)


def test_a_document_type_elsewhere_is_not_fetched(place: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x.dtd"
        row = one(place, f'<!DOCTYPE t SYSTEM "{address}"><testsuite><testcase name="a"/></testsuite>')
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert (row["tests"], row["error"]) == (1, None)


def bomb() -> tuple[bytes, int]:
    """A report of 600 MB as a deflate stream, and its checksum."""
    head = b'<testsuite name="s"><testcase name="a"/><testcase name="b"><system-out>'
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b"x" * 1_000_000
    checksum = zlib.crc32(head)
    packed = packer.compress(head)
    for _ in range(600):
        packed += packer.compress(block)
        checksum = zlib.crc32(block, checksum)
    return packed + packer.flush(), checksum


@pytest.fixture(scope="module")
def packed_bomb() -> tuple[bytes, int]:
    return bomb()


def test_a_gzip_bomb(place: Path, packed_bomb: tuple[bytes, int]) -> None:
    data, checksum = packed_bomb
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    row = one(place, head + data + struct.pack("<II", checksum, 600_000_000), "r.xml.gz")
    assert (row["tests"], row["truncated"], row["error"]["code"]) == (1, True, "archive-bomb")


def test_a_zip_bomb(place: Path) -> None:
    with zipfile.ZipFile(place / "r.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.xml", ONE)
        for number in range(4):
            archive.writestr(f"{number}.xml", "<testsuite><testcase name='a'/>" + " " * 100_000_000)
    found = inspect(place, "r.zip")
    assert [row["path"] for row in found[:2]] == ["r.zip!good.xml", "r.zip!0.xml"]
    assert found[0]["error"] is None
    assert {row["error"]["code"] for row in found[3:]} == {"archive-bomb"}


def overlapping(data: bytes, checksum: int, size: int, copies: int) -> bytes:
    """A zip whose members are all the same bytes, as the worst bombs are made."""
    fields = (20, 0, 8, 0, 33, checksum, len(data), size, 1, 0)
    content = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + b"a" + data
    entry = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<HHHHIIH", 0, 0, copies, copies, len(entry) * copies, len(content), 0)
    return content + entry * copies + b"PK\x05\x06" + end


def test_a_zip_of_overlapping_members(place: Path) -> None:
    document = b"<testsuite><testcase name='a'/>" + b" " * 20_000_000 + b"</testsuite>"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(document) + packer.flush()
    (place / "r.zip").write_bytes(overlapping(packed, zlib.crc32(document), len(document), 1000))
    found = inspect(place, "r.zip")
    assert found[0]["error"] is None
    # Pythons with a check of their own for members that overlap find the archive broken before it has grown.
    assert found[-1]["error"]["code"] in {"archive-bomb", "broken-archive"}


def test_a_zip_with_too_many_members(place: Path) -> None:
    (place / "r.zip").write_bytes(overlapping(b"", 0, 0, 60_000))
    (row,) = inspect(place, "r.zip")
    assert (row["path"], row["error"]["code"]) == ("r.zip", "archive-bomb")


def test_names_that_lead_out_of_a_zip(place: Path) -> None:
    with zipfile.ZipFile(place / "r.zip", "w") as archive:
        for name in ("../up.xml", "/abs.xml", "C:\\win.xml", "a/../../b.xml", "same.xml", "dir/"):
            archive.writestr(name, "" if name.endswith("/") else ONE)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("same.xml", ONE)
    before = sorted(place.parent.rglob("*"))
    found = inspect(place, "r.zip")
    assert [row["path"] for row in found] == [
        *("r.zip!../up.xml", "r.zip!/abs.xml", "r.zip!C:/win.xml", "r.zip!a/../../b.xml"),
        *("r.zip!same.xml", "r.zip!same.xml#2"),
    ]
    assert ["leads out" in str(row["warnings"]) for row in found] == [True] * 4 + [False] * 2
    assert sorted(path for path in place.parent.rglob("*") if path.suffix != ".peak") == before


def test_a_zip_that_is_encrypted_nested_or_packed_in_an_odd_way(place: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.xml", ONE)
    with zipfile.ZipFile(place / "r.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("inner.xml.gz", gzip.compress(ONE.encode()))
        archive.writestr("lzma.xml", ONE, zipfile.ZIP_LZMA)
        archive.writestr("locked.xml", ONE)
    data = bytearray((place / "r.zip").read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (place / "r.zip").write_bytes(data)
    found = inspect(place, "r.zip")
    codes = [(row["path"], row["error"]["code"]) for row in found]
    assert codes == [("r.zip!lzma.xml", "unsupported-archive"), ("r.zip!locked.xml", "encrypted-archive")]


def test_links_pipes_and_devices(place: Path) -> None:
    (place / "good.xml").write_text(ONE, encoding="utf-8")
    (place / "loop").symlink_to(".")
    (place / "up").symlink_to("..")
    (place / "self.xml").symlink_to("self.xml")
    (place / "zero.xml").symlink_to("/dev/zero")
    (place / "pipe.xml").symlink_to("pipe")
    os.mkfifo(place / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(place, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/s.xml")
        os.close(here)
        for pattern in (".", "**/*.xml", "*"):
            found = inspect(place, pattern)
            assert [row["path"] for row in found] == ["good.xml"]
    for named in ("zero.xml", "pipe", "self.xml"):
        (row,) = inspect(place, named)
        assert row["error"]["code"] in {"unreadable-file", "file-not-found"}


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x08", "&#27;", "&#0;", "\ufffe"])
def test_characters_that_xml_does_not_allow(place: Path, character: str) -> None:
    text = many_cases(20_000) + f'<testcase name="last {character}"/></testsuite></testsuites>'
    row = one(place, text)
    assert (row["tests"], row["error"]) == (20_001, None)
    assert row["warnings"] == ["the file holds characters that XML does not allow; they are shown as symbols"]


def test_the_end_of_a_cdata_section_in_a_text(place: Path) -> None:
    text = "<failure>a ]]&gt; b <![CDATA[c ]]]]><![CDATA[> d]]></failure>"
    row = one(place, f'<testsuite><testcase name="a">{text}</testcase></testsuite>')
    assert (row["failures"], row["error"]) == (1, None)


def test_a_bare_end_of_a_cdata_section(place: Path) -> None:
    odd = '<testcase name="b"><failure>x ]]> y</failure></testcase>'
    row = one(place, f'<testsuite><testcase name="a"/>{odd}</testsuite>')
    assert (row["tests"], row["failures"], row["truncated"], row["error"]) == (2, 1, False, None)
    assert row["warnings"] == ["the file holds ]]> where no CDATA section ends; it is kept as text"]
