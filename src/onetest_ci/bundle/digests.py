"""Sizes and SHA-256 digests of a bundle's files.

They show damage: a file that was cut off, changed or mixed up on its way. They do not show who wrote the
bundle, because an author who changes a file can compute its digest again.
"""

import hashlib
from pathlib import Path
from typing import Protocol

from onetest_ci.bundle.records import FileDigest
from onetest_ci.safe_open import open_beneath


class _Writable(Protocol):
    def write(self, data: bytes | bytearray, /) -> int: ...


class HashingWriter:
    """Writes to a file and computes the digest of its content, so that the file is not read again.

    Args:
        file: buffered, so that it writes all data of a call.
    """

    def __init__(self, file: _Writable) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes | bytearray, /) -> int:
        """Write all of the data."""
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
        return len(data)

    def digest(self, place: str) -> FileDigest:
        """Return the digest of the content so far, for the file at this place in the bundle."""
        return FileDigest(place, self._size, self._hash.hexdigest())


def digest_of(directory: Path, place: str) -> FileDigest:
    """Read a file of a bundle as a stream and return its digest.

    Args:
        directory: the bundle, resolved.
        place: the file's path in it. A link on the way is not followed.

    Raises:
        OSError: the file cannot be read.
    """
    with open_beneath(directory, directory / place) as file:
        digest = hashlib.file_digest(file, "sha256")
        return FileDigest(place, file.tell(), digest.hexdigest())
