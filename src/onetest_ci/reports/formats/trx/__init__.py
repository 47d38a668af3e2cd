"""Visual Studio's TRX: what VSTest writes for MSTest, xUnit.net and NUnit, and reporters of JavaScript.

Facts: vstst.xsd (namespace ``http://microsoft.com/schemas/VisualStudio/TeamTest/2010``), VSTest's TrxLogger.
A result names its definition by an id, and the definitions may be behind the results: a first pass reads
them, which is the one part that grows with the file, by a class and a method for each test (``run.py``).
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, Attachment
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration, timestamp
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.trx.run import OUTCOMES, RESULTS, Run, read_run, retry_key_of

FEATURES: Final = FormatFeatures(
    code_ref="class and method of the definition; JavaScript's reporters also write the file",
    retries="a result right below `Results` with the id and the name of one that failed, unless the run's "
    "outcome and counters count that failure",
    outside="`RunInfo` that is an error and does not only repeat that a test failed; a failed outcome of the "
    "run",
    totals="`Counters`: `failed`, `error`, `timeout`, `aborted`, `disconnected`, `inProgress`",
    attachments="`ResultFiles` and data collectors' files, under the deployment root",
    parameters="in the name; rows of data-driven tests are cases",
    times="duration and start",
)

_COLLECTED: Final = "CollectorDataEntries/Collector/UriAttachments/UriAttachment/A"
_EXCEPTION: Final = re.compile(r"(?:Test method \S+ threw exception:\s*)?([\w.`+]*(?:Exception|Error))\s*: ")

_FULL_NAME: Final = re.compile(r"((?:[^\W\d]\w*\.)*[^\W\d][\w+`]*)\.\w+(?:\(|$)")

_HOST_ENDED: Final = frozenset({"aborted", "disconnected"})
"""Outcomes of a test whose host ended; the reason is in the run's messages."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each class, and the cases in the order of the results."""
    run = read_run(stream, reading)
    yield from read_xml(stream, reading, lambda parser, given: _Results(parser, given, run))


class _Results(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading, run: Run) -> None:
        super().__init__(parser, reading)
        self._run = run
        self._merges = run.has_retries
        self._errors_shown = False
        self._rows = False
        self.units = dict.fromkeys(RESULTS, self._result)

    def finish(self) -> None:
        """Record what failed besides the results."""
        run = self._run
        errors = [] if self._errors_shown else run.errors(tests_failed=self.recorder.bad > 0)
        if errors:
            if run.lost:
                more = f"The run counts {run.failed} failed tests, more than it contains."
                self.reading.note("declared-more-failures", more)
                errors.append(more)
            self.recorder.failure_of_run(details="\n".join(errors))
        elif run.lost:
            self.recorder.check_failed_total(run.failed)
        if outcome := run.failing_outcome:
            message = f"the run's outcome is {outcome[:40]!r}, and no test failed"
            self.recorder.check_failed_run(message, "\n".join(run.warnings))
        # The summary's total leaves out rows of data-driven tests.
        if not self._rows:
            self.recorder.check_total(run.total)

    def _result(self, element: Element) -> None:
        self._result_or_row(element, retry_key_of(element.attributes) if self._merges else "")

    def _result_or_row(self, element: Element, key: str) -> None:
        status = verdict(self.reading, element.get("outcome"), OUTCOMES)
        rows = [row for row in element.first("InnerResults").children if row.tag in RESULTS]
        if not rows:
            self._case(element, status, key)
            return
        self._rows = True
        for row in rows:
            self._result_or_row(row, "")
        # The result that holds rows repeats their verdict. A verdict of its own is a failure of its own.
        inner = [verdict(self.reading, row.get("outcome"), OUTCOMES) for row in rows]
        if status in BAD and not BAD.intersection(inner):
            self._case(element, status, "")

    def _case(self, element: Element, status: str, key: str) -> None:
        classname, method, file = self._run.definitions.get(element.get("testId"), ("", "", ""))
        name = element.get("testName")
        if not classname and (full := _FULL_NAME.match(name)):
            # The definitions are missing, as in a file that breaks off.
            classname = full[1]
        output = element.first("Output")
        message = output.text_at("ErrorInfo/Message")
        if status == ERROR and not message:
            message = self._end_of_host(element)
        kind = _EXCEPTION.match(message)
        self.recorder.enter_named(classname or file)
        self.recorder.case(
            _without(classname, name),
            retry_key=key,
            classname=classname,
            method=_without(classname, method).partition("(")[0],
            status=status,
            seconds=duration(element.get("duration")),
            start=timestamp(element.get("startTime")),
            message=message,
            kind=kind[1] if kind else "",
            details=output.text_at("ErrorInfo/StackTrace"),
            system_out=_printed(output) if output.children else "",
            system_err=output.first("StdErr").text,
            file=file,
            attachments=self._attachments(element) if element.children else (),
        )

    def _end_of_host(self, element: Element) -> str:
        """Return why a test was aborted; the run's messages are then those of this test."""
        if element.get("outcome").strip().lower() not in _HOST_ENDED:
            return ""
        errors = self._run.errors(tests_failed=True)
        self._errors_shown |= bool(errors)
        return "\n".join(errors)

    def _attachments(self, element: Element) -> list[Attachment]:
        paths = [one.get("path") for one in element.all("ResultFiles/ResultFile")]
        paths += [one.get("href") for one in element.all(_COLLECTED)]
        return [self._attachment(element, path) for path in paths]

    def _attachment(self, element: Element, path: str) -> Attachment:
        path = path.replace("\\", "/")
        if self._run.deployed and not re.match(r"/|[A-Za-z]:", path):
            path = "/".join((self._run.deployed, "In", element.get("relativeResultsDirectory"), path))
        return Attachment(path, path.rpartition("/")[2])


def _printed(output: Element) -> str:
    texts = [output.first("StdOut").text, output.first("DebugTrace").text]
    texts += [one.text for one in output.all("TextMessages/Message")]
    return "\n".join(text for text in texts if text.strip())


def _without(classname: str, name: str) -> str:
    """Return a name without the class before it, as .NET and as Jest's reporter spell it."""
    return name.removeprefix(f"{classname}.").removeprefix(f"{classname} / ") if classname else name
