"""Let one process at a time push a bundle, or use another file that both would write."""

import errno
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from onetest_ci.bundle.bundle import MANIFEST
from onetest_ci.errors import BundleError, OnetestError, bundle_not_written

_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF})
"""A file system without locks. There two pushes at once are recognised by the UUIDs of their items only."""

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against reading too, so this is one behind the end of any manifest.
    # https://learn.microsoft.com/en-us/cpp/c-runtime-library/reference/locking
    _LOCKED_BYTE: Final = 2**31 - 2

    @contextmanager
    def _exclusive(file: BinaryIO) -> Iterator[None]:
        """Lock a file, or raise BlockingIOError."""
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as problem:
            raise BlockingIOError(problem.errno, problem.strerror) from None
        try:
            yield
        finally:
            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    @contextmanager
    def _exclusive(file: BinaryIO) -> Iterator[None]:
        """Lock a file until it is closed, or raise BlockingIOError. Containers that share it see the lock."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextmanager
def locked(directory: Path, name: str = MANIFEST) -> Iterator[None]:
    """Hold the lock of a bundle. It ends with the process, however that ends.

    Args:
        directory: the bundle, or the directory of its delivery log.
        name: the file in it that is locked.

    Raises:
        BundleError: another process is pushing the bundle.
    """
    busy = BundleError(
        "bundle-in-use",
        f"Another process is pushing {directory}.",
        "Wait until it ends. A later push sends the rest.",
    )
    with _opened(directory / name) as file, ExitStack() as lock:
        try:
            hold(lock, file, busy)
        except OSError as problem:
            raise bundle_not_written(directory, problem) from None
        yield


def hold(lock: ExitStack, file: BinaryIO, busy: OnetestError) -> None:
    """Lock an open file until the stack is closed. A file system without locks is accepted.

    Args:
        lock: holds the lock. Close it before the file.
        file: the file to lock.
        busy: raised if another process holds the lock.

    Raises:
        OnetestError: ``busy``.
        OSError: the file cannot be locked.
    """
    try:
        lock.enter_context(_exclusive(file))
    except BlockingIOError:
        raise busy from None
    except OSError as problem:
        if problem.errno not in _NO_LOCKS:
            raise


def _opened(path: Path) -> BinaryIO:
    """Open a file for writing if possible: NFS locks no other file exclusively (flock(2))."""
    try:
        return path.open("r+b")
    except OSError:
        return path.open("rb")
