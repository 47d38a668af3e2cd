"""The documented features of each format, and the documented way to add one."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from onetest_ci.model import Case, Suite
from onetest_ci.reports import FoundFile, find, read_reports
from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.format_features import NO_RETRIES
from onetest_ci.reports.formats.table import FORMATS
from support.format_table import BEGIN_OF_RUNS, DOCUMENT, END_OF_RUNS, document, features_of
from support.samples import DATA

ROOT = Path(__file__).parents[2]
NATIVE = [report_format for report_format in FORMATS if report_format.name != "junit"]


def test_the_table_is_that_of_the_readers() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()  # else: make format-table


@pytest.mark.parametrize("report_format", FORMATS, ids=lambda report_format: report_format.name)
def test_each_format_has_a_recorded_run(report_format: Format) -> None:
    rows = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN_OF_RUNS)[2].partition(END_OF_RUNS)[0]
    assert f"\n| {report_format.title} | " in rows


@cache
def records() -> dict[str, list[Suite | Case]]:
    """The records of all reports that are kept, by their format."""
    found: dict[str, list[Suite | Case]] = {}
    for folder in sorted(DATA.glob("*/*/reports")):
        for report_format, record in of(folder):
            found.setdefault(report_format, []).append(record)
    return found


def of(folder: Path) -> Iterator[tuple[str, Suite | Case]]:
    taken: list[tuple[str, Suite | Case]] = []

    def take(file: FoundFile, records: Sequence[Suite | Case]) -> None:
        taken.extend((file.display, record) for record in records)

    read = read_reports(find([str(folder)], root=folder), take)
    report_formats = {row.path: row.format for row in read.files}
    return ((report_formats[path], record) for path, record in taken)


@pytest.mark.parametrize("report_format", NATIVE, ids=lambda report_format: report_format.name)
def test_the_features_of_a_format_are_those_of_its_reports(report_format: Format) -> None:
    name = report_format.name
    features = features_of(report_format.module)
    cases = [record for record in records()[name] if isinstance(record, Case)]
    shown = {
        "duration": any(case.seconds is not None for case in cases),
        "start": any(record.start is not None for record in records()[name]),
    }

    assert features.code_ref
    assert bool(features.attachments) == any(case.attachments for case in cases)
    has_retries = any(case.attempts or case.retry_of is not None for case in cases)
    assert has_retries == (features.retries != NO_RETRIES)
    # A feature of some tools only need not be in a stored report.
    certain = [part for part in features.times.replace(" and ", "; ").split("; ") if ", if " not in part]
    for what, is_shown in shown.items():
        if any(what in part or (name, what) == ("allure", "duration") for part in certain):
            assert is_shown, what
        elif what not in features.times:
            assert not is_shown, what
    if "name" in features.parameters and name != "go":
        assert any(
            case.method and case.name.startswith(case.method) != (case.name == case.method) for case in cases
        )


def test_a_newcomer_adds_a_format_by_the_documentation(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for path, block in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(block, encoding="utf-8")
    for path, row in re.findall(r"<!-- row: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL):
        table = (tmp_path / path).read_text(encoding="utf-8")
        last = next(line for line in table.splitlines(keepends=True) if '"testng"' in line)
        (tmp_path / path).write_text(table.replace(last, last + row), encoding="utf-8")

    done = subprocess.run(
        [
            *(sys.executable, "-m", "onetest_ci", "inspect", "--format", "json", "--report-format", "acme"),
            tmp_path / "tests/data/written/acme/reports/report.xml",
        ],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["files"]
    assert (row["format"], row["tests"], row["failures"], row["seconds"]) == ("acme", 2, 1, 0.6)
