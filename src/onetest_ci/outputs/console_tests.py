"""The tests that people look at, in lines for a terminal or a CI log."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from onetest_ci.outputs.budget import left_out
from onetest_ci.outputs.styled import Line, Styled
from onetest_ci.results.run_results import IN_BASELINE, IN_REPORTS, Change, Listed, RunResults, ShownTest
from onetest_ci.text.durations import duration
from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

SHOWN_FAILURES: Final = 20
_SHOWN: Final = 10
"""Tests of the other lists."""
_SHOWN_SLOWEST: Final = 3
_TRACE_LINES: Final = 30


class Fold(NamedTuple):
    """Lines that a host with foldable groups folds.

    Attributes:
        title: without text from outside.
        lines: below it.
    """

    title: str
    lines: Sequence[Line]


def test_lines(results: RunResults, *, folds: bool) -> Iterator[Line | Fold]:
    """Yield the tests, failures first.

    Args:
        results: without secrets.
        folds: whether the host folds. It gets the traces and all of the slowest tests.
    """
    if results.compared and results.new_failures.total:
        yield f"New failures ({results.new_failures.total:,}):"
    yield from _failures(results.new_failures)
    if results.still_failing.total:
        yield f"Still failing ({results.still_failing.total:,}):"
        yield from _failures(results.still_failing)
    traces = list(_traces(results)) if folds else []
    if traces:
        yield Fold("Traces of the failures", traces)
    yield from _fold("In quarantine", results.quarantined, _quarantined)
    yield from _fold("Fixed", results.fixed, _plain)
    yield from _fold("Flaky tests", results.flaky, _flaky)
    yield from _fold("Skipped tests", results.skipped, _with_message)
    yield from _fold("Slower than before", results.slower, _slower)
    slowest = results.slowest.tests if folds else results.slowest.tests[:_SHOWN_SLOWEST]
    yield from _fold("Slowest tests", Listed(slowest, len(slowest)), _slow)
    yield from _fold("New tests", results.new, _plain)
    yield from _fold("Vanished tests", results.vanished, _plain, IN_BASELINE)


def failure_lines(test: ShownTest) -> Iterator[Line]:
    """Yield the lines of one failure: its name and place, and its message."""
    where = place_of(test)
    yield [
        "  ",
        Styled("x", "red"),
        f" {one_line(test.full_name, 200)}",
        f"  ({one_line(where)})" if where else "",
    ]
    if test.message:
        yield f"      {one_line('- ' + test.message, 200)}"


def place_of(test: ShownTest) -> str:
    """Return the line of the checkout, else what the report contains. May be empty."""
    if test.place is None:
        return test.reported_place
    return test.place.file if test.place.line is None else f"{test.place.file}:{test.place.line}"


def _failures(listed: Listed) -> Iterator[Line]:
    shown = listed.tests[:SHOWN_FAILURES]
    for test in shown:
        yield from failure_lines(test)
    yield from more_tests(listed.total - len(shown), "failed test")


def _traces(results: RunResults) -> Iterator[Line]:
    failures = (*results.new_failures.tests, *results.still_failing.tests)
    for test in [test for test in failures[:SHOWN_FAILURES] if test.trace.strip()]:
        yield f"  {one_line(test.full_name, 200)}"
        lines = test.trace.strip("\n").splitlines()
        yield from (f"      {line.rstrip()[:500]}" for line in lines[:_TRACE_LINES])
        if len(lines) > _TRACE_LINES:
            yield f"      … {plural(len(lines) - _TRACE_LINES, 'more line')}"


def _fold(
    title: str, listed: Listed, text: Callable[[ShownTest], str], where: str = IN_REPORTS
) -> Iterator[Fold]:
    shown = listed.tests[:_SHOWN]
    if listed.total:
        lines: list[Line] = [f"  - {text(test)}" for test in shown]
        yield Fold(
            f"{title} ({listed.total:,})", [*lines, *more_tests(listed.total - len(shown), "test", where)]
        )


def more_tests(count: int, noun: str, where: str = IN_REPORTS) -> Iterator[Line]:
    """Yield a line on the tests that a list has no room for, if there are any."""
    if count > 0:
        yield f"  … {left_out(count, (noun, where))}"


def _plain(test: ShownTest) -> str:
    return one_line(test.full_name, 200)


def _with_message(test: ShownTest) -> str:
    message = one_line(test.message, 200)
    return f"{_plain(test)}: {message}" if message else _plain(test)


def _quarantined(test: ShownTest) -> str:
    return f"{_with_message(test)} ({one_line(str(test.quarantine), 200)})"


def _flaky(test: ShownTest) -> str:
    newly = "; newly flaky" if test.change is Change.NEWLY_FLAKY else ""
    return f"{_plain(test)} (attempts: {', '.join((*test.attempts, test.status))}{newly})"


def _slow(test: ShownTest) -> str:
    return f"{duration(test.seconds or 0)}  {_plain(test)}"


def _slower(test: ShownTest) -> str:
    return f"{duration(test.seconds or 0)}, before {duration(test.seconds_before or 0)}  {_plain(test)}"
