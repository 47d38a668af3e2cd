"""Escapes, where the code is quicker to read than a run."""

import pytest

from onetest_ci.text.characters import replace_non_xml
from onetest_ci.text.escape import escape_command_data, escape_command_property, escape_markdown, one_line
from support.github_runner import commands


@pytest.mark.parametrize(
    "text",
    ["##[error]x", "###[error]x", "####[error]x", "#\u200b#[error]x", "##\u200b[error]x", "#\u00ad##[error]"],
)
def test_no_legacy_command_is_left(text: str) -> None:
    assert commands(f"label {one_line(text)}") == []
    assert commands(f"label {text}")


def test_a_line_is_one_line_and_bounded() -> None:
    assert one_line("a\r\nb\tc\x1b[31m\u2028d\u202ee\x00 \ud800") == "a b c d e"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    assert len(one_line("\n" * 10_000 + "y", 10)) <= 10


def test_what_people_write_stays_readable() -> None:
    text = "test_add[größe-\U0001f6d2] # 1, a::b, 50% · é"
    assert one_line(text) == text


def test_command_texts() -> None:
    assert escape_command_data("50%\r\na:b,c") == "50%25%0D%0Aa:b,c"
    assert escape_command_property("50%\na:b,c") == "50%25%0Aa%3Ab%2Cc"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("@me", "@\u200bme"),
        ("a\\|b", "a\\\\\\|b"),
        ("`x` *y* [z](u)", "\\`x\\` \\*y\\* \\[z\\](u)"),
        ("one\ntwo", "one two"),
    ],
)
def test_markdown(text: str, shown: str) -> None:
    assert escape_markdown(text) == shown


def test_xml_characters() -> None:
    assert (
        replace_non_xml("a\x00\x1b\ufffe\ud800\t\n\r\x85é\U0001f6d2")
        == "a\ufffd\ufffd\ufffd\ufffd\t\n\r\x85é\U0001f6d2"
    )
