"""Finds report files: paths, directories and globs, with exclusions."""

import os
import re
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.reports.braces import expanded
from onetest_ci.reports.engine.head import REPORT_SUFFIXES, FileHints
from onetest_ci.reports.excluded_directories import ExcludedDirectories
from onetest_ci.reports.globs import exclusions, globbed, is_file, is_glob, reading_of, walked
from onetest_ci.reports.results import Skipped
from onetest_ci.safe_open import FileIdentity

_WILDCARDS = re.compile(r"[*?]")


class FoundFile(NamedTuple):
    """One file to look at.

    Attributes:
        path: its path.
        display: POSIX path for messages: as the user wrote it, or relative to the root of the search.
        explicit: the user named this very file; then it has to be a report.
        error: why a path that was named cannot be read.
        stale: the error if it is a report: it is older than the tests.
        searched: the directory in which a search found the file: the one that was named, or the fixed part
            of the glob. Empty for a file that was named.
        identity: identity of the file, if it was opened before it is read.
    """

    path: Path
    display: str
    explicit: bool = False
    error: ReportError | None = None
    stale: ReportError | None = None
    searched: str = ""
    identity: FileIdentity | None = None

    def own_folder(self) -> Path | None:
        """Return the file's resolved directory; None if a search reached that directory through a link.

        What the user named may lead anywhere. A link below it is part of what is tested.
        """
        folder = self.path.parent
        try:
            real = folder.resolve()
            if not self.searched or real == Path(self.searched).resolve() / folder.relative_to(self.searched):
                return real
        except (OSError, RuntimeError):
            # Links in a circle, which were put there after the search.
            pass
        return None


class FoundFiles(NamedTuple):
    """The result of a search.

    Attributes:
        files: each file once, in the order of the patterns, sorted within each.
        skipped: files that are not to be read, as the pipes and devices that a directory or glob matched.
        left_out: directories that were not searched; see ``left_out``.
        unmatched: one error for each pattern that matched nothing.
    """

    files: tuple[FoundFile, ...]
    skipped: tuple[Skipped, ...] = ()
    left_out: int = 0
    unmatched: tuple[ReportError, ...] = ()


def find(patterns: Sequence[str], *, root: Path) -> FoundFiles:
    """Return the files that the patterns name.

    A pattern is a path, a directory (searched to the bottom, but for what ``left_out`` leaves out), or a glob
    with ``*``, ``?``, ``[...]``, ``{...}`` and ``**``, which leaves nothing out. ``!pattern`` takes away what
    it matches, wherever it stands. What exists under the very name is never taken for a glob; neither is a
    part of a pattern, unless it matches that name anyway. Links to directories are followed, each directory
    is entered once.

    Args:
        patterns: as the user wrote them.
        root: what relative patterns start from.
    """
    root = Path(os.path.abspath(root))  # noqa: PTH100 - resolve() would follow links and change what is shown
    without = [p[1:] for p in patterns if p.startswith("!") and p != "!"]
    search = _Search(root, [one for pattern in without for one in exclusions(pattern, root)])
    for pattern in patterns:
        if pattern and not pattern.startswith("!"):
            search.add(pattern)
    return FoundFiles(
        tuple(search.files.values()), tuple(search.skipped), search.left_out, tuple(search.unmatched)
    )


