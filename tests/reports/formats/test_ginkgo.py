"""Ginkgo's JSON: what the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def read_spec(*, succeeded: Any = True, dry: bool = False, **members: Any) -> Read:
    """Read a report of one spec."""
    spec = {"LeafNodeType": "It", "LeafNodeText": "adds", "State": "passed", "NumAttempts": 1} | members
    suite = {
        "SuitePath": "/srv/shop/cart",
        "SuiteSucceeded": succeeded,
        "SuiteConfig": {"DryRun": dry},
        "SpecReports": [spec],
    }
    return read_report(json.dumps([suite]))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("passed", "passed"),
        (8, "passed"),
        ("skipped", "skipped"),
        ("pending", "skipped"),
        (2, "skipped"),
        (4, "skipped"),
        ("failed", "failed"),
        (16, "failed"),
        ("aborted", "failed"),
        (32, "failed"),
        ("timedout", "failed"),
        (256, "failed"),
        ("panicked", "error"),
        (64, "error"),
        ("interrupted", "error"),
        (128, "error"),
        (None, "error"),
        ("INVALID SPEC STATE", "error"),
        (0, "error"),
        (1, "error"),
        ([], "error"),
    ],
)
def test_states(state: Any, expected: str) -> None:
    assert read_spec(State=state).case.status == expected


def test_specs_of_a_dry_run_are_skipped_unless_they_failed() -> None:
    assert read_spec(dry=True).case.status == "skipped"
    assert read_spec(dry=True, State="failed").case.status == "failed"


@pytest.mark.parametrize("succeeded", [False, None, "true", 1, []])
def test_a_suite_that_does_not_state_its_success_is_an_error(succeeded: Any) -> None:
    read = read_spec(succeeded=succeeded)
    assert read.statuses == [("[It] adds", "passed"), ("cart", "error")]


def test_the_name_is_that_of_the_junit_report() -> None:
    members: dict[str, Any] = {
        "ContainerHierarchyTexts": ["Cart", "", "of größe"],
        "ContainerHierarchyLabels": [["money"], ["slow", "money"], None],
        "LeafNodeLabels": ["fruit", "slow"],
        "LeafNodeSemVerConstraints": [">= 1.0.0"],
        "ContainerHierarchyComponentSemVerConstraints": [{"b": ["< 2", "> 1"]}, {"a": ["1"]}],
        "LeafNodeComponentSemVerConstraints": {"a": ["1", "2"]},
    }
    name = "[It] Cart of größe adds [money, slow, fruit] [>= 1.0.0] [a: [1 2], b: [< 2 > 1]]"
    assert read_spec(**members).case.name == name


def test_a_failure_behind_a_pass_is_an_attempt() -> None:
    failure = {"State": "failed", "Failure": {"Message": "cannot sweep"}}
    case = read_spec(AdditionalFailures=[failure]).case
    assert (case.status, [attempt.details for attempt in case.attempts]) == ("passed", ["cannot sweep"])


def test_runs_that_must_all_pass_are_not_attempts() -> None:
    case = read_spec(NumAttempts=3, MaxMustPassRepeatedly=3).case
    assert (case.attempts, dict(case.properties)) == ((), {"MustPassRepeatedly": "run 3 of 3"})


def test_a_suite_that_is_longer_than_the_window_is_walked() -> None:
    specs = [
        {"LeafNodeType": "It", "LeafNodeText": f"s{number}", "State": "passed"} for number in range(5000)
    ]
    suite = {"SuiteSucceeded": True, "SuiteDescription": "cart", "SuiteConfig": {}, "SpecReports": specs}
    whole = json.dumps([suite, suite | {"SpecReports": None}])
    read = read_report(whole)
    assert (len(read.cases), {case.classname for case in read.cases}) == (5000, {"cart"})
    assert len(read_report(whole[:-1000]).cases) > 4900
