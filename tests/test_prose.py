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
    *sorted((ROOT / "src").rglob("*.toml")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / ".github").rglob("*.md")),
    *sorted((ROOT / ".github").rglob("*.yml")),
    ROOT / "Makefile",
]

README = "README.md"

# A pattern, its reason, and the documents that still have it.
BANNED: dict[str, tuple[str, tuple[str, ...]]] = {
    r"\bdialects?\b": ("a kind of report is a format", ()),
    r"contract \u00a7": ("a fact refers to an anchor of docs/onetest-api.md, which the reader can open", ()),
    r"\bthat which\b": ("name the thing", ()),
    r"\bheard\b": ("data are not heard: a process receives", ()),
    r"\b[Cc]ouriers?\b": ("no metaphors: run_interruptible", ()),
    r"\b[Cc]rews?\b": ("no metaphors: OrderedPool", ()),
    r"\bShipment\b": ("no metaphors: PushContext", ()),
    r"\bwire\b": ("no metaphors: a connection", ()),
    r"\b[Mm]ost \w+ that\b": ("write: maximum", ()),
    r"\bwhat came\b": ("name the thing: a response, the cases so far", ()),
    r"\bso many\b": ("name the number", ()),
    r"(?<!there)(?<!There)(?<![\s#]) (?:is|are) no (?!longer)": (
        "write: is not a",
        (README, "CONTRIBUTING.md"),
    ),
    r"\b[Nn]obody\b": ("name the subject", (README,)),
    r"\b[Ww]hatever\b": ("name the thing: any exit code", (README,)),
    r"\btold\b": ("data are not told: a response returns, a person sets", (README,)),
    r"(?<!\.)\btells?\b": ("data do not tell: a report contains, a name distinguishes", (README,)),
    r"\bsays?\b": ("data do not say: a report contains, a message names", (README,)),
}


def found(pattern: str, text: str) -> list[int]:
    """The lines in which a match of the pattern begins."""
    loose = re.compile(pattern.replace(" ", r"[\s#]+"))
    return [text.count("\n", 0, match.start()) + 1 for match in loose.finditer(text)]


@pytest.mark.parametrize("pattern", BANNED)
def test_a_pattern_stays_out(pattern: str) -> None:
    reason, still_there = BANNED[pattern]
    places = [
        f"{name}:{line}: {reason}"
        for file in SEARCHED
        if not (name := file.relative_to(ROOT).as_posix()).startswith(still_there)
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
