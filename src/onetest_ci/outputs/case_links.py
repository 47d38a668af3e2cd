"""Show how tests and test cases belong together: in lines for a terminal, and as Markdown."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.case_links import (
    WHY,
    WHY_NO_RESULT,
    CaseLinks,
    CaseWithoutResult,
    ManagedCase,
    Nearest,
    SharedReference,
    UnlinkedTest,
)
from onetest_ci.outputs.descriptions import describe_links
from onetest_ci.text.escape import escape_markdown, one_line

SHOWN: Final = 50
"""Rows of each kind that a terminal and a summary show."""

_CASES_SHOWN: Final = 5


def text_lines(links: CaseLinks, rest: str) -> Iterator[str]:
    """Yield lines for a terminal.

    Args:
        links: bounded, without secrets.
        rest: where the reader finds all rows.
    """
    totals = links.totals
    yield f"{describe_links(totals)}."
    if links.tests_without_case:
        yield f"Tests without a case ({totals.tests_without_case:,}):"
        for row in links.tests_without_case[:SHOWN]:
            yield f"  {one_line(row.test.code_ref or row.test.name, 500)}"
            explained = _explained(row)
            if explained:
                yield f"      {one_line(explained, 1000)}"
        yield from _more(totals.tests_without_case, rest)
    if links.cases_without_result:
        yield f"Test cases without a result ({totals.cases_without_result:,}):"
        for one in links.cases_without_result[:SHOWN]:
            yield f"  {one_line(_named(one.case), 300)}: {one_line(_without_result(one), 700)}"
        yield from _more(totals.cases_without_result, rest)
    if links.ambiguous:
        yield f"References of several test cases ({totals.ambiguous:,}):"
        for shared in links.ambiguous[:SHOWN]:
            yield f"  {one_line(shared.reference, 500)}: {one_line(_labels(shared), 700)}"
        yield from _more(totals.ambiguous, rest)


def markdown_details(links: CaseLinks, shown: int = SHOWN) -> Iterator[str]:
    """Yield the folded rows in Markdown, if there are any.

    Args:
        links: bounded, without secrets.
        shown: rows of each kind.
    """
    totals = links.totals
    if not (links.tests_without_case or links.cases_without_result or links.ambiguous):
        return
    yield "<details><summary>Tests without a test case, and test cases without a result</summary>"
    if links.tests_without_case:
        yield from ("", "| Test without a case | Reason |", "| :--- | :--- |")
        for row in links.tests_without_case[:shown]:
            explained = escape_markdown(_explained(row), 500)
            yield f"| {escape_markdown(row.test.code_ref or row.test.name)} | {explained} |"
        yield from _more_in_markdown(totals.tests_without_case, shown)
    if links.cases_without_result:
        yield from ("", "| Test case without a result | Reason |", "| :--- | :--- |")
        for one in links.cases_without_result[:shown]:
            yield f"| {escape_markdown(_named(one.case))} | {escape_markdown(_without_result(one))} |"
        yield from _more_in_markdown(totals.cases_without_result, shown)
    if links.ambiguous:
        yield from ("", "| Reference of several test cases | Test cases |", "| :--- | :--- |")
        for shared in links.ambiguous[:shown]:
            yield f"| {escape_markdown(shared.reference)} | {escape_markdown(_labels(shared))} |"
        yield from _more_in_markdown(totals.ambiguous, shown)
    yield from ("", "</details>")


def markdown(links: CaseLinks) -> str:
    """Return the summary of a match as Markdown."""
    totals = links.totals
    sign = "⚠️" if totals.tests_without_case or totals.cases_without_result or totals.ambiguous else "✅"
    lines = ["### Test cases", "", f"{sign} {describe_links(totals)}.", "", *markdown_details(links)]
    return "\n".join(lines).rstrip() + "\n"


def is_linkable(row: UnlinkedTest) -> bool:
    """Return whether a test case can have the test's reference."""
    return not row.test.code_ref or row.test.code_ref.split() == [row.test.code_ref]


def _explained(row: UnlinkedTest) -> str:
    """Return the nearest case, else why no case can have the test's reference. Empty if one can."""
    if row.nearest:
        return f"nearest: {_nearest(row.nearest)}"
    return "" if is_linkable(row) else f"cannot be linked: {WHY['spaces']}"


def _nearest(nearest: Nearest) -> str:
    reference = f" ({nearest.reference[:200]})" if nearest.reference else ""
    why = "; ".join(WHY.get(reason, reason) for reason in nearest.why)
    return f"{_named(nearest.case)}{reference}: {why}"


def _named(case: ManagedCase) -> str:
    """Return the number and the title of a case, of which either may be missing."""
    return " ".join(text for text in (case.label, case.title[:200]) if text.strip()) or "(no id)"


def _without_result(row: CaseWithoutResult) -> str:
    references = " ".join(row.case.automation_test_id.split())
    shown = f" ({references[:200]})" if references else ""
    return f"{WHY_NO_RESULT.get(row.why, row.why)}{shown}"


def _labels(shared: SharedReference) -> str:
    labels = [case.label or "(no id)" for case in shared.cases[:_CASES_SHOWN]]
    more = ["…"] if len(shared.cases) > _CASES_SHOWN else []
    return ", ".join([*labels, *more])


def _more(total: int, rest: str) -> Iterator[str]:
    if total > SHOWN:
        yield f"  … {total - SHOWN:,} more; {rest}"


def _more_in_markdown(total: int, shown: int) -> Iterator[str]:
    if total > shown:
        yield from ("", f"{total - shown:,} more")
