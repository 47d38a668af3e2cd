"""What was found and not read, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from onetest_ci.outputs.escape import line
from onetest_ci.outputs.words import plural

SHOWN: Final = 10
"""Skipped files that people are shown; the JSON has more of them."""


def skipped(count: int, named: Sequence[Mapping[str, str]], left_out: int) -> Iterator[str]:
    """Yield lines that name the first skipped files with their reasons, and count what was not searched.

    Args:
        count: skipped files.
        named: path and reason of the first ones.
        left_out: directories that were not searched.
    """
    if count:
        yield f"skipped {plural(count, 'file')} of another kind:"
        for file in named[:SHOWN]:
            yield f"  {line(file['path'])}: {line(file['reason'])}"
        if count > SHOWN:
            yield f"  and {count - SHOWN:,} more"
    if left_out:
        directories = "1 directory" if left_out == 1 else f"{left_out:,} directories"
        yield (
            f"left out {directories} of version control, virtual environments or installed packages; "
            "name one to search it"
        )
