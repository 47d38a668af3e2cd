"""The text of ``mix test --trace``: ExUnit's own formatter, which Elixir projects have without a dependency.

Facts: ExUnit.CLIFormatter and ExUnit.Formatter of Elixir 1.12 to 1.20, and texts of Elixir 1.14:

- a test's name is printed as it begins, and again with its duration and line as it ends, behind a carriage
  return. What the test prints may stand in between. ``--trace`` runs one test after the other;
- that line is the same for tests that passed and that failed: the numbered block behind it is the failure;
- a ``setup_all`` that failed, also at its end, is a block behind the tests of its module. They are invalid;
- the counts at the end make a run complete. Skipped, invalid and excluded tests are among its tests, but
  excluded ones only before Elixir 1.19, and none of the three from 1.20 on, which begins with ``Result:``;
- without ``--trace``, only tests that failed have names;
- in an umbrella project, a text has a run for each application;
- a file that does not compile ends mix without any count. If ExUnit's own process dies, the counts lack the
  test that was running, and the exit status may be 0.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.lines import (
    LinesBeside,
    PrintedText,
    PrintedTotal,
    cut_short,
    note_report,
    text_lines,
)
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import RUN, Recorder, recorded, uncoloured
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures
from onetest_ci.reports.formats.exunit.counts import Counts, counts_in

FEATURES: Final = FormatFeatures(
    code_ref="file, module and test",
    retries=NO_RETRIES,
    outside="files that do not compile, runs that were aborted or that mix ends as failed",
    totals="the counts at the end of each run",
    times="duration",
)

_BEGUN: Final = re.compile(r"  \* (.+?) \[L#(\d{1,9})\]")
_ENDED: Final = re.compile(r"  \* (.+) \((skipped|excluded|\d{1,12}\.\d{1,9}ms)\) \[L#(\d{1,9})\]$")
_MODULE: Final = re.compile(r"([A-Z:][^\[\]]*) \[([^\[\]]+\.exs?)\]$")
_PARAMETERS: Final = "Parameters: "
_FAILURE: Final = re.compile(r"(?:  \d| \d\d|\d{3,9})\) (.+)$")
_OF_MODULE: Final = ": failure on setup_all callback, all tests have been invalidated"
_INDENT: Final = " " * 5
_PLACE: Final = re.compile(r"     (\S.*):(\d{1,9})$")
_FINISHED: Final = re.compile(r"Finished in \d")
_ABORTED: Final = "Aborting test suite, "
_NO_TESTS: Final = "There are no tests to run"
_UNCOMPILED: Final = re.compile(r"== Compilation error in file (.+) ==$")
_MIX_FAILED: Final = re.compile(r"\*\* \(|ERROR! Test suite aborted|The --only option was given to ")
_SKIPS: Final = frozenset({"skipped", "excluded"})
_MOST_HELD: Final = 20_000
_BATCH: Final = 100


class _Test(NamedTuple):
    """A test that has ended."""

    name: str
    line: int
    status: str
    seconds: float | None
    message: str = ""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each module, and its tests."""
    return recorded(reading, partial(_Text.record_of, stream=stream))


class _Block:
    """A numbered block: the failure of a test, or of a module."""

    def __init__(self, title: str, text: PrintedText) -> None:
        self.title = title
        self.file = ""
        self.line: int | None = None
        self._text = text
        self._begun = False

    def add(self, line: str) -> None:
        """Read a line that is empty or has the indentation of the block. Others are printed by tests."""
        if not self._begun and (place := _PLACE.match(line)):
            self.file, self.line = place[1], int(place[2])
        elif self._begun or line:
            self._text.add(line[len(_INDENT) :] + "\n")
        self._begun = self._begun or not line.startswith(_INDENT + _PARAMETERS)

    def text(self) -> str:
        """Return the text of the failure."""
        return self._text.take().rstrip()


