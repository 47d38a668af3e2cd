"""CUnit's automated results, ``CUnitAutomated-Results.xml``.

Facts: CUnit-Run.dtd of CUnit 2.1: a record for each test that passed, and for each assertion that failed.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells

TELLS: Final = Tells(
    code_ref="the test's name",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
)

_MOST_ASSERTIONS: Final = 1000


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and their tests."""
    return read_xml(stream, reading, _CUnit)


class _CUnit(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._suite = ""
        # Failed assertions of one test stand in a row: it is told when the next one begins.
        self._failed = ""
        self._assertions: list[Element] = []
        self.units = {
            "SUITE_NAME": self._name,
            "CUNIT_RUN_TEST_SUCCESS": self._passed,
            "CUNIT_RUN_TEST_FAILURE": self._assertion,
            "CUNIT_RUN_SUITE_FAILURE": self._suite_failed,
        }
        self.closes = {"CUNIT_RUN_SUITE": self._close_suite}

    def finish(self) -> None:
        """The last test may have failed."""
        self._tell_failed()

    def _name(self, element: Element) -> None:
        self._tell_failed()
        self.recorder.enter_suite(element.text.strip())

    def _close_suite(self) -> None:
        self._tell_failed()
        self.recorder.enter_suite()

    def _passed(self, element: Element) -> None:
        self._tell_failed()
        self.recorder.case(element.said("TEST_NAME"))

    def _assertion(self, element: Element) -> None:
        name = element.said("TEST_NAME")
        if name != self._failed:
            self._tell_failed()
        self._failed = name
        if len(self._assertions) < _MOST_ASSERTIONS:
            self._assertions.append(element)

    def _tell_failed(self) -> None:
        if self._assertions:
            first = self._assertions[0]
            self.recorder.case(
                self._failed,
                status=FAILED,
                message=first.said("CONDITION"),
                details="\n".join(
                    f"{one.said('FILE_NAME')}:{one.said('LINE_NUMBER')}: {one.said('CONDITION')}"
                    for one in self._assertions
                ),
            )
            self._assertions.clear()
            self._failed = ""

    def _suite_failed(self, element: Element) -> None:
        """Its set-up or clean-up did not work."""
        self._tell_failed()
        self.recorder.enter_suite(element.said("SUITE_NAME"))
        self.recorder.problem_of_suite(status=ERROR, message=element.said("FAILURE_REASON"))
