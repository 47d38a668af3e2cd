"""The document of ``--junit``: nothing that a report contains is lost in it, and other programs read it."""

import json
import re
from collections import defaultdict
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from junitparser import TestCase, xunit2

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.records import Result
from onetest_ci.model import Suite
from onetest_ci.reports.detection import format_of, read_head
from onetest_ci.reports.formats.junit.producers import OWN_START
from onetest_ci.reports.formats.table import FORMATS
from support.command import run
from support.corpus import CORPUS

DATA = Path(__file__).parents[1] / "data"
MARK = re.compile(r"\[\[ATTACHMENT\|(.+?)\]\]")
"""How GitLab finds a file (``lib/gitlab/ci/parsers/test/junit.rb``)."""


class Contents(NamedTuple):
    """What a bundle contains, apart from numbers.

    Attributes:
        suites: the path of each suite, and its other fields.
        tests: the tests of each path, in order, by field.
    """

    suites: list[tuple[Any, ...]]
    tests: dict[tuple[str, ...], list[dict[str, Any]]]


def contents(bundle: Path) -> Contents:
    paths: dict[int | None, tuple[str, ...]] = {None: ()}
    suites = []
    tests = defaultdict(list)
    for item in Bundle.open(bundle).results_as_reported():
        if isinstance(item, Suite):
            # The suite of tests outside of suites is named after the report.
            paths[item.ordinal] = (*paths[item.parent], item.name) if item.ordinal >= 0 else ()
            if item.ordinal >= 0:
                suites.append((paths[item.ordinal], _moment(item.start), *item[4:]))
        else:
            tests[paths[item.stored.case.suite]].append(_fields(item))
    return Contents(sorted(suites, key=repr), dict(tests))


# XML cannot contain them: docs/reference/formats.md lists what a document lacks.
CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], "\N{REPLACEMENT CHARACTER}")


def _fields(result: Result) -> dict[str, Any]:
    case = result.stored.case
    files = {
        file.name or Path(file.path).name
        for stored in (*result.earlier, result.stored)
        for file in stored.case.attachments
    }
    fields = case._asdict() | {
        "start": _moment(case.start),
        "attempts": result.attempts,
        "flaky": result.flaky,
        "code_ref": result.stored.code_ref,
        "attachments": files,
        **dict.fromkeys(("ordinal", "suite", "retry_of")),
    }
    return {
        name: value.translate(CONTROLS) if isinstance(value, str) else value for name, value in fields.items()
    }


def _moment(start: float | None) -> timedelta | None:
    """Return a start to the microsecond, as documents contain it."""
    return None if start is None else timedelta(seconds=start)


@cache
def reports_by_format() -> dict[str, list[Path]]:
    """Return the reports of each format that real tools wrote, or were written after their schemas."""
    found = defaultdict(list)
    for path in sorted(DATA.glob("*/*/reports/**/*")):
        if path.is_file() and path.suffix in {".xml", ".json", ".jsonl", ".ndjson", ".tap", ".trx", ".txt"}:
            with path.open("rb") as file:
                report_format = format_of(read_head(file))
            if report_format is not None:
                found[report_format.name].append(path)
    return dict(found)


def there_and_back(place: Path, *reports: Path) -> tuple[Contents, Contents]:
    """Return what reports contain, and what their document does."""
    names = [str(path) for path in reports]
    run("collect", "--allow-empty", "--bundle", "before", *names, cwd=place)
    run("report", "--dry-run", "--allow-empty", "--junit", "all.xml", *names, cwd=place)
    run("collect", "--allow-empty", "--bundle", "after", "all.xml", cwd=place)
    return contents(place / "before"), contents(place / "after")


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_it_contains_all_that_reports_of_a_format_do(tmp_path: Path, name: str) -> None:
    before, after = there_and_back(tmp_path, *reports_by_format()[name])
    assert before.tests
    assert after.suites == before.suites
    assert differences(before, after) == []


def differences(before: Contents, after: Contents) -> list[Any]:
    """Return the tests that differ, with the fields that do."""
    assert after.tests.keys() == before.tests.keys()
    return [
        (path, was["name"], {field: (was[field], now[field]) for field in was if was[field] != now[field]})
        for path, tests in before.tests.items()
        for was, now in zip(tests, after.tests[path], strict=True)
        if was != now
    ]


