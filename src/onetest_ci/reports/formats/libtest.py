"""Rust's libtest JSON, as ``cargo test -- --format json`` and nextest's ``libtest-json-plus`` write it.

Facts: reporter/structured/libtest.rs of nextest-runner 0.129, and reports of Rust 1.95 and nextest 0.9.148:

- an event on each line. Each test program is a suite with ``started`` and its result, which counts the failed
  tests. Only nextest names the program; of ``cargo test``, cargo's own lines do, where they are in the file;
- a program whose process dies has no result. Cargo goes on with the next one;
- ``timeout`` means that a test has been running for long; its result follows;
- nextest runs programs at one time, prefixes each test with its crate and program, and ends the name of a
  result with ``#`` and the number of attempts, if there were several;
- it ends a suite too early if tests of it are ignored: results follow under a second suite of that program.
  An ignored test may have no result, but then the suite counts it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.attempts import counted_attempts
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.lines import cut_short, json_lines, read_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.format_features import FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="crate and program (nextest), and the path of the test",
    retries="nextest's number of attempts behind the name, without the texts of those before the last",
    outside="programs that do not end, or that end badly after their tests",
    totals="`failed` of each suite",
    times="duration",
)

MOST_RUNNING: Final = 100_000
"""Maximum of tests and programs that run at one time."""

_RESULTS: Final = {"ok": PASSED, "failed": FAILED, "ignored": SKIPPED, "allowed_failure": PASSED}
_LISTED: Final = frozenset({"discovery", "discovered", "completed"})
_WITHOUT_NAME: Final = frozenset({"lib", "proc-macro"})
_NEXTEST: Final = re.compile(r"([^$\s]+?)::([^$\s:]+?)(?:@stress-(\d+))?\$(?=.)", re.DOTALL)
_ATTEMPTS: Final = re.compile(r"#([1-9]\d{0,5})\Z")
_MOST_ALIKE: Final = 8
_PROGRAM: Final = re.compile(r"\s+(?:Running (?:unittests )?(\S+) \(|(Doc-tests \S+))")
_DIED: Final = re.compile(r"  process didn't exit successfully: .*\(([^()]*)\)\s*\Z")
_PANIC_WITHIN: Final = 100_000


class _Program(NamedTuple):
    """A test program: the name of its suite, and its name in nextest; each may be empty."""

    suite: str
    binary: str


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each test program that has a name, and the tests as they end."""
    return read_lines(stream, reading, lambda file, recorder: _Events(recorder).record(file))


