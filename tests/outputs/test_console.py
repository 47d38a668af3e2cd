"""The summary in a log: failures first, what hosts fold, the verdict last."""

import re
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.cli.output import SENDING, ProgressLines
from onetest_ci.outputs.log_groups import HOSTS
from onetest_ci.outputs.markdown import STEP_SUMMARY
from support.command import run

REPORT: Final = (
    "<testsuite name='s'><testcase classname='c' name='good' time='2.5'/>"
    "<testcase classname='c' name='bad' file='c.py' line='3'>"
    "<failure message='red'>deep\ntrace</failure></testcase>"
    "<testcase classname='c' name='later'><skipped message='why'/></testcase>"
    "<testcase classname='c' name='shaky'><flakyFailure message='once'/></testcase></testsuite>"
)
GREEN: Final = "<testsuite name='s'><testcase classname='c' name='a'/></testsuite>"
VARIABLES: Final = {
    "": {},
    "github": {"GITHUB_ACTIONS": "true"},
    "azure": {"TF_BUILD": "True"},
    "gitlab": {"GITLAB_CI": "true"},
    "buildkite": {"BUILDKITE": "true"},
    "teamcity": {"TEAMCITY_VERSION": "2024.1"},
    "travis": {"TRAVIS": "true"},
    "circleci": {"CIRCLECI": "true"},
    "jenkins": {"JENKINS_URL": "https://ci.example/", "BUILD_NUMBER": "1"},
}
GROUPS: Final = {
    "github": ("::group::onetest-ci: Flaky tests (1)", "::endgroup::"),
    "azure": ("##[group]onetest-ci: Flaky tests (1)", "##[endgroup]"),
    "gitlab": (
        "\x1b[0Ksection_start:0:onetest_ci_flaky_tests_1[collapsed=true]\r\x1b[0Konetest-ci: Flaky tests (1)",
        "\x1b[0Ksection_end:0:onetest_ci_flaky_tests_1\r\x1b[0K",
    ),
    "buildkite": ("--- onetest-ci: Flaky tests (1)", "+++ onetest-ci: results"),
    "teamcity": (
        "##teamcity[blockOpened name='onetest-ci: Flaky tests (1)']",
        "##teamcity[blockClosed name='onetest-ci: Flaky tests (1)']",
    ),
    "travis": (
        "travis_fold:start:onetest_ci_flaky_tests_1\r\x1b[0Konetest-ci: Flaky tests (1)",
        "travis_fold:end:onetest_ci_flaky_tests_1\r\x1b[0K",
    ),
}


def log(folder: Path, host: str, *args: str) -> list[str]:
    done = run("report", "--dry-run", *args, "r.xml", cwd=folder, env=VARIABLES[host])
    return re.sub(r"(section_(?:start|end)):[0-9]+:", r"\1:0:", done.stdout).split("\n")


@pytest.mark.parametrize("host", VARIABLES)
def test_groups_on_each_host_that_folds(tmp_path: Path, host: str) -> None:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    opening, closing = GROUPS.get(host, ("Flaky tests (1):", "Skipped tests (1):"))
    lines = log(tmp_path, host)
    # The carriage returns became line feeds.
    group = f"{opening}\n  - c > shaky (attempts: failed, passed)\n{closing}\n".replace("\r", "\n")
    assert group in "\n".join(lines)
    assert ("      trace" in lines) is (host in HOSTS)


def test_each_host_that_folds_is_tested() -> None:
    assert GROUPS.keys() == HOSTS.keys()


def test_failures_first_and_the_verdict_last(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    lines = log(tmp_path, "", "--fail-on", "any")
    assert lines[:3] == [
        "4 tests: 2 passed, 1 failed, 1 skipped, 1 flaky in 1 report (2.5 s)",
        "  x c > bad  (c.py:3)",
        "      - red",
    ]
    assert "  - 2.5 s  c > good" in lines
    assert lines[-3:] == [
        "Gate         failed: 1 of 4 tests failed (--fail-on any).",
        "Result       1 of 4 tests failed",
        "",
    ]


def test_the_last_line_of_a_green_run(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(GREEN, encoding="utf-8")
    assert log(tmp_path, "")[-2:] == ["Result       No test failed", ""]


def test_lines_of_long_work_come_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    progress = ProgressLines(SENDING, lambda: now[0])
    for second in range(100):
        now[0] = float(second)
        progress(second * 1000, 100_000)
    progress(100_000, 100_000)
    assert capsys.readouterr().err.splitlines() == [
        f"onetest-ci: sent {count}"
        for count in ("30,000 of 100,000", "60,000 of 100,000", "90,000 of 100,000")
    ]


def test_inspect_shows_failed_tests_and_counts_the_others(tmp_path: Path) -> None:
    cases = "".join(
        f"<testcase name='t{number}' file='t.py' line='{number}'><failure message='m{number}'/></testcase>"
        for number in range(30)
    )
    again = "<testcase name='again'><failure/></testcase><testcase name='again'/>"
    (tmp_path / "a.xml").write_text(f"<testsuite name='s'>{again}{cases}</testsuite>", encoding="utf-8")
    (tmp_path / "b.xml").write_text(REPORT, encoding="utf-8")
    (tmp_path / "c.xml").write_text(GREEN, encoding="utf-8")
    lines = run("inspect", ".", cwd=tmp_path).stdout.splitlines()
    first, second = (
        lines.index("  x t0  (t.py:0)"),
        lines.index("  … 1 more failed test; the report contains them"),
    )
    assert lines[first + 1] == "      - m0"
    assert lines[first + 38 : first + 41] == [
        "  x t19  (t.py:19)",
        "      - m19",
        "  … 10 more failed tests; the report contains them",
    ]
    assert lines[second - 1].startswith("b.xml: junit, 4 tests")
    assert not [line for line in lines if "again" in line and line.startswith("  x")]


def test_a_step_summary_that_is_full_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    summary = tmp_path / "s.md"
    env = VARIABLES["github"] | {"GITHUB_STEP_SUMMARY": str(summary)}
    summary.write_text("x" * (STEP_SUMMARY - 100), encoding="utf-8")
    done = run("report", "--dry-run", "r.xml", cwd=tmp_path, env=env)
    assert (done.returncode, summary.stat().st_size) == (0, STEP_SUMMARY - 100)
    assert "warning: The step summary is full" in done.stderr
    summary.write_text("x" * (STEP_SUMMARY - 100_000), encoding="utf-8")
    done = run("report", "--dry-run", "r.xml", cwd=tmp_path, env=env)
    assert "full" not in done.stderr
    assert STEP_SUMMARY - 100_000 < summary.stat().st_size <= STEP_SUMMARY
