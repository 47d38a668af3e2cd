"""CUnit's automated results, ``CUnitAutomated-Results.xml``.

Facts: CUnit-Run.dtd of CUnit 1.0 to 2.3, Automated.c and TestRun.c of 2.3: a record for each test that passed
or was skipped, and for each assertion that failed. CUnit 1 has groups where later versions have suites.

Totals: ``Suites`` counts set-ups and clean-ups that failed, ``Test Cases`` the tests that failed, one by one.
In CUnit 1, which has ``Test Groups``, ``Test Cases`` counts assertions.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import whole_number
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="the test's name",
    retries=NO_RETRIES,
    outside="set-up and clean-up of a suite",
    totals="failed suites and test cases in the summary, but for CUnit 1, which counts assertions",
)

_MOST_ASSERTIONS: Final = 1000
_RECORDS: Final = {
    "cunit_run_test_success": PASSED,
    "cunit_run_test_failure": FAILED,
    "cunit_run_test_skipped": SKIPPED,
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and their tests."""
    return read_xml(stream, reading, _CUnit)


class _CUnit(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._suite = ""
        # Failed assertions of one test are in a row: the test is recorded when the next one begins.
        self._failed = ""
        self._assertions: list[Element] = []
        self._total: int | None = None
        self.units = {
            "SUITE_NAME": self._name,
            "GROUP_NAME": self._name,
            "CUNIT_RUN_TEST_RECORD": self._record,
            "CUNIT_RUN_TEST_SUCCESS": self._result,
            "CUNIT_RUN_TEST_FAILURE": self._result,
            "CUNIT_RUN_TEST_SKIPPED": self._result,
            "CUNIT_RUN_SUITE_FAILURE": self._suite_failed,
            "CUNIT_RUN_GROUP_FAILURE": self._suite_failed,
            "CUNIT_RUN_SUMMARY": self._summary,
        }
        self.closes = {"CUNIT_RUN_SUITE": self._close_suite, "CUNIT_RUN_GROUP": self._close_suite}

    def finish(self) -> None:
        """Record the last test if it failed."""
        self._record_failed()
        self.recorder.check_failed_total(self._total)

    def _name(self, element: Element) -> None:
        self._record_failed()
        self.recorder.enter_suite(element.text.strip())

    def _close_suite(self) -> None:
        self._record_failed()
        self.recorder.enter_suite()

    def _record(self, element: Element) -> None:
        for one in element.children:
            self._result(one)

    def _result(self, element: Element) -> None:
        status = verdict(self.reading, element.tag, _RECORDS)
        if status == FAILED:
            self._assertion(element)
            return
        self._record_failed()
        reason = element.text_at("SKIP_REASON") or element.text_at("CONDITION")
        self.recorder.case(element.text_at("TEST_NAME"), status=status, message=reason)

    def _assertion(self, element: Element) -> None:
        name = element.text_at("TEST_NAME")
        if name != self._failed:
            self._record_failed()
        self._failed = name
        if len(self._assertions) < _MOST_ASSERTIONS:
            self._assertions.append(element)

    def _record_failed(self) -> None:
        if self._assertions:
            first = self._assertions[0]
            self.recorder.case(
                self._failed,
                status=FAILED,
                message=first.text_at("CONDITION"),
                details="\n".join(
                    f"{one.text_at('FILE_NAME')}:{one.text_at('LINE_NUMBER')}: {one.text_at('CONDITION')}"
                    for one in self._assertions
                ),
            )
            self._assertions.clear()
            self._failed = ""

    def _suite_failed(self, element: Element) -> None:
        """Record a suite whose set-up or clean-up did not work."""
        self._record_failed()
        self.recorder.enter_suite(element.text_at("SUITE_NAME") or element.text_at("GROUP_NAME"))
        self.recorder.failure_of_suite(status=ERROR, message=element.text_at("FAILURE_REASON"))

    def _summary(self, element: Element) -> None:
        """Read the totals. The names of the rows may be translated; the third row counts assertions."""
        rows = list(element.all("CUNIT_RUN_SUMMARY_RECORD"))[:2]
        names = {row.text_at("TYPE").lower() for row in rows}
        if "test groups" not in names:
            counts = [
                whole_number(row.text_at("FAILED"))
                for row in rows
                if row.text_at("TYPE").lower() != "assertions"
            ]
            self._total = sum(filter(None, counts))
