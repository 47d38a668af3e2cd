"""The quarantine as a generated decision table, from the texts of two lists to the exit code."""

import re
from datetime import date, timedelta
from itertools import product
from typing import Final, NamedTuple

import pytest

from onetest_ci.excuse import DOUBTS, CommandEnd, why_not_excused
from onetest_ci.exit_codes import ExitCode
from onetest_ci.gate import Figures, Limits, exit_code, judge
from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.notices import Notice
from onetest_ci.outcome import Delivery
from onetest_ci.results import run_results
from onetest_ci.results.quarantine import Matcher, allowed, regex, without_broad
from onetest_ci.results.quarantine_file import BadList, Entries, Entry, parse
from onetest_ci.results.run_results import NOT_HELD, Change
from onetest_ci.results.summarize import summarize

TODAY: Final = date(2026, 11, 28)


def listing(pattern: str, expires: date) -> str:
    return f"tests:\n  - name: '{pattern}'\n    reason: r\n    expires: {expires}\n"


class State(NamedTuple):
    """Two lists, and whether their entry counts for the test ``subject``.

    Attributes:
        here: list of the code under test.
        base: list of the base commit; None if there is nothing to compare.
        counts: whether the entry counts.
    """

    here: str
    base: str | None
    counts: bool


LAST: Final = listing("subject", TODAY)
GONE: Final = listing("subject", TODAY - timedelta(days=1))
LONG: Final = listing("subject", TODAY + timedelta(days=9))
STATES: Final = {
    "none": State("", None, False),
    "counts": State(LONG, None, True),
    "on its last day": State(LAST, None, True),
    "expired": State(GONE, None, False),
    "in the base": State(LONG, LONG, True),
    "added by the change": State(LONG, "", False),
    "widened by the change": State(listing("subj*", TODAY), LONG, False),
    "extended, the earlier date is over": State(LONG, GONE, False),
    "extended, the earlier date counts": State(LONG, LAST, True),
    "shortened to the past": State(GONE, LONG, False),
    "removed by the change": State("", LONG, False),
    "another test": State(listing("other", TODAY), None, False),
    "a pattern of the test": State(listing("s?bj*t", TODAY), None, True),
    "a pattern of all tests": State(listing("*subject*", TODAY), None, False),
}
CHANGES: Final = (None, Change.NEW_FAILURE, Change.STILL_FAILING)
LIMITS: Final = (Limits(), Limits("any"), Limits("new"), Limits(max_failures=0), Limits(max_failures=1))


def figures(state: State, status: str, change: Change | None) -> Figures:
    """Return the numbers of a run of one test of this status and of three that passed."""
    tests = [
        run_results.TestResult(name="subject", status=status),
        *(run_results.TestResult(name=f"passes the subject {number}") for number in range(3)),
    ]
    base = None if state.base is None else parse(state.base.encode())
    held = without_broad(allowed(parse(state.here.encode()), base, TODAY), tests)
    matcher = Matcher(held.entries)
    results = summarize(
        tests,
        changes=[change, *[None] * 3] if change else (),
        quarantine_of=lambda test: entry.held if (entry := matcher.find(test)) else NOT_HELD,
    )
    totals = {
        "tests": 4,
        "passed": 3 + (status == PASSED),
        "failures": int(status == FAILED),
        "errors": int(status == ERROR),
        "skipped": int(status == SKIPPED),
        "flaky": 0,
    }
    return Figures.of(totals, results._replace(compared=change is not None))


@pytest.mark.parametrize("name", STATES)
def test_every_cell(name: str) -> None:
    state = STATES[name]
    for status, change, limits in product((PASSED, FAILED, ERROR, SKIPPED), CHANGES, LIMITS):
        counted = status in BAD and not state.counts
        red = (
            counted
            and {
                "any": True,
                "new": change is not Change.STILL_FAILING,
                "never": limits.max_failures == 0,
            }[limits.fail_on]
        )
        numbers = figures(state, status, change)
        gate = judge(limits, numbers)
        code = exit_code([], Delivery(), gate, fail_on_upload_error=False)
        assert code is (ExitCode.GATE if red else ExitCode.OK), (name, status, change, limits)
        assert numbers.quarantined == (status in BAD and state.counts)
        for verdict in gate.verdicts:
            is_new = limits.fail_on != "new" or change is not Change.STILL_FAILING
            assert verdict.text.startswith(f"{int(counted and is_new)} ")
        excused = why_not_excused(CommandEnd(1), numbers) == ""
        assert excused == (status in BAD and state.counts)


