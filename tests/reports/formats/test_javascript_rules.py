"""Rules of Mochawesome, TestCafe and Karma that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report

DEEP = "[" * 900 + "]" * 900


def of_mochawesome(**test: Any) -> Read:
    tests = [{"title": "adds", "state": "passed", "pass": True, "err": {}, **test}]
    suite = {"title": "cart", "fullFile": "test/cart.js", "tests": tests}
    stats = {"testsRegistered": 1, "failures": 0, "other": 0}
    return read_report(json.dumps({"stats": stats, "results": [{"suites": [suite]}]}))


def of_testcafe(**test: Any) -> Read:
    tests = [{"name": "adds", "skipped": False, **test}]
    fixture = {"name": "cart", "path": "tests/cart.js", "tests": tests}
    return read_report(json.dumps({"userAgents": ["Chrome"], "fixtures": [fixture]}))


def of_karma(**test: Any) -> Read:
    tests = [{"description": "adds", "suite": ["cart"], "skipped": False, "log": [], **test}]
    return read_report(json.dumps({"browsers": {}, "result": {"1": tests}, "summary": {}}))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"state": "passed", "fail": True}, "failed"),
        ({"state": "failed", "pass": True}, "failed"),
        ({"state": None, "pass": False, "skipped": True}, "skipped"),
        ({"state": None, "pass": False, "pending": True}, "skipped"),
        ({"state": None, "pass": True}, "passed"),
        ({"state": None, "pass": False}, "error"),
        ({"state": "lost"}, "error"),
    ],
)
def test_states_of_mochawesome(members: dict[str, Any], expected: str) -> None:
    assert of_mochawesome(**members).case.status == expected


@pytest.mark.parametrize(
    ("context", "files", "properties"),
    [
        ("out/a%20b.png", ["out/a b.png"], []),
        ({"title": "page", "value": "out/a.webm"}, ["page"], []),
        ({"title": "page", "value": "data:image/png;base64,iVBORw0KGgo="}, ["page.png"], []),
        ("https://shop.example/a.png", [], [("context", "https://shop.example/a.png")]),
        (
            [{"title": "basket", "value": {"items": 1}}, "seen"],
            [],
            [("basket", '{"items": 1}'), ("context", "seen")],
        ),
        ([{"items": 1}, None, 7], [], [("context", '{"items": 1}'), ("context", "7")]),
    ],
)
def test_the_context_of_a_test(context: Any, files: list[str], properties: list[tuple[str, str]]) -> None:
    read = of_mochawesome(context=json.dumps(context))
    assert [file.name or file.path for file in read.case.attachments] == files
    assert list(read.case.properties) == properties
    assert not read.reading.warnings


@pytest.mark.parametrize("context", ["{", "not JSON", DEEP * 2, "[" * 100_000])
def test_a_context_that_cannot_be_read_is_left_out_with_a_warning(context: str) -> None:
    read = of_mochawesome(context=context)
    assert read.statuses == [("adds", "passed")]
    assert any("`context`" in warning for warning in read.reading.warnings)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"errs": []}, "passed"),
        ({"errs": [], "skipped": True}, "skipped"),
        ({"errs": ["no"], "skipped": True}, "failed"),
        ({"errs": [None]}, "failed"),
        ({"errs": {"0": "no"}}, "failed"),
        ({"errs": "no"}, "failed"),
        ({"errs": None}, "error"),
        ({}, "error"),
    ],
)
def test_a_test_of_testcafe_passed_only_with_an_empty_list_of_errors(
    members: dict[str, Any], expected: str
) -> None:
    assert of_testcafe(**members).case.status == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"success": True}, "passed"),
        ({"success": False, "skipped": True}, "skipped"),
        ({"success": False}, "failed"),
        ({"success": None}, "error"),
        ({"success": 1}, "error"),
        ({}, "error"),
    ],
)
def test_verdicts_of_karma(members: dict[str, Any], expected: str) -> None:
    assert of_karma(**members).case.status == expected


def test_addresses_of_karma_are_paths() -> None:
    case = of_karma(
        success=False,
        log=[
            "Error: no\n    at f (http://localhost:9876/base/src/a.spec.js?3076b51d:7:19)",
            "Error: no\n    at g (http://localhost:9876/absolute/srv/b.js?3076b51d:1:2)",
        ],
    ).case
    assert (case.kind, case.message) == ("Error", "no")
    assert "(src/a.spec.js:7:19)" in case.details
    assert "(/srv/b.js:1:2)" in case.details
