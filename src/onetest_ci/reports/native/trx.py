"""Visual Studio's TRX: what VSTest writes for MSTest, xUnit.net and NUnit, and reporters of JavaScript.

Facts: vstst.xsd (namespace ``http://microsoft.com/schemas/VisualStudio/TeamTest/2010``), VSTest's TrxLogger.
A result names its definition by an id, and the definitions may stand behind the results: a first pass reads
them, which is the one part that grows with the file, by a class and a method for each test.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from sys import intern
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration, timestamp

TELLS: Final = Tells(
    code_ref="class and method of the definition; JavaScript's reporters also tell the file",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    attachments="`ResultFiles` and data collectors' files, under the deployment root",
    parameters="in the name; rows of data-driven tests are cases",
    times="duration and start",
)

MOST_RUN_ERRORS: Final = 20
"""Messages kept of what went wrong outside any test."""

MOST_DEFINITIONS: Final = 1_000_000
"""Classes and methods that are remembered; beyond, a test has its name alone."""

_OUTCOMES: Final = {
    "passed": PASSED,
    "passedbutrunaborted": PASSED,
    "completed": PASSED,
    "warning": PASSED,
    "failed": FAILED,
    # TrxLogger leaves out the default, which is the first of its enumeration: outcome="Error".
    "": ERROR,
    "error": ERROR,
    "timeout": ERROR,
    "aborted": ERROR,
    "disconnected": ERROR,
    "inprogress": ERROR,
    "inconclusive": SKIPPED,
    "notexecuted": SKIPPED,
    "notrunnable": SKIPPED,
    "pending": SKIPPED,
}
_RESULTS: Final = (
    "UnitTestResult",
    "GenericTestResult",
    "ManualTestResult",
    "TestResult",
    "TestResultAggregation",
    "WebTestResult",
)
_COLLECTED: Final = "CollectorDataEntries/Collector/UriAttachments/UriAttachment/A"
_EXCEPTION: Final = re.compile(r"(?:Test method \S+ threw exception:\s*)?([\w.`+]*(?:Exception|Error))\s*: ")

_FULL_NAME: Final = re.compile(r"((?:[^\W\d]\w*\.)*[^\W\d][\w+`]*)\.\w+(?:\(|$)")

_NONE: Final = "none"
"""What node-trx writes for class and method where the runner has none."""

_BUILT: Final = frozenset({"", ".dll", ".exe"})
"""Suffixes of no file of tests."""

_Definitions = dict[str, tuple[str, str, str]]


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each class, and the cases in the order of the results."""
    definitions: _Definitions = {}
    first_pass = Reading(reading.path, reading.text_limit)
    for _ in read_xml(stream, first_pass, _collecting(definitions)):
        pass
    stream.seek(0)
    if len(definitions) >= MOST_DEFINITIONS:
        reading.warn("definitions", f"more than {MOST_DEFINITIONS:,} test definitions; the rest is left out")
    yield from read_xml(stream, reading, lambda parser, given: _Results(parser, given, definitions))


def _collecting(definitions: _Definitions) -> Callable[[expat.XMLParserType, Reading], XmlDialect]:
    def unit_test(element: Element) -> None:
        method = element.first("TestMethod")
        # Old MSTest writes the assembly's name behind the class: "A.B, A, Version=1.0.0.0".
        classname = method.get("className").split(",", 1)[0].strip()
        name = method.get("name")
        if classname == name == _NONE:
            classname = name = ""
        file = method.get("codeBase").replace("\\", "/")
        # .NET's adapters tell what was built, which has any suffix or none; others the file of the test.
        if method.get("adapterTypeName") or PurePosixPath(file).suffix.lower() in _BUILT:
            file = ""
        if len(definitions) < MOST_DEFINITIONS and (classname or file):
            definitions[element.get("id")] = (intern(classname), name, intern(file))

    def attach(parser: expat.XMLParserType, reading: Reading) -> XmlDialect:
        dialect = XmlDialect(parser, reading)
        dialect.units = {"UnitTest": unit_test}
        return dialect

    return attach


