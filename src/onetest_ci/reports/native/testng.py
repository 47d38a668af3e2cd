"""TestNG's own ``testng-results.xml``.

Facts: files of TestNG 5 to 7: ``testng-results > suite > test > class > test-method``.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attempt
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict
from onetest_ci.reports.tells import NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration, timestamp

TELLS: Final = Tells(
    code_ref="class and method",
    retries='`retried="true"`',
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    parameters="`params`, in the name",
    times="duration and start",
)

_RESULTS: Final = {
    "pass": PASSED,
    "success_percentage_failure": PASSED,
    "fail": FAILED,
    "skip": SKIPPED,
    "started": ERROR,
}
_SKIP: Final = "org.testng.SkipException"
_UTC: Final = re.compile(r" (?:UTC|GMT|Z)$")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each suite, test and class, and the methods that are tests."""
    return read_xml(stream, reading, _TestNG)


class _TestNG(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._classname = ""
        self._declared: int | None = None
        self._ignored = 0
        # Tries that a later one follows: version 7 says so, before they are skips that no one asked for.
        self._retried: dict[str, list[Attempt]] = {}
        self.units = {"test-method": self._method}
        self.opens = {
            "testng-results": self._open_run,
            "suite": self._open,
            "test": self._open,
            "class": self._open_class,
        }
        self.closes = {
            "suite": self.recorder.close_suite,
            "test": self.recorder.close_suite,
            "class": self._close_class,
        }

    def finish(self) -> None:
        """The run's own count."""
        self.recorder.declared(self._declared, more=self._ignored)

    def _open_run(self, attributes: dict[str, str]) -> None:
        self._declared = whole(attributes.get("total"))
        self._ignored = -(whole(attributes.get("ignored")) or 0)

    def _open(self, attributes: dict[str, str]) -> None:
        self.recorder.open_suite(attributes.get("name", ""), start=_time(attributes.get("started-at", "")))

    def _open_class(self, attributes: dict[str, str]) -> None:
        self._classname = attributes.get("name", "")
        self._retried.clear()
        self.recorder.open_suite(self._classname)

    def _close_class(self) -> None:
        for name, attempts in self._retried.items():
            # Tries whose last one the file does not have.
            for attempt in attempts:
                self.recorder.case(name, classname=self._classname, **attempt._asdict())
        self._retried.clear()
        self.recorder.close_suite()

    def _method(self, element: Element) -> None:
        status = verdict(self.reading, element.get("status"), _RESULTS)
        record = self.recorder.case
        if element.get("is-config") == "true":
            # A set-up is no test; one that failed must not be lost.
            if status not in BAD:
                return
            status, record = ERROR, self.recorder.outside
        exception = element.first("exception")
        values = [one.text.strip() for one in element.all("params/param/value")]
        if instance := element.get("test-instance-name"):
            values.insert(0, instance)
        method = element.get("name")
        name = f"{method}[{', '.join(values)}]" if values else method
        milliseconds = duration(element.get("duration-ms"))
        lines = [line.text.strip() for line in element.all("reporter-output/line")]
        told = element.get("retried") == "true"
        if told or (status == SKIPPED and exception.tag and exception.get("class") != _SKIP):
            attempt = self.recorder.attempt(
                status=FAILED if told else SKIPPED,
                seconds=milliseconds / 1000 if milliseconds is not None else None,
                message=exception.said("message"),
                kind=exception.get("class"),
                details=exception.said("full-stacktrace"),
                system_out="\n".join(lines),
            )
            self._retried.setdefault(name, []).append(attempt)
            return
        record(
            name,
            classname=self._classname,
            method=method,
            status=status,
            seconds=milliseconds / 1000 if milliseconds is not None else None,
            start=_time(element.get("started-at")),
            message=exception.said("message"),
            kind=exception.get("class"),
            details=exception.said("full-stacktrace") or exception.said("short-stacktrace"),
            system_out="\n".join(lines),
            attempts=[one._replace(status=FAILED) for one in self._retried.pop(name, ())],
            properties=[
                *((("description", element.get("description")),) if element.get("description") else ()),
                *((one.get("name"), one.text.strip()) for one in element.all("attributes/attribute")),
            ],
        )


def _time(text: str) -> float | None:
    """TestNG 7 names the zone, as in ``2026-01-02T03:04:05 UTC``."""
    return timestamp(_UTC.sub("Z", text))
