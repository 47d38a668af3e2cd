"""The tests of a bundle, with the suites around them."""

from collections.abc import Iterator

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.logs import short_failure
from onetest_ci.bundle.records import Result
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
