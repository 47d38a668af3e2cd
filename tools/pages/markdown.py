"""Markdown of the generated parts."""

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import Final

_ATTRIBUTE: Final = re.compile(r"^    (\w+): ((?:.|\n(?=        ))+)", re.MULTILINE)


def cell(text: str) -> str:
    """Return a text for one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join(':---' for _ in header)} |"
    for row in rows:
        yield f"| {' | '.join(cell(value) for value in row)} |"


def attributes(documented: type) -> dict[str, str]:
    """Return the text about each attribute in the docstring of a class."""
    _, _, section = cleandoc(documented.__doc__ or "").partition("Attributes:\n")
    return {
        name: code(" ".join(text.split()).rstrip(".")) for name, text in _ATTRIBUTE.findall(section.rstrip())
    }


def code(text: str) -> str:
    """Return a docstring's text as Markdown, which has one backtick around code."""
    return text.replace("``", "`")
