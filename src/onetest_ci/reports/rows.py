"""What reading gives: a row for each report, and all of them together."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from onetest_ci.errors import ReportError
from onetest_ci.reports.counts import Counts


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of a report are.

    Attributes:
        path: the file.
        member: its number in the directory of the zip archive that the file is, else None.
    """

    path: Path
    member: int | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one report says: the row of ``inspect``.

    Attributes:
        path: as the user knows it; ``reports.zip!a/b.xml`` for a report in a zip archive.
        dialect: which kind of report; empty when it is none.
        counts: of the records that were read.
        truncated: the file breaks off; the counts are the complete cases.
        warnings: what the user should know.
        error: why it was not read to its end, else None.
        merged: tests whose results were merged because they have one name, and for no other reason.
    """

    path: str
    dialect: str
    counts: Counts
    truncated: bool = False
    warnings: tuple[str, ...] = ()
    error: ReportError | None = None
    merged: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The row for JSON."""
        return {
            "path": self.path,
            "dialect": self.dialect,
            **self.counts.as_dict(),
            "truncated": self.truncated,
            "merged_by_name": list(self.merged),
            "warnings": list(self.warnings),
            "error": self.error.as_dict() if self.error is not None else None,
        }


@dataclass(frozen=True, slots=True)
class ReportSet:
    """All that was read.

    Attributes:
        files: a row for each report, and for each path that was named.
        skipped: files that a directory, a glob or an archive holds and that are no report.
        errors: patterns that matched nothing.
    """

    files: tuple[FileReport, ...] = ()
    skipped: int = 0
    errors: tuple[ReportError, ...] = ()

    @classmethod
    def of(cls, sets: Iterable[Self], *, skipped: int = 0, errors: tuple[ReportError, ...] = ()) -> Self:
        """Several sets as one, in their order."""
        rows: list[FileReport] = []
        for one in sets:
            rows += one.files
            skipped += one.skipped
        return cls(tuple(rows), skipped, errors)

    @property
    def totals(self) -> Counts:
        """All files together."""
        return sum((row.counts for row in self.files), Counts())

    @property
    def problems(self) -> tuple[ReportError, ...]:
        """What fails the reading: files not read to their end; unmatched patterns when no file is left."""
        of_files = tuple(row.error for row in self.files if row.error is not None)
        return of_files if self.files else self.errors
