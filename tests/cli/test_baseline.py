"""``--save-results`` and ``--baseline``, by the installed command."""

import gzip
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from onetest_ci.results import saved
from support.command import run

SUITE = '<testsuite name="s">{}</testsuite>'
BODIES = {
    "passed": "",
    "failed": '<failure message="boom">trace</failure>',
    "error": '<error message="boom"/>',
    "skipped": '<skipped message="later"/>',
    "flaky": '<flakyFailure message="boom"/>',
}
MANY = 100_000
RECORDS = {
    "run": saved.RunHeader,
    "report": saved.ReportLine,
    "group": saved.Group,
    "test": saved.TestLine,
    "end": saved.End,
}


def case(name: str, state: str, seconds: float = 0.1) -> str:
    return f'<testcase classname="tests.A" name="{name}" time="{seconds}">{BODIES[state]}</testcase>'


def write(folder: Path, *cases: str, name: str = "reports/a.xml") -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(SUITE.format("".join(cases)), encoding="utf-8")


def report(folder: Path, *args: str, code: int = 0) -> dict[str, Any]:
    done = run("report", "--dry-run", "--json", "o.json", "reports", *args, cwd=folder)
    assert done.returncode == code, done.stderr
    outcome: dict[str, Any] = json.loads((folder / "o.json").read_text(encoding="utf-8"))
    return outcome


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def names(comparison: dict[str, Any], change: str) -> list[str]:
    listed = comparison[change]
    assert listed["total"] == len(listed["tests"])
    return [test["name"] for test in listed["tests"]]


def test_each_change_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        case("breaks", "passed"),
        case("broken", "failed"),
        case("mended", "error"),
        case("wobbles", "passed"),
        case("gone", "passed"),
        case("slows", "passed", 0.5),
        case("off", "failed"),
        case("on", "skipped"),
    )
    assert report(tmp_path, "--save-results", "saved/base.gz")["comparison"] is None
    write(
        tmp_path,
        case("breaks", "failed"),
        case("broken", "error"),
        case("mended", "passed"),
        case("wobbles", "flaky"),
        case("slows", "passed", 5),
        case("off", "skipped"),
        case("on", "passed"),
        case("added", "passed"),
    )
    comparison = report(tmp_path, "--baseline", "saved/*.gz")["comparison"]
    assert {key: names(comparison, key) for key in comparison if key != "baselines"} == {
        "new_failure": ["breaks"],
        "still_failing": ["broken"],
        "fixed": ["mended"],
        "newly_flaky": ["wobbles"],
        "new": ["added"],
        "vanished": ["gone"],
        "slower": ["slows"],
    }
    assert [(one["path"], one["tests"]) for one in comparison["baselines"]] == [("saved/base.gz", 8)]
    paths = ("report", "--dry-run", "reports", "--baseline", "saved/base.gz", "--summary", "s.md")
    assert "5.0 s, before 500 ms  tests.A > slows" in run(*paths, cwd=tmp_path).stdout
    assert "5.0 s, before 500 ms `tests.A > slows`" in (tmp_path / "s.md").read_text(encoding="utf-8")


def test_file_can_be_baseline_and_replaced(tmp_path: Path) -> None:
    args = ("--baseline", "base.gz", "--save-results", "base.gz")
    write(tmp_path, case("a", "failed"))
    assert report(tmp_path, *args)["comparison"] is None
    write(tmp_path, case("a", "passed"), case("b", "passed"))
    assert names(report(tmp_path, *args)["comparison"], "fixed") == ["a"]
    assert names(report(tmp_path, *args)["comparison"], "new") == []
    assert [path.name for path in tmp_path.glob("base*")] == ["base.gz"]


