"""Dart's and Flutter's JSON (``dart test --reporter json``, ``flutter test --machine``).

Facts: json_reporter.md, reporter/json.dart, engine.dart and invoker.dart of package:test, protocol 0.1:

- an event on each line, times in milliseconds;
- a test may meet an error after it was done. Then it has failed, and is not done again: a first pass finds
  those tests;
- before each retry the runner prints ``Retry:`` and the name of the test, as output of that test; only the
  last attempt has a result;
- loading, ``setUpAll`` and ``tearDownAll`` are hidden tests unless they fail;
- ``success`` of ``done`` is false if any test failed, and null if the run was given up.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from onetest_ci.errors import ReportError
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attempt, worse
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.limits import MOST_ATTEMPTS
from onetest_ci.reports.engine.lines import PrintedText, PrintedTotal, cut_short, json_lines, read_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.format_features import FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="the suite's path, the groups and the test",
    retries="the runner's line `Retry:` in the output of the test",
    outside="files that do not load, `setUpAll` and `tearDownAll`; runs that were given up",
    totals="`success` of `done`",
    times="duration",
)

MOST_KNOWN: Final = 100_000
"""Maximum of suites, groups, running tests and, in the first pass, ended tests that are remembered."""

_RESULTS: Final = {"success": PASSED, "failure": FAILED, "error": ERROR, DID_NOT_END: ERROR}
_HOOKS: Final = ("(setUpAll)", "(tearDownAll)")

_Key = tuple[int, int | None]
"""Number of the run in the file, and of the test in it."""


class _Running:
    """A test that has begun."""

    __slots__ = ("attempts", "done", "errors", "message", "printed", "start", "test", "worst")

    def __init__(self, test: Fields, start: float, reading: Reading, held: PrintedTotal) -> None:
        self.test = test
        self.start = start
        self.message = ""
        self.worst = PASSED
        self.done: Fields | None = None
        self.errors = PrintedText(reading, held)
        self.printed = PrintedText(reading, held)
        self.attempts: list[Attempt] = []

    def failed(self, event: Fields, recorder: Recorder) -> None:
        """Record one of its errors; the first is its message."""
        self.message = self.message or recorder.text(event.text("error"))
        self.worst = worse(self.worst, FAILED if event.flag("isFailure") else ERROR)
        self.errors.add(f"{event.text('error')}\n{event.text('stackTrace')}\n")

    def prints(self, message: str, recorder: Recorder) -> None:
        """Read a line of its output, which may announce the next attempt."""
        self.printed.add(message + "\n")
        retried = self.worst != PASSED and message == f"Retry: {self.test.text('name')}"
        if retried and len(self.attempts) < MOST_ATTEMPTS:
            attempt = recorder.attempt(status=self.worst, message=self.message, details=self.errors.take())
            self.attempts.append(attempt)
            self.message, self.worst = "", PASSED


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests as they end."""
    late = _late_errors(stream, reading)
    stream.seek(0)
    return read_lines(stream, reading, lambda file, recorder: _Events(recorder, late).record(file))


def _late_errors(stream: ByteStream, reading: Reading) -> set[_Key]:
    """Return the tests that meet an error after they are done."""
    done: set[_Key] = set()
    late: set[_Key] = set()
    marks = ('"testDone"', '"isFailure"', '"protocolVersion"')
    run = 0
    try:
        for event in json_lines(stream, Reading(reading.path, reading.text_limit), marks):
            what, key = event.text("type"), (run, event.whole_number("testID"))
            if what == "start":
                run += 1
            elif what == "testDone" and len(done) < MOST_KNOWN:
                done.add(key)
            elif what == "error" and key in done:
                late.add(key)
    except ReportError:
        # The second pass comes to the same place, and has the error.
        pass
    return late


