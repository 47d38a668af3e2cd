"""What a runner itself made of its run, against what is read from the reports that it wrote.

The runner decides: its exit status is other than 0 if and only if its reports are red, and the totals that
it prints are those of its reports. ``run`` in ``expected.json`` records them, and every exception with its
reason; ``tests/data/produced/README.md`` has the form.
"""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onetest_ci.collect.report_problems import reading_problems
from onetest_ci.gate import Figures, Limits, judge
from onetest_ci.model import BAD, Case, Suite
from onetest_ci.reports import find, read_reports
from onetest_ci.results.run_results import RunResults

PRODUCED = Path(__file__).parents[1] / "data" / "produced"

RECORD = {"exit", "totals", "printed", "differs", "not_run_again"}
TOTALS = {"tests", "passed", "failed", "failures", "errors", "skipped", "flaky"}


class Run(NamedTuple):
    """A run of a runner: its record, and the names of the reports that it wrote."""

    tool: Path
    reports: list[str]
    record: dict[str, Any]

    @property
    def differs(self) -> dict[str, str]:
        reasons: dict[str, str] = self.record.get("differs", {})
        return reasons

    @property
    def output(self) -> Path:
        """Its last lines and its exit status, as ``produce`` keeps them."""
        return self.tool / "runs" / f"{self.reports[0]}.txt"


class Ours(NamedTuple):
    """What is read from the reports of a run; ``bad`` names the tests that failed in the end."""

    red: bool
    totals: dict[str, int]
    bad: list[str]


def expected(tool: Path) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads((tool / "expected.json").read_text(encoding="utf-8"))
    return entries


def tools() -> list[Path]:
    return sorted(path.parent for path in PRODUCED.glob("*/expected.json"))


def runs() -> list[Any]:
    return [
        pytest.param(run, id=f"{tool.name}-{run.reports[0]}") for tool in tools() for run in runs_of(tool)
    ]


def runs_of(tool: Path) -> list[Run]:
    """The runs of a suite; a report of the run of another one names that one in place of a record."""
    entries = expected(tool)
    return [
        Run(tool, [name, *(other for other in entries if entries[other].get("run") == name)], entry["run"])
        for name, entry in entries.items()
        if isinstance(entry.get("run"), dict)
    ]


def entry_of(run: Run) -> dict[str, Any]:
    entry: dict[str, Any] = expected(run.tool)[run.reports[0]]
    return entry


def read(run: Run) -> Ours:
    """Read the reports of a run as ``report`` does, with the gate of ``--fail-on any``."""
    # A report of the record that the runner did not write is one that is not found.
    found = find([f"reports/{name}" for name in run.reports], root=run.tool)
    records: list[Suite | Case] = []
    read = read_reports(found, lambda _, some: records.extend(some))
    cases = [record for record in records if isinstance(record, Case)]
    superseded = {case.retry_of for case in cases}
    bad = [case.name for case in cases if case.status in BAD and case.ordinal not in superseded]
    totals = read.totals.as_dict()
    figures = Figures.of(totals, RunResults())
    red = bool(reading_problems(read, tests_needed=True)) or not judge(Limits("any"), figures).passed
    counts = {key: int(totals[key]) for key in TOTALS - {"failed"}}
    return Ours(red, {**counts, "failed": counts["failures"] + counts["errors"]}, bad)


@pytest.mark.parametrize("tool", tools(), ids=lambda tool: tool.name)
def test_each_report_has_the_record_of_its_run(tool: Path) -> None:
    recorded = {name for run in runs_of(tool) for name in run.reports}
    assert recorded == set(expected(tool))


@pytest.mark.parametrize("run", runs())
def test_the_exit_status_is_other_than_0_if_and_only_if_the_reports_are_red(run: Run) -> None:
    same = read(run).red == (run.record["exit"] != 0)
    assert same != ("exit" in run.differs), (run.record, read(run))


@pytest.mark.parametrize("run", runs())
def test_the_totals_are_those_that_the_runner_prints(run: Run) -> None:
    ours = read(run).totals
    different = {key for key, number in run.record["totals"].items() if ours[key] != number}
    named = set(run.differs) & TOTALS
    if "totals" in run.differs:
        assert different > named, (run.record, ours)
    else:
        assert different == named, (run.record, ours)


@pytest.mark.parametrize("run", [run for run in runs() if "bad" in entry_of(run.values[0])])
def test_the_failed_tests_are_those_of_the_suite(run: Run) -> None:
    assert read(run).bad == entry_of(run)["bad"]


@pytest.mark.parametrize("run", runs())
def test_the_record_is_that_of_a_run(run: Run) -> None:
    assert {"exit", "totals", "printed"} <= set(run.record) <= RECORD
    assert set(run.record["totals"]) <= TOTALS
    assert set(run.differs) <= {"exit", "totals", *TOTALS}
    assert all(run.differs.values())
    assert run.output.is_file() != bool(run.record.get("not_run_again"))
    if run.output.is_file():
        *lines, last = run.output.read_text(encoding="utf-8").splitlines()
        assert last == f"exit {run.record['exit']}"
        output = "\n".join(lines)
        assert [part for part in run.record["printed"].split(" ... ") if part not in output] == []


@pytest.mark.parametrize("run", runs())
def test_the_totals_equal_the_printed_line(run: Run) -> None:
    # A number may be the sum of two that are printed: pytest's skipped and xfailed are our skipped.
    printed = [int(number) for number in re.findall(r"\d+", run.record["printed"])]
    sums = {sum(some) for count in (1, 2, 3) for some in combinations(printed, count)}
    assert set(run.record["totals"].values()) <= sums


def test_no_output_is_without_a_record() -> None:
    recorded = {run.output for tool in tools() for run in runs_of(tool)}
    assert set(PRODUCED.glob("*/runs/*")) <= recorded
