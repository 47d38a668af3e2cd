"""Secrets: not shown by accident, and removed from text by value."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable
from itertools import product
from typing import Any, get_type_hints
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt, Case
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.text.cut import cut_middle, shorten_name

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


# --- base64, in one line and in many


BEFORE = ["", "u", "us", "user:", "abcdef:", "PATH=/usr/local/bin:/usr/bin\nONETEST_API_KEY="]
AFTER = ["", "x", "xy", "xyz", "\nHOME=/home/u\n" * 5]
BREAKS = {
    "none": (0, ""),
    "PEM": (64, "\n"),
    "MIME": (76, "\r\n"),
    "Ruby": (60, "\n"),
    "narrow": (24, "\n"),
    **{f"indented {width}": (width, "\n" + " " * 12) for width in (61, 62, 63)},
}
ESCAPED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "XML": lambda text: escape(text, {"\n": "&#10;", "\r": "&#13;"}),
}


def in_lines(encoded: str, width: int, line_break: str) -> str:
    if not width:
        return encoded
    return line_break.join(encoded[start : start + width] for start in range(0, len(encoded), width))


@pytest.mark.parametrize("escaped", ESCAPED.values(), ids=ESCAPED)
@pytest.mark.parametrize(("width", "line_break"), BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("key", [KEY, ODD, "8letters", KEY * 10])
def test_inside_base64(key: str, width: int, line_break: str, escaped: Callable[[str], str]) -> None:
    """No group of it is left with any text before and after it, and those of others are."""
    redactor = Redactor([Secret(key)])
    for before, after in product(BEFORE, AFTER):
        encoded = base64.b64encode(f"{before}{key}{after}".encode()).decode()
        text = redactor(f"Basic {escaped(in_lines(encoded, width, line_break))}.")
        assert text.startswith("Basic ")
        assert text.endswith(".")
        assert text.count("***") == 1
        kept, dropped = (re.sub(r"\\[rn]|&#1[03];|\s", "", part) for part in text[6:-1].split("***"))
        assert before.encode().startswith(base64.b64decode(kept))
        assert after.encode().endswith(base64.b64decode(dropped))
        assert len(base64.b64decode(kept)) > len(before) - 3
        assert len(base64.b64decode(dropped)) > len(after) - 3


def test_url_safe_base64_and_base64_with_escaped_slashes() -> None:
    key = b"ab?cd>ef~gh?"
    encoded = base64.b64encode(key).decode()
    assert {"+", "/"} <= set(encoded)
    for spelled in (encoded, base64.urlsafe_b64encode(key).decode(), encoded.replace("/", "\\/")):
        assert Redactor([Secret(key.decode())])(spelled) == "***"


def test_a_text_that_only_begins_like_base64_of_the_secret_stays() -> None:
    encoded = base64.b64encode(KEY.encode()).decode()
    for text in (encoded[:30], encoded[:12] + " " + encoded[13:], encoded.replace("\n", "").lower()):
        assert Redactor([Secret(KEY)])(text) == text


# --- what is replaced where


def test_one_secret_that_holds_another() -> None:
    assert Redactor([Secret("secret-key"), Secret("secret-key-2")])("secret-key-2 secret-key") == "*** ***"


def test_no_secret() -> None:
    assert Redactor([Secret("")])("text") == Redactor.none()("text") == "text"
    assert not Redactor([Secret("")])
    assert Redactor([Secret(KEY)])
    assert Redactor([], [Secret("user:proxy")])


def test_a_short_password_goes_with_its_login_and_stays_in_names() -> None:
    redactor = Redactor([], [Secret("user:proxy"), Secret("//contoso-engineering")])
    text = "https://user:proxy@proxy.example https://contoso-engineering@dev.azure.com/x"
    assert redactor.text(text) == "https://***proxy.example https:***dev.azure.com/x"
    assert redactor.text(f"Basic {base64.b64encode(b'user:proxy').decode()}") == "Basic ***"
    assert redactor(text) == text
    for word in ("proxy", "test_proxy_user", "user", "contoso-engineering", "user:proxy"):
        assert redactor.text(word) == word
    assert Redactor([], [Secret("a:b")]).text(base64.b64encode(b"a:b").decode()) == "YTpi"


@pytest.mark.parametrize("spell", [str, lambda key: base64.b64encode(key.encode()).decode(), quote])
def test_a_part_of_a_secret_that_a_cut_left_goes_as_well(spell: Callable[[str], str]) -> None:
    """A text is cut while it is read, and a part of a secret is as telling."""
    redactor = Redactor([Secret(KEY)])
    for kept in range(20, 130, 2):
        text = cut_middle(f"{'head,' * 10}{spell(KEY)}{',tail' * 10}", kept)
        assert "characters cut" in text
        shown = redactor.text(text)
        secret = spell(KEY)
        assert not [start for start in range(len(secret) - 5) if secret[start : start + 5] in shown]
        assert shown.replace("***", "") in text or shown.count("***") <= 2
    for text in ("head ak_a\nand more", "… 12 characters cut …\n", "a\n… 12 characters cut …\nb"):
        assert redactor.text(text) == text


def test_a_part_of_a_secret_that_the_cut_of_a_long_name_left_goes_as_well() -> None:
    redactor = Redactor([Secret(KEY)])
    for before in (*range(2048 - len(KEY), 2049), *range(5000 - len(KEY), 5001)):
        name = shorten_name(f"{'a' * before}{KEY}{'b' * (6024 - before)}")
        assert " characters…" in name
        shown = redactor(name)
        assert not [start for start in range(len(KEY) - 5) if KEY[start : start + 5] in shown]
    assert redactor(shorten_name("a" * 5000)) == shorten_name("a" * 5000)


CASE = Case(
    3,
    1,
    f"test_{KEY}",
    classname=KEY,
    status=FAILED,
    message=KEY,
    kind=KEY,
    details=KEY,
    system_out=KEY,
    system_err=KEY,
    file=KEY,
    properties=((KEY, KEY), ("owner", KEY)),
    attachments=(Attachment(KEY, KEY, KEY.encode()),),
    attempts=(Attempt(FAILED, KEY, KEY, KEY, KEY, KEY, 1.5),),
    retry_of=2,
    method=KEY,
)


def test_all_texts_of_a_case_are_redacted_and_nothing_else_is() -> None:
    for record in (Case, Attempt, Attachment):
        texts = {name for name, hint in get_type_hints(record).items() if hint is str} - {"status"}
        sample = {Case: CASE, Attempt: CASE.attempts[0], Attachment: CASE.attachments[0]}[record]
        assert all(KEY in getattr(sample, name) for name in texts), "a field is missing in the sample"
    redacted = Redactor([Secret(KEY)]).case(CASE)
    assert KEY not in repr(redacted._replace(attachments=()))
    assert redacted.attachments == (Attachment("***", "***", KEY.encode()),)
    assert redacted.name == "test_***"
    for number, field in enumerate(Case._fields):
        if not isinstance(CASE[number], str | tuple):
            assert redacted[number] == CASE[number], field
    # A secret that is found in one text only.
    for number, field in enumerate(Case._fields):
        if isinstance(CASE[number], str | tuple) and field != "status":
            values: dict[str, Any] = {field: CASE[number]}
            one = Case(3, 1, "n")._replace(**values)
            assert "***" in repr(Redactor([Secret(KEY)]).case(one)), field


def test_a_verdict_is_not_redacted() -> None:
    statuses = (PASSED, FAILED, ERROR, SKIPPED)
    redactor = Redactor(map(Secret, statuses))
    for status in statuses:
        case = Case(0, 0, f"is {status}", status=status, attempts=(Attempt(status, f"was {status}"),))
        redacted = redactor.case(case)
        assert (redacted.status, redacted.attempts[0].status) == (status, status)
        assert (redacted.name, redacted.attempts[0].message) == ("is ***", "was ***")


def test_names_keep_short_passwords_and_texts_do_not() -> None:
    login = "user:pass1@"
    texts: dict[str, Any] = {field: login for field, value in CASE._asdict().items() if value == KEY}
    case = CASE._replace(**texts)._replace(
        name=login,
        properties=((login, login),),
        attachments=(Attachment(login, login),),
        attempts=(Attempt(FAILED, login, login, login, login, login),),
    )
    redacted = Redactor([], [Secret("user:pass1")]).case(case)
    names = (redacted.name, redacted.classname, redacted.kind, redacted.file, redacted.method)
    attempt, attachment = redacted.attempts[0], redacted.attachments[0]
    assert {*names, redacted.properties[0][0], attachment.path, attachment.name, attempt.kind} == {login}
    of_case = (redacted.message, redacted.details, redacted.system_out, redacted.system_err)
    of_attempt = (attempt.message, attempt.details, attempt.system_out, attempt.system_err)
    assert {*of_case, redacted.properties[0][1], *of_attempt} == {"***"}


def test_what_has_no_secret_is_the_same_object() -> None:
    case = Case(0, 0, "n", properties=(("a", "b"),))
    assert Redactor([Secret(KEY)]).case(case) is case
    assert Redactor().case(CASE) is CASE


# --- files: as many bytes as before


def covered(content: bytes, *secrets: str) -> bytes:
    target = io.BytesIO()
    Redactor(map(Secret, secrets)).copy(io.BytesIO(content), target)
    return target.getvalue()


def stars(text: str) -> str:
    return "*" * len(text)


def in_narrow_base64(key: str) -> str:
    return in_lines(base64.b64encode(key.encode()).decode(), 24, "\r\n")


@pytest.mark.parametrize("spell", [str, in_narrow_base64])
def test_a_file_with_secrets_across_all_reads(spell: Callable[[str], str]) -> None:
    """A large file is read in pieces, and some secrets begin in one piece and end in the next."""
    spelled = spell(KEY)
    content = covered(f"{spelled},".encode() * (3 * 1024 * 1024 // len(spelled)), KEY)
    pieces = content.split(b",")
    assert len(pieces) == 3 * 1024 * 1024 // len(spelled) + 1
    assert pieces.pop() == b""
    # Base64 ends in a group that is not the secret's alone.
    assert {len(piece) for piece in pieces} == {len(spelled)}
    assert len(set(pieces)) == 1
    assert Redactor([Secret(KEY)])(pieces[0].decode()) == pieces[0].decode()


def test_a_file_that_comes_in_small_pieces() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 1, 7))

    target = io.BytesIO()
    Redactor([Secret(KEY)]).copy(Trickle(f"a{KEY}b{KEY}{KEY}c".encode()), target)
    assert target.getvalue() == f"a{stars(KEY)}b{stars(KEY)}{stars(KEY)}c".encode()


@pytest.mark.parametrize("content", [b"", b"x", KEY.encode()[:-1], b"\xff\xfe" * 100])
def test_a_file_without_a_secret_is_copied_as_it_is(content: bytes) -> None:
    assert covered(content, KEY) == covered(content) == content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("secret", [KEY, ODD, "päss wörd"])
def test_a_secret_in_a_file_of_each_encoding(secret: str, encoding: str) -> None:
    for spelled in {secret, json.dumps(secret)[1:-1], escape(secret), quote(secret, safe="")}:
        content = covered(f"a {spelled} b {spelled}".encode(encoding), secret)
        text = content.decode(encoding)
        assert len(content) == len(f"a {spelled} b {spelled}".encode(encoding))
        assert text.replace("*", "") == "a  b "


def test_a_secret_that_only_one_encoding_can_write() -> None:
    assert covered(b"???????? " + "密码密码密码密码".encode(), "密码密码密码密码") == b"???????? " + b"*" * 24


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(("width", "line_break"), BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("escaped", ESCAPED.values(), ids=ESCAPED)
def test_base64_in_a_file_stays_base64(
    width: int, line_break: str, escaped: Callable[[str], str], encoding: str
) -> None:
    """It is as long as before, and decodes to the same around the secret."""
    for before, after in product(BEFORE, AFTER):
        encoded = base64.b64encode(f"{before}{KEY}{after}".encode()).decode()
        written = escaped(in_lines(encoded, width, line_break))
        text = covered(f'"{written}"'.encode(encoding), KEY).decode(encoding)
        assert len(text) == len(written) + 2
        decoded = base64.b64decode(re.sub(r"\\[rn]|&#1[03];|\s", "", text[1:-1]), validate=True)
        assert decoded.startswith(before.encode())
        assert decoded.endswith(after.encode())
        assert decoded[len(before) + 1 : len(before) + len(KEY) - 1] == stars(KEY)[2:].encode()


def test_an_archive_in_a_file_keeps_its_directory() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packing:
        packing.writestr("env", f"KEY={KEY}")
        packing.writestr("other", "other")
    with zipfile.ZipFile(io.BytesIO(covered(archive.getvalue(), KEY))) as read:
        assert read.namelist() == ["env", "other"]
        assert read.read("other") == b"other"
        with pytest.raises(zipfile.BadZipFile, match="CRC"):
            read.read("env")


def test_a_short_password_in_a_file_goes_with_its_login() -> None:
    target = io.BytesIO()
    Redactor([], [Secret("user:pass1")]).copy(io.BytesIO(b"pass1 http://user:pass1@x user:pass1"), target)
    assert target.getvalue() == b"pass1 http://***********x user:pass1"