class _Text:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._held = PrintedTotal()
        self._beside = LinesBeside(recorder.reading)
        self._module = self._file = self._parameters = ""
        # Tests of the module that passed, as far as its tests show; and the one that ended last.
        self._passed: list[_Test] = []
        self._last: _Test | None = None
        self._running: tuple[str, int] | None = None
        self._block: _Block | None = None
        # Has a test of the module run? Those behind a setup_all that failed take no time.
        self._ran = False
        # Of the run: is it open, has it finished, the tests that are named, and those of them that are bad.
        self._open = self._finished = False
        self._named = self._bad = 0
        self._traced = self._any = False
        self._mix_failed = ""
        self._untraced = ""

    @classmethod
    def record_of(cls, recorder: Recorder, *, stream: ByteStream) -> Iterator[None]:
        """Read the lines of a text one by one."""
        text, records = cls(recorder), recorder.records
        for line in text_lines(stream, recorder.reading):
            text.take(uncoloured(line) if "\x1b" in line else line)
            if len(records) >= _BATCH:
                yield
        text.end()

    def take(self, line: str) -> None:
        """Read a line."""
        if "\r" in line:
            line = line[line.rfind("\r") + 1 :]
        self._beside.pass_line(line, is_foreign=not line.startswith("  * "))
        if line.startswith(_INDENT) or not line:
            if self._block is not None:
                self._block.add(line)
        elif line.startswith("  * ") and self._test_line(line):
            return
        elif (found := _FAILURE.match(line)) and self._is_failure(found[1]):
            self._close_block()
            self._open_run()
            self._block = _Block(found[1], PrintedText(self._reading, self._held))
        elif not line.startswith(" "):
            self._word_line(line)

    def end(self) -> None:
        """Record what the end of the text shows."""
        self._beside.search()
        if self._open:
            self._break_off()
        self._close_module()
        if not self._any and not self._mix_failed:
            raise ReportError(
                "unexpected-text",
                f"{self._reading.path} is not the text of ExUnit: it contains no test, count or failure.",
                "Leave out --report-format to have the format recognised by the content.",
            )
        if self._mix_failed:
            self._recorder.check_failed_run(self._mix_failed)
        if self._open:
            raise cut_short(self._reading)
        if self._untraced:
            raise ReportError(
                "incomplete-report",
                f"{self._reading.path} does not name all tests: {self._untraced}.",
                "Run mix test with --trace, which prints the name of each test.",
            )

    # Lines

    def _is_failure(self, title: str) -> bool:
        """Return whether a numbered line begins a block: with --trace, that of the last test or module."""
        if not self._traced:
            return title.endswith((_OF_MODULE, ")")) and _is_module(_module_of(title))
        if title == self._module + _OF_MODULE:
            return True
        return self._last is not None and title == f"{self._last.name} ({self._module})"

    def _test_line(self, line: str) -> bool:
        """Read the beginning or the end of a test; return whether it is one."""
        if ended := _ENDED.match(line):
            self._end_test(ended)
        elif begun := _BEGUN.match(line):
            self._close_test()
            self._open_run()
            self._traced = True
            self._running = begun[1], int(begun[2])
        else:
            return False
        return True

    def _word_line(self, line: str) -> None:
        """Read a line that begins with a word, a number or a mark: those of blocks are indented."""
        if _FINISHED.match(line) or line.startswith(_ABORTED):
            self._close_module()
            self._open_run()
            self._finished = True
            if line.startswith(_ABORTED):
                self._recorder.failure_outside(RUN, status=ERROR, message="the run was aborted")
        elif self._finished and (counts := counts_in(line)) is not None:
            self._end_run(counts)
        elif module := _MODULE.match(line):
            self._close_module()
            self._open_run()
            self._module, self._file = module[1], module[2]
        elif line.startswith(_PARAMETERS) and self._module and not self._last:
            self._parameters = line[len(_PARAMETERS) :]
        elif line.startswith("Running ExUnit with seed: "):
            self._open_run()
        elif line.startswith(_NO_TESTS):
            self._any = True
        elif file := _UNCOMPILED.match(line):
            self._any = True
            name = file[1].rpartition("/")[2]
            self._recorder.failure_of_run(name, message="the file does not compile", file=file[1])
        else:
            self._other_line(line)

    def _other_line(self, line: str) -> None:
        """Read a line that ExUnit did not print: of mix, or of a test."""
        if not self._open and _MIX_FAILED.match(line):
            self._mix_failed = self._mix_failed or line
        else:
            note_report(line, self._reading)

    # Runs

    def _open_run(self) -> None:
        if not self._open:
            self._open, self._any, self._mix_failed = True, True, ""

    def _end_run(self, counts: Counts) -> None:
        """Compare what a run declares with its tests, and close it."""
        if self._running is not None:
            self._record_running()
        others = counts.others
        self._recorder.check_failed_total(counts.failed + others.get("invalid", 0), shown=self._bad)
        if self._named < counts.total:
            self._untraced = f"it counts {counts.total} and names {self._named}"
        elif self._named > counts.total + sum(others.values()):
            self._reading.note(
                "declared-fewer", f"the text declares {counts.total} tests, it has {self._named}; they count"
            )
        self._open = self._finished = self._traced = False
        self._named = self._bad = 0

    def _break_off(self) -> None:
        """Record as errors the tests whose verdicts may stand behind the end of the text."""
        self._close_block()
        if self._running is None and self._last is not None:
            self._record_unknown(self._last)
            self._last = None
        if not self._ran:
            for test in self._passed:
                self._record_unknown(test)
            self._passed = []

    def _record_unknown(self, test: _Test) -> None:
        if test.status == PASSED:
            test = test._replace(status=ERROR, message="the text breaks off before its verdict")
        self._record(test)

    # Tests

    def _end_test(self, ended: re.Match[str]) -> None:
        self._running = None
        self._close_test()
        self._open_run()
        self._traced = True
        self._named += 1
        word = ended[2]
        skipped = word in _SKIPS
        self._ran = self._ran or not (skipped or word == "0.00ms")
        self._last = _Test(
            ended[1],
            int(ended[3]),
            SKIPPED if skipped else PASSED,
            None if skipped else duration(word),
            word if word == "excluded" else "",
        )

    def _close_test(self) -> None:
        """Keep the test that ended last until its module ends, unless a block shows that it failed."""
        self._close_block()
        if self._running is not None:
            self._record_running()
        if self._last is not None:
            if len(self._passed) < _MOST_HELD and self._last.status == PASSED:
                self._passed.append(self._last)
            else:
                self._record(self._last)
            self._last = None

    def _close_module(self) -> None:
        self._close_test()
        for test in self._passed:
            self._record(test)
        self._passed = []
        self._parameters = ""
        self._ran = False

    def _close_block(self) -> None:
        block, self._block = self._block, None
        if block is None:
            return
        text = block.text()
        if block.title.endswith(_OF_MODULE):
            self._fail_module(block.title.removesuffix(_OF_MODULE), text)
            return
        if self._last is not None:
            self._record(self._last._replace(status=FAILED), text)
            self._last = None
            self._ran = True
            return
        # Without --trace: the block alone names the test.
        module = _module_of(block.title)
        name = block.title.removesuffix(f" ({module})")
        self._named += 1
        self._module, self._file = module, block.file
        self._record(_Test(name, block.line or 0, FAILED, None), text)

    def _fail_module(self, module: str, text: str) -> None:
        tests = [*self._passed, *([self._last] if self._last is not None else [])]
        self._passed, self._last = [], None
        for test in tests:
            if test.status == SKIPPED:
                self._record(test)
            else:
                self._record(test._replace(status=ERROR, message="setup_all failed"), text)
        if not tests:
            self._recorder.enter_suite(module)
            self._bad += 1
            self._recorder.failure_outside(
                module, status=ERROR, message="setup_all failed", details=text, classname=_class_of(module)
            )

    def _record_running(self) -> None:
        """Record a test that began and did not end."""
        running, self._running = self._running, None
        if running is not None:
            self._named += 1
            self._record(_Test(*running, ERROR, None, DID_NOT_END))

    def _record(self, test: _Test, text: str = "") -> None:
        self._bad += test.status in {FAILED, ERROR}
        self._recorder.enter_suite(self._module)
        self._recorder.case(
            test.name,
            classname=_class_of(self._module),
            status=test.status,
            seconds=test.seconds,
            message=test.message,
            details=text,
            file=self._file,
            line=test.line or None,
            properties=[("parameters", self._parameters)] if self._parameters else [],
        )


def _module_of(title: str) -> str:
    """Return the module that the title of a block names: its end in brackets, or its beginning."""
    if title.endswith(_OF_MODULE):
        return title.removesuffix(_OF_MODULE)
    return title.removesuffix(")").rpartition(" (")[2]


def _class_of(module: str) -> str:
    """Return the class of a module as junit_formatter spells it: ``Atom.to_string`` of a printed atom."""
    if not module.startswith(":"):
        return f"Elixir.{module}"
    name = module[1:]
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _is_module(name: str) -> bool:
    return name[:1].isupper() or name.startswith(":")
