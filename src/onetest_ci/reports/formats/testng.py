"""TestNG's own ``testng-results.xml``.

Facts: files of TestNG 5 to 7, and runs of 6.14.3, 7.4.0 and 7.12.0: ``testng-results > suite > test > class
> test-method``. Since version 7, ``XMLSuiteResultWriter`` marks a run that another one followed as
``retried``; before, it is a skip with the exception of its failure. Results of one class are sorted by the
millisecond of their start and otherwise by their status, so that such a run may be behind the one that
followed it.

``AbstractXmlReporter`` counts each failed result once in ``failed``; retried ones, configuration methods and
failures within a success percentage are not in it. The latter are failures all the same: TestNG prints them
so, and exits with 4 for them alone (``ExitCode``). A data provider that throws makes its test a skip before
version 7.12 and a failure since then. A set-up that failed is a result of its own, and skips its tests.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attempt
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import CaseFields, verdict
from onetest_ci.reports.engine.values import duration, timestamp, whole_number
from onetest_ci.reports.format_features import FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="class and method",
    retries='`retried="true"`; before version 7 a skip with the exception of a failed test',
    outside="configuration methods that failed; data providers that failed",
    totals="`failed` of the run",
    parameters="`params`, in the name",
    times="duration and start",
)

_WITHIN_PERCENTAGE: Final = "success_percentage_failure"
_RESULTS: Final = {
    "pass": PASSED,
    _WITHIN_PERCENTAGE: FAILED,
    "fail": FAILED,
    "skip": SKIPPED,
    "started": ERROR,
}
_NOT_RETRIED: Final = frozenset({"org.testng.SkipException", "java.lang.Throwable"})
"""Exceptions of skips that a test asked for, and of tests that depend on a failed one."""

_OF_CONFIGURATION: Final = "invokeConfigurationMethod"
_OF_DATA_PROVIDER: Final = "MethodInvocationHelper.invokeDataProvider"
"""TestNG's methods in the stack trace of a failure outside of the test."""

_HELD: Final = 100
"""Results of a class that wait for a retried run behind them: it started in the same millisecond."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each suite, test and class, and the methods that are tests."""
    return read_xml(stream, reading, _TestNG)


class _Result:
    """The last run of a test, and the runs before it."""

    __slots__ = ("attempts", "fields", "key")

    def __init__(self, key: str, fields: CaseFields, attempts: list[Attempt]) -> None:
        self.key = key
        self.fields = fields
        self.attempts = attempts


