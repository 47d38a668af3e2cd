"""The template of a new test case's title: text with fields of the test in braces."""

from string import Formatter
from typing import Final, NamedTuple, Self

from onetest_ci.case_links import ReportedTest, canonical
from onetest_ci.code_ref.parameters import without_parameters
from onetest_ci.code_ref.paths import suffix_of
from onetest_ci.errors import UsageProblem
from onetest_ci.limits import clean, cut

MAX_TITLE: Final = 500
"""Characters of a title (assumed)."""

DEFAULT: Final = "{name}"

FIELDS: Final = {
    "name": "the test's name without its parameters",
    "class": "its class, as in the code_ref",
    "file": "its file, as in the code_ref",
    "suite": "the names of the suites around it, joined by ` > `",
    "code_ref": "its code_ref",
}
"""Each field and its meaning, for people."""


class TitleTemplate(NamedTuple):
    """A parsed template.

    Attributes:
        parts: literal texts, each with the name of the field after it. A name may be empty.
    """

    parts: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the template in a text.

        Raises:
            UsageProblem: ``bad-title``: a field is not known, or a brace has no partner.
        """
        try:
            parsed = list(Formatter().parse(text))
        except ValueError:
            raise _bad_title(text, "a brace has no partner") from None
        for _, field, form, conversion in parsed:
            if field is not None and (field not in FIELDS or form or conversion):
                raise _bad_title(text, f"{{{field}}} is not a field of a test")
        if not text.strip():
            raise _bad_title(text, "it is empty")
        return cls(tuple((literal, field or "") for literal, field, _, _ in parsed))

    def title_of(self, test: ReportedTest) -> str:
        """Return the title for a test, with single spaces. Empty if all fields of the template are empty."""
        values = _values(test)
        text = "".join(literal + values.get(field, "") for literal, field in self.parts)
        return cut(" ".join(clean(text).split()), MAX_TITLE)


def _values(test: ReportedTest) -> dict[str, str]:
    reference = canonical(test.code_ref)
    file, colon, rest = reference.partition(":")
    inner = rest if colon else reference
    return {
        "name": without_parameters(test.name, suffix_of(file) if colon else "") or test.name,
        "class": inner.rpartition(".")[0],
        "file": file if colon else "",
        "suite": test.suite,
        "code_ref": reference,
    }


def _bad_title(text: str, why: str) -> UsageProblem:
    return UsageProblem(
        "bad-title",
        f"--title {text!r} is not a template: {why}",
        f"Fields: {', '.join(f'{{{name}}}' for name in FIELDS)}. Write {{{{ for a brace.",
    )
