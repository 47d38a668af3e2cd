"""The findings of `doctor` about the files with which results are compared: baseline and quarantine."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.quarantine import read_list
from onetest_ci.doctor.finding import Area, Finding, ok, warning
from onetest_ci.settings.gates import QUARANTINE_NAME
from onetest_ci.text.plural import plural

_SHOWN: Final = 20


def comparison(invocation: Invocation) -> Iterator[Finding]:
    """Yield whether the files of the baseline and the quarantine list can be used."""
    if invocation.settings.baseline:
        yield from _baseline(invocation)
    yield from _quarantine(invocation)


def _baseline(invocation: Invocation) -> Iterator[Finding]:
    # Few runs have a baseline.
    from onetest_ci.results.baseline_files import read_baseline  # noqa: PLC0415

    read = read_baseline(invocation.settings.baseline, invocation.cwd)
    for fact in read.facts[:_SHOWN]:
        branch = f" of the branch {fact.branch}" if fact.branch else ""
        text = f"The baseline {fact.path} contains {plural(fact.tests, 'test')}{branch}."
        yield ok(Area.SETTINGS, "baseline", text)
    hint = "Save the results of a run of the target branch by --save-results, and name that file."
    yield from _warnings("baseline", [f"The baseline: {text}." for text in read.notes], hint)


def _quarantine(invocation: Invocation) -> Iterator[Finding]:
    listed = read_list(invocation)
    if listed is None:
        return
    name = invocation.settings.quarantine or QUARANTINE_NAME
    if listed.entries or not listed.notices:
        text = f"The quarantine list {name}: {len(listed.entries):,} of its entries count here."
        yield ok(Area.SETTINGS, "quarantine", text)
    hint = "docs/how-to/quarantine.md describes the list and which entries count."
    yield from _warnings("quarantine", [notice.text for notice in listed.notices], hint)


def _warnings(code: str, texts: list[str], hint: str) -> Iterator[Finding]:
    """Yield a warning for each of the first texts, and one for the number of the others."""
    shown = texts[:_SHOWN]
    if len(texts) > _SHOWN:
        shown.append(f"{len(texts) - _SHOWN:,} more of them are not shown.")
    return (warning(Area.SETTINGS, code, text, hint) for text in shown)
