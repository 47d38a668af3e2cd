"""Find reports that are older than the test command: its tests did not write them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from onetest_ci.errors import ReportError
from onetest_ci.reports import FoundFile, FoundFiles, find

STALE: Final = "stale-report"
"""Code of the error for a report that is older than the test command."""

TOLERANCE_SECONDS: Final = 10.0
"""Maximum age that a new file may seem to have. FAT stores even seconds, and the clocks of file servers and
virtual machines differ from this one."""

_UNITS: Final = ((86_400, "days"), (3600, "hours"), (60, "minutes"))
_HINT: Final = (
    "Delete old reports before the tests run, and see why the command did not write this one again. A build "
    "tool that reuses results leaves old reports too: --allow-stale accepts them."
)


class _Version(NamedTuple):
    """Properties of a file that change when it is written or replaced."""

    modified_ns: int
    size: int
    inode: int

    @property
    def seconds(self) -> float:
        """Time when the file was last written, in epoch seconds."""
        return self.modified_ns / 1e9


class Snapshot(NamedTuple):
    """The files from before the test command started.

    Attributes:
        start: when the command started, in epoch seconds.
        versions: the version of each file at that time.
    """

    start: float
    versions: Mapping[Path, _Version]

    @classmethod
    def take(cls, patterns: Sequence[str], *, root: Path, clock: Callable[[], float]) -> Self:
        """Return the snapshot of the files that the patterns match now.

        Args:
            patterns: as for ``find``.
            root: directory that relative patterns start from.
            clock: returns epoch seconds.
        """
        found = find(patterns, root=root).files
        versions = {file.path: version for file in found if (version := _version(file.path))}
        return cls(clock(), versions)

    def refuse_stale(self, found: FoundFiles) -> FoundFiles:
        """Mark the files that the command did not write."""
        return found._replace(files=tuple(self._marked(found.files)))

    def _marked(self, files: Sequence[FoundFile]) -> Iterator[FoundFile]:
        for file in files:
            now = _version(file.path)
            if now is None:
                yield file
            elif now == self.versions.get(file.path):
                yield file._replace(stale=self._stale(file.display, now.seconds))
            else:
                yield file._replace(stale=self.judge_age(file.display, now.seconds))

    def judge_age(self, display: str, written: float) -> ReportError | None:
        """Return the error for a report that the command moved here and did not write, else None.

        Renaming keeps the time of a file. Copying, packing and unpacking may keep it too.
        """
        return self._stale(display, written) if written < self.start - TOLERANCE_SECONDS else None

    def _stale(self, display: str, written: float) -> ReportError:
        age = self.start - written
        what = f"was last written {_words(age)} before the test command started"
        if age < 0:
            what = "was there before the test command started and has not changed since"
        return ReportError(STALE, f"{display} {what}.", _HINT)


def _version(path: Path) -> _Version | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - a directory may hold 100,000 of them
    except (OSError, ValueError):
        return None
    return _Version(status.st_mtime_ns, status.st_size, status.st_ino)


def _words(seconds: float) -> str:
    """Return a duration in words, rounded down: ``3 hours`` for three hours and a half."""
    for length, unit in _UNITS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count:,} {unit if count > 1 else unit.removesuffix('s')}"
    return f"{seconds:.1f} seconds"
