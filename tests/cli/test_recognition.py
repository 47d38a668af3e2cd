"""What is taken for a report, what is skipped, and what is an error: over all formats from one table."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.reports.formats.table import FORMATS
from support.command import run
from support.in_process import run_here
from support.recognition import LONG, NAMES, row
from support.samples import DATA, JSON, LINES

COUNTS = ("tests", "passed", "failures", "errors", "skipped", "flaky")
PRODUCT = "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10"
SUFFIXES = {
    "exunit": ".txt",
    "tap": ".tap",
    "trx": ".trx",
    **dict.fromkeys(("go", "dart", "bazel"), ".jsonl"),
}
OF_JSON = {*JSON, *LINES, "allure"}


def suffix(name: str) -> str:
    return SUFFIXES.get(name, ".json" if name in OF_JSON else ".xml")


def inspected(place: Path, *paths: str, code: int = 0) -> dict[str, Any]:
    done = run("inspect", "--format", "json", *paths, cwd=place)
    assert done.returncode == code, done.stderr
    return dict(json.loads(done.stdout))


def test_every_format_has_its_row() -> None:
    assert {report_format.name for report_format in FORMATS} == set(NAMES)
    assert all(row(name).far and row(name).marked for name in NAMES)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What is read from the small report of each format, whose file's name is the format's."""
    folder = tmp_path_factory.mktemp("plain")
    for name in NAMES:
        (folder / name).write_bytes(row(name).plain)
    return {one["path"]: one for one in inspected(folder, *NAMES)["files"]}


