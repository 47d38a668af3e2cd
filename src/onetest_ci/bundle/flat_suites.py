"""Split a flat suite: the tests of each class or file go into a suite of their own."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.bundle.records import Result, StoredCase
from onetest_ci.code_ref.parameters import without_parameters
from onetest_ci.model import Suite

_FIRST: Final = -(2**40)
"""Ordinal of the first such suite, far from those of reports. The others count down."""


def split_flat_suites(results: Iterator[Suite | Result], flat: frozenset[int]) -> Iterator[Suite | Result]:
    """Yield suites and tests, with the tests of each group in a flat suite in a suite of their own.

    Args:
        results: suites and tests.
        flat: ordinals of the suites in which tests of one name are in several groups.
    """
    numbers: dict[tuple[int, str], int] = {}
    for item in results:
        if isinstance(item, Suite) or (suite := item.stored.case.suite) not in flat or suite is None:
            yield item
            continue
        group = group_of(item.stored)
        if not group:
            yield item
            continue
        number = numbers.get((suite, group))
        if number is None:
            number = numbers[suite, group] = _FIRST - len(numbers)
            yield Suite(number, suite, group, item.stored.case.start)
        stored = item.stored._replace(case=item.stored.case._replace(suite=number))
        yield item._replace(stored=stored)


def group_of(stored: StoredCase) -> str:
    """Return the group of a test: its reference without the test's name, else its class or file."""
    case, ref = stored.case, stored.code_ref
    for name in (case.name, case.method, without_parameters(case.name)):
        before = ref.removesuffix(name)
        if name and before[-1:] in {".", ":"} and before != ref:
            return before[:-1]
    return case.classname or case.file
