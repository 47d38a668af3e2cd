"""Rules of Playwright's reports that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def playwright(status: str, *results: str, expected: str = "passed", **more: Any) -> Read:
    test = {
        "status": status,
        "expectedStatus": expected,
        "results": [{"status": one, "retry": retry} for retry, one in enumerate(results)],
    }
    suites = [{"title": "a.ts", "specs": [{"title": "a", "tests": [test]}]}]
    return read_report(json.dumps({"config": {}, "suites": suites, **more}))


@pytest.mark.parametrize(
    ("status", "results", "expected", "read", "attempts"),
    [
        ("expected", ["failed"], "failed", "passed", []),
        ("unexpected", ["passed", "passed"], "failed", "failed", ["failed"]),
        ("flaky", ["passed", "failed"], "failed", "passed", ["failed"]),
        ("flaky", ["failed", "passed"], "passed", "passed", ["failed"]),
        # A serial group ran again, and this test failed in the last attempt.
        ("flaky", ["passed", "failed"], "passed", "failed", ["passed"]),
        ("flaky", ["failed", "passed", "skipped"], "passed", "passed", ["failed", "passed"]),
        ("skipped", ["skipped", "skipped"], "passed", "skipped", ["skipped"]),
        ("skipped", ["interrupted"], "passed", "error", []),
        ("unexpected", ["failed", "interrupted"], "passed", "error", ["failed"]),
        ("skipped", ["timedOut"], "passed", "failed", []),
        ("expected", ["failed"], "passed", "failed", []),
        ("Unexpected ", [], "passed", "failed", []),
        ("skipped", [], "passed", "skipped", []),
        ("crashed", ["passed"], "passed", "error", []),
        ("expected", ["crashed"], "passed", "error", []),
        ("", ["passed"], "passed", "error", []),
    ],
)
def test_the_last_attempt_decides_against_the_expected_status(
    status: str, results: list[str], expected: str, read: str, attempts: list[str]
) -> None:
    case = playwright(status, *results, expected=expected).case
    assert (case.status, [attempt.status for attempt in case.attempts]) == (read, attempts)


def test_a_test_that_passed_although_it_should_fail_has_a_reason() -> None:
    assert "expected to be failed" in playwright("unexpected", "passed", expected="failed").case.message


def test_errors_and_totals_may_come_before_the_tests() -> None:
    document = {"stats": {"unexpected": 2}, "errors": [{"message": "no database"}], "config": {}}
    read = read_report(json.dumps({**document, "suites": [{"title": "a.ts", "specs": []}]}))
    assert read.statuses == [("(run)", "error"), ("(run)", "error")]
    assert playwright("unexpected", "failed", stats={"unexpected": 1}).statuses == [("a", "failed")]


def test_suites_that_are_nested_too_deeply_are_an_error() -> None:
    suite: dict[str, Any] = {"title": "last", "specs": [{"title": "a", "tests": [{"status": "unexpected"}]}]}
    for _ in range(110):
        suite = {"title": "s", "suites": [suite]}
    read = read_report(json.dumps({"config": {}, "suites": [suite]}))
    assert read.reading.error is not None
    assert read.reading.error.code == "too-deep"
