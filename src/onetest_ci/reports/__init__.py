"""Finds reports, recognises their format by their content, and reads them as a stream.

``find`` returns the files and ``read_reports`` reads them. ``inspect`` only counts; ``collect`` has a sink
that keeps the records.
"""

from onetest_ci.reports.counts import Counts
from onetest_ci.reports.find import FoundFile, FoundFiles, find
from onetest_ci.reports.parallel import read_reports
from onetest_ci.reports.read import ReadOptions, holds_report, read_file
from onetest_ci.reports.results import FileReport, ReportSet, Skipped, Source

__all__ = [
    "Counts",
    "FileReport",
    "FoundFile",
    "FoundFiles",
    "ReadOptions",
    "ReportSet",
    "Skipped",
    "Source",
    "find",
    "holds_report",
    "read_file",
    "read_reports",
]
