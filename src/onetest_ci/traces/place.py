"""A line of the checkout."""

from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file of the repository.

    Attributes:
        file: its path relative to the root of the repository, with ``/``. The file exists.
        line: counted from 1, and in the file; None if only the file is known.
    """

    file: str
    line: int | None
