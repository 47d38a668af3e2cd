"""``launch finish --results`` merges what the runners saved."""

import gzip
import json
import re
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from onetest_ci.results.allowance import Allowance, Exhausted
from onetest_ci.results.merged import merge
from onetest_ci.results.saved import open_saved
from support.command import run
from support.onetest import LocalOneTest

BODIES = {
    "passed": "",
    "failed": '<failure message="boom">trace</failure>',
    "skipped": "<skipped/>",
    "flaky": '<flakyFailure message="boom"/>',
}


def save(folder: Path, shard: str, *, whole: bool = True, **states: str) -> None:
    """Write the saved results of one runner."""
    cases = "".join(
        f'<testcase classname="tests.A" name="{name}" time="0.1">{BODIES[state]}</testcase>'
        for name, state in states.items()
    )
    end = "</testsuite>" if whole else ""
    (folder / f"{shard}.xml").write_text(f'<testsuite name="s">{cases}{end}', encoding="utf-8")
    done = run("report", "--dry-run", f"{shard}.xml", "--save-results", f"results/{shard}.gz", cwd=folder)
    assert done.returncode == (0 if whole else 3)


def finish(folder: Path, onetest: LocalOneTest, *args: str) -> tuple[CompletedProcess[str], dict[str, Any]]:
    launch = run("launch", "start", cwd=folder, env=onetest.env).stdout.strip()
    written = ("--json", "o.json", "--summary", "s.md")
    done = run(
        "launch", "finish", launch, "--results", "results/*.gz", *written, *args, cwd=folder, env=onetest.env
    )
    assert len(done.stdout.splitlines()) <= 1
    # The launch is finished, whatever becomes of the summary.
    assert onetest.launch(launch)["status"] != "in_progress"
    return done, json.loads((folder / "o.json").read_text(encoding="utf-8"))


def verdicts(outcome: dict[str, Any]) -> list[int]:
    totals = outcome["totals"]
    return [totals[name] for name in ("tests", "passed", "failures", "skipped", "flaky")]


def test_worst_verdict_of_a_test_counts(onetest: LocalOneTest, tmp_path: Path) -> None:
    save(tmp_path, "one", a="passed", b="failed", c="skipped", d="passed", e="passed")
    save(tmp_path, "two", a="passed", b="passed", c="passed", d="flaky", f="failed")
    done, outcome = finish(tmp_path, onetest)
    assert done.returncode == 0, done.stderr
    assert verdicts(outcome) == [6, 4, 2, 0, 1]
    assert [(row["path"], row["tests"]) for row in outcome["files"]] == [
        ("results/one.gz", 5),
        ("results/two.gz", 5),
    ]
    assert "6 tests: 4 passed, 2 failed" in done.stderr
    assert (outcome["upload_status"], outcome["delivery"]["api_calls"]["total"]) == ("delivered", 1)
    summary = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert "boom" in summary
    # The runners' own name is not that of the launch.
    assert (outcome["launch_name"], summary.partition("\n")[0]) == ("", "### ❌ Test results")


def test_a_failure_has_its_place_in_the_checkout(onetest: LocalOneTest, tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_a():\n    assert 0\n", encoding="utf-8")
    trace = "def test_a():\n&gt;       assert 0\nE       assert 0\n\ntests/test_a.py:2: AssertionError"
    failure = f'<failure message="assert 0">{trace}</failure>'
    tests = f'<testcase classname="tests.test_a" name="test_a">{failure}</testcase>'
    report = f'<testsuite name="pytest">{tests}</testsuite>'
    (tmp_path / "r.xml").write_text(report, encoding="utf-8")
    run("report", "--dry-run", "r.xml", "--save-results", "results/r.gz", cwd=tmp_path)
    done, _ = finish(tmp_path, onetest)
    assert "(tests/test_a.py:2)" in done.stderr


def test_tests_of_one_name_in_one_file_stay_apart(onetest: LocalOneTest, tmp_path: Path) -> None:
    case = '<testcase classname="A" name="a"/>'
    (tmp_path / "r.xml").write_text(f"<testsuite name='s'>{case}{case}</testsuite>", encoding="utf-8")
    run("report", "--dry-run", "r.xml", "--save-results", "results/r.gz", cwd=tmp_path)
    _, outcome = finish(tmp_path, onetest)
    assert verdicts(outcome)[:2] == [2, 2]


def test_a_file_of_another_commit_is_a_warning(onetest: LocalOneTest, tmp_path: Path) -> None:
    save(tmp_path, "one", a="passed")
    save(tmp_path, "two", b="passed")
    _, outcome = finish(tmp_path, onetest)
    assert not outcome["warnings"]
    for shard, commit in (("one", "a" * 40), ("two", "b" * 40)):
        ci = {"GITHUB_ACTIONS": "true", "GITHUB_SHA": commit}
        args = ("report", "--dry-run", f"{shard}.xml", "--save-results", f"results/{shard}.gz")
        run(*args, cwd=tmp_path, env=ci)
    _, outcome = finish(tmp_path, onetest)
    (warning,) = outcome["warnings"]
    assert f"are of 2 commits ({'a' * 12}, {'b' * 12})" in warning


@pytest.mark.parametrize("damage", ["missing", "cut", "not results", "report broke off"])
def test_missing_part_is_never_green(damage: str, onetest: LocalOneTest, tmp_path: Path) -> None:
    save(tmp_path, "one", a="passed")
    save(tmp_path, "two", whole=damage != "report broke off", b="passed")
    path = tmp_path / "results" / "two.gz"
    if damage == "missing":
        path.unlink()
        (tmp_path / "results" / "one.gz").unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-12])
    elif damage == "not results":
        path.write_text("<html>", encoding="utf-8")
    done, outcome = finish(tmp_path, onetest)
    assert done.returncode == 3
    assert len(outcome["errors"]) == 1
    assert verdicts(outcome)[0] == {"missing": 0, "report broke off": 2}.get(damage, 1)
    summary = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert re.match(r"### ❌ \S", summary)


