"""The source files of a checkout by their name. They are listed once, on the first search."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Final

from onetest_ci.reports.excluded_directories import VERSION_CONTROL, ExcludedDirectories
from onetest_ci.safe_open import open_beneath, size_of_regular
from onetest_ci.traces.frames import RUNTIME_OF
from onetest_ci.traces.library import FOLDERS

MOST_FILES: Final = 300_000
_MOST_SECONDS: Final = 10.0
# Copies of sources, which a build made.
_BUILT: Final = frozenset({"build", "dist", "target", "out", "bin", "obj", "coverage", "htmlcov", "_build"})
_BEGINNING: Final = 16_384
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a file whose lines are counted."""
_MOST_COUNTED: Final = 64 * 1024 * 1024


class SourceIndex:
    """Finds source files of a checkout. Links are not followed, and none of them is found.

    A checkout with too many files, or that takes too long to list, has no index: what a name is unique in
    must be known as a whole.

    Args:
        root: the directory, without links in it.
    """

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._lines: dict[str, float] = {}
        self._uncounted = _MOST_COUNTED

    def named(self, name: str) -> list[str]:
        """Return the paths of the files of a name, relative to the root; in any case if none is equal."""
        return self._by_name.get(name) or self._by_lower_name.get(name.lower(), [])

    def file(self, path: str) -> str:
        """Return the path of a file, relative to the root, for one that may be absolute; else empty.

        The file is regular, in no directory of version control or of other people's code, and no link leads
        out of the checkout.
        """
        try:
            real = os.path.realpath(os.path.join(self._root, path))  # noqa: PTH118 - fast
            inside = os.path.relpath(real, self._root).replace(os.sep, "/")
            if not real.startswith(self._root.rstrip(os.sep) + os.sep) or not Path(real).is_file():
                return ""
        except (OSError, ValueError):
            return ""
        folders = inside.split("/")[:-1]
        hidden = any(folder.lower() in VERSION_CONTROL or folder in FOLDERS for folder in folders)
        return inside if not hidden and inside.isprintable() else ""

    def begins(self, path: str) -> str:
        """Return the beginning of a file of the checkout; empty if it cannot be read."""
        try:
            with open(os.path.join(self._root, path), "rb") as file:  # noqa: PTH118, PTH123 - fast
                return file.read(_BEGINNING).decode("utf-8", "replace")
        except OSError:
            return ""

    def has_line(self, path: str, line: int) -> bool:
        """Return whether a file of the checkout has a line, counted from 1.

        A file that is too large, and each file after many others, counts as having every line.
        """
        if path not in self._lines:
            self._lines[path] = self._count_lines(path) if self._uncounted > 0 else inf
        return 1 <= line <= self._lines[path]

    def _count_lines(self, path: str) -> float:
        """Return the number of lines of a file: 0 if it cannot be read, infinity if it is too large."""
        try:
            with open_beneath(Path(self._root), Path(self._root, path)) as file:
                size = size_of_regular(file)
                if size is None:
                    return 0
                if size > LARGEST:
                    return inf
                text = file.read(LARGEST)
        except OSError:
            return 0
        self._uncounted -= len(text)
        breaks = text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
        return breaks + (text != b"" and not text.endswith((b"\n", b"\r")))

    def inside(self, path: str) -> str:
        """Return an absolute path relative to the root; empty if it is elsewhere."""
        start = self._root.rstrip(os.sep) + os.sep
        return path[len(start) :] if path.startswith(start) else ""

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        excluded = ExcludedDirectories(self._root, ".")
        left, deadline = MOST_FILES, time.monotonic() + _MOST_SECONDS
        folders = [""]
        while folders:
            below = folders.pop()
            for name, is_folder in _entries(self._root, below, excluded):
                if is_folder:
                    folders.append(f"{below}{name}/")
                elif name.rpartition(".")[2] in RUNTIME_OF:
                    names[name].append(f"{below}{name}")
                left -= 1
            if left < 0 or time.monotonic() > deadline:
                return {}
        return {name: _without_copies(paths) for name, paths in names.items()}

    @cached_property
    def _by_lower_name(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for name, paths in self._by_name.items():
            names[name.lower()] += paths
        return names


def _entries(root: str, below: str, excluded: ExcludedDirectories) -> Iterable[tuple[str, bool]]:
    """Return the names of regular files and of the folders to search, sorted."""
    folder = f"{root}/{below}".rstrip("/") or "/"
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if entry.name.isprintable()]
            if excluded(folder, {entry.name for entry in entries}):
                return ()
            return sorted(
                (entry.name, is_folder)
                for entry in entries
                if (is_folder := entry.is_dir(follow_symlinks=False) and _is_searched(entry.name))
                or entry.is_file(follow_symlinks=False)
            )
    except OSError:
        return ()


def _is_searched(folder: str) -> bool:
    return folder not in FOLDERS and folder.lower() not in VERSION_CONTROL


def _without_copies(paths: list[str]) -> list[str]:
    """Return the paths that no build made; all of them if there are no others."""
    if len(paths) == 1:
        return paths
    return [path for path in paths if _BUILT.isdisjoint(path.split("/")[:-1])] or paths
