"""What is taken for a report, what is skipped, and what is an error: over all formats from one table."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.reports.dialects import DIALECTS
from support.command import run
from support.recognition import FORMATS, LONG, row

COUNTS = ("tests", "passed", "failures", "errors", "skipped", "flaky")
PRODUCT = "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10"
SUFFIXES = {"tap": ".tap", "trx": ".trx", "go": ".jsonl", "dart": ".jsonl"}
OF_JSON = {"playwright", "ctrf", "allure", "cucumber", "mocha", "rspec"}


def suffix(name: str) -> str:
    return SUFFIXES.get(name, ".json" if name in OF_JSON else ".xml")


def inspected(place: Path, *paths: str, code: int = 0) -> dict[str, Any]:
    done = run("inspect", "--format", "json", *paths, cwd=place)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def test_every_format_has_its_row() -> None:
    assert {dialect.name for dialect in DIALECTS} == set(FORMATS)
    assert all(row(name).far and row(name).marked for name in FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_what_decides_may_stand_anywhere(name: str, tmp_path: Path) -> None:
    expected = row(name)
    (tmp_path / "plain").write_bytes(expected.plain)
    (plain,) = inspected(tmp_path, "plain")["files"]
    assert plain["dialect"] == name
    scanned = tmp_path / "scanned"
    scanned.mkdir()
    with zipfile.ZipFile(scanned / "far.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, report in enumerate(expected.far):
            assert len(report) > LONG
            (scanned / f"{number}{suffix(name)}").write_bytes(report)
            (scanned / f"{number}{suffix(name)}.gz").write_bytes(gzip.compress(report))
            archive.writestr(f"{number}{suffix(name)}", report)

    found = inspected(scanned, ".")

    assert found["skipped_files"] == 0
    assert len(found["files"]) == 3 * len(expected.far)
    for one in found["files"]:
        assert (one["dialect"], one["error"]) == (name, None)
        assert [one[key] for key in COUNTS] == [plain[key] for key in COUNTS], one["path"]


@pytest.mark.parametrize("name", FORMATS)
def test_marks_without_what_is_read_are_an_error(name: str, tmp_path: Path) -> None:
    for number, content in enumerate(row(name).marked):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"whole{suffix(name)}").write_bytes(row(name).plain)
        (folder / f"marked{suffix(name)}").write_bytes(content)
        for paths in (["."], ["*"], [f"marked{suffix(name)}"]):
            rows = {one["path"]: one for one in inspected(folder, *paths, code=3)["files"]}
            error = rows[f"marked{suffix(name)}"]["error"]
            assert error["code"] in {"incomplete-report", "broken-xml", "truncated-report"}, content
            assert f"marked{suffix(name)}" in error["message"]
            assert error["hint"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_gate_is_not_green_over_an_incomplete_report(name: str, tmp_path: Path) -> None:
    (tmp_path / "whole.xml").write_text('<testsuite><testcase name="a"/></testsuite>', encoding="utf-8")
    (tmp_path / f"marked{suffix(name)}").write_bytes(row(name).marked[0])
    done = run("report", "--dry-run", "--product-id", PRODUCT, "--fail-on", "any", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert f"marked{suffix(name)}" in done.stderr
