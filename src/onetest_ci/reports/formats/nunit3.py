"""NUnit 3 and later; Unity's test runner and Pester write it as well.

Facts: NUnit's page "Test Result XML Format" and the framework's TestResult.xsd: ``test-run > test-suite > …
> test-case``. ``TestSuiteResult`` of nunit/nunit and ``ResultHelper`` of nunit/nunit-console count each
failed test once, in ``failed`` of all suites around it and of the run. Pester's writer also counts a file
that it could not discover. No count has failed set-ups and clean-ups: suites have a ``site`` for them. A
set-up that failed fails its tests; a clean-up that failed leaves them as they are. ``total`` of the
framework and of nunitlite 3.12 lacks the tests that passed with a warning.

``TestResult.ToXml`` of the framework has no ``test-run``: its root is the ``test-suite`` of an assembly, a
fixture or, from Unity's ``ITestResultAdaptor``, of a project. Such a root is what its run declares.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, Self
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import RUN, verdict
from onetest_ci.reports.engine.values import duration, timestamp, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`classname` and `methodname`",
    retries=NO_RETRIES,
    outside="a failed suite without a failed case; a suite that failed in its `TearDown`; a failed run",
    totals="`failed` of suites and of the run",
    attachments="`attachments`",
    parameters="in the name",
    times="duration and start",
)

_RESULTS: Final = {
    "passed": PASSED,
    "warning": PASSED,
    "failed": FAILED,
    "inconclusive": SKIPPED,
    "skipped": SKIPPED,
}
_ERRORS: Final = frozenset({"Error", "Cancelled"})


class _State(NamedTuple):
    """The result of a test, a suite or the run: status (empty for none), label, and site of a failure."""

    status: str
    label: str
    site: str

    @classmethod
    def of(cls, attributes: dict[str, str], reading: Reading) -> Self:
        """Return the state of an element. Unity writes some as one text: ``Failed:Error(TearDown)``."""
        text, _, site = attributes.get("result", "").strip().rstrip(")").partition("(")
        word, _, label = text.partition(":")
        status = verdict(reading, word, _RESULTS) if word else ""
        return cls(status, attributes.get("label", label), attributes.get("site", site))


class _Suite:
    """An open suite: its attributes and state, and the reason that it contains."""

    __slots__ = ("attributes", "reason", "state")

    def __init__(self, attributes: dict[str, str], state: _State) -> None:
        self.attributes = attributes
        self.state = state
        self.reason = Element("failure", {})


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites as nested in the file, and their cases."""
    return read_xml(stream, reading, _NUnit3)


class _NUnit3(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        # The attributes of the root element.
        self._run: dict[str, str] | None = None
        self._open: list[_Suite] = []
        # Why the run failed if no test did: its own result, a suite's, or tests that cannot be run.
        self._failure = ""
        self.units = {
            "test-case": self._case,
            "failure": self._reason_of_suite,
            "reason": self._reason_of_suite,
        }
        self.opens = {"test-suite": self._open_suite, "test-run": self._open_run}
        self.closes = {"test-suite": self._close_suite}

    def finish(self) -> None:
        """Compare the run's own counts and result with its cases."""
        run = self._run or {}
        with_warning = whole_number(run.get("warnings")) or 0
        self.recorder.check_total(whole_number(run.get("total")), more=with_warning)
        self.recorder.check_failed_in_suite(whole_number(run.get("failed")), RUN)
        if self._failure:
            self.recorder.check_failed_run(self._failure)

    def _open_run(self, attributes: dict[str, str]) -> None:
        self._run = attributes
        if _State.of(attributes, self.reading).status in BAD:
            self._failure = "the result of the run is Failed, and no test failed"

    def _open_suite(self, attributes: dict[str, str]) -> None:
        if self._run is None:
            self._run = attributes
        self._open.append(_Suite(attributes, _State.of(attributes, self.reading)))
        self.recorder.open_suite(
            attributes.get("name", ""), start=timestamp(attributes.get("start-time", ""))
        )

    def _reason_of_suite(self, element: Element) -> None:
        if self._open:
            self._open[-1].reason = element

    def _close_suite(self) -> None:
        suite = self._open.pop()
        failed = whole_number(suite.attributes.get("failed"))
        if suite.state.status in BAD and suite.state.site == "TearDown":
            # The count is of tests, and this failure is none.
            self.recorder.check_failed_in_suite(failed)
        if suite.state.status in BAD:
            self._failed_suite(suite)
        self.recorder.check_failed_in_suite(failed)
        self.recorder.close_suite()

    def _failed_suite(self, suite: _Suite) -> None:
        """Record a suite's failure as a case, unless its cases show the failure."""
        message = suite.reason.text_at("message") or "the suite failed, and none of its tests did"
        if suite.state.site == "Parent":
            # A suite around it failed, and has the reason.
            self._failure = self._failure or message
        elif suite.state.site == "TearDown" or not self.recorder.bad_in_suite:
            self.recorder.failure_of_suite(
                status=ERROR,
                classname=suite.attributes.get("classname", "") or suite.attributes.get("fullname", ""),
                message=message,
                details=suite.reason.text_at("stack-trace"),
            )

    def _case(self, element: Element) -> None:
        name, method = element.get("name"), element.get("methodname")
        classname = element.get("classname") or _class_in(element.get("fullname"), name)
        state = _State.of(element.attributes, self.reading)
        status = state.status or verdict(self.reading, "", _RESULTS)
        if status == FAILED and state.label in _ERRORS:
            status = ERROR
        message = element.text_at("failure/message") or element.text_at("reason/message")
        if status == SKIPPED and state.label == "Invalid":
            # The first versions; later ones write Failed.
            self._failure = self._failure or f"tests cannot be run: {message}"
        self.recorder.case(
            name,
            classname=classname,
            method=method or name.partition("(")[0],
            status=status,
            seconds=duration(element.get("duration") or element.get("time")),
            start=timestamp(element.get("start-time")),
            message=message,
            details=element.text_at("failure/stack-trace"),
            system_out=element.first("output").text,
            properties=[(one.get("name"), one.get("value")) for one in element.all("properties/property")],
            attachments=[
                Attachment(file.text_at("filePath"), file.text_at("description"))
                for file in element.all("attachments/attachment")
                if file.text_at("filePath")
            ],
        )


def _class_in(fullname: str, name: str) -> str:
    """Return the class before the name, without the arguments of its constructor."""
    return fullname.removesuffix(name).rstrip(".").partition("(")[0] if fullname.endswith(name) else ""
