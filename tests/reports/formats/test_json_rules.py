"""Rules of the native JSON and text formats that the kept reports do not show."""

import json
import re
from typing import Any

import pytest

from support.reading import read_report
from support.samples import JSON, LINES, TEXT, sample


def test_what_playwright_says_outside_of_tests() -> None:
    read = read_report(
        """{"config": {"rootDir": "/r"}, "suites": [],
        "errors": [{"message": "\\u001b[31mSyntaxError\\u001b[39m",
        "location": {"file": "/r/a.spec.ts", "line": 3, "column": 1}}]}"""
    )
    case = read.case
    assert (case.status, case.message, case.file, case.line) == ("error", "SyntaxError", "/r/a.spec.ts", 3)


def test_playwright_tests_of_two_projects_are_not_attempts_of_each_other() -> None:
    def test(project: str, status: str, result: str) -> dict[str, Any]:
        return {"projectName": project, "status": status, "results": [{"status": result, "duration": 5}]}

    spec = {
        "title": "a",
        "file": "a.ts",
        "tests": [test("x", "unexpected", "failed"), test("y", "expected", "passed")],
    }
    document = {"config": {}, "suites": [{"title": "a.ts", "specs": [spec]}]}
    read = read_report(json.dumps(document))
    assert [(case.status, case.retry_of) for case in read.cases] == [("failed", None), ("passed", None)]
    assert [read.path(case) for case in read.cases] == [["x", "a.ts"], ["y", "a.ts"]]


@pytest.mark.parametrize("digits", [19, 300, 400, 5000, 200_000])
def test_a_number_of_any_length_loses_no_test(digits: int) -> None:
    number = "9" * digits
    text = sample("rspec").decode()
    long = re.sub(r'("run_time"|"line_number"): *[\d.e-]+', rf"\1: {number}", text)
    assert number in long
    read, plain = read_report(long), read_report(text)
    assert read.reading.error is None
    assert read.statuses == plain.statuses
    assert [case.seconds for case in read.cases] == [None] * len(read.cases)


@pytest.mark.parametrize("digits", [400, 5000])
def test_long_numbers_in_lists_are_left_out(digits: int) -> None:
    read = read_report(
        '{"protocolVersion":"0.1.1","type":"start","time":0}\n'
        f'{{"test":{{"id":1,"name":"T","groupIDs":[{"9" * digits}]}},"type":"testStart","time":1}}\n'
        '{"testID":1,"result":"success","type":"testDone","time":2}\n'
        '{"success":true,"type":"done","time":3}\n'
    )
    assert read.statuses == [("T", "passed")]


def test_lines_that_are_not_json_are_left_out_with_a_warning() -> None:
    read = read_report(
        '{"Action":"run","Package":"p","Test":"T"}\nwarning: x\n{broken\n'
        '{"Action":"pass","Package":"p","Test":"T"}\n'
        '{"Action":"pass","Package":"p"}\n'
    )
    assert read.statuses == [("T", "passed")]
    assert "line 3" in read.reading.warnings[0]


@pytest.mark.parametrize("report_format", [one for one in LINES if one not in TEXT])
def test_a_damaged_line_that_begins_like_the_others_is_an_error(report_format: str) -> None:
    lines = sample(report_format).splitlines(keepends=True)
    firsts = [re.match(rb'\{\s*"[^"]+"', line) for line in lines]
    names = [first[0] if first else b"" for first in firsts]
    at = max(at for at in range(1, len(lines) - 1) if names[at] and names[at] in names[:at])
    damaged = read_report(b"".join([*lines[:at], lines[at].rstrip()[:-1] + b"\n", *lines[at + 1 :]]))
    assert damaged.reading.error is not None
    assert damaged.reading.error.code == "damaged-line"
    assert f"line {at + 1} " in str(damaged.reading.error)
    assert damaged.cases


@pytest.mark.parametrize("report_format", [one for one in (*JSON, *LINES) if one not in TEXT])
def test_what_a_tool_printed_before_its_report_is_left_out(report_format: str) -> None:
    before = b"[INFO] building\n{not json}\ngo: downloading example.com/x v1.0.0\n"
    read = read_report(before + sample(report_format))
    assert read.format == report_format
    assert read.statuses == read_report(sample(report_format)).statuses
    assert read.reading.error is None
    assert read.reading.warnings


@pytest.mark.parametrize("kind", ["null", '"doctest"', "[]", "7"])
def test_an_event_of_libtest_that_failed_counts_whatever_its_type(kind: str) -> None:
    read = read_report(
        '{"type": "suite", "event": "started", "test_count": 1}\n'
        f'{{"type": {kind}, "event": "failed", "name": "adds", "stdout": "no"}}\n'
        '{"type": "suite", "event": "ok", "passed": 1, "failed": 0, "ignored": 0, "measured": 0}\n'
    )
    assert read.statuses == [("adds", "failed")]


def xcresult(suite: dict[str, Any], *inside: dict[str, Any]) -> str:
    """Return a report of one test that passed in a suite, with nodes in each."""
    test = {"name": "adds()", "nodeType": "Test Case", "result": "Passed", "children": list(inside)}
    suite = {"name": "Cart", "nodeType": "Test Suite", **suite}
    suite["children"] = [test, *suite.get("children", [])]
    return json.dumps({"devices": [], "testPlanConfigurations": [], "testNodes": [suite]})


@pytest.mark.parametrize("kind", ["Repetition Group", "", None])
def test_a_node_of_an_unknown_type_fails_the_test_of_xcode_in_which_it_failed(kind: str | None) -> None:
    for result, expected in (("Failed", "error"), ("Passed", "passed")):
        node = {"name": "a", "nodeType": kind, "result": result}
        read = read_report(xcresult({"result": "Passed"}, node))
        assert read.statuses == [("adds()", expected)]


def test_a_suite_of_xcode_without_a_result_has_failed_if_it_has_a_reason() -> None:
    reason = {"name": "Cart.swift:3: no database", "nodeType": "Failure Message"}
    assert read_report(xcresult({})).statuses == [("adds()", "passed")]
    assert read_report(xcresult({"children": [reason]})).statuses == [("adds()", "passed"), ("Cart", "error")]