class _Events:
    def __init__(self, recorder: Recorder, late: set[_Key]) -> None:
        self._recorder = recorder
        self._late = late
        self._held = PrintedTotal()
        self._run = self._bad = 0
        self._going = True
        self._cut_short = False
        self._paths: dict[int | None, str] = {}
        self._groups: dict[int | None, str] = {}
        self._running: dict[int | None, _Running] = {}

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the events one by one."""
        for event in json_lines(stream, self._recorder.reading, member="time"):
            what = event.text("type")
            if what == "start":
                if self._run:
                    self._end_run()
                self._run += 1
                self._going = True
            elif what == "done":
                self._done(event)
            else:
                self._event(event, what)
            yield
        self._end_run()
        if self._cut_short:
            raise cut_short(self._recorder.reading)

    def _end_run(self) -> None:
        """Record the tests that did not end; a file may hold several runs, each with its own numbers."""
        for running in self._running.values():
            self._record(running, ended=running.done is not None)
        for known in (self._running, self._paths, self._groups):
            known.clear()
        self._cut_short |= self._going
        self._going = False

    def _done(self, event: Fields) -> None:
        self._going = False
        self._end_run()
        if not event.flag("success") and self._recorder.bad == self._bad:
            failed = event.text("success")
            message = "the run failed, but none of its tests" if failed else "the run was given up"
            self._recorder.failure_of_run(message=message)
        self._bad = self._recorder.bad

    def _event(self, event: Fields, what: str) -> None:
        if what == "suite":
            suite = event.object("suite")
            self._remember(self._paths, suite.whole_number("id"), suite.text("path").replace("\\", "/"))
        elif what == "group":
            group = event.object("group")
            self._remember(self._groups, group.whole_number("id"), group.text("name"))
        elif what == "testStart":
            self._start(event.object("test"), event.number("time") or 0.0)
        elif what in {"print", "error", "testDone"}:
            self._of_test(event, what, event.whole_number("testID"))

    @staticmethod
    def _remember(known: dict[int | None, str], number: int | None, name: str) -> None:
        if len(known) < MOST_KNOWN:
            known[number] = name

    def _start(self, test: Fields, start: float) -> None:
        number = test.whole_number("id")
        if (before := self._running.pop(number, None)) is not None:
            self._record(before, ended=before.done is not None)
        if len(self._running) < MOST_KNOWN:
            self._running[number] = self._new(test, start)

    def _new(self, test: Fields, start: float) -> _Running:
        return _Running(test, start, self._recorder.reading, self._held)

    def _of_test(self, event: Fields, what: str, number: int | None) -> None:
        running = self._running.get(number)
        # A test whose start the file does not contain: only its result counts.
        test = running or self._new(Fields({"name": f"test {number}"}, event.reading), 0.0)
        if what == "print":
            test.prints(event.text("message"), self._recorder)
            return
        if what == "error":
            test.failed(event, self._recorder)
        else:
            test.done = event
        ended = what == "testDone" and (self._run, number) not in self._late
        if running is None or ended:
            self._running.pop(number, None)
            self._record(test, ended=True)

    def _record(self, running: _Running, *, ended: bool) -> None:
        event = running.done or Fields({}, self._recorder.reading)
        result = event.text("result") or ("success" if ended else DID_NOT_END)
        status = worse(verdict(self._recorder.reading, result, _RESULTS), running.worst)
        printed = running.printed.take()
        details = running.errors.take()
        if event.flag("hidden") and status == PASSED:
            return
        test = running.test
        group = self._groups.get(_innermost(test), "")
        path = self._paths.get(test.whole_number("suiteID"), "")
        name = test.text("name")
        hook = name.endswith(_HOOKS) or (name.startswith("loading ") and _innermost(test) is None)
        skipped = event.flag("skipped") and status == PASSED
        reason = test.object("metadata").text("skipReason") or printed.strip()
        self._recorder.enter_named(path)
        record = self._recorder.failure_outside if hook else self._recorder.case
        record(
            name.removeprefix(group).strip() if group else name,
            classname=group,
            status=SKIPPED if skipped else ERROR if hook and status != PASSED else status,
            seconds=_seconds(running.start, event.number("time")),
            message=reason if skipped else running.message or (result if result == DID_NOT_END else ""),
            details=details,
            system_out=printed,
            file=_file(test.text("root_url") or test.text("url"), path),
            line=test.whole_number("root_line") or test.whole_number("line"),
            attempts=running.attempts,
        )


def _seconds(start: float, end: float | None) -> float | None:
    return (end - start) / 1000 if end is not None else None


def _file(url: str, path: str) -> str:
    """Return the test's file. A test that a package defines belongs to the file that runs it."""
    return unquote(url.removeprefix("file://")) if url.startswith("file://") else path


def _innermost(test: Fields) -> int | None:
    groups = test.numbers("groupIDs")
    return int(groups[-1]) if groups else None
