"""Each test is compared with its newest earlier result."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.results.baseline import Compared, History, Report, Row, Run, compare
from onetest_ci.results.identity import identity_of
from onetest_ci.results.run_results import Change
from onetest_ci.results.run_results import TestResult as SeenTest

FLAKY, ABSENT = "flaky", "absent"
STATES = (PASSED, FAILED, ERROR, FLAKY, SKIPPED, ABSENT)
WHOLE, BROKEN = Report("reports/a.xml", complete=True), Report("reports/a.xml", complete=False)
ANCHOR = SeenTest("anchor", code_ref="tests/test_a.py:anchor")


def made(state: str, name: str = "adds", seconds: float = 0.1) -> list[SeenTest]:
    """Return the test in a state: none if it is absent."""
    if state == ABSENT:
        return []
    status, attempts = (PASSED, (FAILED,)) if state == FLAKY else (state, ())
    ref = f"tests/test_a.py:{name}"
    return [SeenTest(name, code_ref=ref, status=status, attempts=attempts, seconds=seconds)]


def run(*tests: SeenTest, report: Report = WHOLE, number: int = 0) -> Run:
    return Run([report], [Row(test, 0) for test in tests], number)


def expected(before: str, now: str) -> Change | None:
    """Return the change that the issue and its rules ask for."""
    if now in BAD:
        return Change.STILL_FAILING if before in BAD else Change.NEW_FAILURE
    if now == FLAKY:
        return None if before == FLAKY else Change.NEWLY_FLAKY
    if now == SKIPPED:
        return None
    if now == ABSENT:
        return Change.VANISHED if before not in {SKIPPED, ABSENT} else None
    return {ABSENT: Change.NEW, FAILED: Change.FIXED, ERROR: Change.FIXED}.get(before)


def outcome(compared: Compared) -> Change | None:
    """Return the change of the test besides the anchor, which does not change."""
    anchor, *rest = compared.changes
    assert anchor is None
    return rest[0] if rest else Change.VANISHED if compared.vanished else None


@pytest.mark.parametrize(("before", "now"), [*product(STATES, STATES)])
def test_change_by_earlier_and_present_state(before: str, now: str) -> None:
    compared = compare(run(ANCHOR, *made(now)), History([run(ANCHOR, *made(before))]))
    assert outcome(compared) is expected(before, now)


@pytest.mark.parametrize(("older", "newer", "now"), [*product(STATES, STATES, STATES)])
def test_newest_result_counts(older: str, newer: str, now: str) -> None:
    history = History([run(ANCHOR, *made(newer)), run(ANCHOR, *made(older), number=1)])
    if newer == SKIPPED:
        before = older if older != ABSENT else SKIPPED
    elif newer == ABSENT:
        before = older
    else:
        before = newer
    # The newest run had the report without the test: it vanished then, not now.
    wanted = None if now == newer == ABSENT else expected(before, now)
    assert outcome(compare(run(ANCHOR, *made(now)), history)) is wanted


@pytest.mark.parametrize(("before", "now"), [*product(STATES, STATES)])
def test_report_that_breaks_off_now_hides_nothing(before: str, now: str) -> None:
    compared = compare(run(ANCHOR, *made(now), report=BROKEN), History([run(ANCHOR, *made(before))]))
    wanted = expected(before, now)
    assert outcome(compared) is (wanted if now in BAD else None)


@pytest.mark.parametrize(("before", "now"), [*product(STATES, STATES)])
def test_results_of_a_report_that_broke_off_do_not_count(before: str, now: str) -> None:
    compared = compare(run(ANCHOR, *made(now)), History([run(ANCHOR, *made(before), report=BROKEN)]))
    assert outcome(compared) is expected(ABSENT if before == ABSENT else SKIPPED, now)


@pytest.mark.parametrize(
    ("before", "now", "slower"),
    [(1.0, 2.0, True), (1.0, 1.99, False), (0.1, 1.0, False), (0.1, 1.1, True), (10.0, 19.0, False)],
)
def test_slower_by_a_factor_and_an_amount(before: float, now: float, *, slower: bool) -> None:
    compared = compare(run(*made(PASSED, seconds=now)), History([run(*made(PASSED, seconds=before))]))
    assert compared.changes == (Change.SLOWER if slower else None,)


def test_test_whose_report_is_not_there_has_not_vanished() -> None:
    other = Report("reports/b.xml", complete=True)
    compared = compare(Run([other], []), History([run(*made(PASSED))]))
    assert compared.vanished == ()


def test_renamed_report_is_there_by_its_tests() -> None:
    before = run(*made(PASSED, "one"), *made(PASSED, "two"), *made(PASSED, "gone"))
    renamed = run(*made(PASSED, "one"), *made(PASSED, "two"), report=Report("b.xml", complete=True))
    assert compare(renamed, History([before])).vanished == ((0, 2),)


@given(
    st.lists(st.sampled_from((PASSED, FAILED, ERROR, SKIPPED))),
    st.lists(st.sampled_from((PASSED, FAILED, ERROR, SKIPPED))),
)
def test_tests_with_one_name_hide_no_failure(before: list[str], now: list[str]) -> None:
    compared = compare(
        run(*(test for state in now for test in made(state))),
        History([run(*(test for state in before for test in made(state)))]),
    )
    failures = sum(state in BAD for state in now)
    failed_before = sum(state in BAD for state in before)
    changes = compared.changes
    assert changes.count(Change.STILL_FAILING) == min(failures, failed_before)
    assert changes.count(Change.NEW_FAILURE) == max(0, failures - failed_before)
    assert changes.count(Change.FIXED) <= max(0, failed_before - failures)


def test_tests_with_one_code_ref_are_told_apart_by_their_suites() -> None:
    def browsers(**states: str) -> Run:
        return run(*(test._replace(suites=(one,)) for one, state in states.items() for test in made(state)))

    compared = compare(
        browsers(firefox=FAILED, chromium=PASSED), History([browsers(chromium=FAILED, firefox=PASSED)])
    )
    assert compared.changes == (Change.NEW_FAILURE, Change.FIXED)


TEST = SeenTest("adds[1-2]", "tests.test_a.TestSum", ("pytest", "a"), "tests/test_a.py:TestSum.adds")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TEST, TEST._replace(suites=("other",), classname="TestSum", file="x", seconds=3.0), True),
        (TEST, TEST._replace(name="adds[1-3]"), False),
        (TEST, TEST._replace(name="adds"), False),
        (TEST, TEST._replace(code_ref="tests/test_b.py:TestSum.adds"), False),
        (SeenTest("works", suites=("a",)), SeenTest("works", suites=("b",)), False),
        (SeenTest("works", suites=("a",)), SeenTest("works", suites=("a",), status=FAILED), True),
        (SeenTest("works", "A", code_ref="works"), SeenTest("works", "B", code_ref="works"), False),
        (SeenTest("b", suites=("a",)), SeenTest("a\0b"), False),
        (SeenTest("b", "", ("a", "c")), SeenTest("b", "c", ("a",)), False),
        (
            SeenTest("2 of adds", code_ref="A.java:A.adds"),
            SeenTest("3 of adds", code_ref="A.java:A.adds"),
            False,
        ),
    ],
)
def test_same_test(one: SeenTest, other: SeenTest, *, same: bool) -> None:
    assert (identity_of(one).key == identity_of(other).key) is same


def test_suite_that_stands_for_the_report_does_not_count() -> None:
    one = identity_of(SeenTest("works", suites=("a.xml",)), "reports/a.xml")
    other = identity_of(SeenTest("works", suites=("b.xml",)), "/elsewhere/b.xml")
    assert one == other
