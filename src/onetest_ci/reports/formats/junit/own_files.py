"""Reads the JUnit files that ``--junit`` writes: records come back as they were.

The rules for other tools' files would change some: by them a test of pytest counts lines from 0, and two
results of one name may be attempts of one test. ``outputs/junit_elements.py`` writes what this reads.
"""

from collections.abc import Collection
from typing import ClassVar

from onetest_ci.model import Attachment, Case, Suite
from onetest_ci.reports.engine.go_output import GoFailureFinder
from onetest_ci.reports.engine.reading import Reading, Records
from onetest_ci.reports.engine.text import attachments_in
from onetest_ci.reports.formats.junit.case_result import CaseResult
from onetest_ci.reports.formats.junit.cases import Cases, moment_of
from onetest_ci.reports.formats.junit.handler import JUnitHandler
from onetest_ci.reports.formats.junit.open_suite import OpenSuite
from onetest_ci.reports.formats.junit.producers import MISSING_FILE


class OwnResult(CaseResult):
    """The result of the elements inside a case: as it is, by no rule for one tool."""

    SKIPPING: ClassVar[Collection[str]] = frozenset()

    def in_order(self) -> CaseResult:
        """Return the result: the last attempt is the case, and the earlier ones are in order."""
        return self

    def _attachment_property(self, name: str, value: str) -> None:
        if name.startswith(MISSING_FILE):
            self.attach([Attachment(value, name.removeprefix(MISSING_FILE).removeprefix(":"))])


class _AsWritten(GoFailureFinder):
    def explained(self, case: Case) -> Case:
        """Return the case: what its output shows was added before it was written."""
        return case


class OwnCases(Cases):
    """Cases whose records get the fields that only these files contain."""

    def __init__(self, reading: Reading, records: Records) -> None:
        super().__init__(reading, records)
        self._go = _AsWritten()

    def record(self, suite: OpenSuite) -> None:
        """Make the records of the waiting cases."""
        first = len(self._records)
        own = [(given.get("method", ""), given.get("attached", "")) for given, _ in self.waiting]
        super().record(suite)
        if self._reading.counting:
            return
        for at, (method, attached) in enumerate(own, first):
            case = self._records[at]
            if isinstance(case, Case) and (method or attached or case.properties):
                self._records[at] = _restored(case, method, attached)


class OwnHandler(JUnitHandler):
    """Turns the elements of such a file into records."""

    result_type = OwnResult
    cases_type = OwnCases

    def _suite_of(self, attributes: dict[str, str]) -> OpenSuite:
        get = attributes.get
        if get("outside"):
            self._suites -= 1
            suite = OpenSuite.outermost()
        else:
            start = moment_of(get("timestamp"), self._reading)
            record = Suite(
                self._suites,
                self._suite.ordinal,
                get("name", ""),
                start,
                get("file", ""),
                producer=get("producer", ""),
            )
            suite = OpenSuite.begin(record, attributes, self._suite)
        # A case has a start of its own, or none.
        suite.clock = None
        suite.cases_before = self._cases.listed
        suite.failures_before = self._cases.failures
        return suite

    def _attach(self, text: str) -> None:
        if self._attempt is None:
            super()._attach(text)
        else:
            # The files of all attempts are those of the case, too.
            self._buffer.take_attachments("")

    def _add_failures_of(self, suite: OpenSuite, cases: int) -> None:
        """Add nothing: each failure is a case."""


def _restored(case: Case, method: str, attached: str) -> Case:
    """Return a case with its method, its files, and its output without the lines that name them."""
    output, attachments = case.system_out, case.attachments
    count = int(attached) if attached.isdecimal() and len(attached) <= len("1000") else 0
    if count:
        output, *lines = output.rsplit("\n", count)
        named = {found: _name(line) for line in lines for found in attachments_in(line)}
        attachments = tuple(one._replace(name=named.get(one, one.name)) for one in attachments)
    properties = tuple(pair for pair in case.properties if not pair[0].startswith(MISSING_FILE))
    return case._replace(method=method, system_out=output, attachments=attachments, properties=properties)


def _name(line: str) -> str:
    return line.rpartition("[[")[0].removesuffix(" ")
