"""Opens a file below a directory without being led out of it, whatever changes meanwhile."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

# Not blocking: a FIFO put in the file's place must not hang the run.
_FILE: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
# By O_PATH a folder needs no permission but to be passed through, as for any path.
_FOLDER: Final = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | _NO_LINK
_BY_STEPS: Final = bool(_NO_LINK) and os.open in os.supports_dir_fd


def open_beneath(root: Path, path: Path) -> BufferedReader:
    """Open a file for reading, one folder at a time, following no link, neither below the root nor above it.

    Between the moment a path was resolved and now, anything that runs beside us can put a link in the place
    of a folder or of the file. Where the system cannot open by steps, the path is resolved again once the
    file is open, and has to lead to that very file.

    Args:
        root: a resolved directory.
        path: a resolved path below it.

    Raises:
        OSError: nothing can be opened there, or a link is in the way.
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
    """Bytes of an open file; None when it is a folder, a pipe, a device or the like."""
    status = os.fstat(file.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else None
