"""Decide whether a run fails: by its tests, its upload or its set-up. Each has exit codes of its own."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Self

from onetest_ci.errors import BudgetExhausted, Interrupted, OnetestError, Refused
from onetest_ci.exit_codes import ExitCode
from onetest_ci.notices import Notice
from onetest_ci.outcome import Delivery, Gate, UploadStatus, Verdict
from onetest_ci.results.run_results import RunResults
from onetest_ci.settings.gates import GateSettings
from onetest_ci.settings.values import Percent
from onetest_ci.text.plural import plural

ALL_GATES: Final = "all gates"
"""Stands for the option in the verdict on results that cannot be judged."""

_MORE_FAILURES: Final = frozenset({"declared-failures", "declared-more-failures"})
"""Kinds of notices on reports that declare failures which they do not contain."""


class Limits(NamedTuple):
    """The gates that are set. None and ``never`` set none.

    Attributes:
        fail_on: ``never``, ``any`` or ``new``.
        max_failures: maximum number of failed tests.
        min_tests: minimum number of tests that ran.
        min_pass_rate: the lowest share of the tests that ran which must pass.
        max_flaky: maximum number of flaky tests.
    """

    fail_on: str = "never"
    max_failures: int | None = None
    min_tests: int | None = None
    min_pass_rate: Percent | None = None
    max_flaky: int | None = None

    @classmethod
    def of(cls, settings: GateSettings) -> Self:
        """Return the gates that the settings contain."""
        return cls(
            settings.fail_on,
            settings.max_failures,
            settings.min_tests,
            settings.min_pass_rate,
            settings.max_flaky,
        )

    @property
    def is_set(self) -> bool:
        """Whether there is a gate."""
        return self != Limits()


class Figures(NamedTuple):
    """The numbers of tests that gates look at.

    Attributes:
        tests: all tests, skipped ones included.
        ran: tests that were not skipped.
        passed: tests that passed.
        failed: tests that failed or were in error and are not in quarantine.
        new: those of them that did not fail in the baseline. None without a usable baseline.
        flaky: tests that passed after a failed attempt and are not in quarantine.
        quarantined: failed tests in quarantine.
        not_tests: entries among ``tests`` that stand for the test command and not for a test.
    """

    tests: int
    ran: int
    passed: int
    failed: int
    new: int | None
    flaky: int
    quarantined: int
    not_tests: int = 0

    @classmethod
    def of(cls, totals: Mapping[str, float], results: RunResults, *, not_tests: int = 0) -> Self:
        """Return the numbers of a run.

        Args:
            totals: of all tests.
            results: the tests by kind.
            not_tests: see the attribute.
        """
        quarantined = results.quarantined.total
        return cls(
            tests=int(totals["tests"]),
            ran=int(totals["tests"] - totals["skipped"]),
            passed=int(totals["passed"]),
            failed=int(totals["failures"] + totals["errors"]) - quarantined,
            new=results.new_failures.total if results.compared else None,
            flaky=int(totals["flaky"]) - results.quarantined_flaky,
            quarantined=quarantined,
            not_tests=not_tests,
        )


def declares_more(notices: Iterable[Notice]) -> bool:
    """Return whether a report declares failures that it does not contain."""
    return any(notice.kind in _MORE_FAILURES for notice in notices)


def why_not_judged(limits: Limits, figures: Figures, notices: Iterable[Notice]) -> str:
    """Return why figures may lack a failure that a gate has to see; empty if they lack none.

    A gate that a shown failure fails does not need the others.

    Args:
        limits: the gates that are set.
        figures: the numbers of the tests.
        notices: on the reports.
    """
    is_new = limits.fail_on == "new" and figures.new is not None
    before = figures.failed - (figures.new or 0) if is_new else 0
    known = {"in quarantine": figures.quarantined, "failed before": before}
    if figures.failed > before or not any(known.values()) or not declares_more(notices):
        return ""
    how = " or ".join(text for text, number in known.items() if number)
    are = "" if how == "failed before" else "are "
    return f"all failed tests {are}{how}, and a report declares more failures than it contains"


def judge(limits: Limits, figures: Figures | None, *, unjudged: str = "") -> Gate:
    """Return the gate: whether the tests fail the run.

    Args:
        limits: the gates that are set.
        figures: the numbers of the tests. None if the results cannot be read.
        unjudged: why the figures are not those of the whole run. Empty if they are.
    """
    if not limits.is_set:
        return Gate(limits.fail_on)
    if figures is None:
        unjudged = unjudged or "the results of the tests cannot be read"
    verdicts = list(_verdicts(limits, figures)) if figures else []
    if unjudged:
        # A gate that part of the tests pass is not passed. One that part of the tests fail is failed.
        verdicts = [verdict for verdict in verdicts if not verdict.passed]
        verdicts.append(Verdict(ALL_GATES, passed=False, text=f"The tests cannot be judged: {unjudged}"))
    return Gate(limits.fail_on, tuple(verdicts))


def _verdicts(limits: Limits, figures: Figures) -> Iterator[Verdict]:
    if limits.fail_on != "never":
        yield _fail_on(limits.fail_on, figures)
    if limits.max_failures is not None:
        yield _at_most("--max-failures", limits.max_failures, figures.failed, "failed", "may")
    if limits.min_tests is not None:
        ran = figures.ran - figures.not_tests
        text = f"{plural(ran, 'test')} ran; at least {limits.min_tests:,} must"
        yield Verdict("--min-tests", passed=ran >= limits.min_tests, text=text)
    if limits.min_pass_rate is not None:
        yield _pass_rate(limits.min_pass_rate, figures)
    if limits.max_flaky is not None:
        was = "was flaky" if figures.flaky == 1 else "were flaky"
        yield _at_most("--max-flaky", limits.max_flaky, figures.flaky, was, "may be")


def _fail_on(fail_on: str, figures: Figures) -> Verdict:
    option = f"--fail-on {fail_on}"
    besides = f", besides {figures.quarantined:,} in quarantine" if figures.quarantined else ""
    text = f"{figures.failed:,} of {plural(figures.tests, 'test')} failed{besides}"
    if fail_on == "any":
        return Verdict(option, passed=not figures.failed, text=text)
    if figures.new is None:
        text += "; without a usable baseline each failure counts as new"
        return Verdict(option, passed=not figures.failed, text=text)
    before = figures.failed - figures.new
    text = plural(figures.new, "new failure") + (f" ({before:,} failed before)" if before else "") + besides
    return Verdict(option, passed=not figures.new, text=text)


def _at_most(option: str, limit: int, figure: int, what: str, may: str) -> Verdict:
    text = f"{plural(figure, 'test')} {what}; at most {limit:,} {may}"
    return Verdict(option, passed=figure <= limit, text=text)


def _pass_rate(limit: Percent, figures: Figures) -> Verdict:
    option, must = "--min-pass-rate", f"at least {limit} % must"
    # Failures in quarantine do not fail the gate, so they count on neither side.
    counted = figures.ran - figures.quarantined
    if counted <= 0:
        return Verdict(option, passed=False, text=f"No test ran that counts; {must}")
    shown = _floor_percent(figures.passed, counted)
    text = f"{shown} % of {plural(counted, 'test')} passed; {must}"
    return Verdict(option, passed=figures.passed * 1_000_000 >= limit.units * counted, text=text)


def _floor_percent(part: int, whole: int) -> Percent:
    """Return a share that is never rounded up: 100 only if nothing is missing."""
    return Percent(part * 1_000_000 // whole)


def exit_code(
    problems: Iterable[OnetestError], delivery: Delivery, gate: Gate, *, fail_on_upload_error: bool
) -> ExitCode:
    """Return the exit code of a run, by the first reason to fail.

    The order: a signal, a refused key or product, ``--max-api-calls``; a problem; the upload; the tests.

    Args:
        problems: set-up errors and unreadable reports. They always fail the run.
        delivery: a signal, or a refused key or product, always fails the run.
        gate: whether failed tests fail the run.
        fail_on_upload_error: whether any other upload error fails the run.
    """
    error = delivery.error
    if isinstance(error, Refused | Interrupted) or _is_guard(error):
        return error.exit_code if error else ExitCode.OK
    for problem in problems:
        return problem.exit_code
    if fail_on_upload_error and delivery.status not in {UploadStatus.DELIVERED, UploadStatus.SKIPPED}:
        return error.exit_code if error else ExitCode.NOT_DELIVERED
    return ExitCode.OK if gate.passed else ExitCode.GATE


def _is_guard(error: OnetestError | None) -> bool:
    """Return whether ``--max-api-calls`` stopped the run before the first call: a fault of set-up."""
    return isinstance(error, BudgetExhausted) and error.code == "over-max-api-calls"
