"""The failed tests of reports that were inspected. Only reports with failures need this module."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from onetest_ci.bundle.logs import short_failure
from onetest_ci.model import Case
from onetest_ci.outputs.console_tests import SHOWN_FAILURES, failure_lines
from onetest_ci.outputs.styled import Line
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FileReport, FoundFile, ReadOptions
from onetest_ci.reports.failed_cases import failed_cases
from onetest_ci.results.run_results import ShownTest, reported_place


def lines_by_report(
    files: Iterable[FoundFile], rows: Sequence[FileReport], options: ReadOptions, redact: Redactor
) -> Mapping[str, list[Line]]:
    """Return the lines on failed tests by the path of their report.

    Args:
        files: that were read.
        rows: what they contain.
        options: how they were read.
        redact: removes the run's secrets.
    """
    found = failed_cases(files, rows, options, SHOWN_FAILURES)
    return {row.path: list(_lines(row, found.get(row.path, ()), redact)) for row in rows}


def _lines(row: FileReport, cases: Sequence[Case], redact: Redactor) -> Iterator[Line]:
    for case in cases:
        test = ShownTest(
            name=case.name,
            suite=case.classname,
            message=short_failure(case),
            reported_place=reported_place(case.file, case.line),
        )
        yield from failure_lines(test.redacted(redact))
    left = row.counts.failures + row.counts.errors - len(cases)
    if left > 0:
        yield f"  … {left:,} more"
