"""One push of a bundle at a time."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from onetest_ci.bundle.bundle import MANIFEST
from onetest_ci.errors import BundleError, bundle_not_written

_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF})

# Windows has no such locks.
if sys.platform != "win32":
    import fcntl


@contextmanager
def locked(directory: Path, name: str = MANIFEST) -> Iterator[None]:
    """Hold the bundle; the lock goes with the process, however that ends.

    It holds between containers that share the directory. Where the file system knows no locks there is none:
    two pushes at once are then told apart by their ids alone.

    Raises:
        BundleError: another process is pushing it.
    """
    with _opened(directory / name) as manifest:
        if sys.platform != "win32":
            try:
                fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BundleError(
                    "bundle-in-use",
                    f"Another process is pushing {directory} right now.",
                    "Wait for it; what it leaves, a later push sends.",
                ) from None
            except OSError as problem:
                if problem.errno not in _NO_LOCKS:
                    raise bundle_not_written(directory, problem) from None
        yield


def _opened(path: Path) -> BinaryIO:
    """For writing where that is allowed, since NFS gives no other file an exclusive lock (flock(2))."""
    try:
        return path.open("r+b")
    except OSError:
        return path.open("rb")