@pytest.mark.skipif(not CORPUS.exists(), reason=f"NO CORPUS at {CORPUS}; set ONETEST_CORPUS")
def test_it_contains_all_that_the_reports_of_the_corpus_do(tmp_path: Path) -> None:
    before, after = there_and_back(tmp_path, CORPUS / "files")
    assert len(before.tests) > 1000
    assert after.suites == before.suites
    assert differences(before, after) == []


EVERYTHING = """<testsuites><testsuite name="outer" file="s.py" timestamp="2026-01-02T03:04:05.25Z">
  <properties><property name="browser" value="a&#10;b"/></properties>
  <testsuite name="inner"><testcase classname="c" name="bad" time="0.00001" line="3"
      timestamp="1970-01-01T00:00:00Z">
    <properties><property name="id" value="7"/></properties>
    <failure message="m&#10;n" type="T">&#13;trace &lt;testcase </failure>
    <rerunFailure message="again" type="U" time="2.5"><stackTrace>deep</stackTrace><system-out>o</system-out>
      <system-err>e</system-err></rerunFailure>
    <system-out> printed \N{BELL} </system-out><system-err>wrong</system-err></testcase></testsuite>
  <testcase name="pytest's" file="t.py" line="0"/></testsuite>
  <testsuite name="pytest"><testcase classname="d" name="zero" line="0" file="d.py"/>
    <testcase classname="d" name="flaky"><error message="x"/></testcase>
    <testcase classname="d" name="flaky" time="1"/></testsuite>
  <testcase name="loose"><skipped message="why">more</skipped></testcase></testsuites>"""


def test_what_is_hard_to_write_comes_back(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(EVERYTHING, encoding="utf-8")
    before, after = there_and_back(tmp_path, tmp_path / "a.xml")
    assert after == before
    (bad,) = after.tests["outer", "inner"]
    assert (bad["details"], bad["kind"], bad["message"]) == ("deep", "U", "again")
    assert bad["attempts"][0].details == "\rtrace <testcase "
    assert [test["flaky"] for test in after.tests["pytest",]] == [False, True]
    assert [test["status"] for test in after.tests[()]] == ["skipped"]
    # Read a second time, and written, it is the same file.
    run("report", "--dry-run", "--junit", "again.xml", "all.xml", cwd=tmp_path)
    again = (tmp_path / "again.xml").read_text(encoding="utf-8")
    assert again.replace('"all.xml"', '"a.xml"') == (tmp_path / "all.xml").read_text(encoding="utf-8")


def test_other_programs_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(EVERYTHING, encoding="utf-8")
    run("report", "--dry-run", "--junit", "all.xml", "a.xml", cwd=tmp_path)
    document = xunit2.JUnitXml.fromfile(str(tmp_path / "all.xml"))
    assert (document.tests, document.failures, document.errors) == (5, 1, 0)
    outer, pytest_suite, loose = document
    (inner,) = outer.testsuites()  # type: ignore[no-untyped-call]
    (bad,) = inner
    assert (outer.name, outer.tests, inner.name, inner.tests, inner.failures) == ("outer", 2, "inner", 1, 1)
    properties = outer.properties()  # type: ignore[no-untyped-call]
    assert [(one.name, one.value) for one in properties] == [("browser", "a\nb")]
    assert [(one.message, one.type, one.text) for one in bad.result] == [("again", "U", "deep")]
    (rerun,) = bad.rerun_failures()
    assert (rerun.message, rerun.type, rerun.stack_trace) == ("m\nn", "T", "\rtrace <testcase ")
    assert (bad.system_out, bad.system_err) == ("o", "e")
    assert [len(_of_surefire(case).flaky_errors()) for case in pytest_suite] == [0, 1]
    assert (loose.name, [case.is_skipped for case in loose]) == ("a.xml", [True])


def _of_surefire(case: TestCase) -> xunit2.TestCase:
    assert isinstance(case, xunit2.TestCase)
    return case


def test_files_are_named_as_jenkins_and_gitlab_find_them(tmp_path: Path) -> None:
    """By a path from the workspace, in the one ``system-out`` of a test: GitLab fails where there are two."""
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "far.log").write_text("far", encoding="utf-8")
    shop = tmp_path / "shop"
    (shop / "out").mkdir(parents=True)
    (shop / ".git").mkdir()
    for name in ("printed.png", "near.png", "odd[[1]].png"):
        (shop / "out" / name).write_text(name, encoding="utf-8")
    (shop / "out" / "r.xml").write_text(
        f"""<testsuite name="s"><testcase name="a"><properties>
          <property name="attachment" value="{shop}/out/near.png"/>
          <property name="attachment" value="near.png"/>
          <property name="attachment" value="{outside}/far.log"/>
          <property name="attachment" value="../../../etc/passwd"/>
          <property name="attachment" value="out/odd[[1]].png"/></properties>
          <system-out>see [[ATTACHMENT|out/printed.png]]</system-out></testcase></testsuite>""",
        encoding="utf-8",
    )
    run("report", "--dry-run", "--junit", "deep/all.xml", "out/r.xml", cwd=shop)
    (case,) = ET.parse(shop / "deep" / "all.xml").iter("testcase")  # noqa: S314 - our own
    (output,) = case.findall("system-out")
    named = MARK.findall(output.text or "")
    assert named[:2] == ["out/printed.png", "out/near.png"]
    assert [(shop / path).read_text(encoding="utf-8") for path in named[2:]] == ["near.png"]
    assert all(path.startswith("deep/all-files/") for path in named[2:])
    missing = {
        one.get("value") for one in case.iter("property") if one.get("name") == "onetest-ci.attachment"
    }
    assert missing == {f"{outside}/far.log", "../../../etc/passwd", "out/odd[[1]].png"}
    before, after = there_and_back(shop, shop / "out" / "r.xml")
    assert after.tests["s",][0]["system_out"] == before.tests["s",][0]["system_out"]


