"""Raw reports are kept without secrets, and only with the same verdicts."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from onetest_ci.collect.report_archive import ReportArchive
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.reports import ReadOptions
from onetest_ci.reports.formats.table import FORMATS
from onetest_ci.reports.verdict_digest import verdicts_of
from support.reading import source
from support.samples import DATA, SAMPLES, sample

MOST_WORDS = 80
ALLURE = DATA / "produced" / "allure-pytest" / "reports" / "results"
REPORTS = {name: sample(name) for name in SAMPLES} | {
    "junit": (DATA / "produced" / "pytest" / "reports" / "xunit2.xml").read_bytes(),
    "allure": next(ALLURE.glob("*-result.json")).read_bytes(),
}


def kept(place: Path, report: bytes, *secrets: str) -> tuple[bytes | None, list[str]]:
    """The raw report in a new archive, None when it was left out; and warnings."""
    place.mkdir()
    (place / "report").write_bytes(report)
    with ReportArchive(place, Redactor(map(Secret, secrets)), ReadOptions()) as archive:
        archive.add("report", source(place / "report"))
        stored, notices = archive.finish()
    warnings = [notice.text for notice in notices]
    if not stored:
        assert not list((place / "artifacts").iterdir())
        return None, warnings
    with zipfile.ZipFile(place / stored[0].file) as packed:
        assert packed.testzip() is None
        return packed.read("report"), warnings


def words(report: bytes) -> list[str]:
    """Words of the report that could be passwords, evenly spread over all of them."""
    text = report.decode("utf-8", "replace")
    found = sorted(set(re.findall(r"[A-Za-z][\w-]{7,}|\d{8,}|[\"\w]+[:=>,<\"]{2,}[\w\"]{4,}", text)))
    return found[:: max(1, len(found) // MOST_WORDS)]


def verdicts(report: bytes) -> object:
    return verdicts_of(io.BytesIO(report), ReadOptions())


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_is_kept_with_the_same_verdicts_or_not_at_all(tmp_path: Path, report: bytes) -> None:
    """Whichever of its words is a password."""
    assert kept(tmp_path / "calm", report, "not in any report") == (report, [])
    outcomes = set()
    for number, word in enumerate(words(report)):
        raw, warnings = kept(tmp_path / str(number), report, word)
        outcomes.add(raw is None)
        if raw is None:
            assert len(warnings) == 1
            assert "is not among the raw reports" in warnings[0]
            continue
        assert warnings == []
        assert word.encode() not in raw
        assert len(raw) == len(report)
        assert verdicts(raw) == verdicts(report)
    assert False in outcomes


def test_each_format_has_a_report() -> None:
    assert REPORTS.keys() == {report_format.name for report_format in FORMATS}


def test_other_reports_stay_in_the_archive(tmp_path: Path) -> None:
    good = b'<testsuite name="s"><testcase name="failures"/></testsuite>'
    bad = b'<testsuite name="s" failures="1"><testcase name="a"><failure/></testcase></testsuite>'
    nunit = sample("nunit2")
    assert b"failures=" in nunit
    for name, content in (("good.xml", good), ("bad.xml", bad), ("nunit.xml", nunit)):
        (tmp_path / name).write_bytes(content)
    both = Redactor([Secret("testcase"), Secret("test-case")])
    with ReportArchive(tmp_path, both, ReadOptions()) as archive:
        for name in ("nunit.xml", "good.xml", "bad.xml"):
            archive.add(name, source(tmp_path / name))
        stored, notices = archive.finish()
    warnings = [notice.text for notice in notices]
    assert (stored, len(warnings)) == ([], 3)
    with ReportArchive(tmp_path, Redactor([Secret("test-case")]), ReadOptions()) as archive:
        for name in ("good.xml", "nunit.xml", "bad.xml"):
            archive.add(name, source(tmp_path / name))
        stored, notices = archive.finish()
    warnings = [notice.text for notice in notices]
    assert len(warnings) == 1
    with zipfile.ZipFile(tmp_path / stored[0].file) as packed:
        assert packed.testzip() is None
        assert {name: packed.read(name) for name in packed.namelist()} == {"good.xml": good, "bad.xml": bad}
