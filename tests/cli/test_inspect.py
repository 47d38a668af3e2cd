"""``onetest-ci inspect``: the content of reports, for people and for programs."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from support.command import run

COUNTS = ["tests", "passed", "failures", "errors", "skipped", "flaky", "seconds", "attachments"]
ROW = ["path", "format", *COUNTS, "truncated", "merged_by_name", "warnings", "notes", "error"]

ALL = """<testsuites><testsuite name="s">
  <testcase name="passes" time="0.5"/>
  <testcase name="fails" time="1">
    <failure message="no"/><system-out>[[ATTACHMENT|a.png]]</system-out>
  </testcase>
  <testcase name="breaks"><error message="no"/></testcase>
  <testcase name="waits"><skipped/></testcase>
  <testcase name="flickers"><failure message="no"/></testcase>
  <testcase name="flickers" time="0.25"/>
</testsuite></testsuites>
"""
ONE = '<testsuite name="s"><testcase name="größe" time="2"/></testsuite>'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "out" / "deep").mkdir(parents=True)
    (tmp_path / "out" / "all.xml").write_text(ALL, encoding="utf-8")
    (tmp_path / "out" / "deep" / "eins-größe.xml").write_text(ONE, encoding="utf-8")
    (tmp_path / "out" / "notes.txt").write_text("no report", encoding="utf-8")
    (tmp_path / "out" / "pom.xml").write_text("<project/>", encoding="utf-8")
    return tmp_path


def document(place: Path, *paths: str, code: int = 0) -> dict[str, Any]:
    done = run("inspect", "--format", "json", *paths, cwd=place)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def paths_of(found: dict[str, Any]) -> list[str]:
    return [row["path"] for row in found["files"]]


def test_one_document_with_exactly_the_documented_keys(place: Path) -> None:
    found = document(place, "out")
    assert list(found) == ["files", "totals", "skipped_files", "not_reports", "left_out_directories"]
    assert [list(row) for row in found["files"]] == [ROW, ROW]
    assert list(found["totals"]) == COUNTS


def test_the_counts(place: Path) -> None:
    found = document(place, "out")
    first, second = found["files"]
    assert [first[key] for key in COUNTS] == [5, 2, 1, 1, 1, 1, 1.75, 1]
    assert [first[key] for key in ("path", "format", "truncated", "warnings", "error")] == [
        *("out/all.xml", "junit", False, [], None)
    ]
    assert (second["path"], second["tests"]) == ("out/deep/eins-größe.xml", 1)
    assert list(found["totals"].values()) == [6, 3, 1, 1, 1, 1, 3.75, 1]


def test_a_file_cut_short(place: Path) -> None:
    (place / "cut.xml").write_text(ALL[: ALL.index('<testcase name="waits"')], encoding="utf-8")
    (row,) = document(place, "cut.xml", code=3)["files"]
    assert (row["truncated"], row["tests"], row["failures"], row["errors"]) == (True, 3, 1, 1)
    assert list(row["error"]) == ["code", "message", "hint"]
    assert row["error"]["code"] == "broken-xml"


def test_a_named_path_is_always_a_row(place: Path) -> None:
    found = document(place, "out/notes.txt", "gone.xml", "out/pom.xml", "out/all.xml", code=3)
    assert paths_of(found) == ["out/notes.txt", "gone.xml", "out/pom.xml", "out/all.xml"]
    codes = [row["error"] and row["error"]["code"] for row in found["files"]]
    assert codes == ["unknown-format", "file-not-found", "unknown-format", None]
    assert found["totals"]["tests"] == 5


def test_a_file_that_is_not_a_report_is_skipped_and_counted(place: Path) -> None:
    done = run("inspect", "out", cwd=place)
    assert done.returncode == 0
    assert "skipped 2 files of another kind" in done.stderr
    done = run("inspect", "out/*.txt", cwd=place)
    assert done.returncode == 3
    assert "error[no-reports]" in done.stderr


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["out/*.xml"], ["out/all.xml"]),
        (["**/*.xml"], ["out/all.xml", "out/deep/eins-größe.xml"]),
        (["out", "!out/deep"], ["out/all.xml"]),
        (["!**/all.xml", "out"], ["out/deep/eins-größe.xml"]),
        (["out/deep", "out/all.xml"], ["out/deep/eins-größe.xml", "out/all.xml"]),
        (["out/all.xml", "out"], ["out/all.xml", "out/deep/eins-größe.xml"]),
    ],
)
def test_patterns(patterns: list[str], expected: list[str], place: Path) -> None:
    assert paths_of(document(place, *patterns)) == expected


def test_patterns_from_the_environment(place: Path) -> None:
    done = run(
        "inspect", "--format", "json", cwd=place, env={"ONETEST_FILES": "out/**/*.xml\n!out/deep/**\n"}
    )
    assert paths_of(json.loads(done.stdout)) == ["out/all.xml"]


def test_it_needs_nothing_else(place: Path) -> None:
    assert run("inspect", "out", cwd=place, env={"PATH": "", "HOME": "/nonexistent"}).returncode == 0
    env = {"ONETEST_API_KEY": "no key", "ONETEST_PRODUCT_ID": "no id", "HTTPS_PROXY": "http://127.0.0.1:1"}
    assert run("inspect", "out", cwd=place, env=env).returncode == 0


def test_nothing_is_named(tmp_path: Path) -> None:
    done = run("inspect", cwd=tmp_path)
    assert done.returncode == 2
    assert "error[missing-files]" in done.stderr
    assert done.stdout == ""


def test_for_people(place: Path) -> None:
    done = run("inspect", "out", cwd=place)
    first, *failed, merged, name, second, total = done.stdout.splitlines()
    assert first.startswith("out/all.xml: junit, 5 tests: 2 passed, 1 failed, ")
    assert first.endswith(", 1 attachment (1.8 s)")
    assert failed == ["  x fails", "      - no", "  x breaks", "      - no"]
    assert merged.startswith("    1 test merged by name alone: ")
    assert name == "      flickers"
    assert second == "out/deep/eins-größe.xml: junit, 1 test: 1 passed (2.0 s)"
    assert total.startswith("2 reports: 6 tests: 3 passed, 1 failed, ")


def test_errors_for_people(place: Path) -> None:
    (place / "cut.xml").write_text(ALL[:200], encoding="utf-8")
    done = run("inspect", "cut.xml", "gone.xml", cwd=place)
    assert done.returncode == 3
    first, *failed, second, _ = done.stdout.splitlines()
    assert first.endswith(", cut short")
    assert failed == ["  x fails", "      - no"]
    assert second == "gone.xml: not read"
    assert "error[broken-xml]: cut.xml" in done.stderr
    assert "error[file-not-found]: The path gone.xml" in done.stderr


def test_a_name_that_plays_with_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31m##[error]\n.xml").write_text(ONE, encoding="utf-8")
    done = run("inspect", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "##[" not in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    name = os.fsdecode(b"r\xff.xml")
    (tmp_path / name).write_text(ONE, encoding="utf-8")
    assert paths_of(document(tmp_path, ".")) == [name]
    assert run("inspect", ".", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_with_few_characters(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "注文-größe.xml").write_text(ONE, encoding="utf-8")
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = run("inspect", "--format", "json", ".", cwd=tmp_path, env=env)
    assert paths_of(json.loads(done.stdout)) == ["注文-größe.xml"]
    reporting = run("collect", "注文-größe.xml", "--bundle", "b", cwd=tmp_path, env=env)
    assert reporting.returncode == 0, reporting.stderr


def test_a_failure_has_its_place_in_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "test_a.py").write_text("def test_a():\n    assert 0\n", encoding="utf-8")
    trace = "E   assert 0\n\n/builds/shop/src/test_a.py:2: AssertionError"
    failure = (
        f'<testcase classname="src.test_a" name="test_a"><failure message="no">{trace}</failure></testcase>'
    )
    (tmp_path / "r.xml").write_text(f"<testsuite name='pytest'>{failure}</testsuite>", encoding="utf-8")
    shown = [
        run(*args, cwd=tmp_path).stdout for args in (("inspect", "r.xml"), ("report", "--dry-run", "r.xml"))
    ]
    assert all("(src/test_a.py:2)" in text for text in shown), shown
