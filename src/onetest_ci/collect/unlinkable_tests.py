"""Tests that no test case can name by their code_ref (docs/onetest-api.md#spelling-of-code_ref)."""

from typing import Final

from onetest_ci.code_ref.linking import WHITE_SPACE, is_title
from onetest_ci.notices import NOTE, WARNING, Level, Notice
from onetest_ci.text.plural import plural

_REF_SHOWN: Final = 120


class UnlinkableTests:
    """Counts these tests by the reason.

    Args:
        in_javascript: whether the checkout is a JavaScript project, whose tests have titles for names.
    """

    def __init__(self, *, in_javascript: bool) -> None:
        self._in_javascript = in_javascript
        self._found: dict[tuple[str, Level], tuple[int, str]] = {}

    def add(self, ref: str, problem: str, *, has_file: bool) -> None:
        """Count a test.

        Args:
            ref: its code_ref, without secrets.
            problem: the reason, in words that complete a sentence.
            has_file: whether its report contains its source file.
        """
        # A title has white space, and the test has no other name: a person can do nothing about it.
        is_expected = problem == WHITE_SPACE and (
            is_title(ref) or (self._in_javascript and not has_file and ":" not in ref)
        )
        level: Level = NOTE if is_expected else WARNING
        count, first = self._found.get((problem, level)) or (0, ref)
        self._found[problem, level] = (count + 1, first)

    def notices(self) -> list[Notice]:
        """Return one notice for each reason."""
        return [
            Notice(
                "code-ref",
                f"{plural(count, 'test')} cannot be linked to test cases by code_ref, "
                f"such as {first[:_REF_SHOWN]!r}: {problem}.",
                level=level,
            )
            for (problem, level), (count, first) in self._found.items()
        ]
