"""Rows of files: what is read, what is refused, what is skipped."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from onetest_ci.model import Case, Suite
from onetest_ci.reports import Counts, FileReport, FoundFile, find, read_reports

GOOD = """<testsuites><testsuite name="s">
  <testcase name="ok" time="1.25"><system-out>[[ATTACHMENT|a.png]]</system-out></testcase>
  <testcase name="bad" time="0.5"><failure message="m"/></testcase>
  <testcase name="worse"><error/></testcase>
  <testcase name="off"><skipped/></testcase>
  <testcase name="retried" time="1"><error/></testcase>
  <testcase name="retried" time="1"><failure/></testcase>
  <testcase name="retried" time="1"/>
  <testcase name="flaky"><flakyFailure/></testcase>
</testsuite></testsuites>"""


def rows(root: Path, *patterns: str) -> list[FileReport]:
    return list(read_reports(find(patterns, root=root)).files)


def test_a_row_counts_each_test_once_by_its_final_verdict(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(GOOD)
    (row,) = rows(tmp_path, "r.xml")

    assert row.as_dict() == {
        "path": "r.xml",
        "format": "junit",
        "tests": 6,
        "passed": 3,
        "failures": 1,
        "errors": 1,
        "skipped": 1,
        "flaky": 2,
        "seconds": 4.75,
        "attachments": 1,
        "truncated": False,
        "merged_by_name": ["retried"],
        "warnings": [],
        "notes": [],
        "error": None,
    }


def test_totals_are_the_sum_and_retries_do_not_reach_across_files(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_text(
        '<testsuite name="s"><testcase name="a"><failure/></testcase></testsuite>'
    )
    (tmp_path / "2.xml").write_text('<testsuite name="s"><testcase name="a"/></testsuite>')
    totals = read_reports(find(["*.xml"], root=tmp_path)).totals

    assert totals == Counts(tests=2, passed=1, failures=1)


def test_a_sink_gets_every_record_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_text('<testsuite name="s"><testcase name="a"/></testsuite>')
    (tmp_path / "2.xml").write_text('<testsuite name="t"><testcase name="b"/></testsuite>')
    got: list[tuple[str, Suite | Case]] = []

    def sink(file: FoundFile, records: Sequence[Suite | Case]) -> None:
        got.extend((file.display, record) for record in records)

    read_reports(find(["."], root=tmp_path), sink)

    assert got == [
        ("1.xml", Suite(0, None, "s")),
        ("1.xml", Case(0, 0, "a")),
        ("2.xml", Suite(0, None, "t")),
        ("2.xml", Case(0, 0, "b")),
    ]


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "empty-file", "is empty"),
        (b" \n", "empty-file", "is empty"),
        (b"\0" * 4096, "empty-file", "is empty"),
        (b"<catalog/>", "unknown-format", "<catalog>"),
        (b'{"numTotalTests": 1}', "unknown-format", "JSON"),
        (
            gzip.compress(gzip.compress(b"<testsuite/>", mtime=0), mtime=0),
            "nested-archive",
            "another archive",
        ),
        (gzip.compress(b"hello", mtime=0), "unknown-format", "text"),
        (b"hello", "unknown-format", "text"),
        (b"<?xml version='1.0'?><a b=>", "broken-xml", "not well-formed"),
        (b"<testsuite><testcase name='a'/>", "broken-xml", "line 1"),
        (b'<catalog xmlns="urn:books"/>', "unknown-format", "in the namespace urn:books"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_a_row_with_an_error(
    tmp_path: Path, content: bytes, code: str, says: str
) -> None:
    (tmp_path / "r.xml").write_bytes(content)
    (row,) = rows(tmp_path, "r.xml")

    assert row.error is not None
    assert row.error.code == code
    assert says in row.error.message
    assert "r.xml" in row.error.message
    assert row.error.hint


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "dir.xml").mkdir()
    found = FoundFile(tmp_path / "dir.xml", "dir.xml", explicit=True)
    (row,) = read_reports(type(find([], root=tmp_path))((found,))).files

    assert row.error is not None
    assert row.error.code == "unreadable-file"


def test_a_missing_file_is_a_row(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "gone.xml")

    assert (row.path, row.format, row.error and row.error.code) == ("gone.xml", "", "file-not-found")


def test_globs_and_directories_skip_and_count_files_that_are_not_reports(tmp_path: Path) -> None:
    (tmp_path / "ok.xml").write_text("<testsuite/>")
    (tmp_path / "pom.xml").write_text("<project/>")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "killed.xml").write_text("")
    (tmp_path / "cut.xml").write_text('<testsuite><testcase name="a"/><testcase')

    for pattern in (".", "*"):
        result = read_reports(find([pattern], root=tmp_path))

        assert [(row.path, row.error and row.error.code) for row in result.files] == [
            ("cut.xml", "broken-xml"),
            ("killed.xml", "empty-file"),
            ("ok.xml", None),
        ]
        assert result.skipped == 2
        assert result.files[0].truncated
        assert result.files[0].counts.tests == 1


def test_patterns_that_match_nothing_are_listed_beside_the_rows(tmp_path: Path) -> None:
    result = read_reports(find(["*.xml"], root=tmp_path))

    assert result.files == ()
    assert [error.code for error in result.errors] == ["no-reports"]
