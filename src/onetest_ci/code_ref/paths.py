"""Spell paths and classes alike on every machine."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final
from urllib.parse import unquote

_ABSOLUTE: Final = re.compile(r"/|\\\\|[A-Za-z]:[/\\]")
_FILE_URL: Final = re.compile(r"file://(?:localhost(?=/))?(?:/(?=[A-Za-z]:[/\\]))?")
_WHITE_SPACE: Final = re.compile(r"\s")


def without_scheme(file: str) -> str:
    """Return the path of a ``file:`` URL, also of WebdriverIO's relative ``file://./a.js``; else the file."""
    url = _FILE_URL.match(file)
    return unquote(file[url.end() :]) if url else file


def is_absolute(path: str) -> bool:
    """Return whether a path is absolute, on Windows or elsewhere."""
    return _ABSOLUTE.match(path) is not None


@lru_cache(maxsize=64)
def suffix_of(file: str) -> str:
    """Return the suffix of a file's name in lower case, with its dot."""
    return PurePosixPath(file).suffix.lower()


@lru_cache(maxsize=1024)
def relative(file: str, bases: tuple[Path, ...]) -> str:
    """Return a file's POSIX path, relative to the checkout or another base if the file is inside it."""
    windows = "\\" in file and "/" not in file
    path = PureWindowsPath(file).as_posix() if windows else file
    for base in bases:
        for start in _starts(base):
            if path.startswith(start):
                return str(PurePosixPath(path[len(start) :]))
    return str(PurePosixPath(path))


@lru_cache(maxsize=64)
def _starts(base: Path) -> tuple[str, ...]:
    """Return what the paths of the files in a directory begin with, as spelled and without links."""
    return tuple(spelled.as_posix().rstrip("/") + "/" for spelled in (base, base.resolve()))


def named_in_checkout(name: str, bases: tuple[Path, ...], translate: Callable[[str], str] = str) -> str:
    """Return a name without the machine's own folders: a path in a base is relative, a base itself is ``.``.

    Args:
        name: of a suite, a class or a test. Mocha and PHPUnit name suites by absolute paths.
        bases: the checkout, and the current directory.
        translate: as for ``code_ref``.
    """
    if not is_absolute(name):
        return name
    path = translate(name)
    if any(path.rstrip("/") == base.as_posix() for base in bases):
        return "."
    inside = relative(path, bases)
    return name if is_absolute(inside) else inside


@lru_cache(maxsize=1024)
def normal_class(classname: str) -> str:
    r"""Return a class as OneTest's agents spell it: ``Outer$Inner``, ``A::B`` and ``A\B`` with dots."""
    normal = classname.replace("::", ".").replace("\\", ".")
    # A dollar in a title is a price.
    return (normal if _WHITE_SPACE.search(normal) else normal.replace("$", ".")).strip(". ")
