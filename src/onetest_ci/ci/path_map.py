"""Paths as the machine spells them that ran the tests, and where the same files are for this process.

A container action sees the workspace at another place than the steps before it, and the runner translates
only values that are one path as a whole: not the further lines of an input, no ``!`` pattern, and nothing
inside a report (actions/runner: ContainerActionHandler.cs, ContainerInfo.cs). RUNNER_WORKSPACE keeps the
machine's own value, since no mount covers it; so the mapping can be made again.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

PathMap = tuple[tuple[str, str], ...]
"""Pairs of a directory there and the same directory here, POSIX spelling, the more special first."""

CONTAINER_WORKSPACE: Final = "/github/workspace"

OUT_OF_REACH: Final = (
    "the container of the action sees the workspace only; "
    "write it there, or use onetest/report-action/composite"
)
"""Why a path outside of the workspace cannot be read in a container action, and what to do."""

# Where hosted runners and job containers check out: reports of other jobs arrive as artifacts.
_WORK_FOLDERS: Final = ("/home/runner/work", "/__w", "/Users/runner/work", "D:/a", "C:/a")
_DRIVE: Final = re.compile(r"/?([A-Za-z]:/)")


def github_path_map(environ: Mapping[str, str]) -> PathMap:
    """What lies elsewhere for a step of GitHub Actions."""
    here = environ.get("GITHUB_WORKSPACE", "")
    there = environ.get("RUNNER_WORKSPACE", "")
    name = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2]
    if not here or not name:
        return ()
    folders = [str(PurePosixPath(there).parent), *_WORK_FOLDERS] if there else [*_WORK_FOLDERS]
    # The runner names both levels after the repository.
    pairs = [(f"{folder.rstrip('/')}/{name}/{name}", here) for folder in folders]
    temp = environ.get("RUNNER_TEMP", "")
    if temp.startswith("/github/"):
        pairs += [(f"{folder.rstrip('/')}/_temp", temp) for folder in folders]
    return tuple(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def here(path: str, paths: PathMap) -> str:
    """The path as this process can use it; as it is when it lies in none of the directories.

    Args:
        path: as a user, a variable or a report spells it; ``file://`` and the separators of Windows are
            understood where the path is one of those directories or below.
        paths: the directories.
    """
    posix = path.removeprefix("file://").replace("\\", "/")
    drive = _DRIVE.match(posix)
    if drive:
        posix = drive[1].upper() + posix[drive.end() :]
    for there, place in paths:
        if posix == there or posix.startswith(there + "/"):
            return place + posix[len(there) :]
    return path


def there(path: str, paths: PathMap) -> str:
    """Return the path as the machine spells it; as it is where it lies in none of the directories.

    Args:
        path: as this process spells it.
        paths: the directories; the first of several for one place is the machine's own.
    """
    for machine, place in paths:
        if path == place or path.startswith(place + "/"):
            return machine + path[len(place) :]
    return path


def local_pattern(pattern: str, paths: PathMap) -> str:
    """The same for a pattern, which may exclude with a leading ``!``."""
    bare = pattern.removeprefix("!")
    return pattern[: len(pattern) - len(bare)] + here(bare, paths)
