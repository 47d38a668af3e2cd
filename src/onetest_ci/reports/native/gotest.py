"""Go's ``go test -json`` and ``go tool test2json``.

Facts: cmd/internal/test2json of Go 1.10 to 1.25: an event on each line, of a package or a test.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.fields import Fields
from onetest_ci.reports.lines import Held, Printed, cut_short, json_lines, read_lines
from onetest_ci.reports.recorder import Recorder
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import timestamp

TELLS: Final = Tells(
    code_ref="package and test",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    parameters="subtests, in the name",
    times="duration and start",
)

MOST_RUNNING: Final = 100_000
"""Tests and packages that run at one time."""

_ENDS: Final = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED, "bench": PASSED}
_GOING: Final = frozenset({"run", "start", "output", "pause", "cont"})
_FRAME: Final = re.compile(r"^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|FAIL|SKIP|BENCH):)")
_REASON: Final = re.compile(r"^\s+\S+\.go:\d+: (.*)", re.MULTILINE)

_Key = tuple[str, str]


class _Running:
    """A test or package that has begun: when, and what it printed so far."""

    __slots__ = ("printed", "start")

    def __init__(self, start: float | None, reading: Reading, held: Held) -> None:
        self.start = start
        self.printed = Printed(reading, held)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each package, and its tests and subtests as they end."""
    return read_lines(stream, reading, lambda file, recorder: _Events(recorder).record(file))


class _Events:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        # By package, then by test; the package itself has no name.
        self._running: dict[str, dict[str, _Running]] = {}
        self._begun = 0
        self._failed: set[str] = set()
        self._held = Held()
        self._build: dict[str, Printed] = {}

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Take the events one by one."""
        for event in json_lines(stream, self._reading):
            self._event(event)
            yield
        unfinished = bool(self._running)
        for package in list(self._running):
            self._end_tests_of(package)
        if unfinished:
            raise cut_short(self._reading)

    def _event(self, event: Fields) -> None:
        action = event.text("Action")
        if action == "build-output":
            self._take_build(event.text("ImportPath"), event.text("Output"))
            return
        package, test = event.text("Package"), event.text("Test")
        if action in _ENDS and package:
            running = self._taken(package, test) or _Running(None, self._reading, self._held)
            if test:
                self._end((package, test), _ENDS[action], running, event.number("Elapsed"))
            else:
                self._end_package(package, action, running, event)
        elif action in _GOING and package:
            known = self._running.get(package, {}).get(test) or self._began(event, package, test)
            if known is not None and action == "output" and not _FRAME.match(event.text("Output")):
                known.printed.add(event.text("Output"))

    def _began(self, event: Fields, package: str, test: str) -> _Running | None:
        if self._begun >= MOST_RUNNING:
            return None
        self._begun += 1
        running = _Running(timestamp(event.text("Time")), self._reading, self._held)
        self._running.setdefault(package, {})[test] = running
        return running

    def _taken(self, package: str, test: str) -> _Running | None:
        tests = self._running.get(package, {})
        running = tests.pop(test, None)
        self._begun -= running is not None
        if not tests:
            self._running.pop(package, None)
        return running

    def _take_build(self, path: str, output: str) -> None:
        """What the compiler says of a package; Go 1.24 and later."""
        if path not in self._build and len(self._build) < MOST_RUNNING:
            self._build[path] = Printed(self._reading, self._held)
        if path in self._build:
            self._build[path].add(output)

    def _end(self, key: _Key, status: str, running: _Running, seconds: float | None) -> None:
        package, test = key
        printed = running.printed.take()
        reason = _REASON.search(printed)
        if status == FAILED:
            self._failed.add(package)
        self._recorder.enter_suite(package)
        self._recorder.case(
            test,
            classname=package,
            method=test,
            status=status,
            seconds=seconds,
            start=running.start,
            message=(reason[1] if reason else _panic(printed)) if status != PASSED else "",
            details=printed if status == FAILED else "",
            system_out="" if status == FAILED else printed,
        )

    def _end_tests_of(self, package: str) -> None:
        """Tests that never ended, since their process died: the panic stands in what they printed."""
        for test in list(self._running.get(package, {})):
            running = self._taken(package, test)
            if not test or running is None:
                continue
            printed = running.printed.take()
            self._failed.add(package)
            self._recorder.enter_suite(package)
            self._recorder.case(
                test,
                classname=package,
                method=test,
                status=ERROR,
                start=running.start,
                message=_panic(printed) or "the test did not end",
                details=printed,
            )

    def _end_package(self, package: str, action: str, running: _Running, event: Fields) -> None:
        self._end_tests_of(package)
        printed = running.printed.take()
        if action == "fail" and package not in self._failed:
            # It did not build, or died outside its tests.
            if (build := self._build.pop(event.text("FailedBuild"), None)) is not None:
                printed = build.take()
            self._recorder.enter_suite(package)
            self._recorder.outside(
                package, status=ERROR, message=_panic(printed) or "the package failed", details=printed
            )
        self._failed.discard(package)


def _panic(printed: str) -> str:
    """What a process that died said, or the first line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith(("panic:", "fatal error:"))), "")
