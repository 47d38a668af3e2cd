"""Split a flat suite: the tests of each class or file go into a suite of their own."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.bundle.records import Result, StoredCase
from onetest_ci.code_ref.parameters import without_parameters
from onetest_ci.model import Suite

_FIRST: Final = -(2**40)
"""Number of the first such suite, far from those of reports; the others count down."""


def split_flat_suites(results: Iterator[Suite | Result], flat: frozenset[int]) -> Iterator[Suite | Result]:
    """Yield the same with the tests of flat suites in suites named after their places, made when needed.

    Args:
        results: suites and tests.
        flat: numbers of suites in which tests of one name are in several places.
    """
    numbers: dict[tuple[int, str], int] = {}
    for item in results:
        if isinstance(item, Suite) or (suite := item.stored.case.suite) not in flat or suite is None:
            yield item
            continue
        place = group_of(item.stored)
        if not place:
            yield item
            continue
        number = numbers.get((suite, place))
        if number is None:
            number = numbers[suite, place] = _FIRST - len(numbers)
            yield Suite(number, suite, place, item.stored.case.start)
        stored = item.stored._replace(case=item.stored.case._replace(suite=number))
        yield item._replace(stored=stored)


def group_of(stored: StoredCase) -> str:
    """Where a test is: its reference without the name of the test, else its class or file."""
    case, ref = stored.case, stored.code_ref
    for name in (case.name, case.method, without_parameters(case.name)):
        before = ref.removesuffix(name)
        if name and before[-1:] in {".", ":"} and before != ref:
            return before[:-1]
    return case.classname or case.file
