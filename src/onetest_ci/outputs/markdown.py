"""The summary as Markdown: GitHub's step summary, a comment, or any file."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.case_links import CaseLinks
from onetest_ci.notices import NOTE, WARNING, Level
from onetest_ci.outcome import Outcome, UploadStatus
from onetest_ci.outputs.budget import Choice, Entries, Entry, Fixed, Part, fitted, size
from onetest_ci.outputs.case_links import markdown_details
from onetest_ci.outputs.descriptions import MERGED, describe_links
from onetest_ci.outputs.markdown_tests import PageOf, folded, test_parts
from onetest_ci.outputs.notice_lines import all_texts
from onetest_ci.outputs.verdict import baselines, comparison, counts, verdict
from onetest_ci.text.escape import code_span, escape_markdown
from onetest_ci.text.plural import plural

STEP_SUMMARY: Final = 1024 * 1024
"""Bytes that a step may write into GitHub's step summary. The runner drops a larger one (actions/runner,
FileCommandManager.cs)."""

_ROWS_OF_CASES: Final = (50, 10, 0)
_SIGNS: Final = {UploadStatus.DELIVERED: "✅", UploadStatus.SKIPPED: "⚪"}


def summary(outcome: Outcome, *, budget: int = STEP_SUMMARY, page_of: PageOf = lambda _: "") -> str:
    """Return the summary in at most ``budget`` bytes.

    Verdict, gate and upload error are always there, also if the budget has no room for them (16 KiB do).
    Everything that is left out is counted.

    Args:
        outcome: without secrets.
        budget: bytes.
        page_of: returns the address of a line of code.
    """
    head = "".join(_head(outcome))
    return head + fitted(list(_parts(outcome, page_of)), budget - size(head))


def _head(outcome: Outcome) -> Iterator[str]:
    """Yield what no summary lacks."""
    sign, text = verdict(outcome)
    yield f"### {sign} {escape_markdown(outcome.manifest.launch_name) or 'Test results'}\n\n"
    compared = f" · {comparison(outcome)}" if comparison(outcome) else ""
    yield f"**{text}** · {counts(outcome)}{compared}\n"
    for decided in outcome.gate.verdicts:
        word = "Passed" if decided.passed else "Failed"
        yield f"\n{word}: {escape_markdown(decided.sentence, 1000)}\n"
    error = outcome.delivery.error
    if error:
        yield f"\n⚠️ OneTest: **{outcome.delivery.status.value}**\n"
        yield f"\n> {escape_markdown(f'{_sentence(error.message)} {error.hint}', 1000)}\n"


def _parts(outcome: Outcome, page_of: PageOf) -> Iterator[Part]:
    yield from _warnings_list([problem.message for problem in outcome.problems])
    yield from test_parts(outcome.shown_results, page_of)
    yield Fixed("\n" + "\n\n".join(_delivery(outcome)) + "\n")
    yield from _warnings_list(outcome.delivery.lost)
    if outcome.notes:
        yield Entries(
            "\n", [_bullet(escape_markdown(note, 1000)) for note in outcome.notes], len(outcome.notes)
        )
    if outcome.cases is not None:
        yield _cases(outcome.cases)
    merged = outcome.merged_by_name
    if merged:
        lines = [f"{code_span(name) or '(no name)'} ({code_span(path)})" for path, name in merged]
        yield folded(f"{plural(len(merged), 'test')} {MERGED}", lines, len(merged))
    yield from _notices(outcome, WARNING, "warning", "⚠️ ")
    yield from _notices(outcome, NOTE, "note", "")


def _notices(outcome: Outcome, level: Level, noun: str, sign: str) -> Iterator[Part]:
    texts, total = all_texts(outcome.notices, level)
    if texts:
        lines = [f"{sign}{escape_markdown(text, 1000)}" for text in texts]
        yield folded(plural(total, noun), lines, total)


def _warnings_list(texts: list[str]) -> Iterator[Part]:
    if texts:
        entries = [_bullet(f"⚠️ {escape_markdown(text, 1000)}") for text in texts]
        yield Entries("\n", entries, len(entries))


def _bullet(text: str) -> Entry:
    return Entry(f"- {text}\n", f"- {text}\n")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _delivery(outcome: Outcome) -> Iterator[str]:
    """Yield where the results are in OneTest, and what that cost."""
    delivery = outcome.delivery
    sign = _SIGNS.get(delivery.status, "⚠️")
    links = [f"[launch](<{launch.url}>)" for launch in delivery.launches[:1] if launch.url]
    calls = plural(delivery.total_calls, "API call")
    # An error is at the top, with the status.
    status = f"{sign} OneTest" + ("" if delivery.error else f": **{delivery.status.value}**")
    yield " · ".join((status, *links, calls))
    compared_with = baselines(outcome)
    if compared_with:
        yield f"Baseline: {escape_markdown(compared_with)}"
    if outcome.linked:
        yield " · ".join(f"{label}: {escape_markdown(value)}" for label, value in outcome.linked)


def _cases(links: CaseLinks) -> Part:
    line = f"\nTest cases: {describe_links(links.totals)}.\n"
    forms = ("\n".join(("", *markdown_details(links, shown), "")) for shown in _ROWS_OF_CASES)
    return Choice(tuple(line + form if form.strip() else line for form in forms))
