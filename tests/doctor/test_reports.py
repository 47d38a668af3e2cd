"""What `doctor` shows of reports, and that it agrees with `report` and `inspect`."""

import json

import pytest

from support.command import run
from support.diagnosis import diagnose
from support.hostile import hostile_suite
from support.log_commands import FOUND_BY
from support.project import Project

SUITE = """<testsuite name="checkout">
  <testcase classname="tests.test_cart" file="tests/test_cart.py" name="test_adds"/>
  <testcase classname="tests.test_cart" file="tests/test_cart.py" name="test_total"><failure/></testcase>
  <testcase classname="tests.test_cart" file="tests/test_cart.py" name="a title"/>
</testsuite>
"""


def test_the_reports_of_paths(project: Project) -> None:
    project.write("out/a.xml", SUITE)
    done = diagnose("out", cwd=project.path, env=project.env)
    reports = done.document["reports"]
    assert (done.code, reports["files"], reports["formats"]) == (0, 1, ["junit"])
    assert (reports["linkable"], [one["tests"] for one in reports["not_linkable"]]) == (2, [1])
    assert reports["code_refs"][0] == "tests/test_cart.py:test_adds"
    assert done.signs()["not-linkable"] == "warning"
    for mode in ("launch", "import"):
        estimate = project.report("--dry-run", "--mode", mode).delivery["api_calls"]["estimate"]
        assert reports["api_calls"][mode] == estimate
    inspected = json.loads(run("inspect", "--format", "json", "out", cwd=project.path).stdout)
    assert reports["totals"]["tests"] == inspected["totals"]["tests"] == 3
    assert [path.name for path in project.path.iterdir() if "bundle" in path.name] == []


def test_titles_that_cannot_be_links_are_a_note(project: Project) -> None:
    project.write("out/a.xml", SUITE.replace("tests/test_cart.py", "src/cart.test.js"))
    done = diagnose("--offline", "out", cwd=project.path, env=project.env)
    assert done.signs()["not-linkable"] == "note"


def test_many_code_refs_are_five_examples(project: Project) -> None:
    cases = "".join(f"<testcase classname='c' name='t{number}'/>" for number in range(9))
    project.write("out/a.xml", f"<testsuite name='s'>{cases}</testsuite>")
    reports = diagnose("--offline", "out", cwd=project.path, env=project.env).document["reports"]
    assert len(reports["code_refs"]) == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.xml", "<testsuite name='s'><testcase name='t'/>"),
        ("other.xml", "<html><body/></html>"),
        ("empty.xml", ""),
        ("none.xml", "<testsuite name='s'/>"),
    ],
)
def test_a_report_that_report_refuses(project: Project, name: str, content: str) -> None:
    project.write(f"out/{name}", content)
    path = f"out/{name}"
    done = diagnose(path, cwd=project.path, env=project.env)
    reported = run("report", path, "--dry-run", cwd=project.path, env=project.env)
    assert done.code == reported.returncode == 3
    assert f"error[{done.errors[0]}]" in reported.stderr


def test_a_report_that_does_not_exist(project: Project) -> None:
    done = diagnose("out/gone.xml", cwd=project.path, env=project.env)
    assert (done.code, done.errors) == (3, ["file-not-found"])


def test_settings_come_before_reports(project: Project) -> None:
    done = diagnose("out/gone.xml", cwd=project.path, env=project.env | {"ONETEST_PRODUCT_ID": ""})
    assert (done.code, done.errors) == (2, ["missing-option", "file-not-found"])


def test_costs_over_the_limit_of_report(project: Project) -> None:
    project.write("out/a.xml", SUITE)
    env = project.env | {"ONETEST_MAX_API_CALLS": "14", "ONETEST_MODE": "launch"}
    done = diagnose("out", cwd=project.path, env=env)
    assert (done.code, done.errors) == (6, ["over-max-api-calls"])


def test_texts_of_reports_are_only_texts(project: Project) -> None:
    suite, _ = hostile_suite()
    project.write("out/a.xml", suite.replace("&#xD800;", ""))
    for options in ((), ("--format", "json")):
        done = run("doctor", "--offline", *options, "out", cwd=project.path, env=project.env)
        log = done.stdout + done.stderr
        assert all(found(log) == [] for found in FOUND_BY.values())
