"""What is printed and written: for programs, for people, and for other tools."""

import os
import pty
import re
import subprocess
import threading
from collections.abc import Mapping
from typing import Any

import junitparser
import pytest

from support.command import COMMAND, environment, run
from support.project import Project
from support.proxy import Answer

SUITE = (
    "<testsuite name='checkout'><testcase classname='c' name='good' time='1.25'/>"
    "<testcase classname='c' name='bad' file='c.py' line='3'><failure message='red' type='E'>deep\ntrace"
    "</failure><system-out>said</system-out></testcase>"
    "<testcase classname='c' name='worse'><error message='x'/></testcase>"
    "<testcase classname='c' name='later'><skipped message='why'/></testcase>"
    "<testcase classname='c' name='f'><failure/></testcase><testcase classname='c' name='f'/></testsuite>"
)
ANSI = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture(autouse=True)
def suite(project: Project) -> None:
    project.write("out/a.xml", SUITE)


def shape(value: Any) -> Any:
    """The keys of a document, and of the first element of each list."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


COUNTS = dict.fromkeys(("tests", "passed", "failures", "errors", "skipped", "flaky"), "int") | {
    "seconds": "float",
    "attachments": "int",
}
GOLDEN = {
    "version": "str",
    "exit_code": "int",
    "upload_status": "str",
    "launch_id": "str",
    "launch_url": "str",
    "launch_name": "str",
    "launch_uuid": "str",
    "environment": {"name": "str", "id": "str"},
    "build": {"version": "str", "id": "str"},
    "attributes": [{"key": "str", "value": "str"}],
    "totals": COUNTS,
    "failures": [
        {"name": "str", "suite": "str", "status": "str", "message": "str", "file": "str", "line": "int"}
    ],
    "files": [
        {"path": "str", "format": "str"}
        | COUNTS
        | {"truncated": "bool", "merged_by_name": ["str"], "warnings": [], "notes": [], "error": "NoneType"}
    ],
    "skipped_files": "int",
    "not_reports": [],
    "left_out_directories": "int",
    "delivery": {
        "mode": "str",
        "why": "str",
        "launches": [{"id": "str", "url": "str", "number": "int"}],
        "cases_sent": "int",
        "cases_total": "int",
        "artifacts_sent": "int",
        "api_calls": {
            "estimate": "int",
            "total": "int",
            "by_service": {"membership": "int", "receiver": "int", "artifacts": "int"},
        },
        "lost": [],
        "warnings": [],
        "error": "NoneType",
    },
    "cases": "NoneType",
    "comparison": "NoneType",
    "gate": {"fail_on": "str", "passed": "bool", "why": "str", "verdicts": []},
    "quarantined": {"total": "int", "flaky": "int", "tests": []},
    "errors": [],
    "warnings": [],
    "notes": [],
    "bundle_path": "str",
}


def test_the_shape_of_the_json_outcome(project: Project) -> None:
    done = project.report("--attribute", "a=b", "--build-version", "1")
    assert shape(done.outcome) == GOLDEN
    assert done.outcome["delivery"]["api_calls"]["total"] == len(project.proxy.requests)


def test_the_json_outcome_of_a_failure_has_the_same_shape(project: Project) -> None:
    project.proxy.answer("/api/", Answer(500))
    outcome = project.report("--fail-on", "any").outcome
    assert set(outcome) == set(GOLDEN)
    assert set(outcome["delivery"]) == set(GOLDEN["delivery"])
    assert shape(outcome["delivery"]["error"]) == {"code": "str", "message": "str", "hint": "str"}
    sentence = "2 of 5 tests failed (--fail-on any)."
    assert outcome["gate"] == {
        "fail_on": "any",
        "passed": False,
        "why": "2 of 5 tests failed",
        "verdicts": [{"option": "--fail-on any", "passed": False, "text": sentence}],
    }
    assert outcome["exit_code"] == 1
    dry = project.report("--dry-run").outcome
    assert set(dry) == set(GOLDEN)


def test_the_summary_as_markdown(project: Project) -> None:
    project.report("--summary", "deep/summary.md", "--launch-name", "Night_ly", "--build-version", "1.0")
    text = (project.path / "deep" / "summary.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "### ❌ Night\\_ly"
    counts = "5 tests: 2 passed, 1 failed, 1 in error, 1 skipped, 1 flaky in 1.2 s"
    assert lines[2] == f"**2 of 5 tests failed** · {counts}"
    assert "<details><summary><code>c &gt; bad</code><br><code>E: red</code></summary>" in lines
    assert "Build: 1.0" in text
    assert re.search(r"✅ OneTest: \*\*delivered\*\* · \[launch\]\(<http://[^>]+>\) · \d+ API calls", text)


def test_the_merged_junit_document(project: Project) -> None:
    project.write(
        "out/b.xml", "<testsuite name='second'><testcase classname='d' name='&#10;odd&lt;'/></testsuite>"
    )
    project.report("--junit", "deep/merged.xml")
    document = junitparser.JUnitXml.fromfile(str(project.path / "deep" / "merged.xml"))
    assert (document.tests, document.failures, document.errors, document.skipped) == (6, 1, 1, 1)
    cases = {case.name: (suite.name, case) for suite in document for case in suite}
    assert {name: suite for name, (suite, _) in cases.items()} == {
        "good": "checkout",
        "bad": "checkout",
        "worse": "checkout",
        "later": "checkout",
        "f": "checkout",
        "\nodd<": "second",
    }
    bad = cases["bad"][1]
    assert (bad.result[0].message, bad.result[0].type, bad.result[0].text) == (
        "red",
        "E",
        "deep\ntrace",
    )
    assert bad.system_out == "said"
    assert isinstance(cases["worse"][1].result[0], junitparser.Error)
    assert cases["later"][1].result[0].message == "why"
    assert cases["f"][1].result == []
    assert cases["good"][1].time == 1.25


@pytest.mark.parametrize("option", ["--json", "--junit", "--summary"])
def test_a_file_that_cannot_be_written_costs_nothing_else(project: Project, option: str) -> None:
    (project.path / "taken").mkdir()
    done = run("report", "out", option, "taken", cwd=project.path, env=project.env)
    assert done.returncode == 2
    assert "error[output-not-written]" in done.stderr
    assert "taken cannot be written" in done.stderr
    assert "delivered in launch mode: 5 of 5 tests" in done.stdout


def test_quiet_when_not_a_terminal(project: Project) -> None:
    done = project.report()
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].startswith("5 tests: 2 passed, 1 failed, 1 in error, 1 skipped, 1 flaky in 1 report")
    # By whole words: the addresses below it hold UUIDs, which may spell anything in hexadecimal.
    assert [line for line in lines if " bad " in line] == ["  x c > bad  (c.py:3)"]
    assert done.outcome["launch_url"] in done.stdout


def on_terminal(project: Project, env: Mapping[str, str]) -> str:
    """What the command prints when both of its streams are a terminal."""
    main, terminal = pty.openpty()
    shown = bytearray()

    def read() -> None:
        try:
            while data := os.read(main, 65_536):
                shown.extend(data)
        except OSError:
            pass  # the other end is closed: all was read

    reader = threading.Thread(target=read)
    reader.start()
    try:
        done = subprocess.run(
            [COMMAND, "report", "out"],
            cwd=project.path,
            env=environment(project.env | {"TERM": "xterm", **env}),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            check=False,
        )
    finally:
        os.close(terminal)
        reader.join()
        os.close(main)
    assert done.returncode == 0
    return shown.decode()


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colour_on_a_terminal(project: Project, env: dict[str, str], coloured: bool) -> None:
    shown = on_terminal(project, env)
    assert bool(ANSI.search(shown)) is coloured
    assert "5/5" in shown
    # The bar hides the cursor while it is there.
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") > -1
    assert "5 tests: 2 passed" in ANSI.sub("", shown)


def test_colour_where_there_is_no_terminal(project: Project) -> None:
    assert ANSI.search(project.report(env={"FORCE_COLOR": "1"}).stdout)
    assert not ANSI.search(project.report(env={"FORCE_COLOR": ""}).stdout)
    assert not ANSI.search(project.report(env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout)
    # A command that prints no outcome.
    for env, coloured in (({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)):
        shown = run("inspect", "out", cwd=project.path, env=project.env | env).stdout
        assert bool(ANSI.search(shown)) is coloured


def test_a_console_that_cannot_show_a_name(project: Project) -> None:
    project.write("out/a.xml", SUITE.replace("name='bad'", "name='größe \U0001f6d2'"))
    done = project.report(env={"PYTHONIOENCODING": "ascii"})
    assert (done.code, done.status) == (0, "delivered"), done.stderr
