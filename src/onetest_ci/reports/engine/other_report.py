"""Finds another report in the text before and after a report in its file: it would be lost."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Final

from onetest_ci.reports.engine.head import Sign
from onetest_ci.reports.engine.repair import DOCUMENT

_PIECE: Final = 128 * 1024
_LONGEST_SIGN: Final = 256
_SIGNS: Final = (
    ("TAP", re.compile(rb"\n(?:TAP version \d|not ok\b)")),
    (
        "ExUnit text",
        re.compile(rb"\n(?:Running ExUnit with seed: \d|Finished in \d+\.\d+ seconds \(\d+\.\d+s async, )"),
    ),
    ("XML", DOCUMENT),
)


def kind_beginning_in(text: bytes) -> str:
    """Return the kind of report, other than JSON, that begins in a text. Empty for none.

    A line that the text begins with counts only if its line break stands before it.
    """
    return next((name for name, sign in _SIGNS if sign.search(text)), "")


class _Observed:
    """The pieces of a text as a stream. Looks for reports that are not JSON while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.format = ""
        self._pieces = pieces
        self._before = b"\n"

    def read(self, _size: int = -1, /) -> bytes:
        """Return the next piece, of any length; empty at the end."""
        data = next((piece for piece in self._pieces if piece), b"")
        if data and not self.format:
            # A sign may begin in one piece and go on in the next.
            text = self._before + data
            self.format = kind_beginning_in(text)
            self._before = text[-_LONGEST_SIGN:]
        return data

    def seek(self, _offset: int, /) -> None:
        """Fail: the text is read once."""
        raise io.UnsupportedOperation("seek")


def find_report(pieces: Iterator[bytes], signs: tuple[Sign, ...], title: Callable[[str], str]) -> str:
    """Return the title of the format of a report in a text; empty for none. The text is read to its end.

    Args:
        pieces: the text, as it is read.
        signs: the members that decide among JSON formats.
        title: returns what people call a format, by its name.
    """
    # Compiling its patterns takes long, and most callers check single lines.
    from onetest_ci.reports.engine.json_members import find_format  # noqa: PLC0415

    stream = _Observed(pieces)
    found = find_format(stream, signs, anywhere=True).format
    while stream.read(_PIECE):
        pass
    return title(found) if found else stream.format
