"""NUnit 2; also what ``nunit3-console --result=…;format=nunit2`` and Pester write.

Facts: NUnit 2.5's schema, as Pester keeps it: ``test-results > test-suite > results > … > test-case``. A
suite has a ``failure`` for its set-up, and none for its tear-down.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration, timestamp

TELLS: Final = Tells(
    code_ref="the case's full name",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    parameters="in the name",
    times="duration; start of the run",
)

_INVALID: Final = "notrunnable"
_RESULTS: Final = {
    "success": PASSED,
    "failure": FAILED,
    "error": ERROR,
    "cancelled": ERROR,
    "ignored": SKIPPED,
    "inconclusive": SKIPPED,
    _INVALID: SKIPPED,
    "skipped": SKIPPED,
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites as nested in the file, and their cases."""
    return read_xml(stream, reading, _NUnit2)


class _Suite:
    """An open suite: its result, the failure that it tells itself, whether something inside explains it."""

    __slots__ = ("explained", "failure", "result")

    def __init__(self, result: str) -> None:
        self.result = result
        self.failure: Element | None = None
        self.explained = False


class _NUnit2(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._declared: tuple[int | None, int] = (None, 0)
        self._start_of_run: float | None = None
        self._open: list[_Suite] = []
        self.units = {"test-case": self._case, "failure": self._failure_of_suite}
        self.opens = {"test-results": self._open_run, "test-suite": self._open_suite}
        self.closes = {"test-suite": self._close_suite}

    def finish(self) -> None:
        """The run's own counts; most versions leave those out that were not run."""
        total, not_run = self._declared
        self.recorder.declared(total, more=not_run)

    def _open_run(self, attributes: dict[str, str]) -> None:
        self._declared = whole(attributes.get("total")), whole(attributes.get("not-run")) or 0
        self._start_of_run = timestamp(f"{attributes.get('date', '')} {attributes.get('time', '')}")

    def _open_suite(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "").replace("\\", "/").rpartition("/")[2]
        self._open.append(_Suite(attributes.get("result", "")))
        self.recorder.open_suite(name, start=self._start_of_run)
        self._start_of_run = None

    def _failure_of_suite(self, element: Element) -> None:
        if self._open:
            self._open[-1].failure = element

    def _close_suite(self) -> None:
        suite = self._open.pop()
        status = _RESULTS.get(suite.result.lower())
        # A set-up that failed fails the cases too; where there are none, and in a tear-down, nobody tells.
        if status in BAD and not suite.explained and not self.recorder.bad_in_suite:
            failure = suite.failure or Element("failure", {})
            self.recorder.problem_of_suite(
                status=status,
                message=failure.said("message"),
                details=failure.said("stack-trace"),
            )
        self.recorder.close_suite()

    def _case(self, element: Element) -> None:
        classname, name = _split(element.get("name"))
        failure = element.first("failure")
        self.recorder.case(
            name,
            classname=classname,
            method=name.partition("(")[0],
            status=self._status(element),
            seconds=duration(element.get("time")),
            message=failure.said("message") or element.said("reason/message"),
            details=failure.said("stack-trace"),
            properties=[
                *(("category", one.get("name")) for one in element.all("categories/category")),
                *((one.get("name"), one.get("value")) for one in element.all("properties/property")),
            ],
        )

    def _status(self, element: Element) -> str:
        if result := element.get("result"):
            if result.lower() == _INVALID:
                # What is written wrongly, and so not run, fails all suites around it.
                for suite in self._open:
                    suite.explained = True
            return verdict(self.reading, result, _RESULTS)
        # NUnit before 2.5 tells it by these.
        if element.get("executed").lower() == "false":
            return SKIPPED
        failed = element.get("success").lower() == "false" or element.first("failure").tag
        return FAILED if failed else PASSED


def _split(fullname: str) -> tuple[str, str]:
    """Class and name; dots inside the arguments belong to the name."""
    bare, bracket, arguments = fullname.partition("(")
    classname, _, name = bare.rpartition(".")
    return classname, name + bracket + arguments
