"""Prose is plain English: patterns that stay out of the code and the documents, each with its reason.

CONTRIBUTING.md has the rules. Code is searched as a whole, with names, comments and texts. A space in a
pattern stands for any white space, so that a phrase is found across the end of a line, in a comment too.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEARCHED = [
    *(file for folder in ("src", "tools", "examples") for file in sorted((ROOT / folder).rglob("*.py"))),
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / ".github").rglob("*.md")),
    *sorted((ROOT / ".github").rglob("*.yml")),
    ROOT / "Makefile",
]

BANNED = {
    r"\bdialects?\b": "a kind of report is a format",
    r"contract §": "a fact refers to an anchor of docs/onetest-api.md, which the reader can open",
    r"\bthat which\b": "name the thing",
    r"\bheard\b": "data are not heard: a process receives",
}


def found(pattern: str, text: str) -> list[int]:
    """The lines in which a match of the pattern begins."""
    loose = re.compile(pattern.replace(" ", r"[\s#]+"))
    return [text.count("\n", 0, match.start()) + 1 for match in loose.finditer(text)]


@pytest.mark.parametrize("pattern", BANNED)
def test_a_pattern_stays_out(pattern: str) -> None:
    places = [
        f"{file.relative_to(ROOT)}:{line}: {BANNED[pattern]}"
        for file in SEARCHED
        for line in found(pattern, file.read_text(encoding="utf-8"))
    ]
    assert not places, "\n".join(places)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the one\nthat which came", [2]),
        ("x = 1  # that\n    # which came", [1]),
        ("a thing that, which", []),
    ],
)
def test_a_phrase_is_found_across_the_end_of_a_line(text: str, lines: list[int]) -> None:
    assert found("that which", text) == lines
