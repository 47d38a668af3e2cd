"""Dart's and Flutter's JSON (``dart test --reporter json``, ``flutter test --machine``).

Facts: json_reporter.md of package:test, protocol 0.1: an event on each line; times in milliseconds. A
test may meet an error after it was done, has failed then, and is not done again: a first pass finds those.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from onetest_ci.errors import ReportError
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.fields import Fields
from onetest_ci.reports.lines import Held, Printed, cut_short, json_lines, read_lines
from onetest_ci.reports.recorder import Recorder, verdict
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells

TELLS: Final = Tells(
    code_ref="the suite's path, the groups and the test",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration",
)

MOST_KNOWN: Final = 100_000
"""Suites, groups, running tests and, in the first pass, tests that are done: so many are remembered."""

_DID_NOT_END: Final = "the test did not end"
_RESULTS: Final = {"success": PASSED, "failure": FAILED, "error": ERROR, _DID_NOT_END: ERROR}


class _Running:
    """A test that has begun."""

    __slots__ = ("done", "errors", "message", "printed", "start", "test", "verdict")

    def __init__(self, test: Fields, start: float, reading: Reading, held: Held) -> None:
        self.test = test
        self.start = start
        self.message = self.verdict = ""
        self.done: Fields | None = None
        self.errors = Printed(reading, held)
        self.printed = Printed(reading, held)

    def failed(self, event: Fields, recorder: Recorder) -> None:
        """One of its errors; the first is its message."""
        self.message = self.message or recorder.text(event.text("error"))
        if self.verdict != "error":
            self.verdict = "failure" if event.flag("isFailure") else "error"
        self.errors.add(f"{event.text('error')}\n{event.text('stackTrace')}\n")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests as they end."""
    late = _late_errors(stream, reading)
    stream.seek(0)
    return read_lines(stream, reading, lambda file, recorder: _Events(recorder, late).record(file))


def _late_errors(stream: ByteStream, reading: Reading) -> set[int | None]:
    """Tests that meet an error after they are done."""
    done: set[int | None] = set()
    late: set[int | None] = set()
    marks = ('"testDone"', '"isFailure"')
    try:
        for event in json_lines(stream, Reading(reading.path, reading.text_limit), marks):
            number = event.whole("testID")
            if event.text("type") == "testDone" and len(done) < MOST_KNOWN:
                done.add(number)
            elif event.text("type") == "error" and number in done:
                late.add(number)
    except ReportError:
        # The second pass comes to the same place, and tells of it.
        pass
    return late


class _Events:
    def __init__(self, recorder: Recorder, late: set[int | None]) -> None:
        self._recorder = recorder
        self._late = late
        self._held = Held()
        self._paths: dict[int | None, str] = {}
        self._groups: dict[int | None, str] = {}
        self._running: dict[int | None, _Running] = {}

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Take the events one by one."""
        done = False
        for event in json_lines(stream, self._recorder.reading):
            done |= event.text("type") == "done"
            self._event(event)
            yield
        for running in self._running.values():
            self._record(running, running.verdict if running.done is not None else _DID_NOT_END)
            yield
        if not done:
            raise cut_short(self._recorder.reading)

    def _event(self, event: Fields) -> None:
        what = event.text("type")
        if what == "suite":
            suite = event.object("suite")
            self._remember(self._paths, suite.whole("id"), suite.text("path").replace("\\", "/"))
        elif what == "group":
            group = event.object("group")
            self._remember(self._groups, group.whole("id"), group.text("name"))
        elif what == "testStart":
            test = event.object("test")
            if len(self._running) < MOST_KNOWN:
                running = _Running(test, event.number("time") or 0.0, self._recorder.reading, self._held)
                self._running[test.whole("id")] = running
        elif (running_test := self._running.get(event.whole("testID"))) is not None:
            if what == "print":
                running_test.printed.add(event.text("message") + "\n")
            elif what == "error":
                running_test.failed(event, self._recorder)
            elif what == "testDone":
                running_test.done = event
                if event.whole("testID") not in self._late:
                    del self._running[event.whole("testID")]
                    self._record(running_test, event.text("result"))

    @staticmethod
    def _remember(known: dict[int | None, str], number: int | None, name: str) -> None:
        if len(known) < MOST_KNOWN:
            known[number] = name

    def _record(self, running: _Running, result: str) -> None:
        event = running.done or Fields({}, self._recorder.reading)
        status = verdict(self._recorder.reading, result, _RESULTS)
        printed = running.printed.take()
        details = running.errors.take()
        if event.flag("hidden") and status == PASSED:
            # Loading of a file, and set-ups: no tests, unless they fail.
            return
        test = running.test
        group = self._groups.get(_innermost(test), "")
        path = self._paths.get(test.whole("suiteID"), "")
        name = test.text("name")
        end = event.number("time")
        skipped = event.flag("skipped") and status == PASSED
        reason = test.object("metadata").text("skipReason") or printed.strip()
        self._recorder.enter_suite(*([path] if path else []))
        self._recorder.case(
            name.removeprefix(group).strip() if group else name,
            classname=group,
            status=SKIPPED if skipped else status,
            seconds=(end - running.start) / 1000 if end is not None else None,
            message=reason if skipped else running.message or (result if result == _DID_NOT_END else ""),
            details=details,
            system_out=printed,
            file=_file(test.text("root_url") or test.text("url"), path),
            line=test.whole("root_line") or test.whole("line"),
        )


def _file(url: str, path: str) -> str:
    """The test's file; a test that is defined in a package belongs to the file that runs it."""
    return unquote(url.removeprefix("file://")) if url.startswith("file://") else path


def _innermost(test: Fields) -> int | None:
    groups = test.numbers("groupIDs")
    return int(groups[-1]) if groups else None
