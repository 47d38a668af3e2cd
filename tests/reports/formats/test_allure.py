"""Rules of directories of Allure's results that the kept reports do not show."""

import json
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.reports import find, read_reports


def allure(folder: Path, *results: dict[str, Any]) -> list[Any]:
    for number, result in enumerate(results):
        (folder / f"{number}-result.json").write_text(json.dumps({"uuid": str(number), "start": 1, **result}))
    records: list[Any] = []
    read = read_reports(find([str(folder)], root=folder), lambda _, some: records.extend(some))
    assert [row.format for row in read.files] == ["allure"]
    return [record for record in records if hasattr(record, "classname")]


def test_allure_attempts_have_one_history_and_are_in_the_order_of_time(tmp_path: Path) -> None:
    of_a = {"historyId": "a", "name": "a", "fullName": "p.C#a"}
    (case,) = allure(
        tmp_path,
        {**of_a, "status": "passed", "start": 3000, "stop": 4000},
        {**of_a, "status": "failed", "start": 1000, "statusDetails": {"message": "one"}},
        {**of_a, "status": "broken", "start": 2000, "statusDetails": {"message": "two"}},
    )
    assert (case.status, case.seconds, case.start) == ("passed", 1.0, 3.0)
    assert [(attempt.status, attempt.message) for attempt in case.attempts] == [
        ("failed", "one"),
        ("error", "two"),
    ]


def test_allure_parameters_are_in_the_name_and_tell_tests_apart(tmp_path: Path) -> None:
    def result(value: str, status: str) -> dict[str, Any]:
        parameters = [{"name": "n", "value": value}, {"name": "t", "value": "now", "excluded": True}]
        labels = [{"name": "testClass", "value": "p.C"}, {"name": "testMethod", "value": "adds"}]
        return {
            "historyId": value,
            "name": "Adds",
            "status": status,
            "parameters": parameters,
            "labels": labels,
        }

    cases = allure(tmp_path, result("1", "failed"), result("2", "passed"))
    assert [(case.name, case.status, case.retry_of) for case in cases] == [
        ("Adds[1]", "failed", None),
        ("Adds[2]", "passed", None),
    ]
    assert {(case.classname, case.method) for case in cases} == {("p.C", "adds")}


def statuses(folder: Path, *results: dict[str, Any]) -> list[tuple[str, list[str]]]:
    cases = allure(folder, *results)
    return [(case.status, [attempt.status for attempt in case.attempts]) for case in cases]


FAILED = {"historyId": "a", "name": "a", "status": "failed", "start": 1000, "stop": 1010}
PASSED = {**FAILED, "status": "passed", "start": 2000, "stop": 2010}
SEPARATE: list[tuple[str, list[str]]] = [("failed", []), ("passed", [])]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FAILED, {**PASSED, "start": 1009}),
        (FAILED, {**PASSED, "start": 1000, "stop": 1010}),
        (FAILED | {"start": None}, PASSED),
        (FAILED | {"fullName": "p.C#a"}, PASSED | {"fullName": "q.C#a"}),
        (FAILED | {"testCaseId": "1"}, PASSED | {"testCaseId": "2"}),
        (FAILED | {"historyId": None}, PASSED | {"historyId": None}),
        (FAILED | {"historyId": None, "uuid": "same"}, PASSED | {"historyId": None, "uuid": "same"}),
        (FAILED, PASSED | {"labels": [{"name": "framework", "value": "Playwright"}]}),
    ],
)
def test_results_that_may_be_of_different_tests_stay_apart(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert sorted(statuses(tmp_path, first, second)) == SEPARATE


def test_a_long_result_may_overlap_a_later_one(tmp_path: Path) -> None:
    long = {**FAILED, "stop": 9000}
    assert statuses(tmp_path, long, PASSED, {**PASSED, "start": 3000, "stop": 3010}) == [
        ("failed", []),
        ("passed", []),
        ("passed", []),
    ]


def test_only_a_bad_result_is_retried_and_a_skip_is_not_a_retry(tmp_path: Path) -> None:
    skipped = {**PASSED, "status": "skipped"}
    later = {**FAILED, "start": 3000, "stop": 3010}
    assert statuses(tmp_path, FAILED, skipped, later) == [("failed", []), ("skipped", []), ("failed", [])]


def container(folder: Path, **members: Any) -> None:
    (folder / "x-container.json").write_text(json.dumps({"uuid": "c", **members}))


def broken(message: str) -> list[dict[str, Any]]:
    return [{"name": "fixture", "status": "broken", "statusDetails": {"message": message}}]


@pytest.mark.parametrize("kind", ["befores", "afters"])
def test_fixtures_of_a_test_that_is_expected_to_fail(tmp_path: Path, kind: str) -> None:
    container(tmp_path, children=["0"], **{kind: broken("no")})
    xfail = {"status": "skipped", "statusDetails": {"message": "XFAIL known\n\nno"}}
    assert statuses(tmp_path, xfail) == [("skipped", [])]


def test_a_fixture_that_failed_in_an_earlier_attempt_is_the_failure_of_that_attempt(tmp_path: Path) -> None:
    container(tmp_path, children=["0", "1"], befores=broken("no\n"))
    first = {**FAILED, "status": "broken", "statusDetails": {"message": "no"}}
    assert statuses(tmp_path, first, PASSED) == [("passed", ["error"])]


def test_a_failed_set_up_whose_tests_all_failed_is_theirs(tmp_path: Path) -> None:
    container(tmp_path, children=["0"], befores=broken("no"))
    assert statuses(tmp_path, FAILED) == [("failed", [])]


@pytest.mark.parametrize("status", ["failed", "Broken", "unknown", "crashed"])
def test_a_fixture_without_tests_or_with_an_odd_status_is_an_error(tmp_path: Path, status: str) -> None:
    container(tmp_path, children=["c", "gone"], afters=[{"status": status}])
    cases = allure(tmp_path, PASSED)
    assert [(case.name, case.status) for case in cases] == [("a", "passed"), ("(fixture)", "error")]


def test_a_broken_container_is_an_error_of_the_report(tmp_path: Path) -> None:
    (tmp_path / "x-container.json").write_text('{"uuid": "c", "afters": [{')
    (tmp_path / "0-result.json").write_text(json.dumps({"uuid": "0", **PASSED}))
    (row,) = read_reports(find([str(tmp_path)], root=tmp_path)).files
    assert row.error is not None
    assert "x-container.json" in row.error.message