class _Results(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading, definitions: _Definitions) -> None:
        super().__init__(parser, reading)
        self._definitions = definitions
        self._deployed = ""
        self._declared: int | None = None
        self._rows = False
        self._bad = False
        self._outcome = ""
        self._run_errors: list[str] = []
        self.units = dict.fromkeys(_RESULTS, self._result) | {
            "Deployment": self._deployment,
            "Counters": self._counters,
            "RunInfo": self._run_info,
        }
        self.opens = {"ResultSummary": self._summary}

    def finish(self) -> None:
        """The summary's own verdict, and its count, which leaves out rows of data-driven tests."""
        if _OUTCOMES.get(self._outcome.lower()) in BAD and self._outcome and not self._bad:
            self._failed_run()
        if not self._rows:
            self.recorder.declared(self._declared)

    def _failed_run(self) -> None:
        """The run failed and no test did: its host died, or a collector; where a test did, that is told."""
        if not self._run_errors:
            self.reading.warn("run", f"the run's outcome is {self._outcome[:40]!r}, and no test failed")
            return
        self.recorder.enter_suite()
        self.recorder.outside("(run)", status=ERROR, details="\n".join(self._run_errors))

    def _summary(self, attributes: dict[str, str]) -> None:
        self._outcome = attributes.get("outcome", "")

    def _run_info(self, element: Element) -> None:
        if _OUTCOMES.get(element.get("outcome").lower()) in BAD and len(self._run_errors) < MOST_RUN_ERRORS:
            self._run_errors.append(element.said("Text") or element.said("Exception"))

    def _counters(self, element: Element) -> None:
        self._declared = whole(element.get("total"))

    def _deployment(self, element: Element) -> None:
        self._deployed = element.get("runDeploymentRoot")

    def _result(self, element: Element) -> None:
        rows = [row for row in element.first("InnerResults").children if row.tag in _RESULTS]
        status = verdict(self.reading, element.get("outcome"), _OUTCOMES)
        self._rows |= bool(rows)
        for row in rows:
            self._result(row)
        # The rows' verdict repeats itself in the result that holds them; one of its own does not.
        inner = [verdict(self.reading, row.get("outcome"), _OUTCOMES) for row in rows]
        if not rows or (status in BAD and not BAD.intersection(inner)):
            self._case(element, status)

    def _case(self, element: Element, status: str) -> None:
        classname, method, file = self._definitions.get(element.get("testId"), ("", "", ""))
        name = element.get("testName")
        if not classname and (full := _FULL_NAME.match(name)):
            # The definitions are missing, as in a file that breaks off.
            classname = full[1]
        name, method = (_without(classname, text) for text in (name, method))
        self._bad |= status in BAD
        output = element.first("Output")
        message = output.said("ErrorInfo/Message")
        kind = _EXCEPTION.match(message)
        printed = [output.first("StdOut").text, output.first("DebugTrace").text]
        printed += [one.text for one in output.all("TextMessages/Message")]
        self.recorder.enter_suite(*([classname or file] if classname or file else []))
        self.recorder.case(
            name,
            classname=classname,
            method=method.partition("(")[0],
            status=status,
            seconds=duration(element.get("duration")),
            start=timestamp(element.get("startTime")),
            message=message,
            kind=kind[1] if kind else "",
            details=output.said("ErrorInfo/StackTrace"),
            system_out="\n".join(text for text in printed if text.strip()),
            system_err=output.first("StdErr").text,
            file=file,
            attachments=[
                *(
                    self._attachment(element, file.get("path"))
                    for file in element.all("ResultFiles/ResultFile")
                ),
                *(self._attachment(element, file.get("href")) for file in element.all(_COLLECTED)),
            ],
        )

    def _attachment(self, element: Element, path: str) -> Attachment:
        path = path.replace("\\", "/")
        if self._deployed and not re.match(r"/|[A-Za-z]:", path):
            path = "/".join((self._deployed, "In", element.get("relativeResultsDirectory"), path))
        return Attachment(path, path.rpartition("/")[2])


def _without(classname: str, name: str) -> str:
    """A name without the class before it, as .NET and as Jest's reporter spell that."""
    return name.removeprefix(f"{classname}.").removeprefix(f"{classname} / ") if classname else name