def test_copies_of_files_do_not_follow_links_of_the_code_under_test(tmp_path: Path) -> None:
    shop, outside = tmp_path / "shop", tmp_path / "elsewhere"
    shop.mkdir()
    outside.mkdir()
    step = {
        "keyword": "Given ",
        "name": "x",
        "line": 4,
        "result": {"status": "passed"},
        "embeddings": [{"mime_type": "text/plain", "data": "aGVsbG8="}],
    }
    scenario = {"keyword": "Scenario", "type": "scenario", "name": "s", "line": 3, "steps": [step]}
    feature = {"uri": "a.feature", "keyword": "Feature", "name": "f", "elements": [scenario]}
    (shop / "r.json").write_text(json.dumps([feature]), encoding="utf-8")
    folder = shop / "all-files"
    folder.symlink_to(outside)
    done = run("report", "--dry-run", "--junit", "all.xml", "r.json", cwd=shop)
    assert (done.returncode, "the folder all-files is a link" in done.stderr) == (2, True)
    folder.unlink()
    run("report", "--dry-run", "--junit", "all.xml", "r.json", cwd=shop)
    (copy,) = folder.iterdir()
    copy.unlink()
    copy.symlink_to(outside / "new")
    assert run("report", "--dry-run", "--junit", "all.xml", "r.json", cwd=shop).returncode == 0
    assert (copy.is_symlink(), copy.read_text(encoding="utf-8")) == (False, "hello")
    assert not list(outside.iterdir())


def test_the_reader_knows_how_the_documents_begin(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<testsuite name='s'><testcase name='a'/></testsuite>", encoding="utf-8")
    run("report", "--dry-run", "--junit", "all.xml", "a.xml", cwd=tmp_path)
    assert (tmp_path / "all.xml").read_text(encoding="utf-8").startswith(OWN_START)


def test_results_of_one_name_stay_different_tests_where_a_program_changed_the_document(
    tmp_path: Path,
) -> None:
    """TAP has two tests of one name; by the rules for JUnit, the second would be a retry of the first."""
    (tmp_path / "a.tap").write_text("TAP version 13\nnot ok 1 - a\nok 2 - a\n1..2\n", encoding="utf-8")
    run("report", "--dry-run", "--junit", "all.xml", "a.tap", cwd=tmp_path)
    changed = (tmp_path / "all.xml").read_text(encoding="utf-8").partition("\n")[2]
    (tmp_path / "all.xml").write_text(changed, encoding="utf-8")
    done = run("inspect", "all.xml", cwd=tmp_path)
    assert "2 tests: 1 passed, 1 failed" in done.stdout
