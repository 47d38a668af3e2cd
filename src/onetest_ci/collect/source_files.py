"""Find the source files of tests in the checkout, if reports contain less than their path."""

import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from onetest_ci.code_ref.python_modules import is_dotted
from onetest_ci.reports.excluded_directories import ExcludedDirectories

MAX_FILES: Final = 100_000
"""Maximum Python files of a checkout; in a larger one, none is found."""

_LINES_OF_GO_MOD: Final = 1_000


def go_file(file: str, package: str, bases: tuple[Path, ...]) -> str:
    """Return the path of a Go file from the first base; unchanged if no module has such a file.

    Args:
        file: the name alone, as Go's tests print it.
        package: the import path of its package, which begins with that of the module.
        bases: directories that may hold the module, the checkout first.
    """
    for base in bases:
        module = _go_module(base)
        if module and f"{package}/".startswith(f"{module}/"):
            path = base / package[len(module) :].strip("/") / file
            if path.is_file() and path.is_relative_to(bases[0]):
                return path.relative_to(bases[0]).as_posix()
    return file


@lru_cache(maxsize=1024)
def _go_module(folder: Path) -> str:
    """Return the import path of the Go module in a folder; empty if there is none."""
    try:
        with (folder / "go.mod").open(encoding="utf-8", errors="replace") as text:
            lines = [line.split() for line in islice(text, _LINES_OF_GO_MOD)]
    except OSError:
        return ""
    return next((words[1].strip('"`') for words in lines if words[:1] == ["module"] and words[1:]), "")


class PythonFiles:
    """The Python files of a checkout by module. They are listed on the first search.

    Args:
        checkout: its directory.
    """

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout
        self._starts: dict[str, Path | None] = {}

    def import_root(self, dotted: str) -> Path | None:
        """Return the folder that a dotted name is imported from; None unless exactly one file fits.

        Args:
            dotted: a module's name relative to the folder where pytest ran; classes may follow.
        """
        if dotted not in self._starts:
            if len(self._starts) >= MAX_FILES:
                self._starts.clear()
            self._starts[dotted] = self._import_root(dotted) if is_dotted(dotted) else None
        return self._starts[dotted]

    def _import_root(self, dotted: str) -> Path | None:
        names = dotted.split(".")
        for length in range(len(names), 0, -1):
            # Classes follow the module. A name in lower case is a folder or a module that is missing.
            if any(name[:1].islower() for name in names[length:]):
                return None
            module = ".".join(names[:length])
            starts = {start for file in self._files[names[length - 1]] for start in _starts(file, module)}
            if starts:
                return starts.pop() if len(starts) == 1 else None
        return None

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """Files by the last part of their module's name."""
        files: dict[str, list[Path]] = defaultdict(list)
        for number, path in enumerate(_python_files(self._checkout)):
            if number >= MAX_FILES:
                files.clear()
                break
            files[path.stem.rpartition(".")[2]].append(path)
        return files


def _starts(file: Path, module: str) -> Iterator[Path]:
    """Yield the folders from which the file's path is that of the module."""
    parts = (*file.parent.parts, file.stem)
    for start in range(1, len(parts)):
        if ".".join(parts[start:]) == module:
            yield Path(*parts[:start])


def _python_files(checkout: Path) -> Iterator[Path]:
    leaves_out = ExcludedDirectories(str(checkout), ".")
    for folder, folders, files in os.walk(checkout):
        if leaves_out(folder, {*folders, *files}):
            folders.clear()
            continue
        for name in files:
            if name.endswith(".py"):
                yield Path(folder, name)