PULL_REQUEST = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REF": "refs/pull/7/merge",
    "GITHUB_HEAD_REF": "feature",
    "GITHUB_BASE_REF": "main",
    "GITHUB_SHA": "b" * 40,
    "GITHUB_RUN_ID": "71",
}
MAIN = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"}
MAIN |= {"GITHUB_REF_NAME": "main", "GITHUB_SHA": "a" * 40, "GITHUB_RUN_ID": "60"}
FEATURE = {"GITHUB_REF": "refs/heads/feature", "GITHUB_REF_NAME": "feature", "GITHUB_SHA": "d" * 40}
OWN = {
    "earlier attempt": (MAIN, MAIN | {"GITHUB_RUN_ATTEMPT": "2"}, "this run saved it"),
    "earlier push": (PULL_REQUEST, PULL_REQUEST | {"GITHUB_RUN_ID": "72"}, "a run of this change (#7)"),
    "branch build": (MAIN | FEATURE, PULL_REQUEST, "it is of the branch under test (feature)"),
    "next run of the base": (MAIN, MAIN | {"GITHUB_RUN_ID": "61"}, ""),
    "base": (MAIN, PULL_REQUEST, ""),
    "base of a branch of its name": (MAIN, PULL_REQUEST | {"GITHUB_HEAD_REF": "main"}, ""),
    "other change": (
        PULL_REQUEST | {"GITHUB_REF": "refs/pull/6/merge"},
        PULL_REQUEST | {"GITHUB_RUN_ID": "72"},
        "",
    ),
}


@pytest.mark.parametrize("case_of", OWN)
def test_a_change_is_not_compared_with_itself(case_of: str, tmp_path: Path) -> None:
    before, now, why = OWN[case_of]
    write(tmp_path, case("a", "failed"))
    args = (
        "report",
        "--dry-run",
        "reports",
        "--baseline",
        "o.gz",
        "--save-results",
        "o.gz",
        "--fail-on",
        "new",
    )
    assert run(*args, cwd=tmp_path, env=before).returncode == 1
    done = run(*args, cwd=tmp_path, env=now)
    assert done.returncode == bool(why), done.stdout
    assert not why or f"o.gz is not used: {why}" in done.stdout
    branch, commit = (before.get("GITHUB_HEAD_REF", "main"), before["GITHUB_SHA"][:12])
    shown = rf"(?m)^Baseline +{branch}, {commit}, 20..-..-.. ..:.. UTC, 1 test, o.gz$"
    assert bool(re.search(shown, done.stdout)) == (not why)


def test_only_new_failures_fail_the_gate(tmp_path: Path) -> None:
    gated = ("--fail-on", "new", "--baseline", "base.gz")
    write(tmp_path, case("a", "failed"))
    report(tmp_path, *gated, code=1)
    report(tmp_path, "--save-results", "base.gz")
    report(tmp_path, *gated)
    write(tmp_path, case("a", "failed"), case("b", "failed"))
    report(tmp_path, *gated, code=1)


@pytest.mark.parametrize(
    ("declared", "code"), [("", 0), (' failures="1"', 0), (' failures="2"', 1), (' errors="3"', 1)]
)
def test_known_failures_hide_none_that_a_report_only_declares(
    declared: str, code: int, tmp_path: Path
) -> None:
    write(tmp_path, case("a", "failed"), case("b", "passed"))
    report(tmp_path, "--save-results", "base.gz")
    path = tmp_path / "reports" / "a.xml"
    path.write_text(path.read_text().replace("<testsuite ", f"<testsuite{declared} ", 1), encoding="utf-8")
    outcome = report(tmp_path, "--fail-on", "new", "--baseline", "base.gz", code=code)
    why = "all failed tests failed before, and a report declares more failures than it contains"
    assert any(why in one["text"] for one in outcome["gate"]["verdicts"]) == bool(code)
    report(tmp_path, "--max-failures", "1", "--baseline", "base.gz")


