"""The diagnosis as Markdown: GitHub's step summary, or any file."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.doctor.diagnosis import Diagnosis
from onetest_ci.doctor.finding import Finding, Sign
from onetest_ci.text.escape import escape_markdown

_SIGNS: Final = {Sign.OK: "✅", Sign.NOTE: "⚪", Sign.WARNING: "⚠️", Sign.ERROR: "❌"}
_LONGEST: Final = 1000


def summary(diagnosis: Diagnosis, verdict: str) -> str:
    """Return the summary: errors and warnings first, everything else folded.

    Args:
        diagnosis: without secrets.
        verdict: one sentence.
    """
    return "\n".join(_lines(diagnosis, verdict)) + "\n"


def _lines(diagnosis: Diagnosis, verdict: str) -> Iterator[str]:
    sign = Sign.ERROR if diagnosis.exit_code else Sign.OK
    yield f"### {_SIGNS[sign]} onetest-ci doctor: {escape_markdown(verdict)}"
    open_signs = (Sign.ERROR, Sign.WARNING)
    shown = [finding for one in open_signs for finding in diagnosis.findings if finding.sign is one]
    if shown:
        yield ""
        yield from _table(shown)
    yield ""
    yield "<details><summary>All findings</summary>"
    yield ""
    yield from _table([finding for finding in diagnosis.findings if finding not in shown])
    yield ""
    yield "</details>"
    if diagnosis.for_issue:
        yield ""
        yield "<details><summary>For an issue about OneTest's API</summary>"
        yield ""
        yield diagnosis.for_issue
        yield "</details>"


def _table(findings: list[Finding]) -> Iterator[str]:
    yield "| | Area | Finding | What to do |"
    yield "| :--- | :--- | :--- | :--- |"
    for one in findings:
        cells = (one.area.value, escape_markdown(one.text, _LONGEST), escape_markdown(one.hint, _LONGEST))
        yield f"| {_SIGNS[one.sign]} | {' | '.join(cells)} |"
