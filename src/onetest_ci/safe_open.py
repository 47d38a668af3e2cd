"""Open files safely although links, pipes or other files may replace them at any moment."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

# Not blocking: a FIFO put in the file's place must not hang the run.
_FILE: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
# By O_PATH a folder needs no permission but to be passed through, as for any path.
_FOLDER: Final = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | _NO_LINK
_BY_STEPS: Final = bool(_NO_LINK) and os.open in os.supports_dir_fd


def open_beneath(root: Path, path: Path) -> BufferedReader:
    """Open a file for reading, one folder at a time, without following links below the root or above it.

    Since the path was resolved, another process may have replaced a folder or the file by a link. A system
    that cannot open folder by folder resolves the path again after opening; it must lead to the open file.

    Args:
        root: a resolved directory.
        path: a resolved path below it.

    Raises:
        OSError: the file cannot be opened, or a link is in its path.
    """
    if not _BY_STEPS:
        return _checked(path)
    if not path.is_relative_to(root):
        raise OSError(errno.EXDEV, "it lies outside the directory")
    folder = os.open(path.anchor, _FOLDER)
    try:
        *folders, name = path.relative_to(path.anchor).parts
        for part in folders:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.fdopen(os.open(name, _FILE | _NO_LINK, dir_fd=folder), "rb")
    finally:
        os.close(folder)


def _checked(path: Path) -> BufferedReader:
    file = os.fdopen(os.open(path, _FILE), "rb")
    try:
        same = os.path.samestat(path.lstat(), os.fstat(file.fileno())) and path.resolve(strict=True) == path
    except OSError:
        same = False
    if not same:
        file.close()
        raise OSError(errno.ESTALE, "another file is in its place now")
    return file


def size_of_regular(file: BinaryIO) -> int | None:
    """Return the bytes of an open file; None for a folder, a pipe, a device or the like."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None


class FileIdentity(NamedTuple):
    """Which file was opened, and the facts that change with its content."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """Return the identity in a file's status."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    @classmethod
    def of_open(cls, file: BinaryIO) -> Self:
        """Return the identity of an open file."""
        return cls.of(os.fstat(file.fileno()))


def open_regular(path: Path, expected: FileIdentity | None = None) -> BufferedReader:
    """Open a regular file for reading. A pipe or a device is an error; the call does not wait for it.

    Args:
        path: of the file; links are followed.
        expected: the file that it must be, with any content; None for any file.

    Raises:
        OSError: it cannot be opened, or it is not the expected file.
    """
    file = os.fdopen(os.open(path, _FILE), "rb")
    status = os.fstat(file.fileno())
    problem: OSError | None = None
    if stat.S_ISDIR(status.st_mode):
        problem = IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    elif not stat.S_ISREG(status.st_mode):
        problem = OSError(errno.EINVAL, "it is not a regular file")
    elif expected is not None and (status.st_dev, status.st_ino) != expected[:2]:
        problem = OSError(errno.ESTALE, "another file is in its place now")
    if problem is not None:
        file.close()
        raise problem
    return file