class _TestNG(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._classname = ""
        self._run: dict[str, str] = {}
        # Failures that the run's own count leaves out.
        self._uncounted = 0
        self._retried: dict[str, list[Attempt]] = {}
        self._held: deque[_Result] = deque()
        self.units = {"test-method": self._method}
        self.opens = {
            "testng-results": self._open_run,
            "suite": self._open_suite,
            "test": self._open_suite,
            "class": self._open_class,
        }
        self.closes = {
            "suite": self.recorder.close_suite,
            "test": self.recorder.close_suite,
            "class": self._close_class,
        }

    def finish(self) -> None:
        """Compare the run's own counts with its cases. Some versions count methods that are ignored."""
        self._end_class()
        total, failed = whole_number(self._run.get("total")), whole_number(self._run.get("failed"))
        if self._uncounted:
            total = None if total is None else total + self._uncounted
            failed = None if failed is None else failed + self._uncounted
        self.recorder.check_total(total, more=-(whole_number(self._run.get("ignored")) or 0))
        self.recorder.check_failed_total(failed, shown=self.recorder.bad_tests)

    def abandon(self) -> None:
        """Record the results of the open class; a run that another one should follow is not complete."""
        self._record_held()

    def _open_run(self, attributes: dict[str, str]) -> None:
        self._run = attributes

    def _open_suite(self, attributes: dict[str, str]) -> None:
        if attributes.get("url"):
            # The reporter's fileFragmentationLevel; the parts have other root elements, and are not reports.
            self.reading.warn("fragments", "the tests are in other files; write them into this one instead")
        self.recorder.open_suite(
            attributes.get("name", ""), start=timestamp(attributes.get("started-at", ""))
        )

    def _open_class(self, attributes: dict[str, str]) -> None:
        self._end_class()
        self._classname = attributes.get("name", "")
        self.recorder.open_suite(self._classname)

    def _close_class(self) -> None:
        self._end_class()
        self.recorder.close_suite()

    def _end_class(self) -> None:
        """Record the results that are left, and retried runs that no run followed."""
        self._record_held()
        for name, attempts in self._retried.items():
            for attempt in attempts:
                self.recorder.case(name, classname=self._classname, **attempt._asdict())
        self._retried.clear()

    def _record_held(self) -> None:
        """Record the results that are left, with the retried runs behind them."""
        if self._retried:
            for result in {result.key: result for result in self._held}.values():
                result.attempts += self._retried.pop(result.key, [])
        while self._held:
            self._record_first()

    def _record_first(self) -> None:
        result = self._held.popleft()
        result.fields["attempts"] = [attempt._replace(status=FAILED) for attempt in result.attempts]
        self.recorder.case(result.key, **result.fields)

    def _method(self, element: Element) -> None:
        status = verdict(self.reading, element.get("status"), _RESULTS)
        self._uncounted += element.get("status").strip().lower() == _WITHIN_PERCENTAGE
        name = _name(element)
        fields = self._fields_of(element)
        if _is_true(element, "is-config"):
            # A set-up is not a test; one that failed must not be lost.
            if status in BAD:
                fields["status"] = ERROR
                self.recorder.failure_outside(name, **fields)
            return
        is_retried = _is_true(element, "retried")
        if is_retried or (status == SKIPPED and _is_retried_before_7(element)):
            attempt = self.recorder.attempt(
                status=FAILED if is_retried else SKIPPED,
                seconds=fields["seconds"],
                message=fields["message"],
                kind=fields["kind"],
                details=fields["details"],
                system_out=fields["system_out"],
            )
            self._retried.setdefault(name, []).append(attempt)
            return
        not_begun = status != PASSED and _OF_DATA_PROVIDER in fields["details"]
        fields["status"] = ERROR if not_begun else status
        self._held.append(_Result(name, fields, self._retried.pop(name, [])))
        if len(self._held) > _HELD:
            self._record_first()

    def _fields_of(self, element: Element) -> CaseFields:
        exception = element.first("exception")
        milliseconds = duration(element.get("duration-ms"))
        return {
            "classname": self._classname,
            "method": element.get("name"),
            "seconds": milliseconds / 1000 if milliseconds is not None else None,
            "start": timestamp(element.get("started-at")),
            "message": exception.text_at("message"),
            "kind": exception.get("class"),
            "details": _trace(exception),
            "system_out": "\n".join(line.text.strip() for line in element.all("reporter-output/line")),
            "properties": [
                *((("description", element.get("description")),) if element.get("description") else ()),
                *((one.get("name"), one.text.strip()) for one in element.all("attributes/attribute")),
            ],
        }


def _name(element: Element) -> str:
    values = [one.text.strip() for one in element.all("params/param/value")]
    if instance := element.get("test-instance-name"):
        values.insert(0, instance)
    method = element.get("name")
    return f"{method}[{', '.join(values)}]" if values else method


def _is_retried_before_7(skip: Element) -> bool:
    """Return whether a skip is the run of a test that failed and ran again.

    Version 7 marks such runs itself. It is recognised by the zone in its times.
    """
    exception = skip.first("exception")
    trace = _trace(exception)
    return (
        bool(exception.tag)
        and " " not in skip.get("started-at").strip()
        and exception.get("class") not in _NOT_RETRIED
        and _OF_CONFIGURATION not in trace
        and _OF_DATA_PROVIDER not in trace
    )


def _trace(exception: Element) -> str:
    return exception.text_at("full-stacktrace") or exception.text_at("short-stacktrace")


def _is_true(element: Element, name: str) -> bool:
    text = element.attributes.get(name)
    return text is not None and text.strip().lower() == "true"
