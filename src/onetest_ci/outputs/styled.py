"""A part of a line with a style, which is added after the text was escaped."""

from collections.abc import Sequence
from typing import NamedTuple


class Styled(NamedTuple):
    """A part of a line.

    Attributes:
        text: not escaped yet.
        colour: name of an ANSI colour; empty for none.
        bold: whether it is printed in bold.
    """

    text: str
    colour: str = ""
    bold: bool = False


Line = str | Sequence[str | Styled]
"""A line to print: a text, or its parts."""
