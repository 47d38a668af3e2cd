"""Change the owner of files that root writes into another user's workspace.

A container action runs as root in a workspace that the runner's user owns and cleans. That user cannot remove
files of root, which break the next job (actions/runner #434, actions/checkout #309).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def workspace_owned(path: Path, workspace: Path | None) -> Iterator[None]:
    """Change the owner of the path, and of parents that were missing, to the workspace's owner at the end."""
    new = path
    while not new.parent.exists() and new.parent != new:
        new = new.parent
    try:
        yield
    finally:
        set_workspace_owner(new, workspace)


def set_workspace_owner(path: Path, workspace: Path | None) -> None:
    """Give a file, or a directory with its content, to the owner of the workspace around it.

    Do nothing outside of a workspace, in a process that is not root, and if the system refuses. Links are not
    followed; they change their own owner.
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
