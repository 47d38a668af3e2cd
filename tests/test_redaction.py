"""Secrets: not shown by accident, and removed from text by value."""

import base64
import io
import json
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from onetest_ci.redaction import Redactor, Secret

KEY = "ak_abcdefghijklmnopqrstuvwxyz012345"
ODD = 'k&y<"with>\\odd/characters+='


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {secret!s} {[secret]}"
    assert secret.reveal() == KEY
    assert secret == Secret(KEY)
    assert secret not in (Secret("other"), KEY)


@pytest.mark.parametrize("key", [KEY, ODD])
@pytest.mark.parametrize(
    "spell",
    [
        str,
        json.dumps,
        escape,
        lambda key: escape(key, {'"': "&quot;"}),
        lambda key: quote(key, safe=""),
        lambda key: json.dumps({"token": [key]}),
    ],
)
def test_however_a_format_spells_it(key: str, spell: object) -> None:
    assert callable(spell)
    text = Redactor([Secret(key)])(f"before {spell(key)} after")
    assert key not in text
    assert spell(key).strip('"') not in text
    assert text.startswith("before ")
    assert text.endswith(" after")
    assert "***" in text


@pytest.mark.parametrize("before", ["", "u", "us", "user", "user:", "abcdef:"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
def test_inside_base64(before: str, after: str) -> None:
    encoded = base64.b64encode(f"{before}{KEY}{after}".encode()).decode()
    text = Redactor([Secret(KEY)])(f"Basic {encoded}")
    assert "***" in text
    assert len(text) < len(encoded) / 2


def test_one_secret_that_holds_another() -> None:
    assert Redactor([Secret("secret-key"), Secret("secret-key-2")])("secret-key-2 secret-key") == "*** ***"


def test_no_secret() -> None:
    assert Redactor([Secret("")])("text") == Redactor.none()("text") == "text"


@pytest.mark.parametrize("offset", [-40, -36, -35, -34, -20, -2, -1, 0, 1])
def test_a_file_with_the_secret_across_two_reads(offset: int) -> None:
    head = b"x" * (1024 * 1024 + offset)
    target = io.BytesIO()
    Redactor([Secret(KEY)]).copy(io.BytesIO(head + KEY.encode() + b"tail"), target)
    assert target.getvalue() == head + b"***tail"


def test_a_file_that_comes_in_small_pieces() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 1, 7))

    target = io.BytesIO()
    Redactor([Secret(KEY)]).copy(Trickle(f"a{KEY}b{KEY}{KEY}c".encode()), target)
    assert target.getvalue() == b"a***b******c"


@pytest.mark.parametrize("content", [b"", b"x", KEY.encode()[:-1], b"\xff\xfe" * 100])
def test_a_file_without_a_secret_is_copied_as_it_is(content: bytes) -> None:
    for redactor in (Redactor([Secret(KEY)]), Redactor.none()):
        target = io.BytesIO()
        redactor.copy(io.BytesIO(content), target)
        assert target.getvalue() == content
