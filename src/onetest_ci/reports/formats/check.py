"""Check's own XML (``CK_XML_LOG_FILE_NAME``).

Facts: check_log.c of Check 0.9 to 0.15: ``testsuites > suite > test``, in a namespace of its own. The file
has no totals. Checked fixtures are part of each test. An unchecked fixture that fails leaves no trace in the
file (seen with 0.15): its tests are missing, and only the program's exit code is a failure.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration, timestamp, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="file and function",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    parameters="iteration of a loop test, in the name",
    times="duration; start of the run",
)

_RESULTS: Final = {"success": PASSED, "failure": FAILED, "error": ERROR}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each suite and each of its test cases (``tcase``), and their tests."""
    return read_xml(stream, reading, _Check)


class _Check(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._title = ""
        self._began: float | None = None
        self.units = {"datetime": self._datetime, "title": self._suite, "test": self._test}

    def _datetime(self, element: Element) -> None:
        self._began = timestamp(element.text)

    def _suite(self, element: Element) -> None:
        self._title = element.text.strip()

    def _test(self, element: Element) -> None:
        names = [name for name in (self._title, element.text_at("description")) if name]
        self.recorder.enter_suite(*names)
        status = verdict(self.reading, element.get("result"), _RESULTS)
        file, _, line = element.text_at("fn").rpartition(":")
        folder = element.text_at("path")
        name, iteration = element.text_at("id"), element.text_at("iteration")
        self.recorder.case(
            f"{name}[{iteration}]" if iteration not in {"", "0"} else name,
            method=name,
            status=status,
            seconds=duration(element.text_at("duration")),
            start=self._began,
            message=element.text_at("message") if status != PASSED else "",
            file=f"{folder}/{file}" if folder not in {"", "."} and not file.startswith("/") else file,
            line=whole_number(line),
        )
