"""``--repeats``, and how the outputs show tests that were merged by their name alone."""

import json
from pathlib import Path

import pytest

from support.command import run

REPORT = """<testsuite name="shop">
  <testcase classname="Cart" name="adds"><failure message="no"/></testcase>
  <testcase classname="Cart" name="adds"/>
  <testcase classname="Cart" name="total"/>
</testsuite>
"""
DRY = ("report", "--dry-run")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    return tmp_path


def test_console_summary_and_outcome_name_what_was_merged(place: Path) -> None:
    done = run(*DRY, "--fail-on", "any", "--summary", "s.md", "--json", "o.json", "r.xml", cwd=place)

    assert done.returncode == 0, done.stderr
    assert "1 test merged by name alone" in done.stdout
    assert "Cart > adds (r.xml)" in done.stdout
    summary = (place / "s.md").read_text(encoding="utf-8")
    assert "1 test merged by name alone" in summary
    assert "Cart &gt; adds" in summary or "Cart > adds" in summary
    (row,) = json.loads((place / "o.json").read_text(encoding="utf-8"))["files"]
    assert row["merged_by_name"] == ["Cart > adds"]
    assert (row["tests"], row["flaky"]) == (2, 1)


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_results_of_one_name_are_tests_with_the_option(place: Path, how: str) -> None:
    flags = ("--repeats", "tests") if how == "flag" else ()
    env = {"ONETEST_REPEATS": "tests"} if how == "variable" else {}
    done = run(*DRY, "--fail-on", "any", "--json", "o.json", *flags, "r.xml", cwd=place, env=env)

    assert done.returncode == 1
    assert "merged" not in done.stdout
    (row,) = json.loads((place / "o.json").read_text(encoding="utf-8"))["files"]
    assert (row["tests"], row["failures"], row["flaky"], row["merged_by_name"]) == (3, 1, 0, [])


def test_inspect_counts_as_report_does(place: Path) -> None:
    for repeats, tests in (("attempts", 2), ("tests", 3)):
        done = run("inspect", "--format", "json", "--repeats", repeats, "r.xml", cwd=place)
        assert json.loads(done.stdout)["totals"]["tests"] == tests


def test_a_long_list_of_merged_tests_is_whole_in_the_outcome(tmp_path: Path) -> None:
    cases = "".join(
        f'<testcase name="t{number}"><failure/></testcase><testcase name="t{number}"/>'
        for number in range(60)
    )
    (tmp_path / "r.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")
    done = run(*DRY, "--json", "o.json", "r.xml", cwd=tmp_path)

    assert "60 tests merged by name alone" in done.stdout
    assert "… 55 more; the summary and --json FILE have them" in done.stdout
    (row,) = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["files"]
    assert len(row["merged_by_name"]) == 60
