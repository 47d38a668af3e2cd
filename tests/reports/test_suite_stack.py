"""Suites that are entered by name: one suite for each name, in bounded memory."""

import tracemalloc
from collections.abc import Iterable
from typing import Final

from onetest_ci.model import Case, Suite
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.recorder import Recorder
from onetest_ci.reports.engine.suite_stack import MOST_REMEMBERED

KIB: Final = 1024


def enter_all(recorder: Recorder, names: Iterable[str]) -> list[Suite]:
    """Record a test in each of the suites. Return the suites that were made."""
    made = []
    for name in names:
        recorder.enter_suite(name)
        recorder.case("a")
        *suites, case = recorder.records
        made += [suite for suite in suites if isinstance(suite, Suite)]
        assert isinstance(case, Case)
        assert case.suite is not None
        recorder.records.clear()
    return made


def test_tests_of_one_name_of_a_suite_are_in_one_suite() -> None:
    recorder = Recorder(Reading("report"))
    names = [f"suite {number}" for number in range(MOST_REMEMBERED)]
    assert [suite.name for suite in enter_all(recorder, [*names, *names])] == names


def test_equal_names_in_different_suites_are_different_suites() -> None:
    recorder = Recorder(Reading("report"))
    paths = (("a",), ("a", "b"), ("b",), ("a", "b"), ("b", "a"), ())
    placed = []
    for path in paths:
        recorder.enter_suite(*path)
        recorder.case("test")
        placed.append(recorder.records[-1])
    suites = [record for record in recorder.records if isinstance(record, Suite)]
    assert [(suite.ordinal, suite.parent, suite.name) for suite in suites] == [
        (0, None, "a"),
        (1, 0, "b"),
        (2, None, "b"),
        (3, 2, "a"),
    ]
    assert [case.suite for case in placed if isinstance(case, Case)] == [0, 1, 2, 1, 3, None]


def test_a_suite_in_use_is_remembered_among_any_number_of_others() -> None:
    recorder = Recorder(Reading("report"))
    names = [name for number in range(3 * MOST_REMEMBERED) for name in ("in use", f"suite {number}")]
    assert len(enter_all(recorder, names)) == 3 * MOST_REMEMBERED + 1


def test_memory_does_not_grow_with_the_number_of_suites() -> None:
    recorder = Recorder(Reading("report"))
    enter_all(recorder, map(str, range(3 * MOST_REMEMBERED)))
    tracemalloc.start()
    enter_all(recorder, map(str, range(3 * MOST_REMEMBERED, 7 * MOST_REMEMBERED)))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The dictionaries of the suites remembered are made anew, and the old ones were not traced.
    assert grown < 2 * MOST_REMEMBERED * 200, grown // KIB
