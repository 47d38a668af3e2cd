"""Packed reports, pinned formats and limits on texts, through the commands that read reports."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from support.command import run

REPORT = """<testsuite name="s"><testcase classname="a.B" name="fails"><failure message="no">trace</failure>
<system-out>[[ATTACHMENT|shot.png]]</system-out></testcase>
<testcase classname="a.B" name="passes"/></testsuite>"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "shot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "r.xml.gz").write_bytes(gzip.compress(REPORT.encode()))
    with zipfile.ZipFile(tmp_path / "r.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/a.xml", REPORT)
        archive.writestr("in/notes.txt", "nothing")
        archive.writestr("b.xml", REPORT)
    shutil.copy(tmp_path / "r.zip", tmp_path / "library.jar")
    return tmp_path


def rows(place: Path, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    done = run("inspect", "--format", "json", *arguments, cwd=place)
    assert done.returncode == code, done.stderr
    return list(json.loads(done.stdout)["files"])


@pytest.mark.parametrize("named", [["r.xml.gz", "r.zip"], ["*.gz", "*.zip"], ["."]])
def test_each_report_in_an_archive_is_a_row(place: Path, named: list[str]) -> None:
    found = rows(place, *named)
    assert {row["path"] for row in found} == {"r.xml.gz", "r.zip!in/a.xml", "r.zip!b.xml"}
    assert [(row["tests"], row["failures"], row["error"]) for row in found] == [(2, 1, None)] * 3


def test_an_archive_by_another_name_has_to_be_named(place: Path) -> None:
    assert [row["path"] for row in rows(place, "library.jar")] == [
        "library.jar!in/a.xml",
        "library.jar!b.xml",
    ]


def test_an_archive_without_reports(place: Path) -> None:
    with zipfile.ZipFile(place / "none.zip", "w") as archive:
        archive.writestr("notes.txt", "nothing")
    (row,) = rows(place, "none.zip", code=3)
    assert row["error"]["code"] == "no-reports"


@pytest.mark.parametrize("name", ["r.xml.gz", "r.zip"])
def test_an_archive_that_is_cut_off(place: Path, name: str) -> None:
    whole = (place / name).read_bytes()
    (place / name).write_bytes(whole[: len(whole) - 12])
    found = rows(place, name, code=3)
    assert found[-1]["error"]["code"] == "broken-archive"
    if name.endswith(".gz"):
        assert (found[0]["tests"], found[0]["truncated"]) == (2, True)


def test_a_bundle_holds_their_results_attachments_and_text(place: Path) -> None:
    done = run("collect", "r.xml.gz", "r.zip", "--bundle", "b", cwd=place)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((place / "b" / "bundle.json").read_text(encoding="utf-8"))
    assert (manifest["totals"]["tests"], manifest["totals"]["failures"]) == (6, 3)
    assert len(list((place / "b" / "attachments").iterdir())) == 1
    with zipfile.ZipFile(place / "b" / "artifacts" / "reports.zip") as archive:
        assert {archive.read(name).decode() for name in archive.namelist()} == {REPORT}
        assert len(archive.namelist()) == 3


def test_a_format_that_is_pinned(place: Path) -> None:
    (place / "odd.xml").write_text(f"<results>{REPORT}</results>", encoding="utf-8")
    (row,) = rows(place, "odd.xml", code=3)
    assert row["error"]["code"] == "unknown-format"
    assert "<results>" in row["error"]["message"]
    assert "--report-format junit" in row["error"]["hint"]
    (row,) = rows(place, "--report-format", "junit", "odd.xml")
    assert (row["format"], row["tests"]) == ("junit", 2)
    (row,) = rows(place, "--report-format", "junit", "shot.png", code=3)
    assert row["error"]["code"] == "unknown-format"


def test_a_limit_that_cuts_texts_is_a_warning(place: Path) -> None:
    text = "head" + "x" * 5000 + "tail"
    (place / "long.xml").write_text(REPORT.replace("trace", text), encoding="utf-8")
    for limit, cut in ((4000, True), (6000, False)):
        done = run("collect", "--text-limit", str(limit), "long.xml", "--bundle", str(limit), cwd=place)
        assert done.returncode == 0, done.stderr
        told = "texts of more than 4,000 characters were cut in the middle" in done.stdout + done.stderr
        assert told is cut
        items = (place / str(limit) / "items.jsonl").read_text(encoding="utf-8")
        assert ("characters cut" in items) is cut
        assert (text in items) is not cut
        assert "head" in items
        assert "tail" in items
