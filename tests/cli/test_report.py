"""``onetest-ci report`` against a local OneTest, read back through its own API."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="checkout" timestamp="2026-03-01T10:00:00Z">
    <testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py"
      name="test_adds" time="0.25"/>
    <testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py"
      name="test_total[größe-\U0001f6d2]" time="1.5">
      <failure message="1 != 2" type="AssertionError">Traceback: line 7
AssertionError: 1 != 2</failure>
      <system-out>[[ATTACHMENT|shots/cart.png]]
what the test printed</system-out>
    </testcase>
    <testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py"
      name="test_later"><skipped message="not yet"/></testcase>
    <testsuite name="inner">
      <testcase classname="tests.test_cart" file="tests/test_cart.py"
      name="test_broken"><error message="boom"/></testcase>
    </testsuite>
    <testcase classname="tests.test_cart" file="tests/test_cart.py"
      name="test_flaky"><failure message="first try"/></testcase>
    <testcase classname="tests.test_cart" file="tests/test_cart.py"
      name="test_flaky"/>
  </testsuite>
</testsuites>
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with one report and the picture that it names."""
    (tmp_path / "out" / "shots").mkdir(parents=True)
    (tmp_path / "out" / "junit.xml").write_text(REPORT, encoding="utf-8")
    (tmp_path / "out" / "shots" / "cart.png").write_bytes(PNG)
    return tmp_path


