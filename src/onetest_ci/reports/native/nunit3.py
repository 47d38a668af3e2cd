"""NUnit 3 and later; Unity's test runner writes it as well.

Facts: NUnit's page "Test Result XML Format" and the framework's TestResult.xsd:
``test-run > test-suite > … > test-case``.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration, timestamp

TELLS: Final = Tells(
    code_ref="`classname` and `methodname`",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
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
_OF_OTHERS: Final = frozenset({"Child", "Parent"})
"""Sites of a failure that is told where it happened; no site is the suite itself, which cannot be loaded."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites as nested in the file, and their cases."""
    return read_xml(stream, reading, _NUnit3)


class _NUnit3(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._declared: int | None = None
        self._open: list[dict[str, str]] = []
        self._failures: list[Element | None] = []
        self.units = {
            "test-case": self._case,
            "failure": self._failure_of_suite,
            "reason": self._failure_of_suite,
        }
        self.opens = {"test-suite": self._open_suite, "test-run": self._open_run}
        self.closes = {"test-suite": self._close_suite}

    def finish(self) -> None:
        """The run's own count."""
        self.recorder.declared(self._declared)

    def _open_run(self, attributes: dict[str, str]) -> None:
        self._declared = whole(attributes.get("total"))

    def _open_suite(self, attributes: dict[str, str]) -> None:
        self._open.append(attributes)
        self._failures.append(None)
        self.recorder.open_suite(
            attributes.get("name", ""), start=timestamp(attributes.get("start-time", ""))
        )

    def _failure_of_suite(self, element: Element) -> None:
        if self._failures:
            self._failures[-1] = element

    def _close_suite(self) -> None:
        attributes, failure = self._open.pop(), self._failures.pop()
        site = attributes.get("site", "")
        own = _RESULTS.get(attributes.get("result", "").lower()) == FAILED and site not in _OF_OTHERS
        # A fixture's set-up that failed fails its cases; where it has none, and in a tear-down, nobody tells.
        if own and (site == "TearDown" or not self.recorder.bad_in_suite):
            said = failure or Element("failure", {})
            self.recorder.problem_of_suite(
                status=ERROR if attributes.get("label") in _ERRORS else FAILED,
                classname=attributes.get("classname", "") or attributes.get("fullname", ""),
                message=said.said("message"),
                details=said.said("stack-trace"),
            )
        self.recorder.close_suite()

    def _case(self, element: Element) -> None:
        name, method = element.get("name"), element.get("methodname")
        classname = element.get("classname") or _class_in(element.get("fullname"), name)
        status = verdict(self.reading, element.get("result"), _RESULTS)
        if status == FAILED and element.get("label") in _ERRORS:
            status = ERROR
        self.recorder.case(
            name,
            classname=classname,
            method=method or name.partition("(")[0],
            status=status,
            seconds=duration(element.get("duration") or element.get("time")),
            start=timestamp(element.get("start-time")),
            message=element.said("failure/message") or element.said("reason/message"),
            details=element.said("failure/stack-trace"),
            system_out=element.first("output").text,
            properties=[(one.get("name"), one.get("value")) for one in element.all("properties/property")],
            attachments=[
                Attachment(file.said("filePath"), file.said("description"))
                for file in element.all("attachments/attachment")
                if file.said("filePath")
            ],
        )


def _class_in(fullname: str, name: str) -> str:
    """The class before the name, without the arguments of its constructor."""
    return fullname.removesuffix(name).rstrip(".").partition("(")[0] if fullname.endswith(name) else ""
