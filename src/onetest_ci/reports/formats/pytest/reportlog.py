"""The JSON lines of pytest-reportlog (``pytest --report-log FILE``).

Facts: plugin.py and reports of pytest-reportlog 1.0, ``_pytest/reports.py`` and ``_pytest/subtests.py`` of
pytest 9.2, and reports with pytest-xdist 3.8, pytest-rerunfailures 16.7, pytest-retry 1.7 and flaky 3.8:

- a test has a report for each of its phases, ``setup``, ``call`` and ``teardown``. If the set-up does not
  pass, the test is not called. The first line of ``location`` is 0;
- pytest-xdist adds ``node``, and the reports of its workers alternate. A worker that crashed has a report in
  place of the phases that are missing, with ``when`` ``???``;
- pytest-rerunfailures marks the phase that failed as ``rerun``. Then the set-up of the next attempt follows,
  perhaps behind the teardown, and after a crash from another worker. pytest-retry marks the call as
  ``retried`` and calls again, with the same set-up. flaky leaves the call of an attempt out;
- ``sections`` holds all that the test has printed so far, earlier attempts included;
- subtests have reports of their own before that of the call. With unittest, and with the plug-in
  pytest-subtests, the call itself may have passed although they failed;
- an internal error, an interruption and coverage below its limit show in ``exitstatus`` alone.
"""

from collections.abc import Iterator
from typing import Final

from onetest_ci.model import BAD, PASSED
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.lines import PrintedTotal, cut_short, json_lines, read_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.engine.text import attachments_of_properties
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.pytest.collected import record_collected
from onetest_ci.reports.formats.pytest.ending import check_exit_status
from onetest_ci.reports.formats.pytest.failure import failure_of
from onetest_ci.reports.formats.pytest.running import CRASHED, OUTCOMES, SUBTEST, RunningTest

FEATURES: Final = FormatFeatures(
    code_ref="file, classes and function of `nodeid`",
    retries="`rerun` (pytest-rerunfailures), `retried` (pytest-retry), set-ups without a call (flaky)",
    outside="files that do not load, interrupted runs, internal errors",
    totals="`exitstatus`",
    attachments="`[[ATTACHMENT|path]]` and properties",
    parameters="in the name",
    times="duration and start",
)

MOST_OPEN: Final = 10_000
"""Maximum of tests whose teardown is awaited. pytest-xdist has one for each worker."""

_MOVED: Final = "(moved)"
"""In place of the worker: it crashed, and another one will run the test again."""

_Key = tuple[str, str]
"""The worker of pytest-xdist, and the id of a test."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and the tests as they end."""
    return read_lines(stream, reading, lambda file, recorder: _Log(recorder).record(file))


class _Log:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._held = PrintedTotal()
        self._going = False
        # Tests whose last report is awaited.
        self._open: dict[_Key, RunningTest] = {}
        # Cases of the session, those of them that are bad before it, and what interrupts it.
        self._cases = self._bad_before = self._broken_off = 0

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the reports one by one."""
        try:
            for event in json_lines(stream, self._reading, member="$report_type"):
                self._read(event, event.text("$report_type", "_report_type"))
                yield
        finally:
            self._end_tests()
        if self._going:
            raise cut_short(self._reading)

    def _read(self, event: Fields, kind: str) -> None:
        # Python's name of the class of a report: plug-ins have classes of their own.
        has_outcome = "outcome" in event
        if kind == "SubTestReport" or (has_outcome and "_subtest.context" in event):
            self._phase(event, SUBTEST)
        elif kind == "TestReport" or (has_outcome and "when" in event):
            self._phase(event, event.word("when"))
        elif kind == "CollectReport" or has_outcome:
            self._collected(event)
        elif kind == "SessionStart":
            self._start()
        elif kind == "SessionFinish":
            self._finish(event.whole_number("exitstatus"))

    # Sessions

    def _start(self) -> None:
        if self._going:
            self._end_tests()
            self._recorder.failure_of_run(message="the run did not end")
        self._going = True
        self._cases = self._broken_off = 0
        self._bad_before = self._recorder.bad

    def _finish(self, status: int | None) -> None:
        self._end_tests()
        self._going = False
        check_exit_status(
            self._recorder,
            status,
            bad=self._recorder.bad - self._bad_before,
            cases=self._cases,
            broken_off=self._broken_off,
        )

    def _end_tests(self) -> None:
        """Record the tests whose last report is missing."""
        for test in self._open.values():
            self._end_early(test)
        self._open.clear()

    # Files

    def _collected(self, event: Fields) -> None:
        self._going = True
        status = verdict(self._reading, event.word("outcome"), OUTCOMES)
        if status != PASSED:
            self._cases += 1
            self._broken_off += status in BAD
            failure = failure_of(event.value("longrepr"), self._reading)
            record_collected(event.text("nodeid"), status, failure, self._recorder)

    # Tests

    def _phase(self, event: Fields, when: str) -> None:
        self._going = True
        key = event.text("node", "worker_id"), event.text("nodeid")
        test = self._test(key)
        if when != SUBTEST and test.run.begins_again(when):
            if test.run.is_attempt:
                test.begin_attempt()
            else:
                self._end_early(test)
                test = self._open[key] = self._new(key[1])
        test.add(event, when)
        if not test.run.is_complete:
            return
        if not test.run.again:
            self._record(self._open.pop(key))
        elif when == CRASHED:
            if (other := self._open.pop((_MOVED, key[1]), None)) is not None:
                self._end_early(other)
            self._open[_MOVED, key[1]] = self._open.pop(key)

    def _test(self, key: _Key) -> RunningTest:
        test = self._open.get(key)
        if test is None:
            test = self._open.pop((_MOVED, key[1]), None) or self._new(key[1])
            self._open[key] = test
            if len(self._open) > MOST_OPEN:
                self._end_early(self._open.pop(next(iter(self._open))))
        return test

    def _new(self, nodeid: str) -> RunningTest:
        return RunningTest(nodeid, self._recorder, self._held)

    def _end_early(self, test: RunningTest) -> None:
        self._broken_off += not test.run.is_complete
        self._record(test)

    def _record(self, test: RunningTest) -> None:
        self._cases += 1
        node, run, properties = test.node, test.run, test.properties
        status, message = run.result()
        out, err = test.printed()
        test.free_texts()
        self._recorder.enter_named(node.file)
        self._recorder.case(
            node.name,
            classname=node.classname,
            method=node.method,
            status=status,
            message=message,
            kind=run.kind,
            details=run.details.take().strip("\n"),
            system_out=out,
            system_err=err,
            seconds=run.seconds,
            start=run.start,
            file=node.file,
            line=test.line,
            properties=properties,
            attachments=attachments_of_properties(properties),
            attempts=test.attempts,
        )
