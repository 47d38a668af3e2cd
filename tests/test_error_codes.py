"""The catalogue of codes and the source agree: each code that is raised is explained, and no other one is."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

import onetest_ci
from onetest_ci.error_codes import ERROR_CODES
from onetest_ci.exit_codes import ExitCode
from support.raised_codes import Codes, error_classes

NEVER_PRINTED: Final = {
    "not-needed": "ends the first reading of a file of Robot Framework, and is dropped there"
}
CODES: Final = Codes()
FOLDER: Final = Path(onetest_ci.__file__).parent / "error_codes"


def raised() -> set[str]:
    return {one.code for one in CODES.raised}


def test_each_code_in_the_source_is_a_literal_or_a_constant() -> None:
    assert CODES.unresolved == []


def test_each_code_in_the_source_is_explained_and_no_other_one() -> None:
    known = raised()
    assert known >= NEVER_PRINTED.keys()
    printed = known - NEVER_PRINTED.keys()
    assert sorted(printed - ERROR_CODES.keys()) == []
    assert sorted(ERROR_CODES.keys() - printed) == []


def test_the_search_finds_codes_of_each_kind() -> None:
    found = {(one.code, one.maker) for one in CODES.raised}
    assert {
        ("bad-option", "UsageProblem"),
        ("interrupted", "__init__"),
        ("newer-bundle", "BundleError"),  # by a condition
        ("delivery-log-lost", "BundleError"),  # an imported constant
        ("bad-delivery-log", "BundleError"),  # a constant of the module
        ("unexpected-json", "wrong"),  # a default
        ("too-deep", "wrong"),  # a keyword
        ("rejected", "_Other"),  # a record
        ("comment-locked", "_failure"),  # a private method
        ("clock-skew", "warning"),  # a function
        ("import-path", "Finding"),
    } <= found


def test_the_exit_codes_are_those_of_the_errors() -> None:
    classes = error_classes()
    expected: dict[str, set[int]] = {}
    for one in CODES.raised:
        if one.maker in classes and one.code in ERROR_CODES and one.maker != "CommentError":
            expected.setdefault(one.code, set()).add(int(classes[one.maker].exit_code))
    assert len(expected) > 100
    wrong = {
        code: (codes, ERROR_CODES[code].exit_codes)
        for code, codes in expected.items()
        if set(ERROR_CODES[code].exit_codes) != codes
    }
    assert wrong == {}
    assert ERROR_CODES["interrupted"].exit_codes == (ExitCode.INTERRUPTED, ExitCode.TERMINATED)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_each_entry_is_complete(path: Path) -> None:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    about = entries.pop("area")
    assert about.keys() <= {"title", "note", "exit"}
    own = [one for one in ERROR_CODES.values() if one.area.key == path.stem]
    assert [one.code for one in own] == list(entries)  # no code twice
    for one in own:
        entry = entries[one.code]
        assert entry.keys() <= {"title", "what", "why", "do", "exit"}, one.code
        assert re.fullmatch("[a-z]+(-[a-z]+)*", one.code)
        assert not one.title.endswith("."), one.code
        is_finding = one.area.key == "doctor"
        for text in (one.what, one.why, one.what_to_do):
            assert (is_finding and not text) or re.fullmatch(r"(?s)\S.*[.]", text), one.code
            assert text.count("`") % 2 == 0, one.code
        assert bool(one.why) == bool(one.what_to_do), one.code
        assert set(one.exit_codes) <= set(ExitCode), one.code
        assert one.exit_codes or one.area.key in {"comments", "doctor"}, one.code
