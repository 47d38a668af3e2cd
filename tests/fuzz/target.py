"""What must hold for whatever bytes a report file has; the fuzzer and the suite share it."""

import json
import tempfile
from pathlib import Path
from typing import Any

from onetest_ci.model import BAD, Case, Suite
from onetest_ci.reports import FileReport, FoundFile, ReadOptions, ReportSet, read_file

TEXT_LIMIT = 200
# A cut text has the mark of the cut besides; a name or a message may be joined with a line break.
LONGEST_TEXT = TEXT_LIMIT + 60

_FOLDER = Path(tempfile.mkdtemp(prefix="onetest-fuzz-"))
_FILE = _FOLDER / "report.zip"


def check(data: bytes) -> ReportSet:
    """Read a file of these bytes, hold what was read against what must hold, return it."""
    _FILE.write_bytes(data)
    records: list[tuple[str, Suite | Case]] = []
    options = ReadOptions(text_limit=TEXT_LIMIT)
    read = read_file(
        FoundFile(_FILE, "report", explicit=True),
        lambda file, some: records.extend((file.display, record) for record in some),
        options,
    )
    assert read.files
    for row in read.files:
        _check_row(row, [record for path, record in records if path == row.path])
    # What is only counted is the same as what is kept.
    counted = read_file(FoundFile(_FILE, "report", explicit=True), options=options)
    assert [_exact(row) for row in counted.files] == [_exact(row) for row in read.files]
    return read


def _exact(row: FileReport) -> dict[str, Any]:
    """The row, but for what depends on the order in which times are added."""
    return {**row.as_dict(), "seconds": round(row.counts.seconds, 3)}


def _check_row(row: FileReport, records: list[Suite | Case]) -> None:
    json.dumps(row.as_dict(), allow_nan=False)
    assert row.format or row.error
    assert not row.truncated or row.error
    suites = [record for record in records if isinstance(record, Suite)]
    cases = [record for record in records if isinstance(record, Case)]
    assert [suite.ordinal for suite in suites] == list(range(len(suites)))
    assert [case.ordinal for case in cases] == list(range(len(cases)))
    known: set[int | None] = {None}
    for record in records:
        if isinstance(record, Suite):
            assert record.parent in known
            known.add(record.ordinal)
        else:
            assert record.suite in known
            _check_case(record)
    superseded = {case.retry_of for case in cases} - {None}
    assert all(cases[ordinal].status in BAD for ordinal in superseded if ordinal is not None)
    final = [case.status for case in cases if case.ordinal not in superseded]
    counts = row.counts
    assert counts.tests == len(final) == counts.passed + counts.failures + counts.errors + counts.skipped
    assert (counts.passed, counts.failures) == (final.count("passed"), final.count("failed"))
    assert (counts.errors, counts.skipped) == (final.count("error"), final.count("skipped"))
    assert counts.seconds >= 0


def _check_case(case: Case) -> None:
    assert case.name
    assert case.seconds is None or 0 <= case.seconds < float("inf")
    texts = [case.message, case.kind, case.details, case.system_out, case.system_err]
    for attempt in case.attempts:
        texts += attempt[1:6]
    assert all(len(text) <= LONGEST_TEXT for text in texts)
