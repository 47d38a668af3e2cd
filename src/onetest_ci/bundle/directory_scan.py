"""Check that a bundle contains only directories and regular files, and not too much of them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from onetest_ci.errors import BundleError

MAX_ENTRIES: Final = 500_000
MAX_BYTES: Final = 20 * 1024**3
"""Of all files together. Each has at most 10 MB, and OneTest's largest plan stores 15 GB.

See docs/onetest-api.md#coins-and-limits.
"""


def refuse_special(directory: Path) -> None:
    """Refuse a bundle with links, FIFOs and the like, before any file in it is opened.

    A link would let the bundle's author choose what is sent or overwritten. A FIFO would hang the run.

    Args:
        directory: the bundle. It may itself be reached by a link. A missing one is accepted.

    Raises:
        BundleError: an entry is neither a directory nor a regular file, or cannot be read; or the bundle has
            more files or bytes than any run writes.
    """
    for _ in _files(directory):
        pass


def sizes_below(directory: Path) -> dict[str, int]:
    """Return the size of each file in a bundle, by its path relative to the bundle.

    Raises:
        BundleError: as for ``refuse_special``.
    """
    return dict(_files(directory))


def _files(directory: Path) -> Iterator[tuple[str, int]]:
    """Yield path and size of each file in a bundle."""
    waiting = [""]
    count = size = 0
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(directory / folder) as entries:
                for entry in entries:
                    found = _checked(entry)
                    count, size = count + 1, size + found.st_size
                    if count > MAX_ENTRIES or size > MAX_BYTES:
                        raise _too_large(directory)
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(f"{folder}{entry.name}/")
                    else:
                        yield f"{folder}{entry.name}", found.st_size
        except (FileNotFoundError, NotADirectoryError):
            if not folder:
                return
            raise BundleError("bad-bundle", f"{directory / folder} changed while it was read.") from None
        except OSError as problem:
            raise BundleError(
                "bad-bundle", f"{directory / folder} cannot be read: {problem.strerror}."
            ) from None


def _too_large(directory: Path) -> BundleError:
    return BundleError(
        "bad-bundle",
        f"{directory} holds more than {MAX_ENTRIES:,} files or {MAX_BYTES:,} bytes.",
        "Collect less at once, for example by fewer --artifacts.",
    )


def _checked(entry: os.DirEntry[str]) -> os.stat_result:
    found = entry.stat(follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode):
        return found
    kind = "a link" if stat.S_ISLNK(found.st_mode) else "not a regular file"
    raise BundleError(
        "bad-bundle",
        f"{entry.path} is {kind}. A bundle contains only files and directories.",
        "Collect the reports again, or fetch the bundle in a way that keeps it as it was.",
    )
