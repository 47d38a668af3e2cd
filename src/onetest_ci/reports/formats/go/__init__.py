"""Go's ``go test -json`` and ``go tool test2json``, also as ``gotestsum --jsonfile`` writes it.

Facts: cmd/internal/test2json of Go 1.10 to 1.26: an event on each line, of a package or a test. A package
fails with its tests or outside of them: in ``TestMain``, in an ``init`` function, or since it does not build.
Since Go 1.20 benchmarks begin, but those that pass have no event for their end. ``gotestsum`` runs failed
tests again; see ``reruns.py``.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.go_output import (
    MOST_NAMED,
    NO_FAILURE,
    failure_in,
    process_death,
    with_subtests,
)
from onetest_ci.reports.engine.lines import PrintedText, PrintedTotal, cut_short, json_lines, read_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import Recorder
from onetest_ci.reports.engine.values import timestamp
from onetest_ci.reports.format_features import NO_TOTALS, FormatFeatures
from onetest_ci.reports.formats.go.reruns import Key, retried_tests

FEATURES: Final = FormatFeatures(
    code_ref="package and test",
    retries="a further run of the package that contains failed tests only, as of `gotestsum --rerun-fails`",
    outside="packages that fail in `TestMain`, do not build or do not end",
    totals=NO_TOTALS,
    parameters="subtests, in the name",
    times="duration and start",
)

MOST_RUNNING: Final = 100_000
"""Maximum of tests and packages that run at one time."""

_ENDS: Final = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED, "bench": PASSED}
_GOING: Final = frozenset({"run", "start", "output", "pause", "cont", "attr", "artifacts"})
_FRAME: Final = re.compile(r"^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|FAIL|SKIP|BENCH):)")
# Up to Go 1.19 a package that does not build has no event but this line.
_NOT_BUILT: Final = re.compile(r"FAIL\s+(\S+) \[((?:build|setup) failed)\]\s*$")
_BENCHMARK: Final = "Benchmark"
_MEASURED: Final = " ns/op"


class _Running:
    """A test that has begun: its start, its output so far, and whether it is a benchmark with a result.

    ``failed_subtests`` counts those right below it, and ``named_subtests`` has the names of the first.
    """

    __slots__ = ("failed_subtests", "measured", "named_subtests", "printed", "start")

    def __init__(self, start: float | None, reading: Reading, held: PrintedTotal) -> None:
        self.start = start
        self.measured = False
        self.failed_subtests = 0
        self.named_subtests: list[str] = []
        self.printed = PrintedText(reading, held)

    def subtest_failed(self, name: str) -> None:
        """Note that a subtest right below this test failed."""
        self.failed_subtests += 1
        if len(self.named_subtests) < MOST_NAMED:
            self.named_subtests.append(name)


class _Package(_Running):
    """A package whose process runs: its tests that have begun, and whether one of them failed."""

    __slots__ = ("failed", "tests")

    def __init__(self, start: float | None, reading: Reading, held: PrintedTotal) -> None:
        super().__init__(start, reading, held)
        self.failed = False
        self.tests: dict[str, _Running] = {}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each package, and its tests and subtests as they end."""
    retried = retried_tests(stream, reading)
    return read_lines(stream, reading, lambda file, recorder: _Events(recorder, retried).record(file))


