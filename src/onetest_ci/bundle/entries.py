"""What a bundle may hold: directories and regular files, nothing that leads elsewhere or blocks."""

import os
import stat
from pathlib import Path

from onetest_ci.errors import BundleError


def refuse_special(directory: Path) -> None:
    """Look through a bundle before anything in it is opened.

    A link would let the bundle's author choose what is sent or overwritten; a FIFO would hang the run.

    Args:
        directory: the bundle; it may itself be reached by a link. One that is not there holds nothing.

    Raises:
        BundleError: something is neither a directory nor a regular file, or cannot be looked at.
    """
    waiting = [directory]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                waiting.extend(Path(entry) for entry in entries if _is_directory(entry))
        except (FileNotFoundError, NotADirectoryError):
            if folder == directory:
                return
            raise BundleError("bad-bundle", f"{folder} changed while it was read.") from None
        except OSError as problem:
            raise BundleError("bad-bundle", f"{folder} cannot be read: {problem.strerror}.") from None


def _is_directory(entry: os.DirEntry[str]) -> bool:
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
        return stat.S_ISDIR(mode)
    kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
    raise BundleError(
        "bad-bundle",
        f"{entry.path} is {kind}; a bundle holds only files and directories.",
        "Collect the reports again, or fetch the bundle in a way that keeps it as it was.",
    )
