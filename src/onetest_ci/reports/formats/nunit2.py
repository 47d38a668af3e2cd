"""NUnit 2; also what ``nunit3-console --result=…;format=nunit2`` and Pester write.

Facts: NUnit 2.5's schema, as Pester keeps it: ``test-results > test-suite > results > … > test-case``.
``XmlResultWriter`` of nunit/nunitv2 writes the ``failure`` of a suite's set-up and not that of its clean-up,
which only fails the suite; ``ResultSummarizer`` counts each test once. Tests that cannot be run are not
failures, but fail the suites around them and the run (``ConsoleUi``). NUnit 3's writer
(nunit/nunit-v2-result-writer) keeps the ``failure`` of a clean-up. Pester's writer counts files that it
could not discover as ``errors``.

Reports of versions before 2.5 have neither ``errors`` nor results of suites. Their ``failures`` and
``success`` are not evidence: shortened samples of them are in use as reports that passed.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration, timestamp, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="the case's full name",
    retries=NO_RETRIES,
    outside="a failed suite without a failed case; a suite whose clean-up failed; tests that cannot be run, "
    "if nothing else failed",
    totals="`errors` and `failures` of the run, since 2.5",
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
    """An open suite: its attributes, its failure and reason, and the tests inside that explain them.

    Attributes:
        invalid: why the first test inside cannot be run; empty if all can.
        warned: a test inside passed with a warning, which NUnit 3 writes as ``Success`` without ``success``.
    """

    __slots__ = ("attributes", "failure", "invalid", "reason", "warned")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.failure: Element | None = None
        self.reason = ""
        self.invalid = ""
        self.warned = False

    @property
    def result(self) -> str:
        """The suite's own result."""
        return self.attributes.get("result", "").strip().lower()

    @property
    def unsuccessful(self) -> bool:
        """Return whether the suite's own fields are those of a failure."""
        return _is_false(self.attributes.get("success", ""))

    @property
    def clean_up_failed(self) -> bool:
        """Return whether its clean-up failed, which leaves the tests inside as they are."""
        return self.failure is not None and self.failure.text_at("message").startswith("TearDown")


class _NUnit2(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._run: dict[str, str] = {}
        self._start_of_run: float | None = None
        self._clean_ups = 0
        # The document comes first, so that a test outside of suites has one as well.
        self._open = [_Suite({})]
        self.units = {
            "test-case": self._case,
            "failure": self._failure_of_suite,
            "reason": self._reason_of_suite,
        }
        self.opens = {"test-results": self._open_run, "test-suite": self._open_suite}
        self.closes = {"test-suite": self._close_suite}

    def finish(self) -> None:
        """Compare the run's own counts with its cases. Most versions leave out tests that were not run."""
        self.recorder.check_total(self._count("total"), more=self._count("not-run") or 0)
        errors = self._count("errors")
        if errors is not None:
            failed = errors + (self._count("failures") or 0)
            self.recorder.check_failed_total(failed, shown=self.recorder.bad - self._clean_ups)
        invalid = self._open[0].invalid
        if invalid or self._count("invalid"):
            self.recorder.check_failed_run(f"tests cannot be run: {invalid or 'see the skipped tests'}")

    def _count(self, name: str) -> int | None:
        return whole_number(self._run.get(name))

    def _open_run(self, attributes: dict[str, str]) -> None:
        self._run = attributes
        self._start_of_run = timestamp(f"{attributes.get('date', '')} {attributes.get('time', '')}")

    def _open_suite(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "").replace("\\", "/").rpartition("/")[2]
        self._open.append(_Suite(attributes))
        self.recorder.open_suite(name, start=self._start_of_run)
        self._start_of_run = None

    def _failure_of_suite(self, element: Element) -> None:
        self._open[-1].failure = element

    def _reason_of_suite(self, element: Element) -> None:
        self._open[-1].reason = element.text_at("message")

    def _close_suite(self) -> None:
        suite = self._open.pop()
        if suite.clean_up_failed or (self._failed(suite) and not self.recorder.bad_in_suite):
            failure = suite.failure or Element("failure", {})
            why = suite.invalid or suite.reason or "the suite failed, and none of its tests did"
            # No total counts a clean-up. That of Pester counts a file that did not load.
            self._clean_ups += suite.clean_up_failed
            self.recorder.failure_of_suite(
                status=ERROR,
                message=failure.text_at("message") or why,
                details=failure.text_at("stack-trace"),
            )
        outer = self._open[-1]
        outer.invalid = outer.invalid or suite.invalid
        outer.warned |= suite.warned
        self.recorder.close_suite()

    def _failed(self, suite: _Suite) -> bool:
        """Return whether a suite failed. A fixture that cannot be run may have no failed tests."""
        if not suite.result:
            return suite.unsuccessful and suite.failure is not None
        if suite.result == _INVALID:
            return not self.recorder.cases_in_suite
        status = verdict(self.reading, suite.result, _RESULTS)
        return status in BAD or (status == PASSED and suite.unsuccessful and not suite.warned)

    def _case(self, element: Element) -> None:
        classname, name = _split(element.get("name"))
        failure = element.first("failure")
        self.recorder.case(
            name,
            classname=classname,
            method=name.partition("(")[0],
            status=self._status(element),
            seconds=duration(element.get("time")),
            message=failure.text_at("message") or element.text_at("reason/message"),
            details=failure.text_at("stack-trace"),
            properties=[
                *(("category", one.get("name")) for one in element.all("categories/category")),
                *((one.get("name"), one.get("value")) for one in element.all("properties/property")),
            ],
        )

    def _status(self, element: Element) -> str:
        result = element.get("result").strip().lower()
        unsuccessful = _is_false(element.get("success"))
        if result:
            suite = self._open[-1]
            if result == _INVALID:
                # A test that cannot be run fails all suites around it.
                suite.invalid = suite.invalid or element.text_at("reason/message") or element.get("name")
            status = verdict(self.reading, result, _RESULTS)
            suite.warned |= status == PASSED and unsuccessful
            return status
        # NUnit before 2.5 has no results.
        if _is_false(element.get("executed")):
            return SKIPPED
        return FAILED if unsuccessful or element.first("failure").tag else PASSED


def _is_false(text: str) -> bool:
    return text.strip().lower() == "false"


def _split(fullname: str) -> tuple[str, str]:
    """Return class and name. Dots inside the arguments belong to the name."""
    bare, bracket, arguments = fullname.partition("(")
    classname, _, name = bare.rpartition(".")
    return classname, name + bracket + arguments
