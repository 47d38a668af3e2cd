"""Gates as a generated decision table: every mix of tests, with every limit, gives one verdict.

The table states the rules a second time, on lists of tests and by fractions, and not by the totals and the
integers of the code.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Final, NamedTuple

import pytest

from onetest_ci.gate import ALL_GATES, Figures, Limits, judge, why_not_judged
from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.notices import Notice
from onetest_ci.outcome import Verdict
from onetest_ci.results import run_results
from onetest_ci.results.run_results import NOT_HELD, Change, Held
from onetest_ci.results.summarize import summarize
from onetest_ci.settings.values import percent


class Kind(NamedTuple):
    """One test of a run.

    Attributes:
        status: its final status.
        change: how it compares with the baseline, if there is one.
        quarantined: whether an entry of the quarantine list counts for it.
        flaky: whether it passed after a failed attempt.
    """

    status: str
    change: Change | None = None
    quarantined: bool = False
    flaky: bool = False


KINDS: Final = (
    Kind(PASSED),
    Kind(PASSED, flaky=True),
    Kind(PASSED, quarantined=True, flaky=True),
    Kind(SKIPPED),
    *(
        Kind(FAILED, change, held)
        for change in (Change.NEW_FAILURE, Change.STILL_FAILING)
        for held in (False, True)
    ),
    Kind(ERROR, Change.NEW_FAILURE),
)
RUNS: Final = [run for size in range(4) for run in combinations_with_replacement(KINDS, size)]
LIMITS: Final = (
    Limits(),
    Limits(fail_on="any"),
    Limits(fail_on="new"),
    *(Limits(max_failures=number) for number in (0, 1, 2)),
    *(Limits(min_tests=number) for number in (0, 1, 3)),
    *(Limits(min_pass_rate=percent(text)) for text in ("0", "33.3333", "33.3334", "50", "100")),
    *(Limits(max_flaky=number) for number in (0, 1, 2)),
)


def figures(run: Sequence[Kind], *, compared: bool) -> Figures:
    """Return the numbers of a run as `report` counts them."""
    kinds = {str(number): kind for number, kind in enumerate(run)}
    tests = [
        run_results.TestResult(name=name, status=kind.status, attempts=(FAILED,) if kind.flaky else ())
        for name, kind in kinds.items()
    ]
    totals = {
        "tests": len(run),
        "passed": sum(kind.status == PASSED for kind in run),
        "failures": sum(kind.status == FAILED for kind in run),
        "errors": sum(kind.status == ERROR for kind in run),
        "skipped": sum(kind.status == SKIPPED for kind in run),
        "flaky": sum(kind.flaky for kind in run),
    }
    results = summarize(
        tests,
        changes=[kind.change for kind in run] if compared else (),
        quarantine_of=lambda test: Held("flaky network") if kinds[test.name].quarantined else NOT_HELD,
    )
    return Figures.of(totals, results._replace(compared=compared))


def passes(run: Sequence[Kind], limits: Limits, *, compared: bool) -> bool:
    """Return whether a run passes the one gate that is set, by the words of docs/how-to/gates.md."""
    failed = [kind for kind in run if kind.status in BAD and not kind.quarantined]
    if limits.fail_on == "new" and compared:
        failed = [kind for kind in failed if kind.change is Change.NEW_FAILURE]
    ran = [kind for kind in run if kind.status != SKIPPED]
    counted = [kind for kind in ran if kind in failed or kind.status == PASSED]
    if limits.fail_on != "never":
        return not failed
    if limits.max_failures is not None:
        return len(failed) <= limits.max_failures
    if limits.min_tests is not None:
        return len(ran) >= limits.min_tests
    if limits.min_pass_rate is not None:
        passed = [kind for kind in counted if kind.status == PASSED]
        least = Fraction(str(limits.min_pass_rate)) / 100
        return bool(counted) and Fraction(len(passed), len(counted)) >= least
    if limits.max_flaky is not None:
        return sum(kind.flaky and not kind.quarantined for kind in run) <= limits.max_flaky
    return True


@pytest.mark.parametrize("compared", [False, True])
@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_every_run_with_every_limit(limits: Limits, *, compared: bool) -> None:
    for run in RUNS:
        gate = judge(limits, figures(run, compared=compared))
        assert gate.passed == passes(run, limits, compared=compared), run
        assert bool(gate.verdicts) == limits.is_set
        assert gate.word == ("" if not limits.is_set else "passed" if gate.passed else "failed")


@pytest.mark.parametrize("compared", [False, True])
@pytest.mark.parametrize("kind", ["declared-failures", "declared-more-failures", "declared"])
@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_a_failure_that_is_only_declared_may_be_none_of_those_that_a_gate_excuses(
    limits: Limits, kind: str, *, compared: bool
) -> None:
    is_new = limits.fail_on == "new" and compared
    for run in RUNS:
        bad = [one for one in run if one.status in BAD]
        excused = [one for one in bad if one.quarantined or (is_new and one.change is Change.STILL_FAILING)]
        hidden = kind != "declared" and limits.is_set and bool(bad) and bad == excused
        numbers = figures(run, compared=compared)
        gate = judge(limits, numbers, unjudged=why_not_judged(limits, numbers, [Notice(kind, "t")]))
        assert gate.passed == (passes(run, limits, compared=compared) and not hidden), run
        assert not why_not_judged(limits, numbers, [])


def rows() -> Iterator[tuple[Limits, Figures, bool, str]]:
    """Yield the sentence of each gate, passed and failed."""
    some = Figures(tests=12, ran=10, passed=6, failed=3, new=None, flaky=2, quarantined=1)
    none = Figures(tests=4, ran=2, passed=2, failed=0, new=0, flaky=0, quarantined=0)
    without = (
        "3 of 12 tests failed, besides 1 in quarantine; without a usable baseline each failure counts as new"
    )
    with_one = "2 new failures (1 failed before), besides 1 in quarantine"
    yield Limits("any"), some, False, "3 of 12 tests failed, besides 1 in quarantine (--fail-on any)."
    yield Limits("any"), none, True, "0 of 4 tests failed (--fail-on any)."
    yield Limits("new"), some, False, f"{without} (--fail-on new)."
    yield Limits("new"), some._replace(new=2), False, f"{with_one} (--fail-on new)."
    yield (
        Limits("new"),
        none,
        True,
        "0 new failures (--fail-on new).",
    )
    yield Limits(max_failures=2), some, False, "3 tests failed; at most 2 may (--max-failures)."
    yield Limits(max_failures=1000), some, True, "3 tests failed; at most 1,000 may (--max-failures)."
    yield Limits(min_tests=11), some, False, "10 tests ran; at least 11 must (--min-tests)."
    yield (
        Limits(min_tests=10),
        some._replace(not_tests=1),
        False,
        "9 tests ran; at least 10 must (--min-tests).",
    )
    yield (
        Limits(min_pass_rate=percent("66.67")),
        some,
        False,
        ("66.6666 % of 9 tests passed; at least 66.67 % must (--min-pass-rate)."),
    )
    yield (
        Limits(min_pass_rate=percent("100%")),
        none,
        True,
        ("100 % of 2 tests passed; at least 100 % must (--min-pass-rate)."),
    )
    yield (
        Limits(min_pass_rate=percent("0")),
        none._replace(ran=0, passed=0),
        False,
        ("No test ran that counts; at least 0 % must (--min-pass-rate)."),
    )
    yield Limits(max_flaky=1), some, False, "2 tests were flaky; at most 1 may be (--max-flaky)."


@pytest.mark.parametrize(("limits", "numbers", "passed", "sentence"), [*rows()])
def test_the_sentence_of_a_verdict(limits: Limits, numbers: Figures, sentence: str, *, passed: bool) -> None:
    (verdict,) = judge(limits, numbers).verdicts
    assert (verdict.passed, verdict.sentence) == (passed, sentence)


def test_every_gate_has_its_own_verdict_and_one_that_fails_is_enough() -> None:
    numbers = Figures(tests=9, ran=9, passed=8, failed=1, new=1, flaky=0, quarantined=0)
    gate = judge(Limits("any", 1, 9, percent("80"), 0), numbers)
    assert [verdict.passed for verdict in gate.verdicts] == [False, True, True, True, True]
    assert (gate.passed, gate.why) == (False, "1 of 9 tests failed")


@pytest.mark.parametrize("read", [True, False])
@pytest.mark.parametrize("limits", LIMITS[1:], ids=str)
def test_a_gate_that_cannot_be_judged_fails(limits: Limits, *, read: bool) -> None:
    everything_passed = figures([Kind(PASSED)] * 3, compared=True)
    gate = judge(limits, everything_passed if read else None, unjudged="a report is broken" if read else "")
    assert not gate.passed
    assert gate.verdicts[-1].option == ALL_GATES
    assert isinstance(gate.verdicts[-1], Verdict)


def test_a_rate_below_the_limit_is_never_shown_as_the_limit() -> None:
    for missing, tests in ((1, 2_000), (1, 3), (1, 10_000_000)):
        numbers = Figures(tests, tests, tests - missing, missing, None, 0, 0)
        (verdict,) = judge(Limits(min_pass_rate=percent("100")), numbers).verdicts
        assert not verdict.passed
        assert not verdict.text.startswith("100 %")
