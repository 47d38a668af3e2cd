"""The tests of a bundle, with the suites around them."""

from collections.abc import Iterator
from itertools import chain, repeat

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.logs import short_failure
from onetest_ci.bundle.records import Manifest, Result
from onetest_ci.model import Suite
from onetest_ci.results.run_results import TestResult


def tests_of(bundle: Bundle) -> Iterator[TestResult]:
    """Yield the final verdict of each test.

    Raises:
        BundleError: the items are missing or damaged.
    """
    paths: dict[int | None, tuple[str, ...]] = {None: ()}
    for item in bundle.results():
        if isinstance(item, Suite):
            paths[item.ordinal] = (*paths[item.parent], item.name)
        else:
            yield _test(item, paths)


def _test(result: Result, paths: dict[int | None, tuple[str, ...]]) -> TestResult:
    case = result.stored.case
    return TestResult(
        name=case.name,
        classname=case.classname,
        suites=paths[case.suite],
        code_ref=result.stored.code_ref,
        status=case.status,
        seconds=case.seconds,
        message=short_failure(case),
        details=case.details,
        file=case.file,
        line=case.line,
        attempts=tuple(attempt.status for attempt in result.attempts),
    )


def report_numbers(manifest: Manifest) -> Iterator[int]:
    """Yield for each test the number of its report; -1 where it is unknown.

    Tests are in the order of the reports. The case of a failed test command, which is in none, is the last.
    """
    found = (row.get("tests") for row in manifest.reports)
    counts = [count if type(count) is int and count >= 0 else 0 for count in found]
    if sum(counts) not in {manifest.cases, manifest.cases - 1}:
        return repeat(-1)
    return chain(chain.from_iterable(repeat(*one) for one in enumerate(counts)), repeat(-1))
