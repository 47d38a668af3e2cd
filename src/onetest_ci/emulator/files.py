"""Contents of files, in a folder beside the database. Each is stored once and named by its SHA-256."""

import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from onetest_ci.emulator.errors import TooLarge

# Bytes of one file, on every plan (docs/onetest-api.md#limits).
MAX_FILE = 10 * 1024 * 1024
# Bytes of a multipart body with one file: the file and 64 KiB for the rest.
MAX_UPLOAD = MAX_FILE + 64 * 1024


class Content(NamedTuple):
    """A stored content: the SHA-256 in hex, which is its name, and the size in bytes."""

    sha256: str
    size: int


class IncomingFile:
    """A file that is being received. If the context ends without ``keep``, the content is deleted.

    Args:
        folder: the folder of contents.
        limit: maximum size in bytes.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._hash = hashlib.sha256()
        handle, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
        self._file: IO[bytes] = os.fdopen(handle, "wb")
        self._path = Path(name)
        self._size = 0

    def write(self, chunk: bytes) -> None:
        """Write the next chunk.

        Raises:
            TooLarge: with this chunk the file is over the limit.
        """
        self._size += len(chunk)
        if self._size > self._limit:
            raise TooLarge(self._limit)
        self._hash.update(chunk)
        self._file.write(chunk)

    def keep(self) -> Content:
        """Move the content to its final path."""
        self._file.close()
        content = Content(self._hash.hexdigest(), self._size)
        path = _content_path(self._folder, content.sha256)
        path.parent.mkdir(exist_ok=True)
        self._path.replace(path)
        return content

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
        folder: created if it does not exist.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        for leftover in folder.glob("incoming-*"):
            leftover.unlink(missing_ok=True)

    def incoming(self) -> IncomingFile:
        """Return a context manager that receives one file of at most ``MAX_FILE`` bytes."""
        return IncomingFile(self._folder, MAX_FILE)

    def path(self, sha256: str) -> Path:
        """Return the path of a content."""
        return _content_path(self._folder, sha256)


def _content_path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256
