"""The JSON of Jest and Vitest beside the JUnit XML of the same run, and what the kept reports do not show."""

from pathlib import Path

import pytest

from onetest_ci.code_ref.reference import code_ref
from onetest_ci.model import BAD, Case, Suite
from onetest_ci.reports import find, read_reports
from support.reading import read_report
from support.samples import DATA

TODO = "to be written"
"""jest-junit writes a todo as a test that passed."""


def rows(tool: str, name: str) -> set[tuple[str, str]]:
    """Return the reference and the verdict of each test; a failure and an error are alike."""
    records: list[Suite | Case] = []
    root = DATA / "produced" / tool
    read_reports(find([f"reports/{name}"], root=root), lambda _, some: records.extend(some))
    suites = {record.ordinal: record for record in records if isinstance(record, Suite)}
    return {
        (
            code_ref(
                case,
                suites=[suites[case.suite]] if case.suite is not None else [],
                bases=(Path("/srv/shop"),),
            ),
            "bad" if case.status in BAD else case.status,
        )
        for case in records
        if isinstance(case, Case) and TODO not in case.name
    }


@pytest.mark.parametrize("tool", ["jest-json", "vitest-json"])
def test_the_json_and_the_junit_report_of_a_run_have_the_same_tests(tool: str) -> None:
    found = rows(tool, "report.json")
    assert len(found) == 9
    # A control character in a title is shown as a symbol in one of them only.
    assert {row for row in found if "\x1b" not in row[0]} <= rows(tool, "report.xml")
    assert len(rows(tool, "report.xml")) == 9


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("passed", "passed"),
        ("Failed", "failed"),
        ("disabled", "skipped"),
        ("focused", "error"),
        ("", "error"),
    ],
)
def test_statuses_of_tests(status: str, expected: str) -> None:
    read = read_report(
        '{"numTotalTests": 1, "testResults": [{"name": "/a.test.js", "status": "passed", "summary": "",'
        f' "assertionResults": [{{"title": "a", "status": "{status}", "ancestorTitles": []}}]}}]}}'
    )
    assert read.case.status == expected
