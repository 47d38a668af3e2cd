"""The rules that hold for every format, over all of them from the reports under ``data/rules``."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onetest_ci.model import ERROR, Case, Suite
from onetest_ci.reports import find, read_reports
from onetest_ci.reports.format_features import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE
from onetest_ci.reports.formats.table import FORMATS
from support.command import run
from support.format_table import features_of
from support.samples import DATA

RULES = DATA / "rules"
NAMES = [report_format.name for report_format in FORMATS]
BAD = ("failures", "errors")
_COUNTS = re.compile(r"counts \d+ (failed tests|errors)")


class Rule(NamedTuple):
    """A report of one rule, and what it is read as."""

    path: Path
    counts: dict[str, int]
    errors: dict[str, str]

    @property
    def kind(self) -> str:
        return self.path.name.partition(".")[0].partition("-")[0]


@cache
def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RULES / name / "expected.json").read_text(encoding="utf-8"))
    return found


def rules() -> list[Rule]:
    return [
        Rule(RULES / name / file, row["counts"], row.get("errors", {}))
        for name in NAMES
        if (RULES / name).is_dir()
        for file, row in expected(name).items()
    ]


def label(rule: object) -> str:
    assert isinstance(rule, Rule)
    return f"{rule.path.parent.name}-{rule.path.name}"


@pytest.mark.parametrize("report_format", FORMATS, ids=NAMES)
def test_each_format_has_a_report_for_each_of_its_rules(report_format: Any) -> None:
    contains = features_of(report_format.module)
    folder = RULES / report_format.name
    files = {path.name for path in folder.iterdir()} - {"expected.json"}
    assert files == set(expected(report_format.name))
    kinds = {Rule(folder / file, {}, {}).kind for file in files}
    assert ("retried" in kinds) == (contains.retries != NO_RETRIES)
    assert ("outside" in kinds) == (contains.outside != NONE_OUTSIDE)
    assert ("totals" in kinds) == (contains.totals != NO_TOTALS)
    assert "repeated" in kinds
    assert kinds <= {"repeated", "retried", "outside", "totals"}


@cache
def inspected(name: str) -> list[dict[str, Any]]:
    """Return what is read from each report of a format."""
    done = run("inspect", "--format", "json", *expected(name), cwd=RULES / name)
    return list(json.loads(done.stdout)["files"])


@pytest.mark.parametrize("rule", list(rules()), ids=label)
def test_no_failure_is_merged_or_lost(rule: Rule) -> None:
    # A report may be a directory.
    (row,) = (
        row
        for row in inspected(rule.path.parent.name)
        if rule.path.name in (row["path"], row["path"].partition("/")[0])
    )
    assert row["format"] == rule.path.parent.name
    assert row["error"] is None
    assert {key: row[key] for key in rule.counts} == rule.counts
    assert_errors([case for case in cases_of(rule.path) if case.status == ERROR], rule.errors)
    # Neither quarantine nor a baseline excuses failures without a name: gates see the note, one for a file.
    lost = [text for text in rule.errors.values() if _COUNTS.match(text)]
    assert not lost or any(text in note for text in lost for note in row["notes"])


def cases_of(path: Path) -> list[Case]:
    """Return the cases of a report, which may be a directory."""
    records: list[Suite | Case] = []
    read_reports(find([str(path)], root=path.parent), lambda _, some: records.extend(some))
    return [record for record in records if isinstance(record, Case)]


def assert_errors(cases: list[Case], expected_errors: dict[str, str]) -> None:
    for name, text in expected_errors.items():
        found = [case for case in cases if case.name == name]
        assert len(found) == 1, [case.name for case in cases]
        assert text in f"{found[0].message}\n{found[0].details}"


def of_each_kind() -> list[Any]:
    """Return the rules; all but the first of each format and kind are marked as ``full``."""
    seen: set[tuple[str, str]] = set()
    params = []
    for rule in rules():
        of = (rule.path.parent.name, rule.kind)
        params.append(pytest.param(rule, marks=pytest.mark.full if of in seen else (), id=label(rule)))
        seen.add(of)
    return params


@pytest.mark.parametrize("rule", of_each_kind())
def test_the_gate_sees_the_failures_that_the_rules_find(rule: Rule, tmp_path: Path) -> None:
    red = any(rule.counts[key] for key in BAD)
    # Every rule but a retry that passed is about a failure: its report has to be red.
    assert red == (rule.kind != "retried" or bool(rule.counts["tests"] - rule.counts["passed"]))
    done = run("report", "--dry-run", "--fail-on", "any", rule.path, cwd=tmp_path)
    assert done.returncode == (1 if red else 0), done.stderr
