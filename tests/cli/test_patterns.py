"""Patterns that people type: names with brackets, and braces, on the command line and in a file."""

import json
from pathlib import Path

import pytest

from support.collected import Collected
from support.command import run

REPORT = '<testsuite name="s"><testcase classname="a.B" name="ok"/></testsuite>'
BRACKETS = "out [linux]/**/*.xml"
BRACES = "reports/*.{xml,trx}"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name in ("out [linux]/x/TEST-a.xml", "reports/b.xml", "reports/c.trx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(REPORT, encoding="utf-8")
    return tmp_path


FOUND = {BRACKETS: ["out [linux]/x/TEST-a.xml"], BRACES: ["reports/b.xml", "reports/c.trx"]}


@pytest.mark.parametrize("pattern", FOUND)
def test_reports(shop: Path, pattern: str) -> None:
    done = run("inspect", "--format", "json", pattern, cwd=shop)
    assert [row["path"] for row in json.loads(done.stdout)["files"]] == FOUND[pattern], done.stderr


@pytest.mark.parametrize("pattern", FOUND)
def test_settings_of_a_file(shop: Path, pattern: str) -> None:
    (shop / ".onetest.yml").write_text(
        f'files: reports/b.xml\nartifacts:\n  - "{pattern}"\n', encoding="utf-8"
    )
    found = Collected(shop)
    assert len(found.manifest["artifacts"]) == 1 + len(FOUND[pattern])
    (shop / ".onetest.yml").write_text(f'files: "{pattern}"\n', encoding="utf-8")
    assert [row["path"] for row in Collected(shop).manifest["reports"]] == FOUND[pattern]


def test_artifacts_and_what_is_left_out(shop: Path) -> None:
    found = Collected(shop, BRACES, "!reports/{c,d}.trx", "--artifacts", BRACKETS)
    assert [row["path"] for row in found.manifest["reports"]] == ["reports/b.xml"]
    assert ["TEST-a" in str(file) for file in found.manifest["artifacts"]] == [False, True]


def test_the_message_shows_how_a_pattern_without_matches_was_read(shop: Path) -> None:
    done = run("inspect", "out [mac]/*.{xml,trx}", cwd=shop)
    assert done.returncode == 3
    read = "`[mac]` as one character of mac, `*` as any text within a name, `{xml,trx}` as `xml` or `trx`"
    assert read in done.stderr
    (warning,) = Collected(shop, BRACES, "--artifacts", "[x]*.log").warnings
    assert warning.startswith("--artifacts: Nothing matches [x]*.log (")


@pytest.mark.parametrize("pattern", ["{0..999}{,x}.xml", "{," * 2000, "{,}" * 1000, "{" * 4000, "x" * 5000])
def test_braces_that_stand_for_too_much_are_refused(pattern: str, tmp_path: Path) -> None:
    done = run("inspect", pattern, cwd=tmp_path)
    assert done.returncode == 2
    assert "error[bad-option]: files:" in done.stderr
    assert "Allowed: a " in done.stderr