def test_a_failure_without_a_name_is_never_known(tmp_path: Path) -> None:
    """The error named after the run stands for another test in each run."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "m.json").write_bytes((RULES / "mocha" / "totals.json").read_bytes())
    report(tmp_path, "--save-results", "base.gz")
    outcome = report(tmp_path, "--fail-on", "new", "--baseline", "base.gz", code=1)
    assert (names(outcome["comparison"], "new_failure"), outcome["comparison"]["still_failing"]["total"]) == (
        [],
        1,
    )
    assert "The tests cannot be judged" in outcome["gate"]["verdicts"][-1]["text"]


def test_failure_that_moves_to_another_report_is_new(tmp_path: Path) -> None:
    browsers = {"chrome": "failed", "firefox": "passed", "opera": "passed"}
    for browser, state in browsers.items():
        write(tmp_path, case("x", state), name=f"reports/{browser}.xml")
    report(tmp_path, "--save-results", "base.gz")
    write(tmp_path, case("x", "passed"), name="reports/chrome.xml")
    write(tmp_path, case("x", "failed"), name="reports/firefox.xml")
    (tmp_path / "reports" / "opera.xml").rename(tmp_path / "reports" / "safari.xml")
    outcome = report(tmp_path, "--baseline", "base.gz", "--summary", "s.md")
    comparison = outcome["comparison"]
    assert not any("not in this run" in note for note in outcome["notes"])
    assert [names(comparison, change) for change in ("new_failure", "fixed", "still_failing", "new")] == [
        ["x"],
        ["x"],
        [],
        [],
    ]
    summary = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert "tests.A &gt; x [reports/firefox.xml]" in summary
    assert "tests.A > x [reports/chrome.xml]" in summary


def test_report_that_is_gone_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, case("a", "passed"))
    write(tmp_path, case("b", "passed"), case("c", "failed"), case("d", "skipped"), name="reports/b.xml")
    report(tmp_path, "--save-results", "base.gz")
    (tmp_path / "reports" / "b.xml").unlink()
    outcome = report(tmp_path, "--baseline", "base.gz")
    assert "1 report of the baseline (2 tests) is not in this run: reports/b.xml." in outcome["notes"]
    assert outcome["comparison"]["vanished"]["total"] == 0


def test_failure_of_the_test_command_is_always_new(tmp_path: Path) -> None:
    write(tmp_path, case("a", "passed"))
    report(tmp_path, "--test-exit-code", "1", "--save-results", "base.gz", code=1)
    outcome = report(
        tmp_path, "--test-exit-code", "137", "--baseline", "base.gz", "--fail-on", "new", code=137
    )
    assert names(outcome["comparison"], "new_failure") == ["(test command)"]
    assert not outcome["gate"]["passed"]


def test_outputs_of_the_action_have_the_numbers(tmp_path: Path) -> None:
    write(tmp_path, case("a", "failed"))
    report(tmp_path, "--save-results", "base.gz", "--dotenv", "none.env")
    write(tmp_path, case("a", "passed"), case("b", "failed"), case("c", "failed"))
    report(tmp_path, "--baseline", "base.gz", "--dotenv", "some.env")
    none, some = (
        (tmp_path / name).read_text(encoding="utf-8").splitlines() for name in ("none.env", "some.env")
    )
    assert {"ONETEST_NEW_FAILURES=", "ONETEST_FIXED="} <= set(none)
    assert {"ONETEST_NEW_FAILURES=2", "ONETEST_FIXED=1"} <= set(some)


def test_report_that_breaks_off_is_marked_and_hides_nothing(tmp_path: Path) -> None:
    write(tmp_path, case("a", "passed"), case("b", "failed"))
    report(tmp_path, "--save-results", "base.gz")
    path = tmp_path / "reports" / "a.xml"
    path.write_text(SUITE.format(case("b", "passed"))[: -len("</testsuite>")], encoding="utf-8")
    outcome = report(tmp_path, "--baseline", "base.gz", "--save-results", "broken.gz", code=3)
    assert [names(outcome["comparison"], change) for change in ("vanished", "fixed")] == [[], []]
    assert lines(tmp_path / "broken.gz")[1] == {"report": {"path": "reports/a.xml", "complete": False}}
    write(tmp_path, case("a", "failed"))
    outcome = report(tmp_path, "--baseline", "broken.gz")
    assert outcome["comparison"] is None
    assert "no result of a report that was read to its end" in " ".join(outcome["notes"])


def test_tests_cannot_write_their_own_baseline(tmp_path: Path) -> None:
    write(tmp_path, case("a", "failed"))
    report(tmp_path, "--save-results", "forged.gz")
    args = ("run", "--dry-run", "--json", "o.json", "--baseline", "base.gz", "--allow-stale", "reports", "--")
    run(*args, "cp", "forged.gz", "base.gz", cwd=tmp_path)
    outcome = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert outcome["comparison"] is None
    assert "base.gz is not used: it changed while the tests ran." in outcome["notes"]
    run(*args, "true", cwd=tmp_path)
    outcome = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert names(outcome["comparison"], "still_failing") == ["a"]


def test_baseline_is_not_a_setting_of_the_code_under_test(tmp_path: Path) -> None:
    write(tmp_path, case("a", "failed"))
    (tmp_path / ".onetest.yml").write_text("baseline: base.gz\n", encoding="utf-8")
    done = run("report", "--dry-run", "reports", cwd=tmp_path)
    assert done.returncode == 2
    assert "baseline" in done.stderr


def changed(**members: Any) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{kind: row | members.get(kind, {}) for kind, row in line.items()} for line in rows]

    return change


def packed(rows: list[dict[str, Any]]) -> bytes:
    return gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))


HOSTILE: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "newer schema": changed(run={"schema": 2}),
    "unknown member": changed(test={"other": 1}),
    "unknown status": changed(test={"status": "green"}),
    "wrong type": changed(test={"name": ["a"]}),
    "negative duration": changed(test={"seconds": -1}),
    "endless duration": changed(test={"seconds": 1e300}),
    "unlisted report": changed(group={"report": 7}),
    "wrong number": changed(end={"tests": 5}),
    "no end": lambda rows: rows[:-1],
    "twice": lambda rows: rows + rows,
    "no header": lambda rows: rows[1:],
    "after the end": lambda rows: [*rows, rows[-2]],
    "nothing": lambda _: [],
    "no tests": lambda rows: [rows[0], {"end": {"tests": 0}}],
    "two members": lambda rows: [*rows[:-1], rows[-1] | rows[-2]],
    "long line": lambda rows: [*rows[:-1], {"test": {"name": "x" * 5_000_000}}, rows[-1]],
    "many groups": lambda rows: [*rows[:-1], *[{"group": {}}] * 2_200_001, rows[-1]],
    "deep": lambda rows: [*rows[:-1], json.loads('{"test":' + "[" * 500 + "]" * 500 + "}"), rows[-1]],
}
BYTES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not gzip": gzip.decompress,
    "breaks off": lambda data: data[:-20],
    "changed": lambda data: data[:30] + bytes([data[30] ^ 255]) + data[31:],
    "more behind": lambda data: data + b"more",
    "bomb": lambda _: gzip.compress(b" " * 50_000_000, 9),
}


@pytest.mark.parametrize("kind", [*HOSTILE, *BYTES, "missing", "folder"])
def test_unusable_baseline_is_a_note(kind: str, tmp_path: Path) -> None:
    write(tmp_path, case("a", "failed"))
    report(tmp_path, "--save-results", "base.gz")
    path = tmp_path / "base.gz"
    if kind in HOSTILE:
        path.write_bytes(packed(HOSTILE[kind](lines(path))))
    elif kind in BYTES:
        path.write_bytes(BYTES[kind](path.read_bytes()))
    else:
        path.unlink()
        if kind == "folder":
            path.mkdir()
    outcome = report(tmp_path, "--baseline", "base.gz", "--fail-on", "new", code=1)
    assert outcome["comparison"] is None
    assert any(note.startswith("base.gz is not used: ") for note in outcome["notes"])
    assert "There is no usable baseline, so each failure counts as new." in outcome["notes"]


def test_results_that_cannot_be_saved_are_a_warning(tmp_path: Path) -> None:
    write(tmp_path, case("a", "passed"))
    (tmp_path / "file").touch()
    outcome = report(tmp_path, "--save-results", "file/base.gz")
    assert any("file/base.gz cannot be written" in text for text in outcome["warnings"])


def test_nothing_beside_the_saved_file_leads_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, case("a", "failed"))
    place, outside = tmp_path / "base.gz.new", tmp_path / "outside"
    outside.write_text("precious")
    place.symlink_to(outside)
    report(tmp_path, "--save-results", "base.gz")
    assert (outside.read_text(), (tmp_path / "base.gz").is_symlink()) == ("precious", False)
    # Nobody reads from the pipe.
    os.mkfifo(place)
    report(tmp_path, "--save-results", "base.gz")
    assert [line["test"]["name"] for line in lines(tmp_path / "base.gz") if "test" in line] == ["a"]


def test_many_tests_are_small_and_come_back(tmp_path: Path) -> None:
    cases = (
        f'<testcase classname="tests.test_{n // 100}.TestShop" name="test_{n * 7919 % 10007}_adds[{n}]" '
        f'time="{n * 31 % 1999 / 1000}"/>'
        for n in range(MANY)
    )
    write(tmp_path, *cases)
    report(tmp_path, "--save-results", "base.gz")
    assert (tmp_path / "base.gz").stat().st_size < 2_000_000
    comparison = report(tmp_path, "--baseline", "base.gz")["comparison"]
    assert comparison["baselines"][0]["tests"] == MANY
    assert not any(comparison[change]["total"] for change in comparison if change != "baselines")


RULES = Path(__file__).parents[1] / "data" / "rules"
PRODUCED = Path(__file__).parents[1] / "data" / "produced"
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "saved-results.schema.json"


def test_file_fits_its_schema(tmp_path: Path) -> None:
    states = [case(f"{state} &amp; more", state) for state in BODIES]
    write(tmp_path, *states, '<testcase name="lonely"/>')
    report(tmp_path, "--save-results", "base.gz")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    rows = lines(tmp_path / "base.gz")
    for row in rows:
        validator.validate(row)
    assert {kind for row in rows for kind in row} == {"run", "report", "group", "test", "end"}
    assert sum("test" in row for row in rows) == rows[-1]["end"]["tests"] == len(BODIES) + 1


def test_results_of_all_real_reports_fit_their_schema(tmp_path: Path) -> None:
    done = run("report", "--dry-run", "--save-results", tmp_path / "base.gz", "*/reports/**", cwd=PRODUCED)
    # Some of the reports are cut short or empty.
    assert done.returncode == 3, done.stderr
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    rows = lines(tmp_path / "base.gz")
    for row in rows:
        validator.validate(row)
    reports = [row["report"] for row in rows if "report" in row]
    assert len(reports) > 500
    assert not all(report.get("complete", True) for report in reports)
    tests = [row["test"] for row in rows if "test" in row]
    assert any("attempts" in test for test in tests)
    assert {test.get("status", "passed") for test in tests} == {"passed", "failed", "error", "skipped"}


@pytest.mark.parametrize(("member", "struct"), RECORDS.items())
def test_schema_is_what_the_reader_checks(member: str, struct: type) -> None:
    documented = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"][member]
    checked = json.loads(json.dumps(msgspec.json.schema(struct)["$defs"][struct.__name__]))
    for part in ("required", "additionalProperties"):
        assert documented[part] == checked[part]
    # The version is checked before the rest.
    documented["properties"].pop("schema", None)
    checked["properties"].pop("schema", None)
    for described in documented["properties"].values():
        assert described.pop("description")
    assert documented["properties"] == checked["properties"]


def test_a_baseline_that_comes_with_a_fork_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path, case("a", "failed"))
    report(tmp_path, "--save-results", "saved/base.gz")
    event = {"pull_request": {"number": 7, "head": {"repo": {"full_name": "fork/shop"}}}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    fork = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REPOSITORY": "o/shop"}
    fork["GITHUB_EVENT_PATH"] = str(tmp_path / "event.json")

    def warned(path: str, env: dict[str, str]) -> bool:
        args = ("report", "--dry-run", "--json", "o.json", "reports", "--baseline", path)
        assert run(*args, cwd=tmp_path, env=env).returncode == 0
        warnings = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["warnings"]
        return any(f"{path} is part of its commit" in one for one in warnings)

    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for args in (("init", "-q"), ("add", "saved"), (*identity, "commit", "-qm", "m")):
        subprocess.run(["git", *args], cwd=tmp_path, check=True)
    (tmp_path / "other.gz").write_bytes((tmp_path / "saved" / "base.gz").read_bytes())
    assert warned("saved/base.gz", fork)
    assert not warned("saved/base.gz", fork | {"GITHUB_EVENT_NAME": "push"})
    assert not warned("other.gz", fork)
