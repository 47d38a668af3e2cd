"""Counts and skipped files in words, as all texts for people show them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

if TYPE_CHECKING:
    from onetest_ci.case_links import LinkTotals

MERGED: Final = (
    "merged by name alone: a failure and a later result of the same name count as attempts of one test; "
    "--repeats tests counts each as a test"
)

SHOWN_SKIPPED: Final = 10
"""Skipped files that people are shown; the JSON has more of them."""


def describe_totals(totals: Mapping[str, float]) -> str:
    """Return the number of tests, how many passed, and each other count that is not zero."""
    words = {"failures": "failed", "errors": "in error", "skipped": "skipped", "flaky": "flaky"}
    parts = [f"{totals[key]:,} {word}" for key, word in words.items() if totals[key]]
    parts.insert(0, f"{totals['passed']:,} passed")
    return f"{plural(totals['tests'], 'test')}: {', '.join(parts)}"


def describe_skipped(count: int, named: Sequence[Mapping[str, str]], left_out: int) -> Iterator[str]:
    """Yield lines on what was found and not read: the first files with their reasons, then directories.

    Args:
        count: skipped files.
        named: path and reason of the first ones.
        left_out: directories that were not searched.
    """
    if count:
        yield f"skipped {plural(count, 'file')} of another kind:"
        for file in named[:SHOWN_SKIPPED]:
            yield f"  {one_line(file['path'])}: {one_line(file['reason'])}"
        if count > SHOWN_SKIPPED:
            yield f"  and {count - SHOWN_SKIPPED:,} more"
    if left_out:
        directories = "1 directory" if left_out == 1 else f"{left_out:,} directories"
        yield (
            f"left out {directories} of version control, virtual environments or installed packages; "
            "name one to search it"
        )


def describe_links(totals: "LinkTotals") -> str:
    """Return how many tests are linked to how many test cases, and how many have no case."""
    are = "is" if 1 in {totals.linked_tests, totals.tests} else "are"
    cases = plural(totals.linked_cases, "test case") if totals.linked_cases else "a test case"
    text = f"{totals.linked_tests:,} of {plural(totals.tests, 'test')} {are} linked to {cases}"
    left = totals.tests_without_case
    if left:
        text += f"; {left:,} {'has' if left == 1 else 'have'} no case"
    if totals.ambiguous:
        text += f"; {plural(totals.ambiguous, 'reference')} of several cases"
    return text
