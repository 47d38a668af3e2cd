"""Reads the files that were found: one row each, and the records to whoever wants them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

from onetest_ci.errors import ReportError
from onetest_ci.model import Case, Suite
from onetest_ci.reports.counts import Counts
from onetest_ci.reports.dialect import Dialect, Head, Reading
from onetest_ci.reports.dialects import dialect_of, unknown
from onetest_ci.reports.find import FoundFile, FoundFiles
from onetest_ci.reports.sniff import is_blank, looks_like_xml, read_head
from onetest_ci.reports.text import DEFAULT_LIMIT

Sink = Callable[[FoundFile, Suite | Case], None]
"""Takes each record as it is read, with the file it comes from."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file says: the row of ``inspect``.

    Attributes:
        path: as the user knows it.
        dialect: which kind of report; empty when it is none.
        counts: of the records that were read.
        truncated: the file breaks off; the counts are the complete cases.
        warnings: what the user should know.
        error: why it was not read to its end, else None.
    """

    path: str
    dialect: str
    counts: Counts
    truncated: bool = False
    warnings: tuple[str, ...] = ()
    error: ReportError | None = None

    def as_dict(self) -> dict[str, Any]:
        """The row for JSON."""
        return {
            "path": self.path,
            "dialect": self.dialect,
            **self.counts.as_dict(),
            "truncated": self.truncated,
            "warnings": list(self.warnings),
            "error": self.error.as_dict() if self.error is not None else None,
        }


@dataclass(frozen=True, slots=True)
class ReportSet:
    """All that was read.

    Attributes:
        files: a row for each report, and for each path that was named.
        skipped: files that a directory or glob matched and that are no report.
        errors: patterns that matched nothing.
    """

    files: tuple[FileReport, ...]
    skipped: int = 0
    errors: tuple[ReportError, ...] = ()

    @property
    def totals(self) -> Counts:
        """All files together."""
        return sum((row.counts for row in self.files), Counts())

    @property
    def problems(self) -> tuple[ReportError, ...]:
        """What fails the reading: files not read to their end; unmatched patterns when no file is left."""
        of_files = tuple(row.error for row in self.files if row.error is not None)
        return of_files if self.files else self.errors


def read_reports(
    found: FoundFiles, sink: Sink | None = None, *, text_limit: int = DEFAULT_LIMIT
) -> ReportSet:
    """Read all files in order; nothing is raised for what is in them.

    Args:
        found: from ``find``.
        sink: takes each record; None only counts.
        text_limit: characters kept of one text.
    """
    rows = []
    skipped = found.special
    for file in found.files:
        row = read_file(file, sink, text_limit=text_limit)
        if row is None:
            skipped += 1
        else:
            rows.append(row)
    return ReportSet(tuple(rows), skipped, found.unmatched)


def read_file(
    file: FoundFile, sink: Sink | None = None, *, text_limit: int = DEFAULT_LIMIT
) -> FileReport | None:
    """The row of one file; None for a file that nobody named and that is no report.

    Args:
        file: what to read.
        sink: takes each record; None only counts.
        text_limit: characters kept of one text.
    """
    if file.error is not None:
        return FileReport(file.display, "", Counts(), error=file.error)
    try:
        stream = file.path.open("rb")
    except OSError as error:
        return FileReport(file.display, "", Counts(), error=_unreadable(file.display, error))
    with stream:
        try:
            head = read_head(stream)
        except OSError as error:
            return FileReport(file.display, "", Counts(), error=_unreadable(file.display, error))
        dialect = dialect_of(head)
        if dialect is not None:
            return _read(file, stream, dialect, Reading(file.display, text_limit), sink)
    no_report = _no_report(file, head)
    return FileReport(file.display, "", Counts(), error=no_report) if no_report is not None else None


def _read(
    file: FoundFile, stream: BinaryIO, dialect: Dialect, reading: Reading, sink: Sink | None
) -> FileReport:
    counts = Counts()
    add = counts.add
    for record in dialect.read(stream, reading):
        if type(record) is Case:
            add(record)
        if sink is not None:
            sink(file, record)
    return FileReport(file.display, dialect.name, counts, reading.truncated, reading.warnings, reading.error)


def _no_report(file: FoundFile, head: Head) -> ReportError | None:
    """Why a file that no dialect knows is an error; None when it may be skipped."""
    is_xml = PurePath(file.display).suffix.lower() == ".xml"
    if is_blank(head.data) and (file.explicit or is_xml):
        return ReportError(
            "empty-file",
            f"{file.display} is empty.",
            "A test runner that was killed or ran out of disk leaves such a file; see its log.",
        )
    if not file.explicit:
        return None
    if looks_like_xml(head):
        return ReportError(
            "broken-xml",
            f"{file.display} starts as XML, but is not well-formed up to its first element.",
            "Run the tests to their end, or see what writes the file.",
        )
    return unknown(file.display, head)


def _unreadable(path: str, error: OSError) -> ReportError:
    return ReportError(
        "unreadable-file",
        f"{path} cannot be read: {error.strerror or error}.",
        "Check the permissions of the file and of its directories.",
    )
