"""Translate paths of the machine that ran the tests to those of this process, and back.

A container action finds the workspace elsewhere than the steps before it. The runner translates only values
that are one path as a whole: not further lines of an input, patterns with ``!``, or the content of a report
(actions/runner: ContainerActionHandler.cs, ContainerInfo.cs). RUNNER_WORKSPACE keeps the machine's value,
since no mount covers it, so the mapping can be computed again.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

PathMap = tuple[tuple[str, str], ...]
"""Pairs of a directory on the machine and for this process, in POSIX spelling, the more special first."""

CONTAINER_WORKSPACE: Final = "/github/workspace"

OUT_OF_REACH: Final = (
    "the container of the action sees the workspace only; "
    "write it there, or use onetest/report-action/composite"
)
"""Why a path outside of the workspace cannot be read in a container action, and what to do."""

# Hosted runners and job containers check out here. Reports of other jobs arrive as artifacts.
_WORK_FOLDERS: Final = ("/home/runner/work", "/__w", "/Users/runner/work", "D:/a", "C:/a")
_DRIVE: Final = r"/?([A-Za-z]:/)"


def github_path_map(environ: Mapping[str, str]) -> PathMap:
    """Return the directories that a step of GitHub Actions finds elsewhere."""
    workspace = environ.get("GITHUB_WORKSPACE", "")
    on_machine = environ.get("RUNNER_WORKSPACE", "")
    name = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2]
    if not workspace or not name:
        return ()
    folders = [str(PurePosixPath(on_machine).parent), *_WORK_FOLDERS] if on_machine else [*_WORK_FOLDERS]
    # The runner names both levels after the repository.
    pairs = [(f"{folder.rstrip('/')}/{name}/{name}", workspace) for folder in folders]
    temp = environ.get("RUNNER_TEMP", "")
    if temp.startswith("/github/"):
        pairs += [(f"{folder.rstrip('/')}/_temp", temp) for folder in folders]
    return tuple(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def to_local(path: str, paths: PathMap) -> str:
    """Return a path as this process can use it; unchanged if it is in none of the directories.

    Args:
        path: as a user, a variable or a report spells it. ``file://`` and the separators of Windows are
            understood in paths of those directories.
        paths: the directories.
    """
    posix = path.removeprefix("file://").replace("\\", "/")
    drive = re.match(_DRIVE, posix)
    if drive:
        posix = drive[1].upper() + posix[drive.end() :]
    for machine, local in paths:
        if posix == machine or posix.startswith(machine + "/"):
            return local + posix[len(machine) :]
    return path


def to_machine(path: str, paths: PathMap) -> str:
    """Return a path as the machine spells it; unchanged if it is in none of the directories.

    Args:
        path: as this process spells it.
        paths: the directories. Of several for one local directory, the first is the machine's own.
    """
    for machine, local in paths:
        if path == local or path.startswith(local + "/"):
            return machine + path[len(local) :]
    return path


def local_pattern(pattern: str, paths: PathMap) -> str:
    """Return a pattern as this process can use it; a leading ``!`` stays."""
    bare = pattern.removeprefix("!")
    return pattern[: len(pattern) - len(bare)] + to_local(bare, paths)
