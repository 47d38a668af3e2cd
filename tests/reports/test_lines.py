"""The line of a test, as each producer that writes lines counts them, against the sources that it ran."""

import re
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.model import Case
from support.reading import read_report

PRODUCED = Path(__file__).parents[1] / "data" / "produced"
SHOP = "/srv/shop/"

# What may stand on the line of a test in place of its name: decorators, and the rows of examples.
WITHOUT_A_NAME = ("@", "|")
# unittest-xml-reporting writes the line of another test for it.
NO_TEST = "setUpClass"

SUITE = '<testsuite name="%s" errors="0" failures="0" skipped="0" tests="1" time="1"%s>%s</testsuite>'
CASE = '<testcase classname="%s" name="test_a" file="tests/test_a.py" line="9" time="1"%s/>'
NEW = ' timestamp="2026-11-25T16:57:09+00:00" hostname="runner"'


def with_lines(report: Path) -> list[Case]:
    """The cases with a line; that of a Go test is where it failed."""
    cases = read_report(report.read_bytes()).cases
    return [case for case in cases if case.line is not None and not case.file.endswith(".go")]


def reports() -> list[Any]:
    """All reports of the suites in which each runner runs its usual tests: their sources name the tests."""
    found = [
        report
        for report in sorted(PRODUCED.glob("*/reports/*"))
        if report.suffix in {".xml", ".json"}
        and not report.parts[-3].endswith("-outside")
        and with_lines(report)
    ]
    return [pytest.param(report, id=f"{report.parts[-3]}-{report.name}") for report in found]


@pytest.mark.parametrize("report", reports())
def test_the_line_is_that_of_the_test(report: Path) -> None:
    named = 0
    for case in with_lines(report):
        text = source_line(report.parents[1] / "suite", case)
        if text.startswith(WITHOUT_A_NAME) or case.name.startswith(NO_TEST):
            continue
        word = re.findall(r"[^\W\d]\w+", case.name.split(" > ")[-1])[0]
        assert word in text, (case.file, case.line, case.name)
        named += 1
    assert named


def source_line(suite: Path, case: Case) -> str:
    file = (case.file or case.classname).removeprefix(SHOP)
    path = suite / file if (suite / file).is_file() else next(suite.rglob(f"{Path(file).name}*"))
    assert case.line is not None
    return path.read_text(encoding="utf-8").splitlines()[case.line - 1].strip()


@pytest.mark.parametrize(
    ("suite", "case", "line"),
    [
        (("pytest", ""), ("tests.test_a", ""), 10),
        (("pytest", NEW), ("tests.test_a.TestA", ""), 10),
        # `junit_prefix` stands before the module, `junit_suite_name` is what the suite is called.
        (("pytest", NEW), ("shop.tests.test_a", ""), 10),
        (("shop", ""), ("tests.test_a", ""), 10),
        (("shop", NEW), ("tests.test_a.TestA", ""), 10),
        # Other producers, with the name or the attributes of pytest, but not with both.
        (("shop", NEW), ("TestA", ""), 9),
        (("shop", NEW + ' disabled="0"'), ("tests.test_a", ""), 9),
        (("shop", NEW + ' file="tests/test_a.py"'), ("tests.test_a", ""), 9),
        (("shop", NEW), ("tests.test_a", ' assertions="1"'), 9),
        (("pytest", NEW), ("tests.test_a", ' timestamp="2026-11-25T16:57:09"'), 9),
        (("pytest", NEW), ("", ""), 9),
    ],
)
def test_pytest_is_recognised_by_its_report(suite: tuple[str, str], case: tuple[str, str], line: int) -> None:
    name, attributes = suite
    assert read_report(SUITE % (name, attributes, CASE % case)).case.line == line


def test_the_root_of_pytest_9() -> None:
    suite = SUITE % ("shop", NEW, CASE % ("TestA", ""))
    assert read_report(f'<testsuites name="pytest tests">{suite}</testsuites>').case.line == 10


def test_the_first_line_of_a_file() -> None:
    case = CASE % ("tests.test_a", "")
    assert read_report(SUITE % ("pytest", NEW, case.replace('"9"', '"0"'))).case.line == 1
