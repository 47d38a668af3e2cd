"""Robot Framework's ``output.xml``, versions 3 to 7.

Facts: robot.xsd of Robot Framework 5 to 7, runs of versions 3.1 and 7.5: ``robot > suite > … > test > kw,
status``.

A set-up that fails makes the tests of its suite fail, in the file as well. ``teardowns.py`` has the effect of
a teardown on the tests before it. Neither shows if all tests of a suite are skipped. The messages under
``errors`` are not failures: the tests that they concern fail by themselves. But before 3.2 a file that cannot
be parsed is left out, with such a message; later versions end the run then. Of the totals, ``All Tests``
counts the tests that failed one by one, after teardowns.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration, timestamp, whole_number
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.robot.messages import is_html, last_and_earlier, linked_files, plain
from onetest_ci.reports.formats.robot.teardowns import Teardown, decisive_teardowns, is_hook
from onetest_ci.text.cut import dotted_path

FEATURES: Final = FormatFeatures(
    code_ref="the suite's `source` and the test's name",
    retries="runs merged by `rebot --merge`",
    outside="set-up and teardown of a suite in which no test fails; files that cannot be parsed",
    totals="`statistics`; the status of a suite",
    attachments="files that logged HTML shows or links",
    times="duration and start",
)

_NO_STATUS: Final = "none"
_RESULTS: Final = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED, "not run": SKIPPED, "not_run": SKIPPED}
_OF_TESTS: Final = {**_RESULTS, _NO_STATUS: ERROR}
_UNPARSED: Final = re.compile(r"Parsing '(?P<file>.{1,4096}?)' failed:\s*(?P<reason>.*)", re.DOTALL)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites as nested in the file, and their tests."""
    teardowns = decisive_teardowns(stream, reading.path)
    stream.seek(0)
    return read_xml(stream, reading, partial(_Robot, teardowns))


class _Suite:
    """A suite that is open.

    Attributes:
        name: of the suite.
        path: the names of the suites around it and its own, joined by dots.
        source: its file.
        teardown: what its teardown does to its tests, if anything.
        failures: messages of its failed set-up and teardown.
        status: of its own.
        message: of its status.
    """

    def __init__(self, attributes: dict[str, str], teardown: Teardown | None, outer: str | None) -> None:
        self.name = attributes.get("name", "")
        self.path = dotted_path(outer, self.name)
        self.source = attributes.get("source", "")
        self.teardown = teardown
        self.failures: list[str] = []
        self.status = ""
        self.message = ""

    @property
    def failed(self) -> bool:
        """Return whether its set-up, its teardown or its status failed. An unknown status is a failure."""
        return bool(self.failures) or (self.status != "" and _is_failure(self.status))


class _Robot(XmlFormat):
    def __init__(self, teardowns: dict[int, Teardown], parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._teardowns = teardowns
        self._suites: list[_Suite] = []
        self._number = 0
        self._run = ""
        self._failed: int | None = None
        self.units = {
            "test": self._test,
            "kw": self._hook,
            "status": self._status_of_suite,
            "statistics": self._statistics,
            "errors": self._errors,
        }
        self.opens = {"suite": self._open_suite}
        self.closes = {"suite": self._close_suite}

    def finish(self) -> None:
        """Compare the tests with the totals, which are behind the suites."""
        self.recorder.check_failed_total(self._failed, self._run, shown=self.recorder.bad_tests)

    def _open_suite(self, attributes: dict[str, str]) -> None:
        outer = self._suites[-1].path if self._suites else None
        suite = _Suite(attributes, self._teardowns.get(self._number), outer)
        self._run = self._run or suite.name
        self._number += 1
        self._suites.append(suite)
        self.recorder.open_suite(suite.name, file=suite.source)

    def _close_suite(self) -> None:
        suite = self._suites.pop()
        if suite.failed and not self.recorder.bad_in_suite:
            reasons = [plain(suite.message), *suite.failures]
            self.recorder.failure_of_suite(
                status=ERROR,
                message=next(filter(None, reasons), f"the suite has the status {suite.status}"),
                details="\n".join(dict.fromkeys(filter(None, reasons))),
                file=suite.source,
            )
        self.recorder.close_suite()

    def _hook(self, element: Element) -> None:
        """Read a keyword of the suite. Those of listeners decide nothing."""
        status = _last_status(element)
        kinds = [kind for kind in ("setup", "teardown") if is_hook(element.attributes, kind)]
        if self._suites and kinds and _is_failure(status.get("status")):
            logged = next((one.text for one in element.below() if one.get("level") == "FAIL"), "")
            reason = plain(status.text.strip()) or logged.strip()
            self._suites[-1].failures.append(f"{kinds[0]} {element.get('name')}: {reason}")

    def _status_of_suite(self, element: Element) -> None:
        if self._suites:
            self._suites[-1].status = element.get("status").strip()
            self._suites[-1].message = element.text.strip()

    def _statistics(self, element: Element) -> None:
        counts = [whole_number(one.get("fail")) for one in element.all("total/stat")]
        self._failed = max((count for count in counts if count is not None), default=None)

    def _errors(self, element: Element) -> None:
        for one in element.all("msg"):
            found = _UNPARSED.match(one.text.strip()) if one.get("level") == "ERROR" else None
            if found is not None:
                self.recorder.failure_outside(
                    found["file"].replace("\\", "/").rpartition("/")[2],
                    status=ERROR,
                    message=f"the file cannot be parsed: {found['reason']}",
                    file=found["file"],
                )

    def _test(self, element: Element) -> None:
        status = _last_status(element)
        if not status.tag:
            self.reading.warn("status", "a test has no status; it is read as an error")
            status = Element("status", {"status": _NO_STATUS})
        start = timestamp(status.get("start") or status.get("starttime"))
        final = verdict(self.reading, status.get("status"), _OF_TESTS)
        message, attempts = last_and_earlier(status.text.strip())
        for suite in reversed(self._suites):
            if suite.teardown is not None:
                final, message = suite.teardown.applied_to(final, message, suite.name)
        logged = [one for one in element.below() if one.tag == "msg"]
        self.recorder.case(
            element.get("name"),
            classname=self._suites[-1].path if self._suites else "",
            status=final,
            seconds=_seconds(status, start),
            start=start,
            message=message,
            system_out="\n".join(
                f"{one.get('level')}: {plain(one.text.strip(), is_html=is_html(one))}" for one in logged
            ),
            file=self._suites[-1].source if self._suites else "",
            line=whole_number(element.get("line")),
            properties=[("tag", tag) for tag in self._tags(element)],
            attachments=[Attachment(path) for one in logged for path in linked_files(one)],
            attempts=attempts,
        )

    @staticmethod
    def _tags(element: Element) -> list[str]:
        found = [*element.all("tag"), *element.all("tags/tag")]
        return [one.text.strip() for one in found]


def _last_status(element: Element) -> Element:
    """Return the status of a test or keyword; as for Robot, the last one counts."""
    return next((one for one in reversed(element.children) if one.tag == "status"), Element("", {}))


def _is_failure(status: str) -> bool:
    return _RESULTS.get(status.strip().lower(), FAILED) == FAILED


def _seconds(status: Element, start: float | None) -> float | None:
    if elapsed := status.get("elapsed"):
        return duration(elapsed)
    end = timestamp(status.get("endtime"))
    return end - start if start is not None and end is not None else None
