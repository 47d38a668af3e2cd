"""Keeps found files below a directory, also where the search followed links."""

import os
from collections import Counter
from functools import cache
from pathlib import Path

from onetest_ci.errors import ReportError
from onetest_ci.reports.find import FoundFile, FoundFiles
from onetest_ci.reports.results import Skipped

_REASON = "it lies outside the workspace"


def confined(found: FoundFiles, root: Path | None) -> FoundFiles:
    """Return what was found with an error in place of the files that lie outside of a directory.

    Their absence must not look like a success, so the first file of each directory stands for all in it as
    an error. The others are skipped.

    Args:
        found: what patterns of ``.onetest.yml`` matched.
        root: a resolved directory; None confines nothing.
    """
    if root is None:
        return found

    @cache
    def folder_of(folder: str) -> str:
        return os.path.realpath(folder)

    def is_inside(file: FoundFile) -> bool:
        if file.path.is_symlink():
            return Path(os.path.realpath(file.path)).is_relative_to(root)
        return Path(folder_of(os.path.dirname(file.path))).is_relative_to(root)  # noqa: PTH120 - fast

    outside = [file for file in found.files if not is_inside(file)]
    if not outside:
        return found
    counts = Counter(file.path.parent for file in outside)
    named = {file.path.parent: file for file in reversed(outside)}
    first = {file.path: _refused(file, counts[folder]) for folder, file in named.items()}
    refused = {file.path for file in outside}
    kept = (first.get(file.path, file) for file in found.files)
    return found._replace(
        files=tuple(file for file in kept if file.path in first or file.path not in refused),
        skipped=(
            *found.skipped,
            *(Skipped(file.display, _REASON) for file in outside if file.path not in first),
        ),
    )


def _refused(file: FoundFile, count: int) -> FoundFile:
    others = f", like {count - 1:,} more files of its directory" if count > 1 else ""
    return file._replace(
        error=ReportError(
            "outside-workspace",
            f"{file.display} lies outside the workspace{others}, and .onetest.yml may not name it: the file "
            "comes with the code under test.",
            "Name the reports in the CI configuration: as arguments, or in ONETEST_FILES.",
        ),
    )
