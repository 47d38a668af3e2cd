"""Find the Python file of a dotted name, as pytest's default format names its tests.

pytest writes ``tests/v1.2/test_a.py`` as ``tests.v1.2.test_a``, so a folder's name may contain dots.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

_MAX_DOTS: Final = 3
"""Dots in the name of a folder or module that is searched for."""
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Directories of installed packages."""


def is_generated_by(file: str, classname: str) -> bool:
    """Return whether a file is that of an installed package which made the test, and not the test's module.

    pytest names the file of the test's function. pytest-bdd makes these functions in its own ``scenario.py``.
    """
    *folders, name = re.split(r"[/\\]", file)
    module = name.removesuffix(".py")
    return module != name and not _INSTALLED.isdisjoint(folders) and module not in classname.split(".")


@lru_cache(maxsize=1024)
def module_in(dotted: str, bases: tuple[Path, ...]) -> tuple[str, str] | None:
    """Return the file of the longest prefix of a dotted name that is a module, and the rest of the name.

    Args:
        dotted: a module, perhaps with a class in it.
        bases: directories that the module's path may start from; the file is relative to it.
    """
    if not is_dotted(dotted):
        return None
    names = dotted.split(".")
    for base in bases:
        found = _module_below(base, "", names)
        if found is not None:
            return found
    return None


def is_dotted(name: str) -> bool:
    """Return whether a name can be that of a module."""
    return bool(name) and ".." not in name and not any(character in name for character in "/\\\0\n")


def _module_below(base: Path, folder: str, names: list[str]) -> tuple[str, str] | None:
    for length in range(min(len(names), _MAX_DOTS + 1), 0, -1):
        inside = f"{folder}{'.'.join(names[:length])}"
        try:
            if (base / inside).is_dir():
                found = _module_below(base, f"{inside}/", names[length:])
                if found is not None:
                    return found
            if (base / f"{inside}.py").is_file():
                return f"{inside}.py", ".".join(names[length:])
        except OSError:
            # The name is too long for the file system.
            continue
    return None
