"""The counts of the sample project's reports are those of its suites."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2] / "examples" / "sample-project"
COMMAND = Path(sys.executable).parent / "onetest-ci"
EXPECTED: dict[str, dict[str, int]] = json.loads((PROJECT / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def inspected() -> dict[str, Any]:
    arguments = [str(COMMAND), "inspect", "--format", "json", "reports"]
    output = subprocess.run(arguments, cwd=PROJECT, check=True, capture_output=True).stdout
    document: dict[str, Any] = json.loads(output)
    return document


def test_all_reports_are_expected(inspected: dict[str, Any]) -> None:
    assert sorted(row["path"] for row in inspected["files"]) == sorted(EXPECTED)


@pytest.mark.parametrize("path", sorted(EXPECTED))
def test_counts_are_those_of_the_suites(inspected: dict[str, Any], path: str) -> None:
    row = next(row for row in inspected["files"] if row["path"] == path)
    assert {name: row[name] for name in EXPECTED[path]} == EXPECTED[path]


def test_readme_has_the_same_figures() -> None:
    rows = re.findall(r"^\| `(reports/\S+)` \|[^|]*\| ([0-9 |]+) \|$", _readme(), re.MULTILINE)
    columns = ("tests", "passed", "failures", "errors", "skipped", "flaky")
    figures = {path: dict(zip(columns, map(int, cells.split(" | ")), strict=True)) for path, cells in rows}
    assert figures == {path: {name: counts[name] for name in columns} for path, counts in EXPECTED.items()}


def test_attachments_are_kept() -> None:
    report = PROJECT / "reports" / "pytest.xml"
    named = re.findall(r"\[\[ATTACHMENT\|(.+?)]]", report.read_text(encoding="utf-8"))
    assert len(named) == EXPECTED["reports/pytest.xml"]["attachments"]
    assert all((report.parent / name).is_file() for name in named)


def _readme() -> str:
    return (PROJECT / "README.md").read_text(encoding="utf-8")
