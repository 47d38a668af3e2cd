"""``--test-exit-code``: the end of a test command that an earlier step ran."""

from pathlib import Path

import pytest

from support.command import run
from support.onetest import LocalOneTest
from support.running import FLAKY, GREEN, NAME, RED, ended, writing


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path


@pytest.mark.parametrize("command", ["report", "collect"])
def test_an_exit_code_of_zero_means_nothing(shop: Path, command: str) -> None:
    (shop / "out" / "r.xml").write_text(GREEN, encoding="utf-8")
    more = ("--dry-run",) if command == "report" else ("--bundle", "kept")
    done = run(command, "out", *more, "--test-exit-code", "0", cwd=shop)
    assert done.returncode == 0
    assert "1 test: 1 passed" in done.stdout + done.stderr
    assert run(command, "nowhere", "--bundle", "none", "--test-exit-code", "0", cwd=shop).returncode in {2, 3}


@pytest.mark.parametrize(
    ("text", "number", "case"),
    [(GREEN, 3, True), (RED, 3, False), (FLAKY, 1, True), ("", 1, True), (GREEN, 137, True)],
)
def test_the_exit_code_of_a_separate_step(shop: Path, text: str, number: int, *, case: bool) -> None:
    (shop / "out" / "r.xml").write_text(text, encoding="utf-8")
    done = ended(shop, "report", "out", "--test-exit-code", str(number))
    assert (done.code, len(done.said)) == (number, case)
    if case:
        assert done.said[0].startswith(f"The test command ended with exit code {number}")
    by_variable = ended(shop, "report", "out", env={"ONETEST_TEST_EXIT_CODE": str(number)})
    assert (by_variable.code, by_variable.said) == (number, done.said)


def test_the_exit_code_of_a_separate_step_without_reports(shop: Path) -> None:
    done = ended(shop, "report", "out", "--test-exit-code", "2", "--allow-empty")
    assert (done.code, done.errors) == (2, [])
    assert done.said == ["The test command ended with exit code 2, and no report was written."]


@pytest.mark.parametrize("number", ["256", "-1", "x", "1.0", "failure"])
def test_an_exit_code_that_is_none(shop: Path, number: str) -> None:
    done = run("report", "out", "--dry-run", f"--test-exit-code={number}", cwd=shop)
    assert done.returncode == 2
    assert "Allowed: a whole number from 0 to 255." in done.stderr


def test_in_run_the_command_s_own_end_comes_first(shop: Path) -> None:
    both = ended(shop, "run", "out", "--test-exit-code", "6", "--", *writing(GREEN, 3))
    assert (both.code, "exit code 3" in both.said[0]) == (3, True)
    earlier = ended(shop, "run", "out", "--test-exit-code", "6", "--", *writing(GREEN, 0))
    assert earlier.code == 6
    assert earlier.said == [
        "The test command ended with exit code 6, although no report contains a failed test."
    ]


def test_a_push_later_has_the_case(onetest: LocalOneTest, shop: Path) -> None:
    (shop / "out" / "r.xml").write_text(GREEN, encoding="utf-8")
    collected = run("collect", "out", "--bundle", "kept", "--test-exit-code", "4", cwd=shop)
    assert collected.returncode == 4
    assert "2 tests: 1 passed, 1 in error" in collected.stderr
    pushed = ended(shop, "push", "kept", env=onetest.env, dry=False)
    assert (pushed.code, len(pushed.said)) == (0, 1)
    cases = {case["name"]: case["status"] for case in onetest.cases(pushed.outcome["launch_id"])}
    assert cases == {"good": "passed", NAME: "failed"}
