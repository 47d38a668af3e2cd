"""Boost.Test's own log (``--log_format=XML``) and report (``--report_format=XML``, at any level).

Facts: xml_log_formatter.ipp, xml_report_formatter.ipp and results_collector.ipp of Boost 1.34 to 1.86.

The log has no verdicts: a case failed if it contains an error, and an error in a suite or above all suites
is that of a fixture (or, at ``--log_level=error``, of a test that is not named). The report has a result for
each unit and counts failed assertions. Those of a suite include its cases; more than their sum failed in a
fixture. ``test_cases_failed`` counts one by one, cases that were aborted included, and expected failures left
out. ``test_cases_timed_out`` counts the rest.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, worse
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures
from onetest_ci.text.cut import dotted_path

FEATURES: Final = FormatFeatures(
    code_ref="`file`, the suites and the case",
    retries=NO_RETRIES,
    outside="errors in a suite or above all suites; in a report, a suite that failed by itself",
    totals="`test_cases_failed` and `test_cases_timed_out` of a report; the result of each of its suites",
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


class _Suite:
    """A suite that is open.

    Attributes:
        name: of the suite.
        path: of the suites from the one below the outermost. None for the outermost.
        attributes: of its element; a report's hold its result and counts.
        units: suites and cases directly inside it.
        failed_inside: failed assertions of those units.
    """

    def __init__(self, attributes: dict[str, str], outer: "_Suite | None") -> None:
        self.name = attributes.get("name", "")
        self.path: str | None = dotted_path(outer.path, self.name) if outer is not None else None
        self.attributes = attributes
        self.units = 0
        self.failed_inside = 0

    def add(self, attributes: dict[str, str]) -> None:
        """Count a suite or a case inside this one."""
        self.units += 1
        self.failed_inside += whole_number(attributes.get("assertions_failed")) or 0

    @property
    def failed(self) -> bool:
        """Return whether its result is a failure. Only a report has results; an unknown one is a failure."""
        result = self.attributes.get("result", "passed").strip().lower()
        return _RESULTS.get(result, ERROR) in {FAILED, ERROR}

    @property
    def failed_by_itself(self) -> int:
        """Failed assertions of its fixtures; 0 if the report is too short to list the units inside."""
        return (
            (whole_number(self.attributes.get("assertions_failed")) or 0) - self.failed_inside
            if self.units
            else 0
        )

    @property
    def failed_cases(self) -> int | None:
        """Cases that failed, suites inside it included. None in a log."""
        counts = [whole_number(self.attributes.get(f"test_cases_{name}")) for name in ("failed", "timed_out")]
        return sum(filter(None, counts)) if counts != [None, None] else None


class _Boost(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._suites: list[_Suite] = []
        self._run = ""
        self._failed_cases: int | None = None
        self.units = {"TestCase": self._case, **dict.fromkeys(_PROBLEMS, self._problem_outside)}
        self.opens = {"TestSuite": self._open_suite}
        self.closes = {"TestSuite": self._close_suite}

    def finish(self) -> None:
        """Compare the cases with the counts of the outermost suite, which are those of the run."""
        self.recorder.check_failed_total(self._failed_cases, self._run)

    def _open_suite(self, attributes: dict[str, str]) -> None:
        suite = _Suite(attributes, self._suites[-1] if self._suites else None)
        if self._suites:
            self._suites[-1].add(attributes)
        else:
            self._run = self._run or suite.name
        self._suites.append(suite)
        self.recorder.open_suite(suite.name, file=attributes.get("file", ""))

    def _close_suite(self) -> None:
        suite = self._suites.pop()
        counted = None
        if not self._suites and (counted := suite.failed_cases) is not None:
            self._failed_cases = (self._failed_cases or 0) + counted
        shown = bool(self.recorder.bad_in_suite or counted)
        if suite.failed and (suite.failed_by_itself > 0 or not shown):
            self.recorder.failure_of_suite(
                status=ERROR, message=_failure_of(suite), details=_counts_of(suite)
            )
        self.recorder.close_suite()

    def _problem_outside(self, element: Element) -> None:
        """Record a fixture that failed."""
        self.recorder.failure_of_suite(
            status=ERROR,
            message=element.text.strip(),
            details=_placed(element),
            file=element.get("file"),
            line=whole_number(element.get("line")),
        )

    def _case(self, element: Element) -> None:
        self._inside(element)
        if self._suites:
            self._suites[-1].add(element.attributes)
        problems = [one for one in element.children if one.tag in _PROBLEMS]
        status = PASSED
        if "result" in element.attributes or "assertions_failed" in element.attributes:
            status = verdict(self.reading, element.get("result"), _RESULTS)
        elif element.get("skipped") == "yes":
            status = SKIPPED
        if status == PASSED and _count(element, "assertions_failed") > _count(element, "expected_failures"):
            status = FAILED
        for problem in problems:
            status = worse(status, _PROBLEMS[problem.tag])
        microseconds = duration(element.text_at("TestingTime"))
        self.recorder.case(
            element.get("name"),
            # The first suite is the module, whose name in the C++ code is not a part of the case's name.
            classname=(self._suites[-1].path or "") if self._suites else "",
            status=status,
            seconds=microseconds / 1e6 if microseconds is not None else None,
            message=problems[0].text.strip() if problems else element.get("reason"),
            details="\n".join(map(_placed, problems)),
            system_out="\n".join(_placed(one) for one in element.children if one.tag in _PRINTED),
            file=element.get("file"),
            line=whole_number(element.get("line")),
        )

    def _inside(self, element: Element) -> None:
        """Record the cases that were run from inside a case, as hand-made suites do."""
        for child in element.children:
            if child.tag == "TestCase":
                self._case(child)
            elif child.tag == "TestSuite":
                self._open_suite(child.attributes)
                self._inside(child)
                self._close_suite()
            elif child.tag in _PROBLEMS and element.tag == "TestSuite":
                self._problem_outside(child)


def _count(element: Element, name: str) -> int:
    return whole_number(element.get(name)) or 0


def _failure_of(suite: _Suite) -> str:
    result = suite.attributes.get("result", "").strip()
    if suite.failed_by_itself > 0:
        return (
            f"the suite {result}; assertions that failed outside of its test cases: {suite.failed_by_itself}"
        )
    return f"the suite {result}, though none of its test cases failed"


def _counts_of(suite: _Suite) -> str:
    return "\n".join(f"{name}: {value}" for name, value in suite.attributes.items() if name != "name")


def _placed(element: Element) -> str:
    """Return a message with its place and its contexts."""
    frames = [f"  {frame.text.strip()}" for frame in element.all("Context/Frame")]
    place = f"{element.get('file')}({element.get('line')}): "
    return "\n".join([f"{place}{element.tag}: {element.text.strip()}", *frames])
