"""The search for secrets finds each form of a secret. Otherwise an empty result would prove nothing."""

import base64
import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from support.secrets import Search

SECRET = "ak_+/0123456789ABCDEFGHIJKLMNOP=="  # noqa: S105 - made up


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", b"x" * 1000 + content)
    return buffer.getvalue()


SPELLED = {
    "plain": SECRET.encode(),
    "percent-encoded": quote(SECRET, safe="").encode(),
    "fully percent-encoded": "".join(f"%{ord(letter):02X}" for letter in SECRET).encode(),
    "Markdown": SECRET.replace("_", "\\_").encode(),
    "zip": zipped(SECRET.encode()),
    **{
        f"base64 behind {before!r}": base64.b64encode(f"{before}{SECRET}{after}".encode())
        for before, after in (("", ""), ("user:", ""), (":", ""), ("Bearer ", "\n"), ("ci:", "@host"))
    },
    "URL-safe base64": base64.urlsafe_b64encode(f"me:{SECRET}".encode()),
}


@pytest.mark.parametrize("content", SPELLED.values(), ids=SPELLED)
def test_a_secret_is_found_however_it_is_spelled(content: bytes, tmp_path: Path) -> None:
    search = Search("another", SECRET)
    assert list(search.in_bytes("here", b"before " + content + b" after")) or content.startswith(b"PK")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(content)
    assert list(search.in_files([tmp_path]))


def test_a_secret_in_a_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "token-of-somebody.log").touch()
    assert list(Search("token-of-somebody").in_files([tmp_path]))


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(SECRET[:-4].encode() + base64.b64encode(b"another secret"))
    assert list(Search(SECRET).in_files([tmp_path])) == []
