"""The results of reading: a row for each report, and all of them together."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from onetest_ci.errors import ReportError
from onetest_ci.notices import NOTE, WARNING, Notice, texts
from onetest_ci.reports.counts import Counts
from onetest_ci.safe_open import FileIdentity

MOST_NAMED: Final = 1000
"""Skipped files that are named; the others are counted."""


class Skipped(NamedTuple):
    """A file that the user did not name and that is not a report.

    Attributes:
        path: the displayed path.
        reason: what it is instead, or why it was not read.
        doubtful: whether it could be a report that is damaged, or that a text precedes; named first.
        may_hold_failure: whether a failure of the test command may be in it that no report contains.
    """

    path: str
    reason: str
    doubtful: bool = False
    may_hold_failure: bool = False

    def as_dict(self) -> dict[str, str]:
        """Return the row for JSON."""
        return {"path": self.path, "reason": self.reason}


class Source(NamedTuple):
    """Where the bytes of a report are.

    Attributes:
        path: the file.
        identity: the file that was found to be a report when it was opened; no other is opened in its place.
        member: its number in the directory of the zip archive that the file is, else None.
        confidential: why it is not kept, if its format holds credentials by its nature; see ``Format``.
    """

    path: Path
    identity: FileIdentity
    member: int | None = None
    confidential: str = ""


class FileReport(NamedTuple):
    """The result of one report: a row of ``inspect``.

    Attributes:
        path: the displayed path; ``reports.zip!a/b.xml`` for a report in a zip archive.
        format: name of its format; empty if it is not a report.
        counts: of the records that were read.
        truncated: the file breaks off; the counts are the complete cases.
        notices: warnings and notes.
        error: why it was not read to its end, else None.
        merged: tests whose results were merged because they have one name, and for no other reason.
        names: a number for each name of a test; see ``CaseNames``. Empty if reports are not compared.
    """

    path: str
    format: str
    counts: Counts
    truncated: bool = False
    notices: tuple[Notice, ...] = ()
    error: ReportError | None = None
    merged: tuple[str, ...] = ()
    names: frozenset[int] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON."""
        return {
            "path": self.path,
            "format": self.format,
            **self.counts.as_dict(),
            "truncated": self.truncated,
            "merged_by_name": list(self.merged),
            "warnings": texts(self.notices, WARNING),
            "notes": texts(self.notices, NOTE),
            "error": self.error.as_dict() if self.error is not None else None,
        }


class ReportSet(NamedTuple):
    """The results of all files.

    Attributes:
        files: a row for each report, and for each path that was named.
        skipped: number of files in a directory, a glob or an archive that are not reports.
        named: these files, the doubtful ones first, then those that may hold a failure; at most
            ``MOST_NAMED``.
        left_out: directories that were not searched.
        errors: patterns that matched nothing.
    """

    files: tuple[FileReport, ...] = ()
    skipped: int = 0
    named: tuple[Skipped, ...] = ()
    left_out: int = 0
    errors: tuple[ReportError, ...] = ()

    @classmethod
    def of(
        cls,
        sets: Iterable[Self],
        *,
        skipped: Sequence[Skipped] = (),
        left_out: int = 0,
        errors: tuple[ReportError, ...] = (),
    ) -> Self:
        """Return several sets as one, in their order, after the files that were skipped before."""
        rows: list[FileReport] = []
        named = list(skipped)
        count = len(named)
        for one in sets:
            rows += one.files
            count += one.skipped
            named += one.named
            if len(named) > 2 * MOST_NAMED:
                named = _first(named)
        return cls(tuple(rows), count, tuple(_first(named)), left_out, errors)

    @classmethod
    def without(cls, file: Skipped) -> Self:
        """Return the set of one file that is skipped."""
        return cls(skipped=1, named=(file,))

    @property
    def totals(self) -> Counts:
        """The counts of all files together."""
        return sum((row.counts for row in self.files), Counts())

    @property
    def problems(self) -> tuple[ReportError, ...]:
        """Errors that fail the reading: of files; of patterns if there is no file at all."""
        of_files = tuple(row.error for row in self.files if row.error is not None)
        return of_files if self.files else self.errors


def _first(named: list[Skipped]) -> list[Skipped]:
    """Return the files that are named, in their order."""
    named.sort(key=lambda one: (not one.doubtful, not one.may_hold_failure))
    return named[:MOST_NAMED]
