"""Tests that pytest ran again, through the installed command: gates, a baseline and packed reports."""

import gzip
import shutil
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

from support.running import ended

RECORDED: Final = Path(__file__).parents[1] / "data" / "produced" / "pytest-outside" / "reports"
REPORTS: Final = ("again.xml", "again-xdist.xml")


@pytest.mark.parametrize("name", REPORTS)
def test_gates_see_the_flaky_test_and_count_each_test_once(name: str, tmp_path: Path) -> None:
    shutil.copy(RECORDED / name, tmp_path / "r.xml")
    gates = ("--max-flaky", "0", "--min-tests", "3", "--min-pass-rate", "51", "--max-failures", "1")
    done = ended(tmp_path, "report", "r.xml", *gates)
    passed = {verdict["option"]: verdict["passed"] for verdict in done.outcome["gate"]["verdicts"]}
    assert passed == {
        "--max-flaky": False,
        "--min-tests": False,
        "--min-pass-rate": False,
        "--max-failures": True,
    }
    assert done.code == 1


def test_a_baseline_has_one_test_for_all_attempts(tmp_path: Path) -> None:
    shutil.copy(RECORDED / "again-xdist.xml", tmp_path / "r.xml")
    assert ended(tmp_path, "report", "r.xml", "--save-results", "base.gz").code == 0
    shutil.copy(RECORDED / "again.xml", tmp_path / "r.xml")
    done = ended(tmp_path, "report", "r.xml", "--fail-on", "new", "--baseline", "base.gz")
    assert (done.code, done.outcome["gate"]["passed"]) == (0, True)
    assert "0 new failures (1 failed before)" in done.outcome["gate"]["verdicts"][0]["text"]


def test_packed_reports_are_read_the_same_and_the_option_keeps_each_result(tmp_path: Path) -> None:
    content = (RECORDED / "again.xml").read_bytes()
    (tmp_path / "r.xml").write_bytes(content)
    (tmp_path / "r.xml.gz").write_bytes(gzip.compress(content))
    with ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.writestr("r.xml", content)
    for name in ("r.xml", "r.xml.gz", "r.zip"):
        (row,) = ended(tmp_path, "report", "--dry-run", name).outcome["files"]
        assert (row["tests"], row["passed"], row["failures"], row["flaky"]) == (2, 1, 1, 1)
    (row,) = ended(tmp_path, "report", "--dry-run", "--repeats", "tests", "r.xml").outcome["files"]
    assert (row["tests"], row["passed"], row["failures"], row["flaky"]) == (4, 3, 1, 0)
