"""The table of formats: its names, and the modules that a run imports."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from onetest_ci.reports.formats.table import FORMATS
from onetest_ci.settings.values import NotAllowed, report_format
from support.command import run
from support.onetest import LocalOneTest
from support.samples import DATA, SAMPLES

IMPORTED = """
import json, sys
from pathlib import Path
from onetest_ci.reports import find, read_reports
read_reports(find([sys.argv[1]], root=Path.cwd()))
names = {name.partition(".formats.")[2] for name in sys.modules if ".formats." in name}
print(json.dumps(sorted(name for name in names if name != "table" and not name.endswith("_rows"))))
"""

NAMES = {
    "written/trx": "report.trx",
    "produced/playwright-json": "report.json",
    "produced/robot-output": "first.xml",
    "produced/allure-pytest": "results",
}


@pytest.mark.parametrize("name", [row.name for row in FORMATS])
def test_each_format_can_be_pinned(name: str) -> None:
    assert report_format(name) == name


def test_a_format_that_does_not_exist_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(NotAllowed, match=", ".join(re.escape(row.name) for row in FORMATS)):
        report_format("acme")


@pytest.mark.parametrize(
    ("report_format", "modules"),
    [
        ("trx", ["trx", "trx.run"]),
        ("tap", ["tap", "tap.levels", "tap.points", "tap.totals"]),
        ("ctrf", ["ctrf"]),
        ("unittest++", ["unittestpp"]),
    ],
)
def test_a_run_imports_only_the_formats_that_it_reads(report_format: str, modules: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, DATA / SAMPLES[report_format]], capture_output=True, check=True
    )
    assert json.loads(done.stdout) == modules


def test_content_decides_under_any_name(tmp_path: Path) -> None:
    names = [f"{number}.bin" for number in range(len(SAMPLES))]
    for name, sample in zip(names, SAMPLES.values(), strict=True):
        (tmp_path / name).write_bytes((DATA / sample).read_bytes())
    done = run("inspect", "--format", "json", *names, cwd=tmp_path)
    rows = json.loads(done.stdout)["files"]
    assert [(row["path"], row["format"], row["error"]) for row in rows] == [
        (name, report_format, None) for name, report_format in zip(names, SAMPLES, strict=True)
    ]


def test_a_pinned_format_reads_a_root_element_of_another_name(tmp_path: Path) -> None:
    text = (DATA / SAMPLES["nunit2"]).read_text(encoding="utf-8")
    (tmp_path / "r.xml").write_text(text.replace("test-results", "results-of-tests"), encoding="utf-8")
    done = run("inspect", "--format", "json", "--report-format", "nunit2", "r.xml", cwd=tmp_path)
    (row,) = json.loads(done.stdout)["files"]
    assert (row["format"], row["tests"]) == ("nunit2", 4)


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes((DATA / SAMPLES["trx"]).read_bytes())
    (tmp_path / "b.json").write_bytes((DATA / SAMPLES["rspec"]).read_bytes())
    (tmp_path / "c.xml").write_text('<testsuite><testcase name="a"/></testsuite>', encoding="utf-8")
    (tmp_path / "d.json").write_text('{"name": "package"}', encoding="utf-8")
    done = run("inspect", "--format", "json", ".", cwd=tmp_path)
    read = json.loads(done.stdout)
    assert [row["format"] for row in read["files"]] == ["trx", "rspec", "junit"]
    assert read["totals"]["tests"] == 7 + 6 + 1
    assert "skipped 1 file of another kind" in done.stderr
    assert not any("same tests" in warning for row in read["files"] for warning in row["warnings"])


def test_one_run_in_two_formats_is_warned_of_and_counted() -> None:
    done = run("inspect", "--format", "json", "reports", cwd=DATA / "produced/testng-xml")
    rows = {row["path"]: row for row in json.loads(done.stdout)["files"]}
    (warning,) = rows["reports/testng-results.xml"]["warnings"]
    assert "testng and junit reports name the same tests" in warning
    assert sum(row["tests"] for row in rows.values()) == 8 + 5 + 1


def test_names_of_pytest_are_alike_in_all_formats(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(
        """<testsuite><testcase classname="tests.test_cart.TestCart" name="test_adds"/>
        <testcase classname="tests.test_cart.TestCart" name="test_total"/>
        <testcase classname="tests.test_cart" name="test_not_on_ci"/>
        <testcase classname="tests.test_cart" name="test_known"/></testsuite>""",
        encoding="utf-8",
    )
    (tmp_path / "ctrf.json").write_bytes((DATA / "produced/tap-stream/reports/ctrf.json").read_bytes())
    done = run("inspect", "ctrf.json", "junit.xml", cwd=tmp_path)
    assert "the junit and ctrf reports name the same tests (see ctrf.json)" in done.stdout


def test_a_directory_of_allure_results_is_one_report(tmp_path: Path) -> None:
    results = DATA / "produced/allure-pytest/reports/results"
    for source in results.iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "0-result.json").write_text(
        '{"uuid": "1", "status": "passed", "start": 1, ', encoding="utf-8"
    )
    done = run("inspect", "--format", "json", tmp_path, cwd=tmp_path)
    (row,) = json.loads(done.stdout)["files"]
    assert (row["path"], row["format"], row["tests"], row["flaky"]) == (str(tmp_path), "allure", 6, 1)
    assert row["truncated"]
    assert "0-result.json breaks off" in row["error"]["message"]
    assert done.returncode == 3


def test_the_results_of_a_directory_travel_with_their_attachments(tmp_path: Path) -> None:
    results = DATA / "produced/allure-pytest/reports/results"
    done = run("collect", "--bundle", tmp_path / "bundle", results, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    items = (tmp_path / "bundle/items.jsonl").read_text(encoding="utf-8")
    assert '"size"' in items
    assert (tmp_path / "bundle/artifacts/reports.zip").is_file()
    assert len(list((tmp_path / "bundle/attachments").iterdir())) == 1


def test_native_reports_arrive_in_a_launch(onetest: LocalOneTest, tmp_path: Path) -> None:
    expected: Counter[str] = Counter()
    for folder, name in NAMES.items():
        counts = json.loads((DATA / folder / "expected.json").read_text(encoding="utf-8"))[name]["counts"]
        expected["passed"] += counts["passed"]
        expected["failed"] += counts["failures"] + counts["errors"]
        expected["skipped"] += counts["skipped"]
    done = run(
        *("report", "--mode", "launch", "--json", "o.json"),
        *(DATA / folder / "reports" / name for folder, name in NAMES.items()),
        cwd=tmp_path,
        env=onetest.env,
    )
    assert done.returncode == 0, done.stderr
    launch = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["launch_id"]
    assert Counter(case["status"] for case in onetest.cases(launch)) == expected
