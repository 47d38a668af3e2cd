"""Files that root writes into a workspace of somebody else's go to that owner.

A container action runs as root in a workspace that the runner's user owns and cleans; files of root would
stay there and break the next job (actions/runner #434, actions/checkout #309).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def workspace_owned(path: Path, workspace: Path | None) -> Iterator[None]:
    """Whatever is made at this path meanwhile, its missing parents included, is given back at the end."""
    new = path
    while not new.parent.exists() and new.parent != new:
        new = new.parent
    try:
        yield
    finally:
        set_workspace_owner(new, workspace)


def set_workspace_owner(path: Path, workspace: Path | None) -> None:
    """Give a file, or a directory with all that is in it, to the owner of the workspace that it lies in.

    Does nothing outside of a workspace, for a process that is not root, and where the system refuses. Links
    are given away themselves and not followed.
    """
    if workspace is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    try:
        place = workspace.resolve(strict=True)
        owner = place.stat()
        if owner.st_uid == 0 or not path.parent.resolve(strict=True).is_relative_to(place):
            return
        for one in _all(path):
            os.chown(one, owner.st_uid, owner.st_gid, follow_symlinks=False)
    except (OSError, RuntimeError):
        return


def _all(path: Path) -> Iterator[str]:
    yield str(path)
    if path.is_symlink():
        return
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            yield os.path.join(folder, name)  # noqa: PTH118 - os.walk gives strings
