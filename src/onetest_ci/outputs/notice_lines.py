"""Warnings and notes in lines for people: one line for each kind."""

from collections.abc import Iterable, Sequence
from typing import Final

from onetest_ci.notices import Level, Notice

EXAMPLES: Final = 2
"""Notices of one kind that are shown as they are."""

_MOST_TEXTS: Final = 1000
"""Notices of one level in a list of all."""

_LONGEST_EXAMPLE: Final = 350
"""Characters of one of them, so that the next one is seen as well."""

TITLES: Final = {
    # Settings and files.
    "setting": "Ignored settings",
    "out-of-reach": "Paths outside of the container",
    "no-reports": "Patterns without reports",
    "file-not-found": "Reports not found",
    "stale-report": "Reports older than the test command",
    "two-formats": "Reports of the same tests in two formats",
    "name-in-archive": "Unsafe names in archives",
    "raw-report-changed": "Reports that changed while they were read",
    "raw-report-missing": "Reports missing among the raw reports",
    "raw-reports-too-large": "Raw reports too large to upload",
    "attachment": "Attachments left out",
    "loose-attachments": "Attachments that belong to no test",
    "embedded": "Embedded files that cannot be decoded",
    "artifact": "Artifacts left out",
    "no-artifacts": "Artifact patterns without files",
    "artifacts-left-out": "Directories not searched for artifacts",
    "artifacts-of-version-control": "Artifacts in version control",
    # Content of reports.
    "declared": "Reports that declare more than they contain",
    "declared-fewer": "Reports that declare fewer than they contain",
    "declared-failures": "Reports that declare failures without a failed test",
    "declared-more-failures": "Reports that declare more failures than they contain",
    "plan": "TAP plans that do not fit",
    "merged": "Tests merged by name",
    "status": "Unknown verdicts",
    "action": "Unknown actions",
    "node": "Nodes of unknown types",
    "type": "Members of a wrong type",
    "time": "Invalid durations",
    "timestamp": "Invalid timestamps",
    "encoding": "Bytes in another encoding",
    "characters": "Characters that XML forbids",
    "section": "Unexpected ends of CDATA sections",
    "junk": "Text around the document",
    "before": "Text before the document",
    "after": "Content after the document",
    "lines": "Lines that cannot be read",
    "fragments": "Tests in other files",
    "definitions": "Too many test definitions",
    "cut": "Texts cut in the middle",
    "large": "Tests with too much text",
    "many": "Tests with too many properties, attachments or attempts",
    "packed": "Packed output that cannot be read",
    "pytest-output": "Output that pytest did not write",
    "code-ref": "Tests that test cases cannot be linked to",
    # Earlier results.
    "baseline": "Baseline files that are not used",
    "no-baseline": "No baseline",
    "lost-reports": "Reports of the baseline that are not in this run",
    "save-results": "Results not saved",
    # Delivery.
    "membership": "Ambiguous environments or releases",
    "environment": "Environment not linked",
    "build": "Build not set up",
    "deployment": "Deployment not recorded",
    "artifacts": "Files not uploaded",
    "same-content": "Files uploaded once for several names",
    "trimmed": "Texts shortened for the import",
    "cases": "Test cases not matched",
    "split": "Import split into documents",
    # People.
    "results": "Tests not shown",
    "test-command": "Exit code of the test command",
    "quarantine": "Quarantine",
    "quarantine-unmatched": "Quarantine entries that match no test",
}
"""The title of each kind of notice."""


def all_texts(notices: Iterable[Notice], level: Level) -> tuple[list[str], int]:
    """Return the first texts of a level, each kind together, and the number of all notices of the level."""
    kinds = _by_kind(notices, level).values()
    texts = [notice.text for alike in kinds for notice in alike]
    return texts[:_MOST_TEXTS], sum(notice.total for alike in kinds for notice in alike)


def notice_lines(notices: Iterable[Notice], level: Level, rest: str) -> list[str]:
    """Return one line for each kind of a level.

    A single notice is its text. More of them are the kind's title, their count and two examples. No kind is
    left out: any of them may hint at a lost failure.

    Args:
        notices: in order.
        level: of the notices to show.
        rest: where the reader finds all of them.
    """
    return [_line(kind, alike, rest) for kind, alike in _by_kind(notices, level).items()]


def _by_kind(notices: Iterable[Notice], level: Level) -> dict[str, list[Notice]]:
    kinds: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.level == level:
            kinds.setdefault(notice.kind, []).append(notice)
    return kinds


def _line(kind: str, alike: Sequence[Notice], rest: str) -> str:
    total = sum(notice.total for notice in alike)
    if total == 1:
        return alike[0].text
    examples = [_shortened(notice.text.rstrip(".")) for notice in alike[:EXAMPLES]]
    more = total - sum(notice.total for notice in alike[:EXAMPLES])
    # Bundles of other versions may have other kinds.
    title = TITLES.get(kind, kind)
    return f"{title} ({total:,}): {'; '.join(examples)}" + (f"; {more:,} more: {rest}" if more else ".")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[: _LONGEST_EXAMPLE - 1]}…"
