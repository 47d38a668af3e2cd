"""The verdict of a run and its counts in words, as all texts for people show them."""

from datetime import UTC, datetime
from typing import Final

from onetest_ci.outcome import Outcome
from onetest_ci.outputs.descriptions import describe_totals
from onetest_ci.text.durations import duration
from onetest_ci.text.plural import plural

_SHORT_COMMIT: Final = 12
_LAST: Final = 250_000_000_000
"""Epoch seconds in the year 9892. A file from outside may hold a later time, which is not a date."""


def verdict(outcome: Outcome) -> tuple[str, str]:
    """Return a sign and a sentence without its full stop. Only a run without any failure is green."""
    totals = outcome.manifest.totals
    tests, bad = int(totals["tests"]), int(totals["failures"] + totals["errors"])
    quarantined = outcome.shown_results.quarantined.total
    if bad > quarantined:
        text = f"{bad:,} of {plural(tests, 'test')} failed"
        return "❌", f"{text}, {quarantined:,} of them in quarantine" if quarantined else text
    if outcome.problems:
        return "❌", plural(len(outcome.problems), "error")
    if bad:
        return "⚠️", f"{bad:,} of {plural(tests, 'test')} failed, all of them in quarantine"
    if not tests:
        return "⚪", "No tests"
    return ("❌", "The run failed") if outcome.exit_code else ("✅", "No test failed")


def counts(outcome: Outcome) -> str:
    """Return the number of tests by verdict, and how long they took."""
    totals = outcome.manifest.totals
    return f"{describe_totals(totals)} in {duration(totals['seconds'])}"


def comparison(outcome: Outcome) -> str:
    """Return what changed since the baseline. Empty without one."""
    results = outcome.shown_results
    if not results.compared:
        return ""
    words = {
        "new failure": results.new_failures,
        "fixed test": results.fixed,
        "newly flaky test": results.newly_flaky,
        "new test": results.new,
        "vanished test": results.vanished,
        "slower test": results.slower,
    }
    shown = [plural(listed.total, noun) for noun, listed in words.items() if listed.total]
    still = results.still_failing.total
    shown += [f"{still:,} still failing"] if still else []
    return ", ".join(shown) or "no change since the baseline"


def baselines(outcome: Outcome) -> str:
    """Return which saved results the run is compared with: branch, commit and time. Empty without one."""
    files = outcome.shown_results.baselines
    if not files:
        return ""
    newest = files[0]
    when = f"{datetime.fromtimestamp(newest.time, UTC):%Y-%m-%d %H:%M} UTC" if 0 < newest.time < _LAST else ""
    facts = [newest.branch, newest.commit[:_SHORT_COMMIT], when, plural(newest.tests, "test"), newest.path]
    others = f"; and {plural(len(files) - 1, 'older file')}" if len(files) > 1 else ""
    return f"{', '.join(filter(None, facts))}{others}"
