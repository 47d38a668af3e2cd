"""The failed tests of reports that were inspected. Only reports with failures need this module."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from onetest_ci.bundle.logs import short_failure
from onetest_ci.model import Case
from onetest_ci.outputs.console_tests import SHOWN_FAILURES, failure_lines, more_tests
from onetest_ci.outputs.styled import Line
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FileReport, FoundFile, ReadOptions
from onetest_ci.reports.failed_cases import failed_cases
from onetest_ci.results.bundle_tests import trace_of
from onetest_ci.results.run_results import ShownTest, reported_place
from onetest_ci.traces.finder import PlaceFinder


def lines_by_report(
    files: Iterable[FoundFile],
    rows: Sequence[FileReport],
    options: ReadOptions,
    redact: Redactor,
    checkout: Path,
) -> Mapping[str, list[Line]]:
    """Return the lines on failed tests by the path of their report.

    Args:
        files: that were read.
        rows: what they contain.
        options: how they were read.
        redact: removes the run's secrets.
        checkout: the root of the repository that was tested.
    """
    found = failed_cases(files, rows, options, SHOWN_FAILURES)
    finder = PlaceFinder(checkout)
    return {row.path: list(_lines(row, found.get(row.path, ()), redact, finder)) for row in rows}


def _lines(row: FileReport, cases: Sequence[Case], redact: Redactor, finder: PlaceFinder) -> Iterator[Line]:
    for case in cases:
        test = ShownTest(
            name=case.name,
            suite=case.classname,
            message=short_failure(case),
            place=finder.place(trace_of(case) or case.message, case.file, case.line),
            reported_place=reported_place(case.file, case.line),
        )
        yield from failure_lines(test.redacted(redact))
    left = row.counts.failures + row.counts.errors - len(cases)
    yield from more_tests(left, "failed test", "the report contains them")
