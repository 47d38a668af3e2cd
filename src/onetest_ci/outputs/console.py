"""The summary for a terminal or a CI log."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.notices import NOTE, WARNING
from onetest_ci.outcome import Outcome, UploadStatus
from onetest_ci.outputs.console_tests import Fold, test_lines
from onetest_ci.outputs.descriptions import (
    MERGED,
    describe_links,
    describe_skipped,
    describe_totals,
)
from onetest_ci.outputs.notice_lines import notice_lines
from onetest_ci.outputs.styled import Line, Styled
from onetest_ci.outputs.verdict import baselines, comparison, verdict
from onetest_ci.text.durations import duration
from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

SHOWN_LOST: Final = 10
SHOWN_MERGED: Final = 5
_LONGEST_NAME: Final = 120

REST: Final = "--json FILE has all"
"""Where the reader finds warnings that are not shown."""

_COLOURS: Final = {"❌": "red", "⚠️": "yellow", "⚪": "yellow", "✅": "green"}


def summary(outcome: Outcome, *, folds: bool = False) -> Iterator[Line | Fold]:
    """Yield the lines of the summary.

    If no test was read, they are only the skipped files, since errors explain the rest.

    Args:
        outcome: without secrets.
        folds: whether the host folds groups of lines.
    """
    if outcome.problems and not outcome.manifest.totals["tests"]:
        yield from _skipped(outcome)
        return
    yield _headline(outcome)
    yield from test_lines(outcome.shown_results, folds=folds)
    yield from _facts(outcome)
    yield from _skipped(outcome)
    for note in outcome.notes:
        yield _fact("Note", note)
    yield from _merged(outcome)
    for text in notice_lines(outcome.notices, NOTE, REST):
        yield _fact("Note", text)
    for text in notice_lines(outcome.notices, WARNING, REST):
        yield _fact("Warning", text, "yellow")
    yield from _bounded("Not accepted", outcome.delivery.lost, "red")
    for decided in outcome.gate.verdicts:
        word, colour = ("passed", "green") if decided.passed else ("failed", "red")
        yield _fact("Gate", f"{word}: {decided.sentence}", colour)


def result(outcome: Outcome) -> Line:
    """Return the last line of the log, where people look first."""
    sign, text = verdict(outcome)
    return _fact("Result", text, _COLOURS[sign])


def _headline(outcome: Outcome) -> Line:
    totals = outcome.manifest.totals
    files = sum(bool(row.get("format")) for row in outcome.manifest.reports)
    bad = totals["failures"] + totals["errors"]
    colour = "red" if bad else "green" if totals["tests"] else "yellow"
    text = f"{describe_totals(totals)} in {plural(files, 'report')} ({duration(totals['seconds'])})"
    changes = comparison(outcome)
    return [Styled(f"{text}; {changes}" if changes else text, colour, bold=True)]


def _facts(outcome: Outcome) -> Iterator[Line]:
    manifest, delivery = outcome.manifest, outcome.delivery
    yield _fact("Launch", " ".join(text for text in (manifest.launch_name, delivery.launch_url) if text))
    for label, value in outcome.linked:
        yield _fact(label, value)
    compared_with = baselines(outcome)
    if compared_with:
        yield _fact("Baseline", compared_with)
    status = delivery.status
    colour = {UploadStatus.DELIVERED: "green", UploadStatus.SKIPPED: "yellow"}.get(status, "red")
    if delivery.mode or not delivery.launches:
        yield _fact("Upload", _upload(outcome), colour)
    if delivery.why:
        yield _fact("Mode", delivery.why)
    if outcome.cases:
        yield _fact("Test cases", describe_links(outcome.cases.totals))
    if outcome.bundle_path:
        yield _fact("Bundle", str(outcome.bundle_path))


def _upload(outcome: Outcome) -> str:
    delivery = outcome.delivery
    if delivery.status is UploadStatus.SKIPPED:
        estimate = plural(delivery.estimate, "API call")
        return (
            f"skipped; it would take at most {estimate} in {delivery.mode} mode"
            if delivery.mode
            else "skipped"
        )
    sent = f"{delivery.sent:,} of {plural(delivery.total, 'test')}"
    files = f", {plural(delivery.artifacts, 'file')}" if delivery.artifacts else ""
    used = f"{plural(delivery.total_calls, 'API call')} (estimated {delivery.estimate:,})"
    return f"{delivery.status.value} in {delivery.mode} mode: {sent}{files}; {used}"


def _merged(outcome: Outcome) -> Iterator[Line]:
    merged = outcome.merged_by_name
    if merged:
        yield _fact("Merged", f"{plural(len(merged), 'test')} {MERGED}", "yellow")
        for path, name in merged[:SHOWN_MERGED]:
            yield _fact("", f"{one_line(name, _LONGEST_NAME)} ({path})")
        if len(merged) > SHOWN_MERGED:
            yield _fact("", f"… {len(merged) - SHOWN_MERGED:,} more; the summary and --json FILE have them")


def _skipped(outcome: Outcome) -> Iterator[Line]:
    manifest = outcome.manifest
    for text in describe_skipped(manifest.skipped_files, manifest.not_reports, manifest.left_out_directories):
        yield f"  {text}" if text.startswith(" ") else _fact("Note", text[0].upper() + text[1:])


def _bounded(label: str, texts: list[str], colour: str) -> Iterator[Line]:
    for text in texts[:SHOWN_LOST]:
        yield _fact(label, text, colour)
    if len(texts) > SHOWN_LOST:
        yield _fact(label, f"… {len(texts) - SHOWN_LOST:,} more; --json FILE has them", colour)


def _fact(label: str, text: str, colour: str = "") -> Line:
    return [f"{label:<12} ", Styled(one_line(text, 1000), colour)]