class _Events:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        # Programs that run, with the number of their tests that have not begun.
        self._open: dict[_Program, int] = {}
        self._alike: dict[str, list[_Program]] = {}
        # Tests that run, by whether nextest runs them. Without it, they are of the last program.
        self._running: dict[bool, dict[str, _Program]] = {False: {}, True: {}}
        self._failed: Counter[_Program] = Counter()
        # Ignored tests that suites of nextest count, and those with a result.
        self._ignored: Counter[_Program] = Counter()
        self._skipped: Counter[_Program] = Counter()
        # What cargo prints about the next program, and about the one before.
        self._next = self._death = ""
        self._ended_well: _Program | None = None
        # The program of a suite that does not name it: such programs run one after the other.
        self._last = _Program("", "")

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the events one by one."""
        for event in json_lines(stream, self._reading, other=self._text, member="event"):
            what = event.word("type")
            if what == "suite":
                self._suite(event)
            elif what in {"test", "bench"} or event.word("event") == "failed":
                # A failure of any type counts.
                self._test(event, is_bench=what == "bench")
            yield
        for name in [*self._running[False], *self._running[True]]:
            self._end_unfinished(name)
        if self._open:
            raise cut_short(self._reading)

    def _text(self, line: str) -> None:
        """Read a line of cargo's."""
        if found := _PROGRAM.match(line):
            self._next = found[1] or found[2]
        elif found := _DIED.match(line):
            self._death = found[1]
            if self._ended_well is not None:
                self._fail_outside(self._ended_well, f"the program ended badly: {self._death}")
                self._ended_well = None

    # Suites

    def _suite(self, event: Fields) -> None:
        what = event.word("event")
        if what in _LISTED:
            return
        nextest = event.object("nextest")
        program = _named_by(nextest) if nextest else self._last
        if what == "started":
            if not nextest:
                program = _Program(self._next, "")
                self._next = ""
            self._start(program, event.whole_number("test_count") or 0)
        else:
            self._end(program, event, verdict(self._reading, what, _RESULTS))

    def _start(self, program: _Program, tests: int) -> None:
        if not program.binary:
            if (before := self._last) in self._open:
                self._abandon(before)
            self._last = program
        elif program in self._open:
            self._fail_outside(program, "the program did not end")
        self._death, self._ended_well = "", None
        if len(self._open) < MOST_RUNNING:
            if program not in self._open:
                self._alike.setdefault(program.suite, []).append(program)
            self._open[program] = tests

    def _abandon(self, program: _Program) -> None:
        """Record that a program did not end: its process died."""
        self._close(program)
        if not self._end_plain_tests():
            self._fail_outside(program, _with_reason("the program did not end", self._death))
        self._failed.pop(program, None)

    def _end(self, program: _Program, event: Fields, status: str) -> None:
        self._close(program)
        if program.binary:
            self._ignored[program] = max(self._ignored[program], event.whole_number("ignored") or 0)
        else:
            self._end_plain_tests()
        failed = max(event.whole_number("failed") or 0, int(status in BAD))
        shown = self._failed.pop(program, 0)
        self._recorder.check_failed_total(failed, _name(program), shown=shown)
        self._ended_well = None if program.binary or failed or shown else program

    def _close(self, program: _Program) -> None:
        if self._open.pop(program, None) is not None:
            alike = self._alike[program.suite]
            alike.remove(program)
            if not alike:
                del self._alike[program.suite]

    def _end_plain_tests(self) -> bool:
        """Record the tests of the last program that have no result. Return whether there are any."""
        names = list(self._running[False])
        for name in names:
            self._end_unfinished(name)
        return bool(names)

    def _fail_outside(self, program: _Program, message: str) -> None:
        self._recorder.enter_suite(*_suites(program))
        self._recorder.failure_outside(_name(program), status=ERROR, message=message)

    # Tests

    def _test(self, event: Fields, *, is_bench: bool) -> None:
        what, name = event.word("event"), event.text("name")
        if is_bench:
            self._result(name, PASSED, event)
        elif what == "started":
            self._begin(name)
        elif what not in _LISTED and what != "timeout":
            self._result(name, verdict(self._reading, what, _RESULTS), event)

    def _begin(self, name: str) -> None:
        program = self._program_of(name)
        running = self._running[bool(program.binary)]
        if name in running:
            self._end_unfinished(name)
        if program in self._open:
            self._open[program] -= 1
        if len(running) < MOST_RUNNING:
            running[name] = program

    def _program_of(self, name: str) -> _Program:
        """Return the program of a test. A library and a program of it may have the same name in nextest."""
        found = _NEXTEST.match(name)
        if found is None:
            return self._last
        guess = _guessed(found[1], found[2], found[3] or "")
        possible = self._alike.get(guess.suite, [])[-_MOST_ALIKE:]
        waiting = [one for one in possible if self._open[one] > 0]
        return (waiting or possible or [guess])[-1]

    def _result(self, name: str, status: str, event: Fields) -> None:
        attempts = 0
        running = self._running[_NEXTEST.match(name) is not None]
        if name not in running and running is self._running[True] and (found := _ATTEMPTS.search(name)):
            attempts = int(found[1]) - 1
            name = name[: found.start()]
        program = running.pop(name, None) or self._program_of(name)
        self._record(name, program, status, event, attempts)

    def _end_unfinished(self, name: str) -> None:
        """Record a test that has no result: an ignored one if its suite counts more of those than it has."""
        program = self._running[_NEXTEST.match(name) is not None].pop(name)
        ignored = self._ignored[program] > self._skipped[program] and program not in self._open
        message = "" if ignored else _with_reason(DID_NOT_END, self._death)
        event = Fields({"message": message}, self._reading)
        self._record(name, program, SKIPPED if ignored else ERROR, event)

    def _record(self, name: str, program: _Program, status: str, event: Fields, attempts: int = 0) -> None:
        self._failed[program] += status in BAD
        self._skipped[program] += status == SKIPPED
        output = event.text("stdout")
        classname, name = _names(name, program)
        self._recorder.enter_suite(*_suites(program))
        self._recorder.case(
            name,
            classname=classname,
            status=status,
            seconds=event.number("exec_time"),
            message=event.text("message", "reason") or _panic_in(output),
            details=output if status in BAD else "",
            system_out="" if status in BAD else output,
            attempts=counted_attempts(attempts),
        )


def _names(name: str, program: _Program) -> tuple[str, str]:
    """Return class and name of a test as the JUnit reports of nextest and of libtest contain them."""
    if program.binary:
        found = _NEXTEST.match(name)
        return program.binary, name[found.end() :] if found else name
    # A test of the documentation has the name of a file, a path and a line.
    file, dash, item = name.partition(" - ")
    if dash:
        return file, item
    path, _, last = name.rpartition("::")
    return path, last


def _suites(program: _Program) -> list[str]:
    return [program.suite] if program.suite else []


def _name(program: _Program) -> str:
    return program.binary or program.suite or "(program)"


def _named_by(nextest: Fields) -> _Program:
    """Return the program that a suite of nextest names, with nextest's own name for it."""
    crate, name, kind = (nextest.text(key) for key in ("crate", "test_binary", "kind"))
    stress = nextest.text("stress_index")
    suite = _guessed(crate, name, stress).suite
    if kind in _WITHOUT_NAME:
        return _Program(suite, crate)
    return _Program(suite, f"{crate}::{name}" if kind == "test" else f"{crate}::{kind}/{name}")


def _guessed(crate: str, name: str, stress: str) -> _Program:
    """Return the program of a test whose suite does not name it: the crate's library if names are equal."""
    binary = crate if crate.replace("-", "_") == name else f"{crate}::{name}"
    return _Program(f"{crate}::{name}" + (f"@stress-{stress}" if stress else ""), binary)


def _panic_in(output: str) -> str:
    """Return the message of the first panic. Rust before 1.73 writes it before the place."""
    lines = output[:_PANIC_WITHIN].split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        thread, _, place = line.partition(" panicked at ")
        if place and thread.startswith("thread '"):
            return (place[1:].rpartition("', ")[0] if place.startswith("'") else following).strip()
    return ""


def _with_reason(message: str, reason: str) -> str:
    return f"{message}: {reason}" if reason else message
