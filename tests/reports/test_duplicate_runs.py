"""One run that is reported in two formats: which files have the same tests, found in one reading."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from onetest_ci.model import Case, Suite
from onetest_ci.reports import FoundFile, find, read_reports
from support.command import run

PRODUCED = Path(__file__).parents[1] / "data" / "produced"


def repeated(place: Path) -> dict[str, list[str]]:
    """The files with the warning that two formats have the same tests, and the files that it names."""
    read = json.loads(run("inspect", "--format", "json", ".", cwd=place).stdout)["files"]
    return {
        row["path"]: warning.partition("(see ")[2].partition(")")[0].split(", ")
        for row in read
        for warning in row["warnings"]
        if "name the same tests" in warning
    }


def junit_of(*names: str) -> str:
    cases = (f'<testcase classname="a.B" name="{name}"/>' for name in names)
    return f"<testsuite>{''.join(cases)}</testsuite>"


def ctrf_of(*names: str) -> str:
    tests = [{"name": name, "suite": "a.B", "status": "passed", "duration": 1} for name in names]
    summary = dict.fromkeys(("tests", "passed"), len(names)) | dict.fromkeys(("failed", "skipped"), 0)
    return json.dumps({"results": {"tool": {"name": "t"}, "summary": summary, "tests": tests}})


@pytest.mark.parametrize("packed", [False, True])
def test_the_files_that_have_the_same_tests_are_named(tmp_path: Path, packed: bool) -> None:
    """Not the first file of each format, and not those of other tests."""
    files = {
        "1.xml": junit_of("x", "y", "z"),
        "2.json": ctrf_of("p", "q", "r"),
        "3.xml": junit_of("adds", "totals", "clears"),
        "4.json": ctrf_of("adds", "totals", "clears"),
        "5.xml": junit_of("lists", "adds"),
    }
    for name, text in files.items():
        data = text.encode()
        (tmp_path / f"{name}{'.gz' * packed}").write_bytes(gzip.compress(data) if packed else data)
    ending = ".gz" if packed else ""
    assert repeated(tmp_path) == {f"4.json{ending}": [f"3.xml{ending}", f"5.xml{ending}"]}


def test_a_file_of_one_format_that_holds_the_tests_of_many_of_another(tmp_path: Path) -> None:
    names = [f"t{number}" for number in range(40)]
    for number in range(0, 40, 4):
        (tmp_path / f"TEST-{number}.xml").write_text(junit_of(*names[number : number + 4]), encoding="utf-8")
    (tmp_path / "all.json").write_text(ctrf_of(*names), encoding="utf-8")
    ((path, (first, second)),) = repeated(tmp_path).items()
    assert (path, first, second) == ("all.json", "TEST-0.xml", "TEST-12.xml and 8 more")


def test_reports_of_several_formats_are_read_once(tmp_path: Path) -> None:
    """Each is gone when its reading has begun."""
    (tmp_path / "1.xml").write_text(junit_of("adds", "totals"), encoding="utf-8")
    (tmp_path / "2.json").write_text(ctrf_of("adds", "totals"), encoding="utf-8")
    taken: list[Suite | Case] = []

    def take(file: FoundFile, records: Sequence[Suite | Case]) -> None:
        taken.extend(records)
        file.path.unlink(missing_ok=True)

    read = read_reports(find(["."], root=tmp_path), take)
    assert sum(isinstance(record, Case) for record in taken) == 4
    assert "same tests (see 1.xml)" in read.files[1].notices[0].text
    assert all(row.names == frozenset() for row in read.files)


def test_reports_of_testng_and_surefire_of_one_run(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "other.xml").write_text(junit_of("x", "y"), encoding="utf-8")
    for report in (PRODUCED / "testng-xml" / "reports").iterdir():
        (tmp_path / report.name).write_bytes(report.read_bytes())
    assert repeated(tmp_path) == {"testng-results.xml": ["TEST-shop.CartTest.xml"]}
