"""Rules of the native JSON and text dialects that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import read_report
from support.samples import sample


def test_what_playwright_says_outside_of_tests() -> None:
    read = read_report(
        """{"config": {"rootDir": "/r"}, "suites": [],
        "errors": [{"message": "\\u001b[31mSyntaxError\\u001b[39m",
        "location": {"file": "/r/a.spec.ts", "line": 3, "column": 1}}]}"""
    )
    case = read.case
    assert (case.status, case.message, case.file, case.line) == ("error", "SyntaxError", "/r/a.spec.ts", 3)


def test_playwright_tests_of_two_projects_are_no_tries_of_each_other() -> None:
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


def test_lines_that_are_no_json_are_passed_over_and_told() -> None:
    read = read_report(
        '{"Action":"run","Package":"p","Test":"T"}\nwarning: x\n{broken\n'
        '{"Action":"pass","Package":"p","Test":"T"}\n'
        '{"Action":"pass","Package":"p"}\n'
    )
    assert read.statuses == [("T", "passed")]
    assert "line 3" in read.reading.warnings[0]


@pytest.mark.parametrize("dialect", ["rspec", "mocha", "cucumber", "go", "dart"])
def test_what_a_tool_printed_before_its_report_is_left_out(dialect: str) -> None:
    before = b"[INFO] building\n{not json}\ngo: downloading example.com/x v1.0.0\n"
    read = read_report(before + sample(dialect))
    assert read.dialect == dialect
    assert read.statuses == read_report(sample(dialect)).statuses
    assert read.reading.error is None
    assert read.reading.warnings


def test_tap_of_many_kinds() -> None:
    read = read_report(
        "# a comment\nTAP version 14\n1..7\nok 1 - a # SKIP not here\n"
        "not ok 2 - b # TODO later\nok 3 - c # TODO\n"
        "not ok\n  ---\n  message: 'bad'\n  severity: fail\n  ...\nok 5 d # time=12.5ms\nnoise\n"
        "    ok 1 - inner\n    1..1\nok 6 - e\nok 7 - f \\# g in 3ms\n"
    )
    assert read.statuses == [
        ("a", "skipped"),
        ("b", "skipped"),
        ("c", "passed"),
        ("test 4", "failed"),
        ("d", "passed"),
        ("inner", "passed"),
        ("f # g", "passed"),
    ]
    assert [case.message for case in read.cases[:4]] == ["not here", "later", "", "bad"]
    assert [case.seconds for case in read.cases[4:]] == [0.0125, None, 0.003]
    assert read.path(read.cases[5]) == ["subtest"]
    assert (read.reading.error, read.reading.warnings) == (None, ())


def test_a_tap_subtest_that_fails_without_a_failed_test_is_a_test_of_its_own() -> None:
    read = read_report("1..1\n# Subtest: s\n    ok 1 - a\n    1..2\nnot ok 1 - s\n")
    assert read.statuses == [("a", "passed"), ("s", "failed")]


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        ("1..3\nok 1\nok 2\n", "truncated-report", "the plan says 3 tests, there are 2"),
        ("1..1\nok 1\nok 2\n", "", "the plan says 1 tests, there are 2"),
        ("ok 1\nok 2\n", "", "there is no plan"),
        ("1..0 # SKIP no shop\n", "", "skipped as a whole: SKIP no shop"),
    ],
)
def test_tap_plans(document: str, code: str, says: str) -> None:
    read = read_report(document)
    assert (read.reading.error.code if read.reading.error else "") == code
    assert says in read.reading.warnings[0]


def test_tap_that_bails_out() -> None:
    read = read_report("1..1\nok 1 - a\nBail out! no database\n")
    assert read.statuses == [("a", "passed"), ("Bail out!", "error")]
    assert read.cases[1].message == "no database"