class _Events:
    def __init__(self, recorder: Recorder, retried: frozenset[Key]) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._retried = retried
        self._packages: dict[str, _Package] = {}
        self._begun = 0
        self._held = PrintedTotal()
        self._builds: dict[str, PrintedText] = {}
        # Builds that failed, until the package that needs them fails.
        self._broken: dict[str, None] = {}

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the events one by one."""
        for event in json_lines(stream, self._reading, other=self._text, member="Action"):
            self._event(event)
            yield
        for name in self._broken:
            self._fail_outside(name, "the build failed", self._built(name))
        unfinished = bool(self._packages)
        for name in list(self._packages):
            self._end_tests_of(name, self._packages[name], passed=False)
        if unfinished:
            raise cut_short(self._reading)

    def _text(self, line: str) -> None:
        if match := _NOT_BUILT.match(line):
            self._fail_outside(match[1], f"{match[1]}: {match[2]}", line)

    def _event(self, event: Fields) -> None:
        action = event.text("Action").strip().lower()
        if action.startswith("build-"):
            self._build(event.text("ImportPath"), action, event.text("Output"))
            return
        name, test = event.text("Package"), event.text("Test")
        package = self._package(name, event, restarts=action == "start")
        if action in _ENDS:
            if test:
                self._end((name, test), _ENDS[action], package, event.number("Elapsed"))
            else:
                self._end_package(name, package, action, event.text("FailedBuild"))
            return
        if action not in _GOING:
            self._reading.warn("action", f"an unknown action, {action[:60]!r}, is left out")
        running = self._test(name, test, package, event, runs=action == "run") if test else package
        if running is not None and action == "output":
            output = event.text("Output")
            running.measured |= _MEASURED in output
            if not _FRAME.match(output):
                running.printed.add(output)

    def _package(self, name: str, event: Fields, *, restarts: bool) -> _Package:
        package = self._packages.get(name)
        if package is not None and restarts:
            # The process before this one was killed.
            self._end_tests_of(name, package, passed=False)
            if not package.failed:
                self._fail_outside(name, "the package did not end", package.printed.take())
            self._forget(name)
            package = None
        if package is None:
            package = _Package(timestamp(event.text("Time")), self._reading, self._held)
            if self._begun < MOST_RUNNING:
                self._begun += 1
                self._packages[name] = package
        return package

    def _forget(self, name: str) -> None:
        self._begun -= self._packages.pop(name, None) is not None

    def _test(self, name: str, test: str, package: _Package, event: Fields, *, runs: bool) -> _Running | None:
        running = package.tests.get(test)
        if running is not None and runs and not test.startswith(_BENCHMARK):
            self._end_unfinished((name, test), package)
            running = None
        if running is None and self._begun < MOST_RUNNING:
            self._begun += 1
            running = package.tests[test] = _Running(timestamp(event.text("Time")), self._reading, self._held)
        return running

    def _taken(self, package: _Package, test: str) -> _Running:
        running = package.tests.pop(test, None)
        self._begun -= running is not None
        return running or _Running(None, self._reading, self._held)

    def _end(self, key: Key, status: str, package: _Package, seconds: float | None) -> None:
        running = self._taken(package, key[1])
        output = running.printed.take()
        if status == FAILED:
            package.failed = True
            _tell_parent(key[1], package)
        found = failure_in(output) if status != PASSED else NO_FAILURE
        self._recorder.enter_suite(key[0])
        self._recorder.case(
            key[1],
            classname=key[0],
            method=key[1],
            status=status,
            seconds=seconds,
            start=running.start,
            message=with_subtests(found.reason, running.named_subtests, running.failed_subtests),
            details=output if status == FAILED else "",
            system_out="" if status == FAILED else output,
            file=found.file,
            line=found.line,
            retry_key=self._retry_key(key),
        )

    def _end_tests_of(self, name: str, package: _Package, *, passed: bool) -> None:
        """Record the tests whose end the report does not contain, in most cases since their process died."""
        last = next(reversed(package.tests), "")
        # Benchmarks run one after the other: all but the last have passed.
        died = "" if passed or not last or package.tests[last].measured else last
        for test in list(package.tests):
            if test.startswith(_BENCHMARK) and not f"{died}/".startswith(f"{test}/"):
                self._end((name, test), PASSED, package, None)
            else:
                self._end_unfinished((name, test), package)

    def _end_unfinished(self, key: Key, package: _Package) -> None:
        package.failed = True
        running = self._taken(package, key[1])
        output = running.printed.take()
        found = failure_in(output)
        self._recorder.enter_suite(key[0])
        self._recorder.case(
            key[1],
            classname=key[0],
            method=key[1],
            status=ERROR,
            start=running.start,
            message=process_death(output) or DID_NOT_END,
            details=output,
            file=found.file,
            line=found.line,
        )

    def _end_package(self, name: str, package: _Package, action: str, build: str) -> None:
        self._end_tests_of(name, package, passed=action != "fail")
        self._forget(name)
        output = package.printed.take()
        self._broken.pop(build, None)
        if action == "fail" and not package.failed:
            message = f"the build of {build} failed" if build else "the package failed outside of its tests"
            self._fail_outside(name, process_death(output) or message, self._built(build) or output)

    def _fail_outside(self, name: str, message: str, details: str) -> None:
        self._recorder.enter_suite(name)
        self._recorder.failure_outside(
            name, status=ERROR, message=message, details=details, retry_key=self._retry_key((name, ""))
        )

    def _retry_key(self, key: Key) -> str:
        return "\0".join(key) if key in self._retried else ""

    def _build(self, path: str, action: str, output: str) -> None:
        """Read what the compiler reports of a package; Go 1.24 and later."""
        if action == "build-fail":
            self._broken[path] = None
        elif len(self._builds) < MOST_RUNNING or path in self._builds:
            self._builds.setdefault(path, PrintedText(self._reading, self._held)).add(output)

    def _built(self, path: str) -> str:
        printed = self._builds.pop(path, None)
        return printed.take() if printed is not None else ""


def _tell_parent(test: str, package: _Package) -> None:
    """Note a failed test at the test that it is a subtest of. Titles of subtests may hold slashes too."""
    above = test
    while (slash := above.rfind("/")) > 0:
        above = above[:slash]
        if (parent := package.tests.get(above)) is not None:
            parent.subtest_failed(test)
            return
