"""Every JUnit-family file of a corpus of real reports, against what others say of it.

The corpus is data of public projects and no part of this repository; its ``oracle.json`` names the sources.
Without it (``ONETEST_CORPUS``, or ``shared/corpus`` beside the checkout) these tests are skipped.
"""

import json
from typing import Any

import pytest

from onetest_ci.model import Case, Suite
from onetest_ci.reports import FileReport, FoundFile, read_file
from support.corpus import CORPUS, JUNIT_FAMILY, ORACLE

CHECK = "Check's own format, which shares the name of the root element with JUnit and nothing else"
NOT_RUN = "the oracle keeps both readings; a case with status=notrun is skipped here"
DISAGREE = {
    "jenkins-xunit/XUnitPublisherTest/workspace/JENKINS-51645/input.xml": NOT_RUN,
    "jenkins-xunit/types/check/testcase1/input.xml": CHECK,
    "jenkins-xunit/types/check/testcase2/input.xml": CHECK,
    "jenkins-xunit/types/check/testcase3/input.xml": CHECK,
}
"""Files that this reader reads otherwise, and why it is right to."""

ATTEMPTS = "conflict: attempts of one case or cases of their own"
"""The oracle counts elements there; here a repeat after a bad result is an attempt."""


def entries() -> list[Any]:
    if not ORACLE.exists():
        reason = f"NO CORPUS at {CORPUS}: real reports are not checked; set ONETEST_CORPUS"
        return [pytest.param("", {}, marks=pytest.mark.skip(reason=reason))]
    files = json.loads(ORACLE.read_text())["files"]
    return [pytest.param(name, entry, id=name) for name, entry in files.items()]


def rows_of(entry: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Class, name and status of each case of a file that is for us, where upstream says them."""
    expected = entry.get("expect") or {}
    if entry["dialect"] not in JUNIT_FAMILY or "error" in expected:
        return []
    return [(row[0] or "", row[1], row[2]) for row in expected.get("cases") or []]


def read(name: str) -> tuple[FileReport, list[Suite | Case]]:
    records: list[Suite | Case] = []
    (row,) = read_file(
        FoundFile(CORPUS / "files" / name, name, explicit=True), lambda _, record: records.append(record)
    ).files
    return row, records


@pytest.mark.parametrize(("name", "entry"), entries())
def test_a_real_report(name: str, entry: dict[str, Any]) -> None:
    row, records = read(name)
    expected = entry.get("expect") or {}

    if entry["dialect"] not in JUNIT_FAMILY or "error" in expected:
        assert row.error is not None
        return
    counts = row.counts.as_dict()
    counts["bad"] = counts["failures"] + counts["errors"]
    if expected.get("confidence", "").startswith(ATTEMPTS):
        counts = elements(records)
    keys = [key for key in ("tests", "failures", "errors", "bad", "skipped") if expected.get(key) is not None]
    agrees = row.error is None and all(counts[key] == expected[key] for key in keys)
    if name in DISAGREE:
        assert not agrees
        return
    assert row.error is None
    assert {key: counts[key] for key in keys} == {key: expected[key] for key in keys}


@pytest.mark.parametrize(
    ("name", "entry"), [param for param in entries() if param.marks or rows_of(param.values[1])]
)
def test_case_by_case(name: str, entry: dict[str, Any]) -> None:
    _, records = read(name)
    cases = [record for record in records if isinstance(record, Case)]

    assert [(case.classname, case.name, case.status) for case in cases] == rows_of(entry)


def elements(records: list[Suite | Case]) -> dict[str, int | float]:
    """Counts of all case elements, repeats too."""
    statuses = [record.status for record in records if isinstance(record, Case)]
    bad = statuses.count("failed") + statuses.count("error")
    return {
        "tests": len(statuses),
        "failures": statuses.count("failed"),
        "errors": statuses.count("error"),
        "skipped": statuses.count("skipped"),
        "bad": bad,
    }
