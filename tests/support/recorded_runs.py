"""The table of the recorded runs of each format, made from ``expected.json`` and the reports.

``format_table.py`` writes it into ``docs/reference/formats.md``. ``tests/data/produced/README.md`` has the
form of ``expected.json``, and ``tests/produced`` holds that the reports are read as it has them.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from onetest_ci.reports import find, read_reports
from onetest_ci.reports.formats.table import FORMATS
from support.two_forms import EXCEPTIONS

DATA: Final = Path(__file__).parents[1] / "data"
JUNIT: Final = "junit"
_HEADS: Final = ("format", "suite", "producer", "reports", "exit status", "tests", "its JUnit XML")
_NONE: Final = "-"
_RUNNERS: Final = "those of [the pages on runners](../how-to/runners/index.md)"
_SIDES: Final = ("-native", "-xunit")
"""What the name of one of two reports of a run ends with, where it is not the suffix that differs."""


class Recorded(NamedTuple):
    """A report that is kept: its suite, what is expected of it, and the format and tests that are read."""

    suite: Path
    name: str
    entries: dict[str, Any]
    format: str
    tests: int

    @property
    def entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = self.entries[self.name]
        return entry

    @property
    def run(self) -> dict[str, Any]:
        """The record of its run, which may stand at another report. Empty if there was no run."""
        run = self.entry.get("run", {})
        record: dict[str, Any] = self.entries[run]["run"] if isinstance(run, str) else run
        return record

    @property
    def stem(self) -> str:
        """The name that it shares with other reports of its run."""
        stem = self.name.rpartition(".")[0]
        for side in _SIDES:
            stem = stem.removesuffix(side)
        return stem

    @property
    def shows_the_exit_status(self) -> bool:
        return "exit" not in self.run.get("differs", {})


def recorded() -> list[Recorded]:
    """Return every report that is kept with what is expected of it."""
    found = []
    for path in sorted(DATA.glob("*/*/expected.json")):
        entries = json.loads(path.read_text(encoding="utf-8"))
        names = [name for name in entries if (path.parent / "reports" / name).exists()]
        if path.parent.parent.name in {"produced", "written"} and names:
            found += list(_of_suite(path.parent, entries, names))
    return found


def _of_suite(suite: Path, entries: dict[str, Any], names: list[str]) -> Iterator[Recorded]:
    for name in names:
        read = read_reports(find([f"reports/{name}"], root=suite), lambda *_: None)
        report_format = read.files[0].format
        if report_format:
            yield Recorded(suite, name, entries, report_format, int(read.totals.as_dict()["tests"]))


def table() -> str:
    """Return a row for each format, suite and producer, and behind the table what JUnit reports lack."""
    reports = recorded()
    rows = [_HEADS, (":---",) * len(_HEADS)]
    for report_format in FORMATS:
        of_format = [report for report in reports if report.format == report_format.name]
        if report_format.name == JUNIT:
            rows.append(_all_of_junit(report_format.title, of_format))
            continue
        groups: dict[tuple[Path, str], list[Recorded]] = {}
        for report in of_format:
            groups.setdefault((report.suite, _producer(report)), []).append(report)
        rows += [
            _row(report_format.title, producer, group, reports) for (_, producer), group in groups.items()
        ]
    lines = "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows)
    return f"{lines}\n{_exceptions(reports)}"


def _all_of_junit(title: str, reports: list[Recorded]) -> tuple[str, ...]:
    suites = {report.suite for report in reports}
    tests = sum(report.tests for report in reports)
    return (
        title,
        f"{len(suites)} suites",
        _RUNNERS,
        str(len(reports)),
        _exits(reports),
        f"{tests:,}",
        _NONE,
    )


def _exits(reports: list[Recorded]) -> str:
    return ", ".join(map(str, sorted({report.run["exit"] for report in reports if report.run}))) or _NONE


def _producer(report: Recorded) -> str:
    tool: str = report.entry["tool"]
    return tool.partition(", after ")[0] if _is_written(report) else tool


def _is_written(report: Recorded) -> bool:
    return report.suite.parent.name == "written"


def _row(title: str, producer: str, group: list[Recorded], reports: list[Recorded]) -> tuple[str, ...]:
    first = group[0]
    return (
        title,
        f"`{first.suite.name}`",
        f"{producer}: written after its schema" if _is_written(first) else producer,
        str(len(group)),
        _exits(group),
        str(sum(report.tests for report in group)),
        _of_two_forms(group, reports),
    )


def _of_two_forms(group: list[Recorded], reports: list[Recorded]) -> str:
    """Return how far the JUnit report of the same run has the same tests, or the same verdict."""
    forms = [report.entry["junit"] for report in group if "junit" in report.entry]
    if forms:
        count = sum(len(form.get(kind, {})) for form in forms for kind in EXCEPTIONS)
        same = "equal" if not count else f"equal but for {count}"
        return (
            f"{same}; references {_how_spelled(forms)}" if any("spelled" in form for form in forms) else same
        )
    runs = list(_verdicts(group, reports))
    if not runs:
        return _NONE
    return f"same verdict of {sum(runs)} of {len(runs)} runs"


def _how_spelled(forms: list[dict[str, Any]]) -> str:
    return "differ" if all("spelled" in form for form in forms) else "of some differ"


def _verdicts(group: list[Recorded], reports: list[Recorded]) -> Iterator[bool]:
    """Yield for each report whether it and the JUnit reports of its run are alike red or green."""
    for report in group:
        shown = {
            other.shows_the_exit_status
            for other in reports
            if (other.format, other.suite, other.stem) == (JUNIT, report.suite, report.stem)
        }
        if shown and "bad" in report.entry:
            yield shown == {report.shows_the_exit_status}


def _exceptions(reports: list[Recorded]) -> str:
    """Return a list of the reasons for what is not equal, by the suite."""
    lines = []
    for suite in sorted({report.suite for report in reports}):
        reasons: Counter[str] = Counter()
        for report in reports:
            form = report.entry.get("junit", {}) if report.suite == suite else {}
            if "spelled" in form:
                reasons[f"references: {form['spelled']['because']}"] += 0
            for kind in EXCEPTIONS:
                reasons.update(form.get(kind, {}).values())
        if reasons:
            lines.append(f"- `{suite.name}`: {'; '.join(_counted(*reason) for reason in reasons.items())}\n")
    return "".join(lines)


def _counted(reason: str, count: int) -> str:
    return f"{reason} ({count})" if count > 1 else reason
