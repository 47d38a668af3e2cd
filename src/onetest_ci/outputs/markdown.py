"""The summary as Markdown: GitHub's step summary, or any file."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.bundle.records import Failure
from onetest_ci.notices import NOTE, WARNING
from onetest_ci.outcome import Outcome, UploadStatus
from onetest_ci.outputs.case_links import markdown_details
from onetest_ci.outputs.console import REST
from onetest_ci.outputs.descriptions import MERGED, describe_links
from onetest_ci.outputs.notice_lines import notice_lines
from onetest_ci.text.escape import escape_markdown
from onetest_ci.text.plural import plural

SHOWN_FAILURES: Final = 50
SHOWN_MERGED: Final = 500

_STATUS_SIGNS: Final = {UploadStatus.DELIVERED: "✅", UploadStatus.SKIPPED: "⚪"}


def summary(outcome: Outcome) -> str:
    """Return the summary. All of its texts are cut, since GitHub drops a summary over 1 MiB.

    Args:
        outcome: without secrets.
    """
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    manifest, delivery, totals = outcome.manifest, outcome.delivery, outcome.manifest.totals
    bad = totals["failures"] + totals["errors"]
    yield f"### {'❌' if bad else '✅'} {escape_markdown(manifest.launch_name)}"
    yield ""
    yield "| Tests | Passed | Failed | Errors | Skipped | Flaky | Time |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    cells = [totals[key] for key in ("tests", "passed", "failures", "errors", "skipped", "flaky")]
    yield f"| {' | '.join(f'{cell:,}' for cell in cells)} | {totals['seconds']:,.1f} s |"
    yield ""
    yield from _delivery(outcome)
    notes = [
        f"{'Passed' if verdict.passed else 'Failed'}: {verdict.sentence}" for verdict in outcome.gate.verdicts
    ]
    for note in notes + outcome.notes + notice_lines(outcome.notices, NOTE, REST):
        yield ""
        yield escape_markdown(note, 1000)
    yield from _failures(manifest.failures[:SHOWN_FAILURES], bad)
    yield from _merged(outcome.merged_by_name)
    yield from _cases(outcome)
    texts = [problem.message for problem in outcome.problems] + delivery.lost
    warnings = notice_lines(outcome.notices, WARNING, REST)
    if texts or warnings:
        yield ""
        yield from (f"- ⚠️ {escape_markdown(text, 1000)}" for text in texts[:SHOWN_FAILURES])
        if len(texts) > SHOWN_FAILURES:
            yield f"- {len(texts) - SHOWN_FAILURES:,} more"
        yield from (f"- ⚠️ {escape_markdown(text, 1000)}" for text in warnings)


def _merged(merged: list[tuple[str, str]]) -> Iterator[str]:
    if merged:
        yield ""
        yield f"<details><summary>{plural(len(merged), 'test')} {MERGED}</summary>"
        yield ""
        yield from (
            f"- {escape_markdown(name)} ({escape_markdown(path)})" for path, name in merged[:SHOWN_MERGED]
        )
        if len(merged) > SHOWN_MERGED:
            yield f"- {len(merged) - SHOWN_MERGED:,} more"
        yield ""
        yield "</details>"


def _cases(outcome: Outcome) -> Iterator[str]:
    links = outcome.cases
    if links is not None:
        yield from ("", f"Test cases: {describe_links(links.totals)}.", "", *markdown_details(links))


def _delivery(outcome: Outcome) -> Iterator[str]:
    delivery = outcome.delivery
    sign = _STATUS_SIGNS.get(delivery.status, "⚠️")
    link = f" · [launch](<{delivery.launch_url}>)" if delivery.launch_url else ""
    yield f"{sign} OneTest: **{delivery.status.value}**{link} · {delivery.total_calls:,} API calls"
    if outcome.linked:
        yield ""
        yield " · ".join(f"{label}: {escape_markdown(value)}" for label, value in outcome.linked)
    if delivery.error:
        yield ""
        yield f"> {escape_markdown(f'{delivery.error.message} {delivery.error.hint}', 1000)}"


def _failures(failures: tuple[Failure, ...], bad: float) -> Iterator[str]:
    if not failures:
        return
    yield ""
    yield "| Failed test | Message |"
    yield "| :--- | :--- |"
    for failure in failures:
        yield f"| {escape_markdown(failure.full_name)} | {escape_markdown(failure.message)} |"
    if bad > len(failures):
        yield ""
        yield f"{bad - len(failures):,} more"
