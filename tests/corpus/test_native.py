"""Every file of the corpus that is not JUnit XML, by the installed command, against the oracle.

For the corpus see ``test_corpus.py``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.model import Case, Suite
from onetest_ci.reports import FoundFile, read_file
from support.command import run
from support.corpus import CORPUS, JUNIT_FAMILY, ORACLE

# The oracle's own word for a reading that is not to be judged, or that this project decides otherwise.
DISPUTED = "conflict"

DISAGREE = {
    "enricomi/mocha/tests.json": (
        "Mocha knows failures alone; the oracle takes errorMode, by which unexpected.js says how it formats "
        "a failed expectation, for the mark of an error"
    ),
    "jenkins-xunit/types/boosttest/testcase4/input.xml": (
        "the file has 5 TestCase elements, 2 of them with a FatalError; the oracle counts those of the inner "
        "suite twice"
    ),
    "jenkins-xunit/types/nunit/testcase15/input.xml": (
        'the file has 6 cases with result="Skipped" and says skipped="6" itself; the oracle has none'
    ),
    "enricomi/nunit/nunit3/jenkins/NUnit-issue17521.xml": (
        "all that XML has against the file is a character that it does not allow, in a name; such files are "
        "repaired, since they are reports to their users"
    ),
}
"""Files that are read otherwise than undisputed expectations, and the reason why that is right."""

OTHERWISE_NAMED = {
    "enricomi/xunit/mstest/jenkinsci/testcase6.xml": (
        "a test without a method has a name all the same, which the oracle drops"
    ),
}


def entries() -> list[Any]:
    if not ORACLE.exists():
        reason = f"NO CORPUS at {CORPUS}: real reports are not checked; set ONETEST_CORPUS"
        return [pytest.param("", {}, marks=pytest.mark.skip(reason=reason))]
    files = json.loads(ORACLE.read_text())["files"]
    return [
        pytest.param(name, entry, id=name)
        for name, entry in files.items()
        if entry["dialect"] not in JUNIT_FAMILY
    ]


@cache
def inspected() -> dict[str, dict[str, Any]]:
    """All of them in one run of the command; its rows by their path."""
    names = [param.values[0] for param in entries()]
    done = run("inspect", "--format", "json", *names, cwd=CORPUS / "files")
    rows = {row["path"]: row for row in json.loads(done.stdout)["files"]}
    assert len(rows) == len(names)
    return rows


def agrees(row: dict[str, Any], expected: dict[str, Any]) -> bool:
    if "error" in expected:
        return row["error"] is not None
    counts = row | {"bad": row["failures"] + row["errors"]}
    keys = [key for key in ("tests", "bad", "skipped", "failures", "errors") if expected.get(key) is not None]
    return row["error"] is None and all(counts[key] == expected[key] for key in keys)


@pytest.mark.parametrize(("name", "entry"), entries())
def test_a_real_report(name: str, entry: dict[str, Any]) -> None:
    expected = entry.get("expect") or {}
    row = inspected()[name]
    if not expected:
        # Nobody says anything of it: then it is read to its end, or told why not.
        assert row["format"] or row["error"]
    elif not expected["confidence"].startswith(DISPUTED):
        assert agrees(row, expected) == (name not in DISAGREE), row


@pytest.mark.parametrize(("name", "expected"), [
    ("enricomi/nunit/nunit3/jenkins/NUnit-issue33493.xml", (2, 0, 0, 1)),
    ("enricomi/nunit/nunit3/jenkins/NUnit-issue44527.xml", (150, 11, 133, 0)),
    ("enricomi/nunit/mstest/timewarpinc.xml", (1, 0, 1, 0)),
    ("enricomi/trx/yami_YAMILEX_2015-10-24_04_18_59.trx", (25, 2, 1, 20)),
    ("enricomi/xunit/mstest/jenkinsci/testcase2.xml", (2, 0, 1, 0)),
    ("jenkins-testng/testng-failed-tests.xml", (2, 1, 0, 0)),
    ("jenkins-testng/testng-reporter-log-result.xml", (3, 1, 1, 0)),
    ("jenkins-xunit/types/nunit/testcase8/input.xml", (28, 1, 1, 8)),
    ("jenkins-xunit/types/nunit3/testcase3/input.xml", (18, 1, 1, 4)),
    ("jenkins-xunit/types/cppunit/testcase4/input.xml", (1, 1, 0, 0)),
    ("jenkins-xunit/types/customTool/testcase1/input.xml", (6, 1, 0, 1)),
])  # fmt: skip
def test_what_is_decided_where_sources_differ(
    corpus: Path, name: str, expected: tuple[int, int, int, int]
) -> None:
    assert (corpus / "files" / name).is_file()
    row = inspected()[name]
    assert (row["tests"], row["failures"], row["errors"], row["skipped"]) == expected


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        param
        for param in entries()
        if param.marks
        or (
            ((param.values[1].get("expect") or {}).get("cases") or [])
            and "error" not in param.values[1]["expect"]
            and not param.values[1]["expect"]["confidence"].startswith(DISPUTED)
        )
    ],
)
def test_case_by_case(name: str, entry: dict[str, Any]) -> None:
    records: list[Suite | Case] = []
    read_file(FoundFile(CORPUS / "files" / name, name, explicit=True), lambda _, some: records.extend(some))
    cases = [record for record in records if isinstance(record, Case)]
    wanted = sorted((plain((row[0] or "") + row[1]), row[2]) for row in entry["expect"]["cases"])

    # Some sources name the method, which the parameters stand behind.
    names = sorted((plain(case.classname + case.name), case.status) for case in cases)
    methods = sorted((plain(case.classname + (case.method or case.name)), case.status) for case in cases)
    assert (wanted in (names, methods)) == (name not in DISAGREE | OTHERWISE_NAMED)


def plain(name: str) -> str:
    """A full name without what separates its parts, which each source does in its own way."""
    return "".join(character for character in name if character not in " ./")
