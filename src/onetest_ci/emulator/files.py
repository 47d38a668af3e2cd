"""Contents of files on disk, beside the database, each once and named by its SHA-256."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from onetest_ci.emulator.errors import TooLarge

# Per file, on every plan (docs/onetest-api.md#limits).
MAX_FILE = 10 * 1024 * 1024


class IncomingFile:
    """A file being received. Leaving the context without ``keep`` forgets it.

    Args:
        folder: where contents are kept.
        limit: bytes that are allowed.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._hash = hashlib.sha256()
        handle, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
        self._file: IO[bytes] = os.fdopen(handle, "wb")
        self._path = Path(name)
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Take the next part.

        Raises:
            TooLarge: with this part the file is over the limit.
        """
        self.size += len(chunk)
        if self.size > self._limit:
            raise TooLarge(self._limit)
        self._hash.update(chunk)
        self._file.write(chunk)

    def keep(self) -> str:
        """Move the content to its place; gives its name, the SHA-256 in hex."""
        self._file.close()
        name = self._hash.hexdigest()
        place = self._folder / name[:2] / name
        place.parent.mkdir(exist_ok=True)
        self._path.replace(place)
        return name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class Files:
    """The folder of contents.

    Args:
        folder: made when it does not exist.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        for leftover in folder.glob("incoming-*"):
            leftover.unlink(missing_ok=True)

    @contextmanager
    def incoming(self, limit: int = MAX_FILE) -> Iterator[IncomingFile]:
        """Receive one file."""
        with IncomingFile(self._folder, limit) as incoming:
            yield incoming

    def path(self, sha256: str) -> Path:
        """Where the content of that name is."""
        return self._folder / sha256[:2] / sha256
