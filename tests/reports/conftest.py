import io
from collections.abc import Callable
from typing import NamedTuple

import pytest

from onetest_ci.model import Case, Suite
from onetest_ci.reports import junit
from onetest_ci.reports.dialect import Reading, Tally


class Read(NamedTuple):
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


@pytest.fixture
def read() -> Callable[..., Read]:
    """The records of a JUnit document given as bytes or text, and what the reader noted."""

    def read(document: bytes | str, *, text_limit: int = 65_536) -> Read:
        data = document.encode() if isinstance(document, str) else document
        reading = Reading("report.xml", text_limit)
        records = [one for some in junit.read(io.BytesIO(data), reading) for one in some]
        return Read([one for one in records if not isinstance(one, Tally)], reading)

    return read
