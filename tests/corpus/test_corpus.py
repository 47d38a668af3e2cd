"""Every file of a corpus of real reports, through ``inspect``, against the oracle.

The corpus is data of public projects and no part of this repository; its ``oracle.json`` names the sources.
Without it (``ONETEST_CORPUS``, or ``shared/corpus`` beside the checkout) these tests are skipped.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.model import Case
from onetest_ci.reports import FoundFile, read_file
from support.command import run
from support.corpus import CORPUS, JUNIT_FAMILY, ORACLE

CHECK = "Check's own format says that 3 of the 5 failed; the votes are of parsers that do not know it"
NOT_RUN = "the oracle keeps both readings; a case with status=notrun is skipped here"
REPEATS = "a case that repeats a bad one of its key is an attempt of it; the oracle counts the elements"
SUITES = "the oracle takes the suites' own times, which are not the sum of their cases"
COMMA = 'the cases say "0,014" and "0,010", the suite "0,025": a decimal comma, so 0.024 s and not 24 s'
NEGATIVE = "2,427 cases say a negative time, which is left out with a warning; the oracle adds them up"
NANOSECONDS = 'a case says "999638317" (container-structure-test writes nanoseconds): 31 years are left out'

DISAGREE = {
    "enricomi/xunit/mstest/jenkinsci/testcase3.junit-xml": ({"time"}, COMMA),
    "jenkins-junit/JENKINS-42438/junit-report-1.xml": ({"time"}, SUITES),
    "jenkins-junit/junit-report-huge.xml": ({"time"}, NEGATIVE),
    "jenkins-junit/junit-report-time-aggregation.xml": ({"time"}, SUITES),
    "jenkins-xunit/XUnitPublisherTest/workspace/JENKINS-51645/input.xml": ({"skipped"}, NOT_RUN),
    "jenkins-xunit/types/check/testcase2/input.xml": ({"bad"}, CHECK),
    "mikepenz/container-structure/test.xml": ({"time"}, NANOSECONDS),
    "mikepenz/flaky_retries/flaky_all_failures.xml": ({"tests", "failures", "bad"}, REPEATS),
    "mikepenz/flaky_retries/flaky_success_first.xml": ({"tests", "failures", "bad"}, REPEATS),
    "mikepenz/flaky_retries/flaky_with_classname_file.xml": ({"tests", "failures", "errors", "bad"}, REPEATS),
    "mikepenz/junit-server-test/report.xml": ({"tests", "failures", "bad"}, REPEATS),
    "mikepenz/multiple/test_12.xml": ({"time"}, NANOSECONDS),
}
"""Where this reader reads otherwise: in what, and why it is right to."""

COUNTS = ("tests", "failures", "errors", "bad", "skipped")
A_MILLISECOND = 0.0011

_oracle: dict[str, dict[str, Any]] = {}
if ORACLE.exists():
    _oracle = json.loads(ORACLE.read_text(encoding="utf-8"))["files"]


def is_for_us(entry: dict[str, Any]) -> bool:
    return entry["dialect"] in JUNIT_FAMILY and "error" not in (entry.get("expect") or {})


def params(*, with_rows: bool = False) -> list[Any]:
    if not _oracle:
        reason = f"NO CORPUS at {CORPUS}: real reports are not checked; set ONETEST_CORPUS"
        return [pytest.param("", {}, marks=pytest.mark.skip(reason=reason))]
    chosen = {name: one for name, one in _oracle.items() if one["dialect"] in JUNIT_FAMILY}.items()
    if with_rows:
        chosen = {name: one for name, one in chosen if is_for_us(one) and rows_of(one)}.items()
    return [pytest.param(name, entry, id=name) for name, entry in chosen]


def rows_of(entry: dict[str, Any]) -> list[list[Any]]:
    """Class, name, status, time, file and line of each case, if upstream has them."""
    return (entry.get("expect") or {}).get("cases") or []


@pytest.fixture(scope="session")
def inspected(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Rows of one ``inspect`` that names every file."""
    place = tmp_path_factory.mktemp("corpus")
    (place / "files").symlink_to(corpus / "files")
    done = run("inspect", "--format", "json", *(f"files/{name}" for name in _oracle), cwd=place)
    assert done.returncode == 3
    shutil.rmtree(place)
    return {row["path"].removeprefix("files/"): row for row in json.loads(done.stdout)["files"]}


@pytest.mark.parametrize(("name", "entry"), params())
def test_a_real_report(name: str, entry: dict[str, Any], inspected: dict[str, dict[str, Any]]) -> None:
    row = inspected[name]
    if not is_for_us(entry):
        assert row["error"] is not None
        assert row["tests"] == 0
        return
    assert differences(row, entry.get("expect") or {}) == DISAGREE.get(name, (set(), ""))[0]


def differences(row: dict[str, Any], expected: dict[str, Any]) -> set[str]:
    if row["error"] is not None:
        return {"refused"}
    row = {**row, "bad": row["failures"] + row["errors"]}
    found = {key for key in COUNTS if expected.get(key) is not None and expected[key] != row[key]}
    time = expected.get("time")
    if time is not None and abs(time - row["seconds"]) > A_MILLISECOND:
        found.add("time")
    return found


@pytest.mark.parametrize(("name", "entry"), params(with_rows=True))
def test_case_by_case(name: str, entry: dict[str, Any]) -> None:
    cases: list[Case] = []
    read_file(
        FoundFile(CORPUS / "files" / name, name, explicit=True),
        lambda _, records: cases.extend(record for record in records if isinstance(record, Case)),
    )
    for case, row in zip(cases, rows_of(entry), strict=True):
        classname, title, status, time, file, line = row
        assert (case.classname, case.name, case.status) == (classname or "", title, status)
        assert time is None or case.seconds == pytest.approx(time, abs=A_MILLISECOND)
        assert file is None or case.file == file
        # The attribute, which pytest counts from 0. A file without classes was made up after pytest's.
        from_zero = entry["dialect"] == "pytest" and bool(classname)
        assert line is None or case.line == line + from_zero


def test_no_file_is_left_out(inspected: dict[str, dict[str, Any]]) -> None:
    assert inspected.keys() == _oracle.keys()
    assert all(is_for_us(_oracle[name]) for name in DISAGREE)
