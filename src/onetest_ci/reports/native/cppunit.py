"""CppUnit's ``XmlOutputter``; AUnit writes the same.

Facts: XmlOutputter.cpp of CppUnit 1.12 to 1.15: ``TestRun > FailedTests, SuccessfulTests``.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration

TELLS: Final = Tells(
    code_ref="class and method",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration, where a plug-in adds it",
)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each class, and its tests: the failed ones first, as in the file."""
    return read_xml(stream, reading, _CppUnit)


class _CppUnit(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._status = PASSED
        self._declared: int | None = None
        self.units = {"Test": self._test, "FailedTest": self._test, "Statistics": self._statistics}
        self.opens = {
            "FailedTests": partial(self._section, FAILED),
            "SuccessfulTests": partial(self._section, PASSED),
            "SkippedTests": partial(self._section, SKIPPED),
            "IgnoredTests": partial(self._section, SKIPPED),
        }

    def _section(self, status: str, _attributes: dict[str, str]) -> None:
        self._status = status

    def _statistics(self, element: Element) -> None:
        self._declared = whole(element.said("Tests"))

    def finish(self) -> None:
        """The file's own count stands behind the tests, or before them."""
        self.recorder.declared(self._declared)

    def _test(self, element: Element) -> None:
        status = self._status
        # CppUnit calls them FailedTest, AUnit Test.
        if status == FAILED or element.tag == "FailedTest":
            status = ERROR if element.said("FailureType") == "Error" else FAILED
        classname, _, name = element.said("Name").rpartition("::")
        self.recorder.enter_suite(*([classname] if classname else []))
        location = element.first("Location")
        self.recorder.case(
            name,
            classname=classname,
            status=status,
            seconds=duration(element.said("Time")),
            message=element.said("Message"),
            # The file is that of the failure: a reference made of it would change with the verdict.
            details=f"{location.said('File')}:{location.said('Line')}: {element.said('Message')}",
        )
