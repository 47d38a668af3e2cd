"""One push of a bundle at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onetest_ci.bundle.format import MANIFEST
from onetest_ci.errors import BundleError

# Windows has no such locks; two pushes at once are then told apart by their ids alone.
if sys.platform != "win32":
    import fcntl


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the bundle; the lock goes with the process, however that ends.

    Raises:
        BundleError: another process is pushing it.
    """
    with (directory / MANIFEST).open("rb") as manifest:
        if sys.platform != "win32":
            try:
                fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BundleError(
                    "bundle-in-use",
                    f"Another process is pushing {directory} right now.",
                    "Wait for it; what it leaves, a later push sends.",
                ) from None
        yield