@pytest.mark.parametrize("name", NAMES)
def test_what_decides_may_stand_anywhere(name: str, plain: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    assert plain[name]["format"] == name
    scanned = tmp_path / "scanned"
    scanned.mkdir()
    far = row(name).far
    with zipfile.ZipFile(scanned / "far.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, report in enumerate(far):
            assert len(report) > LONG
            (scanned / f"{number}{suffix(name)}").write_bytes(report)
            (scanned / f"{number}{suffix(name)}.gz").write_bytes(gzip.compress(report, 1))
            archive.writestr(f"{number}{suffix(name)}", report)

    found = inspected(scanned, ".")

    assert found["skipped_files"] == 0
    assert len(found["files"]) == 3 * len(far)
    for one in found["files"]:
        assert (one["format"], one["error"]) == (name, None)
        assert [one[key] for key in COUNTS] == [plain[name][key] for key in COUNTS], one["path"]


def test_a_report_is_the_same_whether_it_is_named_or_found() -> None:
    files = [
        path.relative_to(DATA)
        for path in DATA.rglob("*")
        # A script of a suite writes a report, and contains it.
        if path.is_file() and "results" not in path.parts and path.suffix != ".sh"
    ]
    named, found = (
        # Files that are not reports, and runs that were killed, are among them.
        {one["path"]: one for one in inspected(DATA, *paths, code=3)["files"] if one["format"]}
        for paths in (map(str, files), [".", "!**/results"])
    )
    assert found.keys() == named.keys()
    for path, one in found.items():
        assert {name: one[name] for name in COUNTS} == {name: named[path][name] for name in COUNTS}
        assert one["format"] == named[path]["format"]


# Roots that other documents have as well, with what only reports hold.
SHARED = {
    "ctest": ("<Site><Testing/></Site>", "<Site><Labels/><DynamicAnalysis/></Site>"),
    "robot": ("<robot><suite/></robot>", '<robot generator="Rebot 6"><suite/></robot>'),
    "xunit.net": ('<assembly run-date="2026-01-02" timestamp=""/>', "<assemblies><assembly/></assemblies>"),
    "nunit3": (
        '<test-suite type="Assembly" id="1000" testcasecount="1" result="Passed"/>',
        '<test-suite id="0-1" type="TestSuite" testcasecount="0" result=""><test-case/></test-suite>',
    ),
    "boost.test": ("<TestLog><BuildInfo/><TestSuite/></TestLog>", "<TestResult><TestSuite/></TestResult>"),
    "cppunit": ("<TestRun><SuiteInfo/><FailedTests/></TestRun>", "<TestRun><Statistics/></TestRun>"),
    "catch2": ("<Catch><Group/></Catch>", '<Catch2TestRun rng-seed="1"><OverallResults/></Catch2TestRun>'),
    "doctest": ("<doctest><Options/></doctest>", '<doctest binary="a"><TestCase/></doctest>'),
    "sonarqube": (
        '<unitTest version="1"><file path="a.py"/></unitTest>',
        '<unitTest version="1"><file path="a.py"><testCase name="a" duration="1"/></file></unitTest>',
    ),
    "qtest": ('<TestCase name="a"><Environment/></TestCase>', "<TestCase><TestFunction/></TestCase>"),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_report_whose_root_element_others_have_is_found(name: str, tmp_path: Path) -> None:
    for number, text in enumerate(SHARED[name]):
        (tmp_path / f"{number}.xml").write_text(f"<!-- {'x' * LONG} -->{text}", encoding="utf-8")
    found = inspected(tmp_path, ".")["files"]
    assert [(one["format"], one["error"]) for one in found] == [(name, None)] * len(SHARED[name])


def test_the_table_of_shared_roots_is_complete() -> None:
    assert {report_format.name for report_format in FORMATS if report_format.shared} == set(SHARED)


def test_marks_without_what_is_read_are_an_error(tmp_path: Path) -> None:
    marked = {}
    for name in NAMES:
        for number, content in enumerate(row(name).marked):
            folder = tmp_path / name / str(number)
            folder.mkdir(parents=True)
            (folder / f"whole{suffix(name)}").write_bytes(row(name).plain)
            (folder / f"marked{suffix(name)}").write_bytes(content)
            marked[f"{name}/{number}/marked{suffix(name)}"] = content
    for paths in (["."], ["*/*/*"], list(marked)):
        errors = {one["path"]: one["error"] for one in inspected(tmp_path, *paths, code=3)["files"]}
        for path, content in marked.items():
            error = errors.get(path)
            assert error, (paths[0], path, content)
            assert error["code"] in {"incomplete-report", "broken-xml", "truncated-report"}, (path, content)
            assert path in error["message"]
            assert error["hint"], path


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_is_not_green_over_an_incomplete_report(name: str, tmp_path: Path) -> None:
    (tmp_path / "whole.xml").write_text('<testsuite><testcase name="a"/></testsuite>', encoding="utf-8")
    (tmp_path / f"marked{suffix(name)}").write_bytes(row(name).marked[0])
    done = run_here("report", "--dry-run", "--product-id", PRODUCT, "--fail-on", "any", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert f"marked{suffix(name)}" in done.stderr


FAILING = {
    "junit": b'<testsuite name="s"><testcase classname="c" name="t"><failure/></testcase></testsuite>',
    "ctrf": b'{"results": {"tool": {"name": "t"}, "tests": [{"name": "t", "status": "failed"}]}}',
    "ctrf-in-lines": b'{\n  "results": {\n    "tool": {},\n    "tests": [\n      {}\n    ]\n  }\n}',
    "cucumber": b'[\n{"keyword": "Feature", "name": "Cart", "uri": "a.feature", "elements": []}\n]',
    "tap": b"TAP version 13\n1..1\nnot ok 1 - t",
}


def test_a_report_beside_another_one_is_an_error(tmp_path: Path) -> None:
    for name in NAMES:
        plain = row(name).plain
        for other, failing in FAILING.items():
            for place, parts in (("after", [plain, failing]), ("before", [failing, plain])):
                # A program may leave out the last line break of its XML.
                between = b"" if suffix(name) == ".xml" and place == "after" else b"\n"
                (tmp_path / f"{name}-{place}-{other}{suffix(name)}").write_bytes(between.join(parts) + b"\n")

    rows = inspected(tmp_path, ".", code=3)["files"]

    assert len(rows) == len(NAMES) * len(FAILING) * 2
    # Two streams of TAP are one: what failed in either is among its tests.
    assert {one["path"] for one in rows if one["error"] is None} == {
        "tap-after-tap.tap",
        "tap-before-tap.tap",
    }
    assert all(one["failures"] == 2 for one in rows if one["format"] == "tap" and one["error"] is None)


def test_a_format_that_the_user_names_decides_what_is_a_report(tmp_path: Path) -> None:
    for name in ("junit", "ctrf"):
        (tmp_path / name).write_bytes(row(name).plain + b"\nnot ok 1 - is not a test point here\n")
        (found,) = inspected(tmp_path, "--report-format", name, name)["files"]
        assert (found["format"], found["error"]) == (name, None)
        assert found["warnings"]


@pytest.mark.parametrize("pinned", ["jest", "libtest", "sonarqube"])
def test_a_report_without_tests_of_the_named_format_is_an_error(pinned: str, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(row(name).plain)
    done = run_here("inspect", "--format", "json", "--report-format", pinned, *NAMES, cwd=tmp_path)
    rows = {one["path"]: one for one in json.loads(done.stdout)["files"]}
    assert rows[pinned]["error"] is None
    assert [name for name in NAMES if not (rows[name]["error"] or rows[name]["tests"])] == []
    # JSON of another kind that the pattern of a pinned format matches is no report, and no error.
    (tmp_path / "package.json").write_text('{"name": "shop"}', encoding="utf-8")
    done = run_here("inspect", "--format", "json", "--report-format", pinned, ".", cwd=tmp_path)
    assert "package.json" not in {one["path"] for one in json.loads(done.stdout)["files"] if one["error"]}
