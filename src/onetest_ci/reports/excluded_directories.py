"""Directories that a search leaves out: they hold files of other projects, not the reports of this run."""

import os
from collections.abc import Collection
from pathlib import PurePath
from typing import Final

VERSION_CONTROL: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", ".pijul", ".sl", "_darcs", "cvs"})
"""Directories, and files in their place, of version control, in lower case. They may hold credentials:
actions/checkout and GitLab's runner write a token into ``.git/config``."""

_NAMES: Final = frozenset(
    {
        # Any directory may be called CVS; its content decides.
        *(VERSION_CONTROL - {"cvs"}),
        # What package managers install into, and what Python compiles.
        *("node_modules", "bower_components", "jspm_packages", ".yarn", ".pnpm-store"),
        *("site-packages", "dist-packages", "__pypackages__", "__pycache__"),
    }
)

_CONTENTS: Final = tuple(
    frozenset(names)
    for names in (
        {"Entries", "Repository", "Root"},  # CVS
        # Virtual environments of venv and virtualenv, and those of conda; the first of each are Windows'.
        {"pyvenv.cfg", "Scripts"},
        {"pyvenv.cfg", "bin"},
        {"conda-meta", "python.exe"},
        {"conda-meta", "bin"},
        {"autoload.php", "composer"},  # Composer's "vendor"
        {"gems", "specifications"},  # Ruby gems, as in Bundler's "vendor/bundle/ruby/3.3.0"
        {"Manifest.lock", "Target Support Files"},  # CocoaPods' "Pods"
        {"cache", "github.com"},  # Go's "pkg/mod"
        {"CACHEDIR.TAG", "cache", "index"},  # Cargo's "registry"
    )
)
"""Contents of directories that are left out under any name."""


class ExcludedDirectories:
    """Decides for the search of one directory, and counts.

    The directory that the user named is always searched. If it is of a kind that is left out, or stands in
    one, nothing below it is left out.

    Args:
        top: the directory, absolute.
        named: the directory as the user named it.

    Attributes:
        count: directories that were left out.
    """

    def __init__(self, top: str, named: str) -> None:
        self.count = 0
        self._top = top
        path = PurePath(named)
        # The place of a checkout is not the user's choice.
        self._wanted = not _NAMES.isdisjoint({path.name} if path.is_absolute() else path.parts)

    def __call__(self, directory: str, names: Collection[str]) -> bool:
        """Return whether a directory with these names in it is left out."""
        if directory == self._top:
            self._wanted = self._wanted or _holds_what_is_left_out(names)
        if self._wanted or directory == self._top:
            return False
        left_out = os.path.basename(directory) in _NAMES or _holds_what_is_left_out(names)  # noqa: PTH119 - fast
        self.count += left_out
        return left_out


def _holds_what_is_left_out(names: Collection[str]) -> bool:
    return any(needed.issubset(names) for needed in _CONTENTS)
