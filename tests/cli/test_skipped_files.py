"""Files that a search finds and that are not reports: named with a reason, and never an error."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.errors import ReportError
from onetest_ci.reports.find import FoundFile
from onetest_ci.reports.read import read_file
from onetest_ci.reports.results import MOST_NAMED, ReportSet, Skipped
from support.command import run
from support.other_files import CONTENTS

ONE = '<testsuite name="s"><testcase name="a"/></testsuite>'
PRODUCT = "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10"


def write(place: Path, name: str, content: str | bytes) -> None:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def inspected(place: Path, *paths: str, code: int = 0) -> dict[str, Any]:
    done = run("inspect", "--format", "json", *paths, cwd=place)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def reasons(place: Path, *paths: str, code: int = 0) -> dict[str, str]:
    return {one["path"]: one["reason"] for one in inspected(place, *paths, code=code)["not_reports"]}


def test_a_directory_of_other_files_does_not_fail_a_build(tmp_path: Path) -> None:
    write(tmp_path, "report.xml", ONE)
    for name, content in CONTENTS.items():
        write(tmp_path, name, content)
    for paths in (["."], ["**"]):
        found = inspected(tmp_path, *paths)
        assert [(row["path"], row["format"]) for row in found["files"]] == [("report.xml", "junit")]
        assert found["skipped_files"] == len(CONTENTS)
        assert {one["path"] for one in found["not_reports"]} == set(CONTENTS)
        assert all(one["reason"] for one in found["not_reports"])


# Who names one of these says that it holds a report, or that its root element is a report's.
READ_WHEN_NAMED = {
    *(
        "docs/tap.md",
        "docs/exunit.md",
        "docs/report.adoc",
        "README.md",
        "app.py",
        "lib.so",
        "notes.txt",
        "range.txt",
        "okay.out",
    ),
    *(
        "robot.urdf",
        "urdf/arm.xml",
        "src/assembly/bin.xml",
        "case.xml",
        "run.xml",
        "catch.xml",
        "doctest.xml",
    ),
}


def test_a_file_of_another_kind_that_is_named_is_an_error(tmp_path: Path) -> None:
    names = sorted(set(CONTENTS) - READ_WHEN_NAMED)
    for name in names:
        write(tmp_path, name, CONTENTS[name])
    rows = {row["path"]: row["error"] for row in inspected(tmp_path, *names, code=3)["files"]}
    assert sorted(rows) == names
    assert [name for name in names if not rows[name]] == []
    assert [name for name in names if not (rows[name]["hint"] and name in rows[name]["message"])] == []


def test_skipped_files_are_named_with_their_reason(tmp_path: Path) -> None:
    write(tmp_path, "report.xml", ONE)
    write(tmp_path, "a.json", '{"a": 1}')
    write(tmp_path, "b.xml", "<coverage/>")
    write(tmp_path, "c.txt", "text")
    write(tmp_path, "d.png", b"\x89PNG\r\n\x1a\n")
    write(tmp_path, "e.json", '{"a": {"b": [')
    write(tmp_path, "f.log", f"building\n{ONE}")
    write(tmp_path, "g.txt", "")
    write(tmp_path, "h.json.gz", gzip.compress(b'{"a": 1}' * 1000)[:-20])
    write(tmp_path, "i.zip", b"PK\x03\x04 not a zip")
    with zipfile.ZipFile(tmp_path / "j.zip", "w") as archive:
        archive.writestr("x.txt", "text")
    assert reasons(tmp_path, ".") == {
        "e.json": "JSON that breaks off",
        "f.log": "text that may hold a report (JUnit XML); name the file to have it read",
        "h.json.gz": reasons(tmp_path, ".")["h.json.gz"],
        "i.zip": "It is not a complete zip archive: its directory is missing.",
        "a.json": "JSON of another kind",
        "b.xml": "an XML document with the root element <coverage>",
        "c.txt": "text",
        "d.png": "a PNG image",
        "g.txt": "empty",
        "j.zip": "a zip file without reports",
    }
    assert "cannot be expanded to its end" in reasons(tmp_path, ".")["h.json.gz"]
    # The doubtful ones come first.
    assert list(reasons(tmp_path, "."))[:4] == ["e.json", "f.log", "h.json.gz", "i.zip"]


@pytest.mark.parametrize("command", ["inspect", "collect", "report"])
def test_people_see_the_first_ten(command: str, tmp_path: Path) -> None:
    write(tmp_path, "in/report.xml", ONE)
    for number in range(12):
        write(tmp_path, f"in/{number:02}.json", "{}")
    options = {
        "inspect": [],
        "collect": ["--bundle", "b"],
        "report": ["--dry-run", "--product-id", PRODUCT, "--json", "o.json"],
    }
    done = run(command, "in", *options[command], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = done.stdout + done.stderr
    assert "kipped 12 files of another kind" in printed
    assert printed.count(".json: JSON of another kind") == 10
    assert "in/09.json" in printed
    assert "and 2 more" in printed
    if command == "report":
        outcome = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
        assert (outcome["skipped_files"], outcome["left_out_directories"]) == (12, 0)
        assert outcome["not_reports"][11] == {"path": "in/11.json", "reason": "JSON of another kind"}


def test_files_are_named_when_nothing_else_is_found(tmp_path: Path) -> None:
    write(tmp_path, "in/a.json", "{}")
    done = run("report", "in", "--dry-run", "--product-id", PRODUCT, cwd=tmp_path)
    assert done.returncode == 3
    assert "in/a.json: JSON of another kind" in done.stdout


def test_the_names_are_bounded_and_keep_the_doubtful_ones(tmp_path: Path) -> None:
    write(tmp_path, "report.xml", ONE)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("report.xml", ONE)
        for number in range(MOST_NAMED * 3):
            archive.writestr(f"{number:05}.txt", "text")
        archive.writestr("z.json", '{"a": [')
    found = inspected(tmp_path, ".")
    assert found["skipped_files"] == MOST_NAMED * 3 + 1
    assert len(found["not_reports"]) == MOST_NAMED
    assert found["not_reports"][0] == {"path": "many.zip!z.json", "reason": "JSON that breaks off"}


MAY_HOLD_FAILURE = {
    "mochawesome.json": ('{"stats": {"failures": 1}, "results": [{}]}', True),
    "lint.xml": ("<checkstyle><file name='a'><error line='1'/></file></checkstyle>", True),
    "killed.xml": ("Killed", True),
    "killed.json": ("", True),
    "lines.jsonl": ("Traceback", True),
    "cut.json": ('{"a": [', True),
    "lint.data": ("<?xml version='1.0'?><checkstyle/>", True),
    "bad.zip": ("PK\x03\x04", True),
    "index.html": ("<!DOCTYPE html><html><body>1 failed</body></html>", False),
    "page.xml": ("<html xmlns='http://www.w3.org/1999/xhtml'/>", False),
    "image.svg": ("<svg/>", False),
    "output.txt": ("1 failed", False),
    "stderr.log": ("", False),
}


@pytest.mark.parametrize("name", MAY_HOLD_FAILURE)
def test_a_file_for_programs_may_hold_a_failure(tmp_path: Path, name: str) -> None:
    content, may = MAY_HOLD_FAILURE[name]
    write(tmp_path, name, content)
    file = FoundFile(tmp_path / name, name)
    for one, expected in ((file, may), (file._replace(stale=ReportError("stale-report", "old")), False)):
        assert [other.may_hold_failure for other in read_file(one).named] == [expected]
    many = [Skipped(str(number), "text") for number in range(MOST_NAMED)]
    assert ReportSet.of([read_file(file)], skipped=many).named[0].path == (name if may else "0")


def test_what_allure_keeps_beside_results_holds_no_further_failure(tmp_path: Path) -> None:
    names = ("x-container.json", "x-attachment.json", "categories.json", "executor.json")
    for name in names:
        write(tmp_path, name, '{"uuid": "c"}')
    alone = [read_file(FoundFile(tmp_path / name, name)).named[0].may_hold_failure for name in names]
    result = {
        "uuid": "u",
        "name": "a",
        "fullName": "c#a",
        "status": "passed",
        "start": 1,
        "stop": 2,
        "labels": [],
    }
    write(tmp_path, "x-result.json", json.dumps(result))
    beside = [read_file(FoundFile(tmp_path / name, name)).named[0].may_hold_failure for name in names]
    assert (alone, beside) == ([True] * 4, [False] * 4)
    write(tmp_path, "other.json", '{"failures": 1}')
    assert read_file(FoundFile(tmp_path / "other.json", "other.json")).named[0].may_hold_failure


def test_names_and_reasons_do_not_play_with_the_terminal(tmp_path: Path) -> None:
    write(tmp_path, "report.xml", ONE)
    write(tmp_path, "\x1b[31m##[error]\n.xml", '<a xmlns="##[error]&#10;::error::x"/>')
    done = run("inspect", ".", cwd=tmp_path)
    assert "\x1b" not in done.stderr
    assert "##[" not in done.stderr
    assert "\n::error" not in done.stderr


# What stands before a report

LOG = "[INFO] building\n{not json}\n> shop@1.0.0 test\n"
GO = '{"Action":"pass","Package":"p","Test":"T"}\n{"Action":"pass","Package":"p"}\n'
BEGINNINGS = {"junit": ONE, "go": GO, "tap": "TAP version 13\nok 1 - a\n1..1\n"}


def test_text_may_stand_before_a_report_by_its_extension(tmp_path: Path) -> None:
    expected = {}
    for suffix in (".xml", ".trx", ".json", ".jsonl", ".ndjson", ".tap"):
        for report_format, report in BEGINNINGS.items():
            write(tmp_path, f"r-{report_format}{suffix}", LOG + report)
            write(tmp_path, f"s-{report_format}{suffix}.gz", gzip.compress((LOG + report).encode()))
            for path in (f"r-{report_format}{suffix}", f"s-{report_format}{suffix}.gz"):
                expected[path] = (report_format, 1, None)
    rows = inspected(tmp_path, ".")["files"]
    assert {row["path"]: (row["format"], row["tests"], row["error"]) for row in rows} == expected


def test_text_before_a_report_hides_it_unless_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    expected = {}
    for suffix in (".md", ".txt", ".log", ".py", ".html", ""):
        for report_format, report in BEGINNINGS.items():
            write(tmp_path, f"r-{report_format}{suffix}", LOG + report)
            expected[f"r-{report_format}{suffix}"] = (report_format, 1, None)
    found = inspected(tmp_path, ".")
    assert [row["path"] for row in found["files"]] == ["one.xml"]
    assert {one["path"] for one in found["not_reports"]} == set(expected)
    rows = inspected(tmp_path, *expected)["files"]
    assert {row["path"]: (row["format"], row["tests"], row["error"]) for row in rows} == expected


@pytest.mark.parametrize("report_format", ["junit", "go"])
def test_a_page_of_text_may_stand_before_a_report(report_format: str, tmp_path: Path) -> None:
    write(tmp_path, "r.xml", LOG * 5000 + BEGINNINGS[report_format])
    (row,) = inspected(tmp_path, ".")["files"]
    assert (row["format"], row["tests"], row["error"]) == (report_format, 1, None)


TAP = (
    ("a.tap", "ok - a\nnot ok - b\n", True),
    ("a.tap", "1..1\nok 1\n", True),
    ("a.log", "1..1\nok 1\n", True),
    ("a.txt", "not ok 1 - a\n", True),
    ("a.out", "ok 1 - a\nok 2 - b\n1..2\n", True),
    ("t/a.t", "1..1\nok 1\n", True),
    ("results", "1..1\nok 1\n", True),
    ("a.md", "TAP version 13\nok 1\n1..1\n", True),
    ("a.tap", "Bail out! no database\n", True),
    ("a.md", "1..1\nok 1\n", False),
    ("a.c", "1..1\nok 1\n", False),
    ("a.txt", "ok 1 thing is left\n", False),
    ("a.txt", "ok\n", False),
    ("a.txt", "1..3 is a range\n", False),
)


def test_tap_in_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    for number, (name, text, _) in enumerate(TAP):
        write(tmp_path, f"{number}/{name}", text)
    found = {row["path"]: row["format"] for row in inspected(tmp_path, ".", code=0)["files"]}
    expected = {f"{number}/{name}": "tap" for number, (name, _, is_report) in enumerate(TAP) if is_report}
    assert found == expected | {"one.xml": "junit"}


def test_an_empty_file_with_the_extension_of_a_report_is_an_error(tmp_path: Path) -> None:
    names = [f"{number}/{name}" for number in range(3) for name in ("r.xml", "r.trx", "r.tap")]
    for name in names:
        write(tmp_path, name, ("", " \n", "\0" * 4096)[int(name[0])])
    rows = inspected(tmp_path, ".", code=3)["files"]
    assert {row["path"]: row["error"]["code"] for row in rows} == dict.fromkeys(names, "empty-file")


@pytest.mark.parametrize("content", ['<?xml version="1.0"?>\n', "<?xml version='1.0'?><!-- made by x -->\n"])
def test_an_xml_file_that_ends_before_its_root_element_is_an_error(content: str, tmp_path: Path) -> None:
    write(tmp_path, "r.xml", content)
    (row,) = inspected(tmp_path, ".", code=3)["files"]
    assert row["error"]["code"] == "broken-xml"


# Directories that are left out

LEFT_OUT = {
    **{name: {} for name in (".git", ".hg", ".svn", ".bzr", ".jj", "_darcs")},
    "CVS": {"Entries": "", "Root": "", "Repository": ""},
    **{name: {} for name in ("node_modules", "bower_components", ".yarn", "site-packages", "__pycache__")},
    "venv": {"pyvenv.cfg": "home = /usr/bin", "bin/python": ""},
    "venv-of-windows": {"pyvenv.cfg": "home = C:\\Python", "Scripts/python.exe": ""},
    "env-of-conda": {"conda-meta/history": "", "bin/python": ""},
    "vendor": {"autoload.php": "<?php", "composer/installed.json": "{}"},
    "vendor/bundle/ruby/3.3.0": {"gems/a/a.txt": "", "specifications/a.txt": ""},
    "Pods": {"Manifest.lock": "", "Target Support Files/a.txt": ""},
    "go/pkg/mod": {"cache/lock": "", "github.com/a/a.txt": ""},
    ".cargo/registry": {"CACHEDIR.TAG": "", "cache/a.txt": "", "index/a.txt": "", "src/a.txt": ""},
}


def test_a_directory_of_others_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    # One of them would be inside another one.
    folders = [f"gems/{folder}" if folder.startswith("vendor/") else folder for folder in LEFT_OUT]
    for folder, contents in zip(folders, LEFT_OUT.values(), strict=True):
        write(tmp_path, f"{folder}/jest-junit/two.xml", ONE)
        write(tmp_path, f"{folder}/jest-junit/README.md", f"# jest-junit\n```\n{ONE}\n```\n")
        for name, content in contents.items():
            write(tmp_path, f"{folder}/{name}", content)
    done = run("inspect", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["one.xml: junit, 1 test: 1 passed (0 s)"]
    assert f"left out {len(folders)} directories of version control" in done.stderr
    assert inspected(tmp_path, ".")["left_out_directories"] == len(folders)
    twos = sorted(f"{folder}/jest-junit/two.xml" for folder in folders)
    for spelling in ("{}", "./{}/", "{}/jest-junit", "{}/jest-junit/two.xml", "{}/**/*.xml", "**/two.xml"):
        found = inspected(tmp_path, *dict.fromkeys(spelling.format(folder) for folder in folders))
        assert sorted(row["path"].removeprefix("./") for row in found["files"]) == twos, spelling
        assert found["left_out_directories"] == 0, spelling


def test_a_directory_that_is_named_is_searched_to_the_bottom(tmp_path: Path) -> None:
    write(tmp_path, "node_modules/a/node_modules/b/r.xml", ONE)
    assert len(inspected(tmp_path, "node_modules")["files"]) == 1
    assert len(inspected(tmp_path, "node_modules/a")["files"]) == 1


def test_a_checkout_may_lie_anywhere(tmp_path: Path) -> None:
    write(tmp_path, "node_modules/shop/r.xml", ONE)
    write(tmp_path, "node_modules/shop/node_modules/b/r.xml", ONE)
    found = inspected(tmp_path / "node_modules/shop", ".")
    assert ([row["path"] for row in found["files"]], found["left_out_directories"]) == (["r.xml"], 1)


def test_other_directories_are_searched(tmp_path: Path) -> None:
    folders = ["target", "build", ".tox", "vendor", "dist", ".hidden", "CVS", "bin", "lib"]
    markers = ["pyvenv.cfg", "conda-meta/history", "gems", "cache", "autoload.php"]
    # One file does not hide the reports beside it.
    beside = {f"{number}/reports": marker for number, marker in enumerate(markers)}
    for folder in (*folders, *beside):
        write(tmp_path, f"{folder}/r.xml", ONE)
        if folder in beside:
            write(tmp_path, f"{folder}/{beside[folder]}", "")
    found = {row["path"] for row in inspected(tmp_path, ".")["files"]}
    assert found == {f"{folder}/r.xml" for folder in (*folders, *beside)}


@pytest.mark.parametrize("command", ["report", "collect"])
def test_reports_in_left_out_directories_alone_are_an_error(command: str, tmp_path: Path) -> None:
    write(tmp_path, "node_modules/a/r.xml", ONE)
    options = ["--dry-run", "--product-id", PRODUCT] if command == "report" else ["--bundle", "b"]
    done = run(command, ".", *options, cwd=tmp_path)
    assert done.returncode == 3
    assert "directories left out: 1" in done.stderr


def test_artifacts_in_left_out_directories_are_not_lost_in_silence(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    write(tmp_path, "logs/a.txt", "a")
    write(tmp_path, "logs/node_modules/b.txt", "b")
    done = run("collect", "one.xml", "--artifacts", "logs", "--bundle", "b", cwd=tmp_path)
    assert done.returncode == 0
    assert "warning: --artifacts: directories of version control" in done.stderr
    assert "not searched: 1" in done.stderr


def test_a_zip_of_other_files_names_the_doubtful_ones(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.writestr("a.txt", "text")
        archive.writestr("b.json", '{"a": [')
    assert reasons(tmp_path, ".")["r.zip!b.json"] == "JSON that breaks off"
    assert reasons(tmp_path, "r.zip", code=3)["r.zip!a.txt"] == "text"


def test_files_of_an_earlier_bundle_are_named(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    assert run("collect", "one.xml", "--bundle", "b", cwd=tmp_path).returncode == 0
    done = run("collect", ".", "--bundle", "c", cwd=tmp_path)
    assert done.returncode == 0
    assert "b/bundle.json: of an earlier run's bundle" in done.stderr


def test_damaged_archives_are_errors_only_if_they_are_called_as_reports(tmp_path: Path) -> None:
    write(tmp_path, "one.xml", ONE)
    for name in ("a.json.gz", "b.dat.gz", "c.xml.gz", "d.tap.gz"):
        write(tmp_path, name, gzip.compress(b"x")[:12])
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        for name in ("e.png", "f.xml", "g.json"):
            archive.writestr(name, ONE, zipfile.ZIP_LZMA)
    found = inspected(tmp_path, ".", code=3)
    errors = {row["path"]: row["error"]["code"] for row in found["files"] if row["error"]}
    assert errors == {
        "c.xml.gz": "broken-archive",
        "d.tap.gz": "broken-archive",
        "r.zip!f.xml": "unsupported-archive",
    }
    assert {one["path"] for one in found["not_reports"]} == {
        *("a.json.gz", "b.dat.gz", "r.zip!e.png", "r.zip!g.json"),
    }
    assert len(inspected(tmp_path, "r.zip", code=3)["files"]) == 3
