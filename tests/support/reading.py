"""Reading a report that a test has in memory, as the commands read a file: by its content."""

import io
from pathlib import Path
from typing import NamedTuple

from onetest_ci.model import Case, Suite
from onetest_ci.reports import Source
from onetest_ci.reports.detection import format_of, read_head
from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.engine.reading import Reading, Tally
from onetest_ci.safe_open import FileIdentity


class Read(NamedTuple):
    """The format of a report, its records, and the notes of its reading."""

    format: str
    records: list[Suite | Case]
    reading: Reading

    @property
    def cases(self) -> list[Case]:
        return [record for record in self.records if isinstance(record, Case)]

    @property
    def suites(self) -> list[Suite]:
        return [record for record in self.records if isinstance(record, Suite)]

    @property
    def case(self) -> Case:
        (case,) = self.cases
        return case

    @property
    def statuses(self) -> list[tuple[str, str]]:
        return [(case.name, case.status) for case in self.cases]

    def path(self, case: Case) -> list[str]:
        """Names of the suites around a case, from the outermost."""
        suites = {suite.ordinal: suite for suite in self.suites}
        names = []
        ordinal = case.suite
        while ordinal is not None:
            names.append(suites[ordinal].name)
            ordinal = suites[ordinal].parent
        return names[::-1]


def read_report(document: bytes | str, *, text_limit: int = 65_536) -> Read:
    """Find the format of a document and read it."""
    data = _bytes(document)
    head = read_head(io.BytesIO(data))
    report_format = format_of(head)
    assert report_format is not None, data[:200]
    return read_as(report_format, data, text_limit=text_limit, start=head.json.start if head.json else 0)


def read_as(
    report_format: Format, document: bytes | str, *, text_limit: int = 65_536, start: int = 0
) -> Read:
    """Read a document as one of a given format."""
    reading = Reading("report.xml", text_limit, start=start)
    records = [
        record
        for some in report_format.read(io.BytesIO(_bytes(document)), reading)
        for record in some
        if not isinstance(record, Tally)  # which only counting gives
    ]
    return Read(report_format.name, records, reading)


def _bytes(document: bytes | str) -> bytes:
    return document.encode() if isinstance(document, str) else document


def source(path: Path) -> Source:
    """Return where the bytes of a report are that lies there now."""
    return Source(path, FileIdentity.of(path.stat()))
