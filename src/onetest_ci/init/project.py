"""Read a checkout: names and texts of its files, without following links."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from onetest_ci.safe_open import open_beneath, size_of_regular

# Files of configuration are far smaller.
_MAX_BYTES: Final = 256 * 1024
_MAX_DEPTH: Final = 2
_MAX_FOLDERS: Final = 2000
_MAX_NAMES: Final = 20_000
# Installed packages, what builds write, and tests' own data: a runner in them is not one of the project.
_LEFT_OUT: Final = frozenset(
    (
        *("node_modules", "bower_components", "vendor", "third_party", "site-packages", "__pycache__"),
        *("build", "dist", "out", "target", "bin", "obj", "coverage", "venv", "env", "Pods"),
        *("fixtures", "__fixtures__", "testdata", "test-data", "data", "examples", "example", "samples"),
        *("templates", "docs", "doc", "benchmarks", "onetest-reports"),
    )
)
# Letters and digits of any language, and what no shell, YAML, Groovy or glob reads as anything else. At the
# start, a hyphen begins an option, and three plus signs begin a group in the log of a host.
_PLAIN_NAME: Final = r"[\w.@+=,-](?:[\w.@+=, -]*[\w.@+=,-])?"


class Folder(NamedTuple):
    """A directory of the checkout.

    Attributes:
        root: the resolved root of the checkout.
        path: below the root, with ``/``; empty for the root itself.
        names: of the files in it, links excluded.
    """

    root: Path
    path: str
    names: frozenset[str]

    def text(self, name: str) -> str:
        """Return the text of a file below this directory; empty if it cannot be read as one."""
        return read_text(self.root, f"{self.path}/{name}".lstrip("/")) or ""

    def matching(self, pattern: str) -> list[str]:
        """Return the names of the files that match a pattern, sorted."""
        return sorted(name for name in self.names if fnmatchcase(name, pattern))

    def has(self, *names: str) -> bool:
        """Return whether it contains one of these files."""
        return any(name in self.names for name in names)


class Project(NamedTuple):
    """The directories of a checkout that may contain tests.

    Attributes:
        folders: the root first, then in the order of their paths.
        unusable: paths of directories whose names hosts would read as something else.
    """

    folders: tuple[Folder, ...]
    unusable: tuple[str, ...]


def read_text(root: Path, path: str) -> str | None:
    """Return the text of a regular file; None if it is missing, too large, or behind a link."""
    try:
        with open_beneath(root, root / path) as file:
            size = size_of_regular(file)
            if size is None or size > _MAX_BYTES:
                return None
            return file.read(_MAX_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None


def read_project(root: Path) -> Project:
    """Return the project in a directory. Directories deeper than two levels are not searched."""
    unusable: list[str] = []
    folders = tuple(islice(_walk(root, PurePosixPath(), unusable), _MAX_FOLDERS))
    return Project(folders, tuple(unusable))


def folder_of(root: Path, path: str) -> Folder:
    """Return a directory below the root, without files if it is missing or behind a link."""
    place = root
    for part in PurePosixPath(path).parts:
        place /= part
        if place.is_symlink():
            return Folder(root, path, frozenset())
    return Folder(root, path, frozenset(_entries(place)[0]))


def _walk(root: Path, path: PurePosixPath, unusable: list[str]) -> Iterator[Folder]:
    files, folders = _entries(root / path)
    yield Folder(root, "" if path == PurePosixPath() else str(path), frozenset(files))
    if len(path.parts) >= _MAX_DEPTH:
        return
    for name in folders:
        if name.startswith(".") or name in _LEFT_OUT:
            continue
        if not re.fullmatch(_PLAIN_NAME, name) or name.startswith(("-", "+++")):
            unusable.append(str(path / name))
            continue
        yield from _walk(root, path / name, unusable)


def _entries(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names of the regular files and of the directories, sorted."""
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number >= _MAX_NAMES:
                    break
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
    except OSError:
        pass
    return sorted(files), sorted(folders)
