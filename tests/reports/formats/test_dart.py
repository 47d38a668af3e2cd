"""Rules of Dart's events that the kept reports do not show."""

import json
from typing import Any

import pytest

from onetest_ci.model import Attempt
from support.reading import Read, read_report

START = {"type": "start", "protocolVersion": "0.1.1", "time": 0}
DONE = {"type": "done", "success": False, "time": 9}
ERROR = {"type": "error", "testID": 3, "error": "no", "stackTrace": "", "isFailure": True}
RETRY = {"type": "print", "testID": 3, "message": "Retry: a"}


def begun(name: str = "a") -> dict[str, Any]:
    return {"type": "testStart", "test": {"id": 3, "name": name, "groupIDs": [2]}, "time": 1}


def ended(result: str, **more: Any) -> dict[str, Any]:
    return {"type": "testDone", "testID": 3, "result": result, "time": 5, **more}


def dart(*events: dict[str, Any]) -> Read:
    return read_report("".join(json.dumps(event) + "\n" for event in (START, *events)))


def test_attempts_end_where_the_runner_prints_that_it_retries() -> None:
    case = dart(begun(), ERROR, RETRY, ERROR, RETRY, ended("success"), {**DONE, "success": True}).case
    assert case.status == "passed"
    assert case.attempts == (Attempt("failed", "no", details="no\n\n"),) * 2


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([ERROR, RETRY, ended("failure")], "failed"),
        ([ERROR, {**RETRY, "message": "Retry: b"}, ended("success")], "failed"),
        ([RETRY, ERROR, ended("success")], "failed"),
        ([ERROR, ended("success", hidden=True)], "failed"),
        ([ERROR, ended("success", skipped=True)], "failed"),
        ([{**ERROR, "isFailure": False}, ended("failure")], "error"),
        ([ended("Success ")], "passed"),
        ([ended("aborted")], "error"),
        ([ended("aborted", hidden=True)], "error"),
    ],
)
def test_an_error_after_the_last_retry_counts_with_any_result(
    events: list[dict[str, Any]], status: str
) -> None:
    (case, *_) = dart(begun(), *events, DONE).cases
    assert case.status == status


def test_results_and_errors_of_tests_whose_start_is_missing() -> None:
    read = dart(ended("failure"), {**ERROR, "testID": 7}, DONE)
    assert read.statuses == [("test 3", "failed"), ("test 7", "failed")]


def test_a_number_that_is_used_again_hides_no_test() -> None:
    read = dart(begun("a"), begun("b"), ended("success"), DONE)
    assert read.statuses == [("a", "error"), ("b", "passed")]


def test_each_of_several_runs_has_its_own_numbers_and_its_end() -> None:
    late = (begun(), ended("success"), ERROR, DONE)
    read = dart(*late, START, begun(), ended("success"), {**DONE, "success": True})
    assert read.statuses == [("a", "failed"), ("a", "passed")]
    assert read.reading.error is None

    read = dart(begun(), ended("success"), START, begun(), ended("success"), {**DONE, "success": True})
    assert read.statuses == [("a", "passed"), ("a", "passed")]
    assert read.reading.error is not None
    assert read.reading.truncated
