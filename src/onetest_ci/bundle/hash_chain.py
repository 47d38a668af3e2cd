"""Link each line of a log to all lines before it, so that damage is detected.

Each line ends with a checksum of itself and of the checksum before it. A line that was changed, removed,
added or moved breaks the chain. A cut at the end leaves a shorter chain that is intact; therefore the number
of lines is kept in a second file (``LineCount``).
"""

import hashlib
import os
from pathlib import Path
from typing import IO, Final

_DIGITS: Final = 16
_OPEN: Final = b',"sum":"'
_CLOSE: Final = b'"}\n'
_TAIL_BYTES: Final = len(_OPEN) + _DIGITS + len(_CLOSE)
_COUNT_DIGITS: Final = 20
_CREATED: Final = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)


class HashChain:
    """Keeps the checksum of the last line.

    Args:
        seed: in place of a line before the first. A log with another seed is refused.
    """

    def __init__(self, seed: str) -> None:
        self._last = seed.encode()

    def link(self, body: bytes) -> bytes:
        """Return the next line, for a JSON object with at least one member."""
        return body[:-1] + _OPEN + _checksum(self._last, body) + _CLOSE

    def check(self, line: bytes) -> None:
        """Check that a line is the next one.

        Raises:
            ValueError: the line does not follow the last one, or is not as it was written.
        """
        if line != self.link(line[:-_TAIL_BYTES] + b"}"):
            raise ValueError("it is not as it was written")

    def add(self, line: bytes) -> None:
        """Make a line the last one."""
        self._last = line[-_DIGITS - len(_CLOSE) : -len(_CLOSE)]


def _checksum(last: bytes, body: bytes) -> bytes:
    return hashlib.sha256(last + body).hexdigest()[:_DIGITS].encode()


class LineCount:
    """The number of a log's lines, in a file beside it.

    The file is written after each line and not forced to the disk, so it may be behind the log.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def read(self) -> int | None:
        """Return the number of lines: 0 if there is no file, None if the file does not contain a number.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                text = file.read(2 * _COUNT_DIGITS)
        except FileNotFoundError:
            return 0
        number = text.strip()
        return int(number) if len(text) == _COUNT_DIGITS and number.isdigit() else None

    def write(self, lines: int) -> None:
        """Write the number of lines.

        Raises:
            OSError: the file cannot be written.
        """
        if self._file is None:
            # Not emptied: a process that is killed here leaves the earlier number.
            self._file = os.fdopen(os.open(self._path, _CREATED), "wb", buffering=0)
            self._file.truncate(_COUNT_DIGITS)
        self._file.seek(0)
        self._file.write(b"%*d\n" % (_COUNT_DIGITS - 1, lines))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
