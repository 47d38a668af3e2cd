"""Find files that are not part of a bundle: an earlier run's files do not belong to this run."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from onetest_ci.bundle.bundle import is_bundle
from onetest_ci.bundle.items import ITEMS
from onetest_ci.reports import FoundFiles, Skipped, find
from onetest_ci.text.characters import replace_lone_surrogates


def find_outside_bundles(patterns: Sequence[str], bundle: Path | None, cwd: Path) -> FoundFiles:
    """Return the files that the patterns match, without those of bundles unless a pattern is their path.

    Args:
        patterns: as for ``find``.
        bundle: the directory of this run's bundle. None if it writes none.
        cwd: the directory that relative patterns start from.
    """

    @cache
    def in_bundle(folder: Path) -> bool:
        ours = folder == bundle or (is_bundle(folder) and (folder / ITEMS).is_file())
        return ours or (folder != folder.parent and in_bundle(folder.parent))

    found = find(patterns, root=cwd)
    # A name that is not UTF-8 opens the file as it is, but cannot be stored or sent.
    shown = [file._replace(display=replace_lone_surrogates(file.display)) for file in found.files]
    files = [file for file in shown if file.explicit or not in_bundle(file.path.parent)]
    kept = {file.path for file in files}
    ours = (Skipped(file.display, "of an earlier run's bundle") for file in shown if file.path not in kept)
    return found._replace(files=tuple(files), skipped=(*found.skipped, *ours))
