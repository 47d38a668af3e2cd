"""Boost.Test's own log (``--log_format=XML``) and report (``--report_format=XML --report_level=detailed``).

Facts: xml_log_formatter.ipp and xml_report_formatter.ipp of Boost 1.33 to 1.86.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict, worse
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration

TELLS: Final = Tells(
    code_ref="`file`, the suites and the case",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration",
)

_PROBLEMS: Final = {"Error": FAILED, "FatalError": ERROR, "Exception": ERROR}
_PRINTED: Final = frozenset({"Message", "Warning"})
_RESULTS: Final = {
    "passed": PASSED,
    "warning": PASSED,
    "failed": FAILED,
    "aborted": ERROR,
    "timed-out": ERROR,
    "skipped": SKIPPED,
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites as nested in the file, and their cases."""
    return read_xml(stream, reading, _Boost)


class _Boost(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._suites: list[str] = []
        self.units = {"TestCase": self._case, **dict.fromkeys(_PROBLEMS, self._problem_outside)}
        self.opens = {"TestSuite": self._open_suite}
        self.closes = {"TestSuite": self._close_suite}

    def _open_suite(self, attributes: dict[str, str]) -> None:
        self._suites.append(attributes.get("name", ""))
        self.recorder.open_suite(self._suites[-1], file=attributes.get("file", ""))

    def _close_suite(self) -> None:
        if self._suites:
            self._suites.pop()
        self.recorder.close_suite()

    def _problem_outside(self, element: Element) -> None:
        """A global fixture that failed."""
        self.recorder.problem_of_suite(
            status=_PROBLEMS[element.tag],
            message=element.text.strip(),
            file=element.get("file"),
            line=whole(element.get("line")),
        )

    def _case(self, element: Element) -> None:
        self._inside(element)
        problems = [one for one in element.children if one.tag in _PROBLEMS]
        status = PASSED
        if element.get("result"):
            status = verdict(self.reading, element.get("result"), _RESULTS)
        elif element.get("skipped") == "yes":
            status = SKIPPED
        for problem in problems:
            status = worse(status, _PROBLEMS[problem.tag])
        microseconds = duration(element.said("TestingTime"))
        self.recorder.case(
            element.get("name"),
            # The first suite is the module, named in C++ code and no part of what one would call the case.
            classname=".".join(self._suites[1:]),
            status=status,
            seconds=microseconds / 1e6 if microseconds is not None else None,
            message=problems[0].text.strip() if problems else element.get("reason"),
            details="\n".join(map(_placed, problems)),
            system_out="\n".join(_placed(one) for one in element.children if one.tag in _PRINTED),
            file=element.get("file"),
            line=whole(element.get("line")),
        )

    def _inside(self, element: Element) -> None:
        """Cases that were run from inside a case, as hand-made suites do."""
        for child in element.children:
            if child.tag == "TestCase":
                self._case(child)
            elif child.tag == "TestSuite":
                self._open_suite(child.attributes)
                self._inside(child)
                self._close_suite()


def _placed(element: Element) -> str:
    """A message with its place, and the contexts it was written in."""
    frames = [f"  {frame.text.strip()}" for frame in element.all("Context/Frame")]
    place = f"{element.get('file')}({element.get('line')}): "
    return "\n".join([f"{place}{element.tag}: {element.text.strip()}", *frames])
