"""A line of a file in the checkout."""

from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file in the checkout.

    Attributes:
        file: path relative to the checkout's root, with ``/`` between its parts.
        line: from 1.
    """

    file: str
    line: int
