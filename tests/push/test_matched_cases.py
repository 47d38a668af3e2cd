"""Test cases after a delivery: shown if they are known, and never a reason to fail."""

import json

import pytest

from support.command import run
from support.project import Project
from support.proxy import HTML, Answer, Fault

REF = "tests/test_a.py:T.test_x"
REPORT = """<testsuite name="s">
  <testcase classname="tests.test_a.T" file="tests/test_a.py" name="test_x"/>
  <testcase classname="tests.test_a.T" file="tests/test_a.py" name="test_y"/>
</testsuite>"""
LINE = "1 of 2 tests is linked to 1 test case; 1 has no case"


def prepare(project: Project) -> None:
    project.write("out/r.xml", REPORT)
    cases = [
        {"id": "1", "identifier": "TC-1", "title": "X", "automation_test_id": REF},
        {"id": "2", "identifier": "TC-2", "title": "Y", "automation_test_id": "test_a.T.test_y"},
    ]
    project.write("cases.json", json.dumps({"cases": cases}))


@pytest.mark.parametrize("mode", ["launch", "import"])
def test_a_file_of_test_cases_costs_nothing(mode: str, project: Project) -> None:
    prepare(project)
    done = project.report("--cases", "cases.json", "--mode", mode, "--summary", "s.md")
    assert (done.code, done.status) == (0, "delivered")
    assert f"Test cases   {LINE}" in done.stdout
    shown = done.outcome["cases"]
    assert shown["totals"]["linked_tests"] == 1
    (unlinked,) = shown["tests_without_case"]
    assert unlinked["nearest"]["case"] == {"id": "2", "identifier": "TC-2", "title": "Y"}
    summary = (project.path / "s.md").read_text(encoding="utf-8")
    assert f"Test cases: {LINE}." in summary
    assert "<details><summary>Tests without a test case" in summary
    assert not any("test-cases" in request.path for request in project.proxy.requests)


def test_a_push_shows_them_too(project: Project) -> None:
    prepare(project)
    kept = project.report("--mode", "import", "--bundle", "kept", env={"ONETEST_API_KEY": "ak_" + "0" * 20})
    assert kept.status == "refused"
    done = project.push("kept", "--cases", "cases.json")
    assert (done.code, done.outcome["cases"]["totals"]["tests"]) == (0, 2)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Answer(401, b'{"detail": "Invalid API key"}'), "refuses the API key"),
        (Answer(404, b'{"detail": "Not Found"}'), "the path does not exist there"),
        (Answer(200, HTML, "text/html"), "a web page"),
        (Answer(200, b'{"items": [{"id": 1}], "total": 5000, "next": "?page=2"}'), "takes 5,000 API calls"),
    ],
    ids=["key", "service", "page", "budget"],
)
def test_a_list_that_fails_is_a_warning_alone(fault: Fault, reason: str, project: Project) -> None:
    prepare(project)
    project.proxy.answer("/test-cases", fault)
    done = project.report("--match-cases", "--mode", "import", "--fail-on-upload-error")
    assert (done.code, done.status, done.outcome["cases"]) == (0, "delivered", None)
    (warning,) = done.outcome["warnings"]
    assert reason in warning
    assert "not matched with test cases" in warning
    assert done.delivery["api_calls"]["total"] == len(project.proxy.requests)


@pytest.mark.parametrize("text", [None, "[]", '{"cases": [1]}'])
def test_a_file_that_cannot_be_used_is_a_warning_alone(text: str | None, project: Project) -> None:
    prepare(project)
    (project.path / "cases.json").unlink()
    if text is not None:
        project.write("cases.json", text)
    done = project.report("--cases", "cases.json", "--mode", "import")
    assert (done.code, done.status, done.outcome["cases"]) == (0, "delivered", None)
    assert "cases.json" in done.outcome["warnings"][0]


@pytest.mark.parametrize(
    ("options", "env", "reason"),
    [
        (("--dry-run",), {}, "nothing was sent"),
        ((), {"ONETEST_API_KEY": "ak_" + "0" * 20}, "the delivery stopped early"),
    ],
)
def test_when_no_test_cases_are_listed(
    options: tuple[str, ...], env: dict[str, str], reason: str, project: Project
) -> None:
    prepare(project)
    done = project.report("--match-cases", *options, env=env)
    assert done.outcome["cases"] is None
    assert any(reason in note for note in done.outcome["notes"])


def test_the_suites_are_those_of_a_match(project: Project) -> None:
    prepare(project)
    # A flat suite: OneTest shows a suite for each of its classes.
    tests = "".join(f'<testcase classname="tests.a.{name}" name="t"/>' for name in ("One", "Two"))
    project.write("out/flat.xml", f'<testsuites><testsuite name="flat">{tests}</testsuite></testsuites>')
    shown = run("cases", "match", "out", "--cases", "cases.json", "--format", "json", cwd=project.path)
    in_match = {row["test"]["suite"] for row in json.loads(shown.stdout)["tests_without_case"]}
    done = project.report("--cases", "cases.json", "--mode", "import")
    assert (
        {row["test"]["suite"] for row in done.outcome["cases"]["tests_without_case"]}
        == in_match
        == {"flat", "s"}
    )
