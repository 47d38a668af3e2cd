"""CppUnit's ``XmlOutputter``; AUnit writes the same.

Facts: XmlOutputter.cpp of CppUnit 1.12 to 1.15: ``TestRun > FailedTests, SuccessfulTests, Statistics``.
Fixtures are part of each test.

Totals: ``FailuresTotal`` counts failures, of which one test can have two (its own and that of its
``tearDown``), so it exceeds the failed tests of correct reports. It is evidence as far as tests are missing
as well, and if no test failed at all.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.values import duration, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, NONE_OUTSIDE, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="class and method",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals="`FailuresTotal`, if no test failed or as many tests are missing",
    times="duration, if a plug-in adds it",
)

_SECTIONS: Final = {
    "FailedTests": FAILED,
    "SuccessfulTests": PASSED,
    "SkippedTests": SKIPPED,
    "IgnoredTests": SKIPPED,
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each class, and its tests: the failed ones first, as in the file."""
    return read_xml(stream, reading, _CppUnit)


class _CppUnit(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._status: str | None = None
        self._shown = 0
        self._declared: int | None = None
        self._failures = 0
        self.units = {"Test": self._test, "FailedTest": self._test, "Statistics": self._statistics}
        self.opens = {section: partial(self._section, status) for section, status in _SECTIONS.items()}
        self.closes = dict.fromkeys(_SECTIONS, self._end_section)

    def _section(self, status: str, _attributes: dict[str, str]) -> None:
        self._status = status

    def _end_section(self) -> None:
        self._status = None

    def _statistics(self, element: Element) -> None:
        self._declared = whole_number(element.text_at("Tests"))
        failures, errors = (
            whole_number(element.text_at("Failures")) or 0,
            whole_number(element.text_at("Errors")) or 0,
        )
        self._failures = max(whole_number(element.text_at("FailuresTotal")) or 0, failures + errors)

    def finish(self) -> None:
        """Compare the tests with the file's own counts, which may be before or behind them."""
        self.recorder.check_total(self._declared)
        bad = self.recorder.bad
        missing = max(0, (self._declared or 0) - self._shown)
        self.recorder.check_failed_total(min(self._failures, bad + missing) if bad else self._failures)

    def _test(self, element: Element) -> None:
        self._shown += 1
        classname, _, name = element.text_at("Name").rpartition("::")
        self.recorder.enter_named(classname)
        status, message, details = self._status_of(element), "", ""
        if status != PASSED:
            message, location = element.text_at("Message"), element.first("Location")
            # The file is that of the failure. A reference with it would change with the verdict.
            details = f"{location.text_at('File')}:{location.text_at('Line')}: {message}"
        self.recorder.case(
            name,
            classname=classname,
            status=status,
            seconds=duration(element.text_at("Time")),
            message=message,
            details=details,
        )

    def _status_of(self, element: Element) -> str:
        # CppUnit calls them FailedTest, AUnit Test.
        if self._status == FAILED or element.tag == "FailedTest":
            return ERROR if element.text_at("FailureType") == "Error" else FAILED
        if self._status is None:
            self.reading.warn("status", "a test in none of the known sections is read as an error")
            return ERROR
        return self._status
