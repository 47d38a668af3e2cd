"""Attempts that plugins of pytest write without a failure: which results are attempts, which are tests."""

from io import BytesIO
from typing import Final, NamedTuple

import pytest

from onetest_ci.model import Case
from onetest_ci.reports.counts import Counts
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats import junit
from onetest_ci.reports.formats.junit import rerun_search
from onetest_ci.reports.formats.junit.reruns import NO_FAILURE

FAILURE: Final = '<failure message="no"/>'
ERROR: Final = '<error message="no"/>'
SKIPPED: Final = '<skipped message="no"/>'
PROPERTY: Final = '<properties><property name="test_id" value="C7"/></properties>'
OUTPUT: Final = "<system-out>printed</system-out>"


class Row(NamedTuple):
    """A suite of pytest: what it declares, its cases as name and content, and what is expected.

    ``expected`` is tests, passed, failures, errors, skipped and flaky.
    """

    tests: int | None
    cases: tuple[tuple[str, str], ...]
    expected: tuple[int, int, int, int, int, int]
    failures: int | None = None

    def suite(self, name: str = "pytest") -> str:
        inside = "".join(content for _, content in self.cases)
        declared = "" if self.tests is None else f' tests="{self.tests}"'
        failures = inside.count("<failure") if self.failures is None else self.failures
        rows = "".join(
            f'<testcase classname="c" name="{row}">{content}</testcase>' for row, content in self.cases
        )
        return (
            f'<testsuite name="{name}" errors="{inside.count("<error")}" failures="{failures}" '
            f'skipped="{inside.count("<skipped")}"{declared}>{rows}</testsuite>'
        )

    def document(self) -> bytes:
        return f'<testsuites name="pytest tests">{self.suite()}</testsuites>'.encode()


ROWS: Final = {
    "passes at last": Row(1, (("a", ""), ("a", ""), ("a", "")), (1, 1, 0, 0, 0, 1)),
    "fails each time": Row(1, (("a", ""), ("a", FAILURE)), (1, 0, 1, 0, 0, 0)),
    "skips itself at last": Row(1, (("a", ""), ("a", SKIPPED)), (1, 0, 0, 0, 1, 0)),
    "fails, and its teardown too": Row(2, (("a", ""), ("a", FAILURE), ("a", ERROR)), (1, 0, 0, 1, 0, 0)),
    "other workers' between": Row(2, (("a", ""), ("b", ""), ("a", ""), ("b", FAILURE)), (2, 1, 1, 0, 0, 1)),
    "a property in one only": Row(1, (("a", ""), ("a", PROPERTY)), (1, 1, 0, 0, 0, 1)),
    "with its output": Row(1, (("a", OUTPUT), ("a", OUTPUT)), (1, 1, 0, 0, 0, 1)),
    "one attempt counted": Row(3, (("a", ""), ("a", ""), ("b", ""), ("b", "")), (2, 2, 0, 0, 0, 2)),
    "a failure before": Row(2, (("a", FAILURE), ("a", ""), ("a", "")), (2, 1, 1, 0, 0, 1)),
    "each counted": Row(2, (("a", ""), ("a", "")), (2, 2, 0, 0, 0, 0)),
    "each counted, and subtests": Row(5, (("a", ""), ("a", "")), (2, 2, 0, 0, 0, 0)),
    "nothing declared": Row(None, (("a", ""), ("a", "")), (2, 2, 0, 0, 0, 0)),
    "other failures declared": Row(1, (("a", ""), ("a", "")), (2, 2, 0, 0, 0, 0), failures=1),
    "different tests": Row(1, (("a", ""), ("b", "")), (2, 2, 0, 0, 0, 0)),
}


def counted(document: bytes, *, counting: bool = False, merge: bool = True) -> tuple[Counts, Reading]:
    reading = Reading("r.xml", counting=counting, merge_by_name=merge)
    counts = Counts()
    for records in junit.read(BytesIO(document), reading):
        counts.add_all(records)
    assert reading.error is None
    return counts, reading


def numbers(counts: Counts) -> tuple[int, ...]:
    return counts.tests, counts.passed, counts.failures, counts.errors, counts.skipped, counts.flaky


@pytest.mark.parametrize("counting", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_results_before_the_last_are_attempts_if_pytest_does_not_count_them(
    name: str, counting: bool
) -> None:
    row = ROWS[name]
    assert numbers(counted(row.document(), counting=counting)[0]) == row.expected


@pytest.mark.parametrize("name", ROWS)
def test_each_result_is_a_test_where_results_are_not_merged(name: str) -> None:
    row = ROWS[name]
    assert counted(row.document(), merge=False)[0].tests == len(row.cases)


@pytest.mark.parametrize("name", ROWS)
def test_no_failure_vanishes_and_no_note_contradicts(name: str) -> None:
    row = ROWS[name]
    counts, reading = counted(row.document())
    if row.expected[5] and row.cases[0][1] != FAILURE:
        assert not [notice for notice in reading.notices if "declare" in notice.text]
    # The last result of a test decides, and one with a failure is never an attempt without it.
    last = dict(row.cases)
    bad = sum(content in {FAILURE, ERROR} for content in last.values())
    assert counts.failures + counts.errors >= bad


def test_an_attempt_failed_and_the_report_does_not_contain_why() -> None:
    document = ROWS["passes at last"].document()
    cases = [
        case
        for records in junit.read(BytesIO(document), Reading("r.xml"))
        for case in records
        if isinstance(case, Case)
    ]
    assert [(case.status, case.message, case.retry_of) for case in cases] == [
        ("failed", NO_FAILURE, None),
        ("failed", NO_FAILURE, 0),
        ("passed", "", 1),
    ]


def test_each_suite_of_merged_files_has_its_own_count() -> None:
    again, counts_each = ROWS["passes at last"], ROWS["each counted, and subtests"]
    for suites in ((again, counts_each), (counts_each, again)):
        document = f"<testsuites>{''.join(row.suite() for row in suites)}</testsuites>".encode()
        assert numbers(counted(document)[0]) == (3, 3, 0, 0, 0, 1)


def test_suites_of_other_tools_are_left_as_they_are() -> None:
    document = f'<testsuites name="pytest-like">{ROWS["passes at last"].suite("shop")}</testsuites>'.encode()
    assert numbers(counted(document)[0]) == (3, 3, 0, 0, 0, 0)


@pytest.mark.parametrize("length", range(0, 900, 7))
def test_a_file_that_breaks_off_is_still_an_error(length: int) -> None:
    document = cut_off(ROWS["fails each time"], length)
    reading = Reading("r.xml")
    list(junit.read(BytesIO(document), reading))
    assert reading.error is not None


def cut_off(row: Row, length: int) -> bytes:
    whole = row.document()
    return whole[: min(length, len(whole) - 1)]


def test_tags_are_found_where_pieces_of_the_file_end(monkeypatch: pytest.MonkeyPatch) -> None:
    document = f"<testsuites>{ROWS['each counted'].suite()}{ROWS['passes at last'].suite()}</testsuites>"
    for size in range(60, 200, 3):
        monkeypatch.setattr(rerun_search, "_CHUNK", size)
        assert numbers(counted(document.encode())[0]) == (3, 3, 0, 0, 0, 1)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun_search, "WINDOW", 2)
    names = ("a", "b", "c", "d", "e", "f", "a", "x", "x")
    row = Row(7, tuple((name, "") for name in names), (8, 8, 0, 0, 0, 1))
    assert numbers(counted(row.document())[0]) == row.expected
    monkeypatch.setattr(rerun_search, "MOST_REPEATED", 0)
    assert counted(row.document())[0].tests == len(names)