def test_failure_of_a_runner_s_command_is_a_failure_and_not_a_missing_part(
    onetest: LocalOneTest, tmp_path: Path
) -> None:
    save(tmp_path, "one", a="passed")
    args = ("report", "--dry-run", "one.xml", "--test-exit-code")
    assert run(*args, "1", "--save-results", "results/one.gz", cwd=tmp_path).returncode == 1
    done, outcome = finish(tmp_path, onetest, "--fail-on", "any")
    assert (done.returncode, verdicts(outcome)[:3]) == (1, [2, 1, 0])
    assert outcome["totals"]["errors"] == 1
    # A signal cuts a run short.
    assert run(*args, "137", "--save-results", "results/one.gz", cwd=tmp_path).returncode == 137
    assert finish(tmp_path, onetest)[0].returncode == 3


def test_merged_results_are_compared_and_saved(onetest: LocalOneTest, tmp_path: Path) -> None:
    save(tmp_path, "one", a="failed", b="passed")
    save(tmp_path, "two", c="failed")
    finish(tmp_path, onetest, "--save-results", "base.gz")
    save(tmp_path, "one", a="failed")
    save(tmp_path, "two", b="passed", c="passed", d="failed")
    _, outcome = finish(tmp_path, onetest, "--baseline", "base.gz")
    comparison = outcome["comparison"]
    found = {
        key: [test["name"] for test in comparison[key]["tests"]] for key in ("new_failure", "still_failing")
    }
    assert found == {"new_failure": ["d"], "still_failing": ["a"]}
    assert [test["name"] for test in comparison["fixed"]["tests"]] == ["c"]
    assert comparison["vanished"]["total"] == 0


def test_launch_that_cannot_be_finished_is_an_error_with_a_summary(
    onetest: LocalOneTest, tmp_path: Path
) -> None:
    save(tmp_path, "one", a="passed")
    missing = "0d5f5a5e-7c0c-4a52-9e0b-1f1c36a0f6a3"
    args = ("launch", "finish", missing, "--results", "results/*.gz", "--summary", "s.md")
    done = run(*args, cwd=tmp_path, env=onetest.env)
    assert done.returncode == 4
    assert not done.stdout
    assert (tmp_path / "s.md").exists()


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (("--fail-on", "any"), 1, "1 of 4 tests failed, besides 1 in quarantine"),
        (("--max-failures", "1"), 0, ""),
        (("--max-failures", "0"), 1, "1 test failed; at most 0 may"),
        (("--min-tests", "5"), 1, "4 tests ran; at least 5 must"),
        (("--min-pass-rate", "66.67"), 1, "66.6666 % of 3 tests passed; at least 66.67 % must"),
        (("--max-flaky", "0"), 1, "1 test was flaky; at most 0 may be"),
    ],
)
def test_gates_judge_the_merged_results(
    args: tuple[str, ...], code: int, why: str, onetest: LocalOneTest, tmp_path: Path
) -> None:
    entry = "tests:\n  - name: slow\n    reason: slow network\n    expires: 2999-12-31\n"
    save(tmp_path, "one", a="passed", slow="failed")
    save(tmp_path, "two", c="failed", d="flaky")
    (tmp_path / ".onetest-quarantine.yml").write_text(entry, encoding="utf-8")
    done, outcome = finish(tmp_path, onetest, *args)
    assert (done.returncode, outcome["gate"]["why"]) == (code, why)
    assert [test["name"] for test in outcome["quarantined"]["tests"]] == ["slow"]


