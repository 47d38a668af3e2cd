"""The code blocks of the documentation, each with the marks that state how it is tested.

A mark is an HTML comment on a line before the fence; a block may have several, on a line each.

- ``sh``: runs, unless it has ``<!-- not tested: REASON -->``. If it ends with another exit code than 0:
  ``<!-- exit code: N -->``.
- ``yaml``: ``<!-- yaml: VALIDATOR -->``, of support/snippet_validators.py, or ``<!-- yaml: none:REASON -->``.
- ``json``: ``<!-- json: NAME -->`` names docs/schemas/NAME.schema.json. If required members are left out:
  ``<!-- json: NAME, excerpt -->``.
- ``groovy``: runs with the steps of tests/hosts/jenkins.
- ``text``: output.
- Any other language: ``<!-- from: FILE -->``, or ``<!-- not tested: REASON -->``.
- ``<!-- from: FILE -->``: the block is a part of that file of the repository, or the whole of it. YAML of a
  file that is validated needs no other mark.

``python -m support.snippets`` prints how many blocks are tested, by kind, and the others with their reasons.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))

_TESTED_WITHOUT_MARK = frozenset({"sh", "groovy", "text"})
_MARK = re.compile(r"<!-- (not tested|exit code|yaml|json|from): (.+?) -->")
_COMMENT = re.compile(r"<!--.*-->")


class Block(NamedTuple):
    """A code block of a page."""

    page: str
    """Path of the page from the root of the repository."""
    line: int
    """Line of the fence."""
    language: str
    """Empty for a block without a fence, which is code by its indentation alone."""
    text: str
    marks: dict[str, str]

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def untested(self) -> str:
        """Why the block is not tested; empty if it is."""
        if "not tested" in self.marks:
            return self.marks["not tested"]
        validator = self.marks.get("yaml", "")
        return validator.removeprefix("none:").strip() if validator.startswith("none:") else ""

    @property
    def kind(self) -> str:
        """Return what the block is counted as."""
        if self.untested:
            return "not tested"
        if self.language in self.marks:
            return f"{self.language}: {self.marks[self.language]}"
        if "from" in self.marks:
            return f"{self.language}: equal to a file"
        return "output" if self.language == "text" else self.language


def blocks_of(page: Path) -> Iterator[Block]:
    """Return the code blocks of a page, in their order."""
    return blocks(page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix())


def blocks(source: str, name: str) -> Iterator[Block]:
    """Return the code blocks of a text, in their order."""
    lines = source.splitlines()
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        if token.type in {"fence", "code_block"} and token.map:
            start = token.map[0]
            yield Block(name, start + 1, token.info.strip(), token.content, _marks(lines[:start]))


def _marks(before: list[str]) -> dict[str, str]:
    marks: dict[str, str] = {}
    while before and _COMMENT.fullmatch(before[-1].strip()):
        marks.update(_MARK.findall(before.pop()))
    return marks


def slug(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and the site make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def mistake(block: Block) -> str:
    """Return what is wrong with a block's marks; empty if it is tested, or has a reason why it is not."""
    if not block.language:
        return "code needs a fence with a language"
    if block.language in _TESTED_WITHOUT_MARK or {"not tested", "from"} & set(block.marks):
        return ""
    needed = block.language if block.language in {"yaml", "json"} else "from"
    return "" if needed in block.marks else f"needs <!-- {needed}: … --> or <!-- not tested: reason -->"


@cache
def all_blocks() -> tuple[Block, ...]:
    """Return the blocks of all pages."""
    return tuple(block for page in PAGES for block in blocks_of(page))


def under_test(language: str) -> list[Block]:
    """Return the blocks of a language that are tested."""
    return [block for block in all_blocks() if block.language == language and not block.untested]


def counts() -> str:
    """Return the numbers of blocks by kind, and the reasons of those that are not tested."""
    kinds = Counter(block.kind for block in all_blocks())
    reasons = [block for block in all_blocks() if block.untested]
    # A reason that names a place of the suite is a test of its own.
    elsewhere = [block for block in reasons if "tests/" in block.untested]
    untested = [block for block in reasons if block not in elsewhere]
    del kinds["not tested"]
    output = kinds.pop("output", 0)
    lines = [f"{kinds.total():5} snippets tested"]
    lines += [f"{number:9} {kind}" for kind, number in sorted(kinds.items())]
    lines += [f"{output:5} blocks of output", f"{len(elsewhere):5} snippets that other tests run"]
    lines += [f"{len(untested):5} snippets not tested"]
    lines += [f"          {block.place}: {block.untested}" for block in untested]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(counts())
