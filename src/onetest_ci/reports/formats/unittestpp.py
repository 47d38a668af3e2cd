"""UnitTest++'s ``XmlTestReporter``.

Facts: XmlTestReporter.cpp and TestResults.cpp of UnitTest++ 1.4 to 2.0: ``unittest-results > test >
failure``. Fixtures are part of each test. ``failedtests`` counts the tests that failed, one by one.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import FAILED, PASSED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.values import duration, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, NONE_OUTSIDE, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="suite and test",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals="`failedtests`",
    times="duration",
)

_PLACE: Final = re.compile(r".{1,4096}?\(\d{1,9}\)\s*:\s*", re.DOTALL)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and their tests."""
    return read_xml(stream, reading, _UnitTestPP)


class _UnitTestPP(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._declared: int | None = None
        self._failed = 0
        self.units = {"test": self._test}
        self.opens = {"unittest-results": self._open}

    def finish(self) -> None:
        """Compare the cases with the run's own counts."""
        self.recorder.check_total(self._declared)
        self.recorder.check_failed_total(self._failed)

    def _open(self, attributes: dict[str, str]) -> None:
        self._declared = whole_number(attributes.get("tests"))
        # Failures of no failed test belong to at least one test that is missing.
        failures = min(1, whole_number(attributes.get("failures")) or 0)
        self._failed = max(whole_number(attributes.get("failedtests")) or 0, failures)

    def _test(self, element: Element) -> None:
        suite = element.get("suite")
        self.recorder.enter_named(suite)
        failures = [one.get("message") for one in element.all("failure")]
        place = _PLACE.match(failures[0]) if failures else None
        self.recorder.case(
            element.get("name"),
            # Tests outside any suite are in this one.
            classname=suite if suite != "DefaultSuite" else "",
            status=FAILED if failures else PASSED,
            seconds=duration(element.get("time")),
            message=failures[0][place.end() if place else 0 :] if failures else "",
            details="\n".join(failures),
        )