class _Search:
    def __init__(self, root: Path, exclusions: list[re.Pattern[str]]) -> None:
        self.files: dict[str, FoundFile] = {}
        self.skipped: list[Skipped] = []
        self.left_out = 0
        self.unmatched: list[ReportError] = []
        self._root = root
        self._exclusions = exclusions

    def add(self, pattern: str) -> None:
        shown = pattern.replace(os.sep, "/")
        path = os.path.abspath(self._root / pattern)  # noqa: PTH100 - as above
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116 - one string all the way, 100,000 times over
        except (OSError, ValueError):
            mode = 0
        if mode == 0 and is_glob(pattern):
            self._add_glob(pattern, shown)
        elif stat.S_ISDIR(mode):
            self._add_directory(path, pattern, shown)
        else:
            self._add_named(path, shown, mode)

    def _add_directory(self, path: str, pattern: str, shown: str) -> None:
        skipped, left_out = len(self.skipped), ExcludedDirectories(path, pattern)
        found = self._take(path, walked(path, _base(shown), left_out, self._unsearched))
        self.left_out += left_out.count
        if found:
            return
        is_empty = not (left_out.count or self._exclusions or self.skipped[skipped:])
        what = "no files" if is_empty else "no files to read"
        but = f" (directories left out: {left_out.count:,})" if left_out.count else ""
        self.unmatched.append(
            ReportError(
                "no-reports",
                f"the directory {pattern} contains {what}{but}.",
                "Check the path, and that the tests ran before and wrote their reports there.",
            )
        )

    def _add_glob(self, pattern: str, shown: str) -> None:
        """Add the matches of a pattern, and the contents of directories that braces alone stand for."""
        found, left_out = False, 0
        for searched, entries in globbed(self._root, shown, self._unsearched):
            found |= self._take(searched, entries)
        for one in [] if _WILDCARDS.search(shown) else expanded(shown):
            path = os.path.abspath(self._root / one)  # noqa: PTH100 - as above
            if os.path.isdir(path):  # noqa: PTH112 - as above
                leaves_out = ExcludedDirectories(path, one)
                found |= self._take(path, walked(path, _base(one), leaves_out, self._unsearched))
                left_out += leaves_out.count
        self._searched(pattern, left_out, found=found)

    def _add_named(self, path: str, shown: str, mode: int) -> None:
        if self._excluded(path):
            return
        error = None
        if mode == 0:
            error = ReportError(
                "file-not-found",
                f"The path {shown} does not exist (looked in {self._root}).",
                "Check the path, and that the tests ran before this step and wrote their report there.",
            )
        elif not stat.S_ISREG(mode):
            error = ReportError(
                "unreadable-file",
                f"The path {shown} is not a regular file.",
                "Name a file, a directory or a glob.",
            )
        self.files[path] = FoundFile(Path(path), shown, explicit=True, error=error)

    def _take(self, searched: str, entries: Iterable[tuple[os.DirEntry[str], str]]) -> bool:
        """Add the files that were found in a directory; return whether there are any."""
        matched = False
        for entry, shown in sorted(entries, key=lambda found: found[1]):
            if self._excluded(entry.path):
                continue
            if not is_file(entry):
                gone = FileHints.of(shown, named=False).suffix in REPORT_SUFFIXES
                self.skipped.append(Skipped(shown, "not a regular file", may_hold_failure=gone))
                continue
            matched = True
            if entry.path not in self.files:
                self.files[entry.path] = FoundFile(Path(entry.path), shown, searched=searched)
        return matched

    def _unsearched(self, path: str, shown: str, problem: OSError) -> None:
        # It was removed since it was found.
        if isinstance(problem, (FileNotFoundError, NotADirectoryError)):
            return
        if not self._excluded(os.path.join(path, "_")):  # noqa: PTH118 - a string, as above
            reason = f"a directory that cannot be searched: {problem.strerror}"
            self.skipped.append(Skipped(shown or ".", reason, doubtful=True, may_hold_failure=True))

    def _searched(self, pattern: str, left_out: int, *, found: bool) -> None:
        """Note what the search for a pattern left out, and that it found nothing."""
        self.left_out += left_out
        if found:
            return
        but = f"; directories left out: {left_out:,}" if left_out else ""
        reading = reading_of(pattern.replace(os.sep, "/"), self._root)
        read = f"; it was read with {reading}" if reading else ""
        self.unmatched.append(
            ReportError(
                "no-reports",
                f"nothing matches {pattern} (searched from {self._root}{but}{read}).",
                "Check the pattern, and that the tests ran before.",
            )
        )

    def _excluded(self, path: str) -> bool:
        if not self._exclusions:
            return False
        posix = path.replace(os.sep, "/")
        return any(exclusion.fullmatch(posix) for exclusion in self._exclusions)


def _base(shown: str) -> str:
    """Return the prefix of the paths of the files in a directory."""
    return "" if shown in {".", "./"} else shown.rstrip("/") + "/"