def test_merged_results_that_lack_a_part_pass_no_gate(onetest: LocalOneTest, tmp_path: Path) -> None:
    save(tmp_path, "one", a="passed")
    (tmp_path / "results" / "two.gz").write_text("<html>", encoding="utf-8")
    done, outcome = finish(tmp_path, onetest, "--max-failures", "9")
    assert (done.returncode, outcome["gate"]["passed"]) == (3, False)
    assert "cannot be judged" in outcome["gate"]["why"]
    assert [verdict["passed"] for verdict in outcome["gate"]["verdicts"]] == [False]


def test_merged_results_hide_no_failure_that_a_report_only_declares(
    onetest: LocalOneTest, tmp_path: Path
) -> None:
    save(tmp_path, "one", a="failed")
    save(tmp_path, "two", b="passed")
    assert finish(tmp_path, onetest, "--save-results", "base.gz")[0].returncode == 0
    gated = ("--fail-on", "new", "--baseline", "base.gz")
    assert finish(tmp_path, onetest, *gated)[0].returncode == 0
    path = tmp_path / "one.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("<testsuite ", '<testsuite failures="2" '))
    run("report", "--dry-run", "one.xml", "--save-results", "results/one.gz", cwd=tmp_path)
    done, outcome = finish(tmp_path, onetest, *gated, "--save-results", "merged.gz")
    assert (done.returncode, outcome["gate"]["passed"]) == (1, False)
    assert any(note.startswith("results/one.gz: a report") for note in outcome["notes"])
    assert open_saved(tmp_path / "merged.gz").header.more_failures


def test_all_files_together_are_bounded(onetest: LocalOneTest, tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    lines = [
        {"run": {"schema": 1}},
        *({"report": {"path": "r"}} for _ in range(200_000)),
        {"end": {"tests": 0}},
    ]
    content = gzip.compress("".join(f"{json.dumps(line)}\n" for line in lines).encode(), 1)
    for number in range(3):
        (tmp_path / "results" / f"{number}.gz").write_bytes(content)
    done, outcome = finish(tmp_path, onetest)
    assert (done.returncode, [error["code"] for error in outcome["errors"]]) == (3, ["too-many-results"])
    assert "All files of saved results together contain more than 500,000 reports." in done.stderr


@pytest.mark.parametrize(("limit", "what"), [("tests", "2 tests"), ("size", "600 bytes")])
def test_tests_and_bytes_of_all_files_together_are_bounded(tmp_path: Path, limit: str, what: str) -> None:
    save(tmp_path, "one", a="passed", b="failed")
    save(tmp_path, "two", c="passed")
    bounded = Allowance(**{limit: int(what.split(maxsplit=1)[0])})
    files = [open_saved(tmp_path / "results" / f"{name}.gz") for name in ("one", "two")]
    with pytest.raises(Exhausted, match=f"contain more than {what}"):
        merge(files, bounded)
    assert len(list(merge(files[:1], Allowance(**{limit: int(what.split(maxsplit=1)[0])})).rows())) == 2


@pytest.mark.parametrize(
    ("args", "env"),
    [
        (("--max-failures", "0"), {}),
        (("--summary", "s.md"), {}),
        (("--results", "", "--baseline", "b.gz"), {}),
        ((), {"ONETEST_RESULTS": "", "ONETEST_FAIL_ON": "any"}),
    ],
)
def test_an_option_that_needs_the_results_is_not_dropped(
    args: tuple[str, ...], env: dict[str, str], onetest: LocalOneTest, tmp_path: Path
) -> None:
    launch = run("launch", "start", cwd=tmp_path, env=onetest.env).stdout.strip()
    done = run("launch", "finish", launch, *args, cwd=tmp_path, env=onetest.env | env)
    assert done.returncode == 2
    assert "only with --results" in done.stderr
    assert onetest.launch(launch)["status"] == "in_progress"


def test_a_gate_of_all_jobs_is_a_warning_without_results(onetest: LocalOneTest, tmp_path: Path) -> None:
    launch = run("launch", "start", cwd=tmp_path, env=onetest.env).stdout.strip()
    env = onetest.env | {"ONETEST_MIN_TESTS": "5", "ONETEST_FAIL_ON": "never"}
    done = run("launch", "finish", launch, cwd=tmp_path, env=env)
    assert done.returncode == 0
    assert "warning: --min-tests from the environment variable ONETEST_MIN_TESTS has no effect" in done.stderr
    assert "--fail-on" not in done.stderr
    assert onetest.launch(launch)["status"] != "in_progress"
