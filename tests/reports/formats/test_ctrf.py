"""Rules of CTRF that the kept reports do not show."""

import json
from typing import Any

import pytest

from onetest_ci.model import Attachment, Attempt
from support.reading import Read, read_report


def ctrf(**test: Any) -> Read:
    document = {"results": {"tool": {"name": "x"}, "summary": {"tests": 1}, "tests": [{"name": "a", **test}]}}
    return read_report(json.dumps(document))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("passed", "passed"),
        ("failed", "failed"),
        ("pending", "skipped"),
        ("other", "skipped"),
        ("Failed ", "failed"),
        ("odd", "error"),
        ("", "error"),
    ],
)
def test_ctrf_statuses(status: str, expected: str) -> None:
    assert ctrf(status=status).case.status == expected


def test_ctrf_tells_tries_by_a_list_or_by_their_number() -> None:
    tries = [{"status": "failed", "message": "one", "duration": 1500}, {"status": "passed"}]
    assert ctrf(status="passed", retries=1, retryAttempts=tries).case.attempts == (
        Attempt("failed", "one", seconds=1.5),
    )
    assert ctrf(status="passed", flaky=True, retries=2).case.attempts == (Attempt("failed"),) * 2
    assert ctrf(status="passed", retries=2).case.attempts == ()


def test_ctrf_parameters_labels_and_attachments() -> None:
    case = ctrf(
        status="failed",
        tags=["smoke"],
        parameters={"count": 2},
        labels={"owner": "me"},
        attachments=[{"name": "shot", "path": "a.png", "contentType": "image/png"}, {"name": "none"}],
        start=1767323045000,
        filePath="a/b.js",
        line=7,
    ).case
    assert case.properties == (("tag", "smoke"), ("count", "2"), ("owner", "me"))
    assert case.attachments == (Attachment("a.png", "shot"),)
    assert (case.start, case.file, case.line) == (1767323045.0, "a/b.js", 7)


@pytest.mark.parametrize(
    ("raw", "trace", "expected"),
    [
        ("todo", "", "skipped"),
        ("not_run", "", "skipped"),
        ("", "at a.js:1", "error"),
        ("failed", "", "error"),
        ("run", "", "error"),
        ("Broken", "", "error"),
    ],
)
def test_a_ctrf_status_other_is_a_skip_only_for_a_test_that_did_not_run(
    raw: str, trace: str, expected: str
) -> None:
    case = ctrf(status="other", rawStatus=raw, trace=trace).case
    assert case.status == expected
    assert bool(case.message) == (expected == "error")


def test_the_last_attempt_is_taken_for_the_final_one_only_if_it_ended_alike() -> None:
    failed = {"status": "failed"}
    case = ctrf(status="passed", retries=1, retryAttempts=[failed, {"status": "passed"}]).case
    assert case.attempts == (Attempt("failed"),)
    case = ctrf(status="passed", retries=1, retryAttempts=[failed, failed]).case
    assert case.attempts == (Attempt("failed"),) * 2


def playwright(*, minimal: bool, failed: int, tool: str = "playwright") -> Read:
    expected_to_fail = {"name": "a", "status": "passed"} | ({} if minimal else {"rawStatus": "failed"})
    results = {"tests": [expected_to_fail], "summary": {"failed": failed}, "tool": {"name": tool}}
    return read_report(json.dumps({"results": results}))


def test_a_ctrf_total_of_playwright_also_counts_tests_that_are_expected_to_fail() -> None:
    assert len(playwright(minimal=False, failed=1).cases) == 1
    assert len(playwright(minimal=False, failed=2).cases) == 2
    assert len(playwright(minimal=True, failed=1).cases) == 1
    assert len(playwright(minimal=True, failed=1, tool="jest").cases) == 2
