"""Reads all files that were found, on several processors where that pays."""

from onetest_ci.reports.find import FoundFiles
from onetest_ci.reports.read import ReadOptions, Sink, read_file
from onetest_ci.reports.rows import ReportSet


def read_reports(
    found: FoundFiles,
    sink: Sink | None = None,
    options: ReadOptions = ReadOptions(),  # noqa: B008 - it is frozen
) -> ReportSet:
    """Read all files in order; nothing is raised for what is in them.

    Args:
        found: from ``find``.
        sink: takes each record; None only counts.
        options: how.
    """
    sets = (read_file(file, sink, options) for file in found.files)
    return ReportSet.of(sets, skipped=found.special, errors=found.unmatched)
