"""Match the tests of a run with the test cases of a product, by the rule that OneTest links them by.

See docs/onetest-api.md#linking-to-test-cases. Nothing here reads or writes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from onetest_ci.case_links import (
    ARCHIVED,
    AUTOMATED,
    CaseLinks,
    CaseWithoutResult,
    Link,
    LinkTotals,
    ManagedCase,
    ReportedTest,
    SharedReference,
    UnlinkedTest,
    canonical,
)
from onetest_ci.cases.nearest import NearestCases
from onetest_ci.model import new_record

MOST_COMPARED: Final = 10_000
"""Different references of tests without a case for which the nearest case is searched."""


NO_TEST: Final = "no-test"
NO_REFERENCE: Final = "no-reference"


def match(cases: Iterable[ManagedCase], tests: Iterable[ReportedTest]) -> CaseLinks:
    """Return how tests and test cases belong together.

    Each test is either linked or without a case. A test is linked to every case that has its reference.

    Args:
        cases: of one product. A case that occurs twice, by its id, counts once.
        tests: of one run, each after its last attempt.
    """
    known = tuple({case.id or f"#{number}": case for number, case in enumerate(cases)}.values())
    holders = _holders(known)
    tests_of_shared: Counter[str] = Counter()
    found: set[str] = set()
    linked: list[Link] = []
    unlinked: list[ReportedTest] = []
    for test in tests:
        reference = test.code_ref
        if "::" in reference:
            reference = canonical(reference)
        held_by = holders.get(reference)
        if held_by is None:
            unlinked.append(test)
            continue
        found.add(reference)
        linked.append(new_record(Link, (test, held_by)))
        if len(held_by) > 1:
            tests_of_shared[reference] += 1
    with_result = {id(case) for reference in found for case in holders[reference]}
    unused = [case for case in known if id(case) not in with_result]
    without, not_compared = _without_case(unlinked, known, unused)
    without_result = tuple(_without_result(unused, without))
    ambiguous = tuple(
        SharedReference(reference, held_by, tests_of_shared[reference])
        for reference, held_by in holders.items()
        if len(held_by) > 1
    )
    totals = LinkTotals(
        tests=len(linked) + len(without),
        linked_tests=len(linked),
        tests_without_case=len(without),
        cases=len(known),
        linked_cases=len(with_result),
        cases_without_result=len(without_result),
        ambiguous=len(ambiguous),
        not_compared=not_compared,
    )
    return CaseLinks(
        totals=totals,
        linked=tuple(linked),
        tests_without_case=without,
        cases_without_result=without_result,
        ambiguous=ambiguous,
    )


def _holders(cases: Iterable[ManagedCase]) -> dict[str, tuple[ManagedCase, ...]]:
    """Return the cases of each reference."""
    found: dict[str, tuple[ManagedCase, ...]] = {}
    shared: dict[str, list[ManagedCase]] = {}
    for case in cases:
        for reference in case.references:
            if reference not in found:
                found[reference] = (case,)
            else:
                shared.setdefault(reference, list(found[reference])).append(case)
    return found | {reference: tuple(several) for reference, several in shared.items()}


def _without_case(
    unlinked: Sequence[ReportedTest], cases: Iterable[ManagedCase], unused: Sequence[ManagedCase]
) -> tuple[tuple[UnlinkedTest, ...], int]:
    """Return the tests without a case, and how many of them were not compared with the cases."""
    if not unlinked:
        return (), 0
    # Of several near cases one without a result is meant.
    free = {id(case) for case in unused}
    nearest_cases = NearestCases([*unused, *(case for case in cases if id(case) not in free)])
    found: dict[tuple[str, str], UnlinkedTest] = {}
    rows = []
    not_compared = 0
    for test in unlinked:
        key = (test.code_ref, test.name)
        row = found.get(key)
        if row is not None:
            rows.append(row._replace(test=test))
        elif len(found) < MOST_COMPARED:
            row = found[key] = UnlinkedTest(test, nearest_cases.nearest(test))
            rows.append(row)
        else:
            not_compared += 1
            rows.append(new_record(UnlinkedTest, (test, None)))
    return tuple(rows), not_compared


def _without_result(
    unused: Iterable[ManagedCase], without: Iterable[UnlinkedTest]
) -> Iterator[CaseWithoutResult]:
    """Yield the cases that are expected to have a result and have none.

    These have a reference or are automated, and are not archived.
    """
    nearest: dict[int, ReportedTest] = {}
    for row in without:
        if row.nearest is not None:
            nearest.setdefault(id(row.nearest.case), row.test)
    for case in unused:
        if case.status == ARCHIVED:
            continue
        if case.automation_test_id.split():
            yield CaseWithoutResult(case, NO_TEST, nearest.get(id(case)))
        elif case.execution_type == AUTOMATED:
            yield CaseWithoutResult(case, NO_REFERENCE, nearest.get(id(case)))