HELD: Final = Figures(tests=3, ran=3, passed=2, failed=0, new=None, flaky=0, quarantined=1)


@pytest.mark.parametrize("code", range(1, 256))
def test_only_the_exit_code_of_failed_tests_is_excused(code: int) -> None:
    assert (why_not_excused(CommandEnd(code), HELD) == "") == (code == 1)


@pytest.mark.parametrize(
    "end",
    [
        CommandEnd(1, stopped=True),
        CommandEnd(1, unread=True),
        CommandEnd(1, any_age=True),
        CommandEnd(1, empty=True),
        CommandEnd(1, has_case=True),
        *(CommandEnd(1, notices=[Notice(kind, "t")]) for kind in sorted(DOUBTS)),
    ],
    ids=str,
)
def test_one_doubt_is_enough(end: CommandEnd) -> None:
    assert why_not_excused(end, HELD)
    assert why_not_excused(CommandEnd(1), None)
    assert why_not_excused(CommandEnd(1), HELD._replace(failed=1))
    assert why_not_excused(CommandEnd(1), HELD._replace(quarantined=0))


def matches(pattern: str, text: str) -> bool:
    """Match in the simplest way that is right."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and matches(pattern[1:], text[1:])


def test_a_pattern_matches_what_the_simplest_matcher_matches() -> None:
    patterns = ["".join(parts) for size in range(5) for parts in product("ab*?[", repeat=size)]
    texts = ["".join(parts) for size in range(5) for parts in product("ab[\n", repeat=size)]
    for pattern in patterns:
        ours = re.compile(regex(pattern), re.DOTALL)
        for text in texts:
            assert bool(ours.match(text)) == matches(pattern, text), (pattern, text)


def test_a_hostile_pattern_takes_no_longer_than_both_lengths_allow() -> None:
    """A matcher that tries each place of each star would never end here."""
    entry = Entry("name", "abc" + "*a" * 400 + "*b", "r", "", TODAY)
    matcher = Matcher([entry])
    assert matcher.find(run_results.TestResult(name="abc" + "a" * 20_000)) is None
    assert matcher.find(run_results.TestResult(name="abc" + "a" * 20_000 + "b")) is entry


@pytest.mark.parametrize(
    "text",
    [
        "tests: " + "[" * 100_000,
        "tests: " + "{a: " * 100_000,
        "? " * 50_000,
        "- " * 50_000,
        "a: &a [x]\n" + "".join(f"b{n}: [{'*a,' * 9}]\n" for n in range(9)),
        "!!python/object/apply:os.system [id]",
        "tests: !!python/name:os.system",
        "<<: {tests: []}",
        "? [a]\n: b",
        "\x00",
        "%YAML 9.9\n---\ntests: []",
        "tests: []\n---\ntests: []",
        "tests:\n\t- name: x",
        "&a tests: []\n*a : x",
    ],
    ids=lambda text: text[:24].strip(),
)
def test_a_hostile_file_is_refused(text: str) -> None:
    with pytest.raises(BadList):
        parse(text.encode())


@pytest.mark.parametrize("text", ["", "# nothing\n", "tests:\n", "tests: []\n", "tests: ~\n", "---\n"])
def test_an_empty_list_is_a_list(text: str) -> None:
    assert parse(text.encode()) == Entries()


def test_an_entry_that_is_there_twice_counts_once() -> None:
    found = parse((LAST + LONG.removeprefix("tests:\n")).encode())
    assert [entry.expires for entry in found.entries] == [TODAY]
    assert len(found.faults) == 1


def test_the_warnings_that_matter_most_come_first() -> None:
    day = TODAY + timedelta(days=9)
    fault = "  - name: broken\n    expires: 2999-01-01\n"
    old = listing("old one", TODAY - timedelta(days=1))
    here = parse((old + fault + listing("longer", day)[len("tests:\n") :] + listing("own", day)[7:]).encode())
    base = parse((old + listing("longer", TODAY)[len("tests:\n") :]).encode())
    texts = [notice.text for notice in allowed(here, base, TODAY).notices]
    parts = ("own was added", "longer was extended", "old one expired", "Entry 2 has no `reason`")
    assert [part in text for part, text in zip(parts, texts, strict=True)] == [True] * 4