def outcome_of(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_a_launch_with_its_tree_logs_and_files(onetest: LocalOneTest, project: Path) -> None:
    done = run(
        "report",
        "out/*.xml",
        *("--json", "outcome.json", "--launch-name", "Nightly", "--launch-description", "all of it"),
        *("--attribute", "team=shop", "--build-version", "7.1.0"),
        *("--environment", "staging", "--environment-url", "https://staging.example"),
        "--deployment",
        cwd=project,
        env=onetest.env,
    )
    assert done.returncode == 0, done.stderr
    outcome = outcome_of(project / "outcome.json")
    assert outcome["upload_status"] == "delivered"
    counts = {
        key: outcome["totals"][key] for key in ("tests", "passed", "failures", "errors", "skipped", "flaky")
    }
    assert counts == {"tests": 5, "passed": 2, "failures": 1, "errors": 1, "skipped": 1, "flaky": 1}

    launch = onetest.launch(outcome["launch_id"])
    assert (launch["name"], launch["description"], launch["status"]) == ("Nightly", "all of it", "failed")
    assert {"key": "team", "value": "shop"} in launch["attributes"]
    assert launch["build_id"] == outcome["build"]["id"] != ""
    assert launch["environment_id"] == outcome["environment"]["id"] != ""
    assert outcome["launch_url"] in done.stdout

    items = onetest.items(launch["id"])
    by_name = {item["name"]: item for item in items}
    assert len(by_name) == len(items) == 7
    statuses = {name: item["status"] for name, item in by_name.items() if item["item_type"] == "STEP"}
    assert statuses == {
        "test_adds": "passed",
        "test_total[größe-\U0001f6d2]": "failed",
        "test_later": "skipped",
        "test_broken": "failed",
        "test_flaky": "passed",
    }
    assert by_name["inner"]["parent_id"] == by_name["checkout"]["id"]
    assert by_name["test_broken"]["parent_id"] == by_name["inner"]["id"]
    assert by_name["test_adds"]["code_ref"] == "tests/test_cart.py:TestCart.test_adds"
    assert by_name["test_total[größe-\U0001f6d2]"]["code_ref"] == "tests/test_cart.py:TestCart.test_total"
    assert {"key": "flaky", "value": "true"} in by_name["test_flaky"]["attributes"]

    logs = onetest.logs(by_name["test_total[größe-\U0001f6d2]"]["id"])
    assert any("AssertionError: 1 != 2" in log["message"] for log in logs)
    assert any("what the test printed" in log["message"] for log in logs)
    (attached,) = [log["attachment"] for log in logs if log["attachment"]]
    assert attached["content_type"] == "image/png"
    assert any("first try" in log["message"] for log in onetest.logs(by_name["test_flaky"]["id"]))


def test_an_import(onetest: LocalOneTest, project: Path) -> None:
    done = run("report", "out", "--mode", "import", "--json", "outcome.json", cwd=project, env=onetest.env)
    assert done.returncode == 0, done.stderr
    outcome = outcome_of(project / "outcome.json")
    cases = onetest.items(outcome["launch_id"])
    assert {case["item_type"] for case in cases} == {"STEP"}
    assert sorted(case["status"] for case in cases) == ["failed", "failed", "passed", "passed", "skipped"]
    assert "tests/test_cart.py:TestCart.test_adds" in {case["code_ref"] for case in cases}


def test_auto_imports_what_would_take_too_many_calls(onetest: LocalOneTest, project: Path) -> None:
    done = run("report", "out", "--max-api-calls", "12", "--json", "o.json", cwd=project, env=onetest.env)
    delivery = outcome_of(project / "o.json")["delivery"]
    assert (done.returncode, delivery["mode"]) == (0, "import")
    assert "--max-api-calls is 12" in done.stdout
    assert delivery["api_calls"]["total"] <= delivery["api_calls"]["estimate"] <= 12


def test_a_pinned_launch_over_the_guard_sends_nothing(onetest: LocalOneTest, project: Path) -> None:
    before = len(onetest.launches())
    done = run(
        *("report", "out", "--mode", "launch", "--max-api-calls", "12", "--json", "o.json"),
        cwd=project,
        env=onetest.env,
    )
    outcome = outcome_of(project / "o.json")
    assert done.returncode == 6
    assert "over-max-api-calls" in done.stderr
    assert outcome["delivery"]["api_calls"]["total"] == 0
    assert len(onetest.launches()) == before
    assert f"onetest-ci push {outcome['bundle_path']}" in done.stdout


def test_the_estimate_holds(onetest: LocalOneTest, project: Path) -> None:
    run("report", "out", "--json", "o.json", "--build-version", "1", cwd=project, env=onetest.env)
    calls = outcome_of(project / "o.json")["delivery"]["api_calls"]
    assert 0 < calls["total"] <= calls["estimate"]


def test_a_dry_run_sends_nothing(onetest: LocalOneTest, project: Path) -> None:
    before = len(onetest.launches())
    done = run("report", "out", "--dry-run", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "it would take at most" in done.stdout
    assert len(onetest.launches()) == before
    assert [path.name for path in project.iterdir()] == ["out"]


def test_the_gate_is_a_switch_of_its_own(onetest: LocalOneTest, project: Path) -> None:
    env = onetest.env
    assert run("report", "out", "--fail-on", "any", cwd=project, env=env).returncode == 1
    assert run("report", "out", "--fail-on", "never", cwd=project, env=env).returncode == 0


def test_files_of_the_run_are_uploaded(onetest: LocalOneTest, project: Path) -> None:
    (project / "logs").mkdir()
    (project / "logs" / "app.log").write_text("started\n", encoding="utf-8")
    run("report", "out", "--artifacts", "logs/**", "--json", "o.json", cwd=project, env=onetest.env)
    outcome = outcome_of(project / "o.json")
    objects = onetest.get(f"/api/artifacts/api/v1/products/{onetest.product_id}/buckets/onetest-ci/objects")[
        "items"
    ]
    keys = {one["key"] for one in objects}
    prefix = f"test-runs/{outcome['launch_uuid']}"
    assert {f"{prefix}/reports.zip", f"{prefix}/logs_app.log"} <= keys


def test_one_merged_junit_document(onetest: LocalOneTest, project: Path) -> None:
    run("report", "out", "--junit", "merged.xml", cwd=project, env=onetest.env)
    read = run("inspect", "--format", "json", "merged.xml", cwd=project)
    totals = json.loads(read.stdout)["totals"]
    assert [totals[key] for key in ("tests", "passed", "failures", "errors", "skipped")] == [5, 2, 1, 1, 1]


def test_a_delivered_bundle_is_removed_unless_it_was_asked_for(onetest: LocalOneTest, project: Path) -> None:
    temporary = project / "runner-temp"
    temporary.mkdir()
    env = onetest.env | {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(temporary)}
    run("report", "out", cwd=project, env=env)
    assert list(temporary.iterdir()) == []
    run("report", "out", "--bundle", "kept", cwd=project, env=env)
    assert (project / "kept" / "bundle.json").is_file()


def test_one_broken_report_does_not_cost_the_others(onetest: LocalOneTest, project: Path) -> None:
    (project / "out" / "cut.xml").write_text(REPORT[: REPORT.index('name="test_later"')], encoding="utf-8")
    done = run("report", "out", "--json", "o.json", cwd=project, env=onetest.env)
    outcome = outcome_of(project / "o.json")
    assert done.returncode == 3
    assert "broken-xml" in done.stderr
    assert outcome["upload_status"] == "delivered"
    assert len(onetest.cases(outcome["launch_id"])) == outcome["totals"]["tests"] == 7


def test_a_reader_that_goes_away_changes_nothing(project: Path) -> None:
    command = f"{COMMAND} report out --dry-run --fail-on any --json o.json"
    script = f'{command} | true; exit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", script], cwd=project, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert outcome_of(project / "o.json")["exit_code"] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_standard_output_is_an_error(project: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [COMMAND, "inspect", "out"],
            cwd=project,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "error[output-not-written]" in done.stderr
