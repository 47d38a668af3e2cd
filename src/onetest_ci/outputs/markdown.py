"""The summary as Markdown: GitHub's step summary, or any file."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.bundle import Failure
from onetest_ci.outcome import Outcome
from onetest_ci.outputs.escape import markdown
from onetest_ci.push.delivery import UploadStatus

SHOWN_FAILURES: Final = 50

_STATUS_SIGNS: Final = {UploadStatus.DELIVERED: "✅", UploadStatus.SKIPPED: "⚪"}


def summary(outcome: Outcome) -> str:
    """The whole summary; bounded, since every text in it is cut (GitHub drops a summary over 1 MiB whole)."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    manifest, delivery, totals = outcome.manifest, outcome.delivery, outcome.manifest.totals
    bad = totals["failures"] + totals["errors"]
    yield f"### {'❌' if bad else '✅'} {markdown(manifest.launch_name)}"
    yield ""
    yield "| Tests | Passed | Failed | Errors | Skipped | Flaky | Time |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    cells = [totals[key] for key in ("tests", "passed", "failures", "errors", "skipped", "flaky")]
    yield f"| {' | '.join(f'{cell:,}' for cell in cells)} | {totals['seconds']:,.1f} s |"
    yield ""
    yield from _delivery(outcome)
    yield from _failures(manifest.failures[:SHOWN_FAILURES], bad)
    texts = [problem.message for problem in outcome.problems] + delivery.lost + outcome.warnings
    if texts:
        yield ""
        yield from (f"- ⚠️ {markdown(text, 1000)}" for text in texts[:SHOWN_FAILURES])
        if len(texts) > SHOWN_FAILURES:
            yield f"- {len(texts) - SHOWN_FAILURES:,} more"


def _delivery(outcome: Outcome) -> Iterator[str]:
    manifest, delivery = outcome.manifest, outcome.delivery
    sign = _STATUS_SIGNS.get(delivery.status, "⚠️")
    link = f" · [launch](<{delivery.launch_url}>)" if delivery.launch_url else ""
    yield f"{sign} OneTest: **{delivery.status.value}**{link} · {delivery.total_calls:,} API calls"
    facts = [
        (label, value)
        for label, value in (("Build", manifest.build_version), ("Environment", manifest.environment))
        if value
    ]
    if facts:
        yield ""
        yield " · ".join(f"{label}: {markdown(value)}" for label, value in facts)
    if delivery.error:
        yield ""
        yield f"> {markdown(f'{delivery.error.message} {delivery.error.hint}', 1000)}"


def _failures(failures: tuple[Failure, ...], bad: int) -> Iterator[str]:
    if not failures:
        return
    yield ""
    yield "| Failed test | Message |"
    yield "| :--- | :--- |"
    for failure in failures:
        name = " > ".join(text for text in (failure.suite, failure.name) if text)
        yield f"| {markdown(name)} | {markdown(failure.message)} |"
    if bad > len(failures):
        yield ""
        yield f"{bad - len(failures):,} more"
