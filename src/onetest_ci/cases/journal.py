"""The journal of a sync: what a run was about to create, so that a killed run can be continued.

One JSON object a line. A line with an intent is on the disk before the request that creates the case, a line
with its result after the response. An intent without a result may have created its case; the next run finds
that case in the list of cases. A run that did everything empties the journal.
"""

import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from onetest_ci.bundle.hash_chain import HashChain
from onetest_ci.bundle.lock import hold
from onetest_ci.errors import JournalError

MAX_BYTES: Final = 64 * 1024 * 1024
"""Size of a journal. A line takes some 200 bytes."""

_LONGEST_LINE: Final = 16_384
"""Bytes. A reference and a title take less than half of them, however they are encoded."""

# No link is followed, and no pipe is waited for: the path may lie where others can write.
_OPEN: Final = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


class Entry(NamedTuple):
    """A case that an earlier run created, or was about to create.

    Attributes:
        title: its title.
        case_id: its id. Empty if the run recorded no result.
    """

    title: str
    case_id: str = ""


class Journal:
    """The open journal of one product. Only ``open_journal`` makes it.

    Args:
        path: of the file, for messages.
        file: open and locked.
        seed: identifies the product. The journal of another one is refused.

    Attributes:
        path: as above.
        earlier: what earlier runs left, by reference.

    Raises:
        JournalError: ``bad-journal``.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path, file: FileIO, seed: str) -> None:
        self.path: Final = path
        self._file = file
        self._chain = HashChain(seed)
        self._seed = seed
        self._size = 0
        self.earlier: Final[Mapping[str, Entry]] = MappingProxyType(self._read())

    def _read(self) -> dict[str, Entry]:
        if os.fstat(self._file.fileno()).st_size > MAX_BYTES:
            raise _damaged(self.path, f"it has more than {MAX_BYTES:,} bytes")
        found: dict[str, Entry] = {}
        for number, line in enumerate(self._file.readall().splitlines(keepends=True), 1):
            if not line.endswith(b"\n"):
                # A killed process left half a line: the request of its intent was not sent.
                break
            try:
                self._chain.check(line)
                self._take(found, _row(line))
            except ValueError:
                raise _damaged(self.path, f"line {number} is not as it was written") from None
            self._chain.add(line)
            self._size += len(line)
        return found

    @staticmethod
    def _take(found: dict[str, Entry], row: dict[str, Any]) -> None:
        match row:
            case {"intent": str(reference), "title": str(title)}:
                found[reference] = Entry(title)
            case {"done": str(reference), "id": str(case_id)} if reference in found:
                found[reference] = found[reference]._replace(case_id=case_id)
            case _:
                raise ValueError("it is neither an intent nor a result")

    def intend(self, reference: str, title: str) -> None:
        """Record that a case is about to be created. The line is on the disk then.

        Raises:
            JournalError: it cannot be written. Then nothing must be created.
        """
        self._append({"intent": reference, "title": title})

    def record(self, reference: str, case_id: str) -> None:
        """Record that the case exists.

        Raises:
            JournalError: it cannot be written.
        """
        self._append({"done": reference, "id": case_id})

    def complete(self) -> None:
        """Empty the journal: nothing is left to continue.

        Raises:
            JournalError: it cannot be written.
        """
        try:
            self._file.truncate(0)
        except OSError as problem:
            raise _not_written(self.path, problem) from None
        self._size = 0
        self._chain = HashChain(self._seed)

    def _append(self, row: dict[str, str]) -> None:
        line = self._chain.link(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        try:
            self._write(line)
        except OSError as problem:
            raise _not_written(self.path, problem) from None
        self._chain.add(line)
        self._size += len(line)

    def _write(self, line: bytes) -> None:
        if self._size + len(line) > MAX_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        # What a killed process or a full disk left behind the last whole line is overwritten.
        self._file.truncate(self._size)
        self._file.seek(self._size)
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._file.fileno())


@contextmanager
def open_journal(path: Path, seed: str) -> Iterator[Journal]:
    """Open a journal, and hold its lock until the end of the block or of the process.

    Args:
        path: absolute. The file and its directory are created if they do not exist.
        seed: identifies the product.

    Raises:
        JournalError: ``journal-in-use``, ``bad-journal``, ``journal-not-written``.
    """
    busy = JournalError(
        "journal-in-use",
        f"Another run synchronizes this product: it holds the journal {path}.",
        "Wait until it ends, then run the command again.",
    )
    with ExitStack() as stack:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = stack.enter_context(_opened(path))
            hold(stack, file, busy)
            journal = Journal(path, file, seed)
        except OSError as problem:
            raise _not_written(path, problem) from None
        yield journal


def _opened(path: Path) -> FileIO:
    """Open the file for reading and writing; create it if it does not exist.

    Raises:
        OSError: it cannot be opened, or is not a regular file.
    """
    file = os.fdopen(os.open(path, _OPEN, 0o600), "r+b", buffering=0)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is not a regular file")
    return file


def _row(line: bytes) -> dict[str, Any]:
    """Return the members of a line.

    Raises:
        ValueError: the line is too long, or not a JSON object.
    """
    if len(line) > _LONGEST_LINE:
        raise ValueError("it is too long")
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(row, dict):
        raise ValueError("it is not an object")  # noqa: TRY004 - one kind of error for every damage
    return row


def _damaged(path: Path, why: str) -> JournalError:
    return JournalError(
        "bad-journal",
        f"The journal {path} is damaged or belongs to another product, and nothing was changed: {why}",
        "Remove the file. A further run finds the cases that exist in OneTest.",
    )


def _not_written(path: Path, problem: OSError) -> JournalError:
    return JournalError(
        "journal-not-written",
        f"The journal {path} cannot be used: {problem.strerror or problem}. Without it nothing is created",
        "Set --journal to a file that can be written, and keep it until the sync is complete.",
    )
