"""The tests of a bundle, with the suites around them."""

from collections.abc import Iterable, Iterator
from heapq import heappush, heapreplace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

from onetest_ci.bundle.logs import short_failure
from onetest_ci.model import BAD, PASSED, SKIPPED, Case, Suite, new_record
from onetest_ci.results.run_results import SLOWEST, TestResult

if TYPE_CHECKING:
    # `inspect` makes no bundle.
    from onetest_ci.bundle.bundle import Bundle
    from onetest_ci.bundle.records import Manifest, Result

_LONGEST_OUTPUT: Final = 65_536


def tests_of(bundle: "Bundle") -> Iterator[TestResult]:
    """Yield the final verdict of each test.

    Raises:
        BundleError: the items are missing or damaged.
    """
    return _tests(bundle.results())


def notable_tests(bundle: "Bundle", most: int | None = None) -> Iterator[TestResult]:
    """Yield the tests that people look at: all but those that passed at once, and the slowest of these.

    Most tests pass, so few are read whole.

    Args:
        bundle: that contains the tests.
        most: failed tests, and skipped ones, after which others of the kind may be left out. None yields all.

    Raises:
        BundleError: the items are missing or damaged.
    """
    return _tests(bundle.results_as_reported(_Unremarkable(bundle.manifest.superseded, most)))


def tests_on(bundle: "Bundle", lines: Iterable[int]) -> Iterator[TestResult]:
    """Yield the tests on some lines of the items, none of which repeats another.

    Args:
        bundle: that contains the tests.
        lines: those of the tests and of all suites, in their order.

    Raises:
        BundleError: the items are missing or damaged.
    """
    from onetest_ci.bundle.records import Result  # noqa: PLC0415 - as above

    items = bundle.items_on(lines)
    return _tests(item if isinstance(item, Suite) else Result(item) for item in items)


class _Unremarkable:
    """Chooses the tests that people do not look at; those with attempts and the slowest are not among them.

    Args:
        superseded: ordinals of cases that a later one repeats, which are its attempts.
        most: see ``notable_tests``.
    """

    def __init__(self, superseded: Iterable[int], most: int | None) -> None:
        self._superseded = frozenset(superseded)
        self._most = most
        self._slowest: list[float] = []
        self._failed = self._skipped = 0

    def __call__(self, case: Any) -> bool:
        if case.attempts or case.retry_of is not None or case.ordinal in self._superseded:
            return False
        if self._is_slow(case.seconds):
            return False
        if case.status == PASSED:
            return True
        if case.status == SKIPPED:
            self._skipped += 1
            return self._most is not None and self._skipped > self._most
        self._failed += 1
        return self._most is not None and self._failed > self._most

    def _is_slow(self, seconds: float | None) -> bool:
        """Return whether a test is among the slowest so far."""
        if not seconds:
            return False
        if len(self._slowest) < SLOWEST:
            heappush(self._slowest, seconds)
            return True
        if seconds <= self._slowest[0]:
            return False
        heapreplace(self._slowest, seconds)
        return True


def _tests(items: "Iterator[Suite | Result]") -> Iterator[TestResult]:
    paths: dict[int | None, tuple[str, ...]] = {None: ()}
    for item in items:
        if isinstance(item, Suite):
            paths[item.ordinal] = (*paths[item.parent], item.name)
        else:
            yield _test(item, paths)


def trace_of(case: Case) -> str:
    """Return the trace of a failure. Some reports have it in the output alone, as those of ``cargo test``."""
    if case.details or case.message or case.status not in BAD:
        return case.details
    return (case.system_err or case.system_out)[:_LONGEST_OUTPUT]


def _test(result: "Result", paths: dict[int | None, tuple[str, ...]]) -> TestResult:
    case = result.stored.case
    test: TestResult = new_record(
        TestResult,
        (
            case.name,
            case.classname,
            paths[case.suite],
            result.stored.code_ref,
            case.status,
            case.seconds,
            short_failure(case) if case.kind or case.message else "",
            trace_of(case),
            case.file,
            case.line,
            tuple(attempt.status for attempt in result.attempts) if result.earlier or case.attempts else (),
        ),
    )
    return test


def report_numbers(manifest: "Manifest") -> Iterator[int]:
    """Yield for each test the number of its report; -1 where it is unknown.

    Tests are in the order of the reports. The case of a failed test command, which is in none, is the last.
    """
    found = (row.get("tests") for row in manifest.reports)
    counts = [count if type(count) is int and count >= 0 else 0 for count in found]
    if sum(counts) not in {manifest.cases, manifest.cases - 1}:
        return repeat(-1)
    return chain(chain.from_iterable(repeat(*one) for one in enumerate(counts)), repeat(-1))
