"""Rules of Cucumber's and behave's reports that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def test_cucumber_backgrounds_hooks_and_undefined_steps() -> None:
    def step(name: str, status: str) -> dict[str, Any]:
        return {"keyword": "Given ", "name": name, "result": {"status": status, "duration": 1_000_000_000}}

    hook = {"result": {"status": "failed", "error_message": "no database", "duration": 0}}
    document = [
        {
            "uri": "file:a.feature",
            "name": "F",
            "elements": [
                {"type": "background", "name": "", "steps": [step("cart", "failed")]},
                {"type": "scenario", "name": "a", "line": 3, "steps": [step("x", "skipped")]},
                {
                    "type": "scenario",
                    "name": "b",
                    "line": 5,
                    "steps": [step("y", "passed")],
                    "before": [hook],
                },
                {"type": "scenario", "name": "c", "line": 7, "steps": [step("z", "undefined")]},
                {"type": "scenario", "name": "d", "line": 9, "steps": [step("z", "passed")]},
            ],
        }
    ]
    read = read_report(json.dumps(document))
    assert read.statuses == [("a", "failed"), ("b", "failed"), ("c", "failed"), ("d", "passed")]
    assert (read.cases[0].seconds, read.cases[1].message) == (2.0, "no database")
    assert read.cases[0].file == "a.feature"


def step(status: str | None, **more: Any) -> dict[str, Any]:
    return {"keyword": "Given ", "name": "x", "result": {"status": status} if status else None, **more}


FAILED = step("failed")
PASSED = step("passed")
SKIPPED = step("skipped")


def cucumber(*elements: dict[str, Any], **members: Any) -> Read:
    return read_report(json.dumps([{"uri": "a.feature", "name": "F", "elements": elements, **members}]))


@pytest.mark.parametrize("where", ["before", "around", "after"])
def test_a_failed_hook_fails_the_scenario_wherever_it_is_written(where: str) -> None:
    hook = [{"result": {"status": "Failed", "error_message": "no database"}}]
    background = {"type": "background", "name": "", "steps": [PASSED], where: hook}
    scenario = {"type": "scenario", "name": "a", "steps": [SKIPPED]}
    for case in (
        cucumber({**scenario, where: hook}).case,
        cucumber({**scenario, "steps": [PASSED, {**PASSED, where: hook}]}).case,
        cucumber(background, scenario).case,
    ):
        assert (case.status, case.message) == ("failed", "no database")
    read = cucumber(scenario, **{where: hook})
    assert read.statuses == [("a", "skipped"), ("F", "error")]


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "passed"),
        ([PASSED, step("skipped")], "skipped"),
        ([step(None), step("untested")], "skipped"),
        ([PASSED, step(None)], "error"),
        ([PASSED, step("unknown")], "error"),
        ([PASSED, step("crashed")], "error"),
        ([PASSED, step(" AMBIGUOUS")], "failed"),
        ([step("pending"), PASSED], "failed"),
        ([step("undefined")], "failed"),
    ],
)
def test_the_verdict_of_a_scenario(steps: list[dict[str, Any]], status: str) -> None:
    assert cucumber({"type": "scenario", "name": "a", "steps": steps}).case.status == status


@pytest.mark.parametrize(
    ("status", "scenario", "errors"),
    [
        ("hook_error", "failed", 1),
        ("Cleanup_Error", "passed", 1),
        ("failed", "failed", 0),
        ("failed", "passed", 1),
        ("error", "hook_error", 1),
        ("undefined", "passed", 1),
        ("crashed", "passed", 1),
        ("passed", "passed", 0),
        ("skipped", "skipped", 0),
        ("untested", "untested", 0),
    ],
)
def test_the_status_of_a_feature_of_behave(status: str, scenario: str, errors: int) -> None:
    element = {"type": "scenario", "name": "a", "location": "a.feature:2", "steps": [], "status": scenario}
    read = read_report(
        json.dumps([{"location": "a.feature:1", "name": "F", "status": status, "elements": [element]}])
    )
    assert sum(case.status == "error" for case in read.cases) == errors


@pytest.mark.parametrize(
    ("of_step", "of_scenario", "status"),
    [
        ("undefined", "error", "error"),
        ("error", "failed", "failed"),
        # No word for the scenario makes the failure of a step good.
        ("failed", "passed", "failed"),
        ("failed", "skipped", "failed"),
        ("passed", "crashed", "error"),
    ],
)
def test_the_status_of_a_scenario_of_behave(of_step: str, of_scenario: str, status: str) -> None:
    read = cucumber({"type": "scenario", "name": "a", "steps": [step(of_step)], "status": of_scenario})
    assert read.case.status == status


def test_scenarios_inside_of_a_rule_are_read() -> None:
    rule = {"type": "rule", "name": "r", "elements": [{"type": "scenario", "name": "a", "steps": [FAILED]}]}
    assert cucumber(rule).statuses == [("a", "failed")]
