"""What Bazel printed, as its progress events hold it: the output of tests, and the errors of the build.

Facts: reports of Bazel 4.2.3:

- with ``--test_output=errors`` or ``all`` the output of each attempt stands between a line that names the
  test, with its shard and run if there are several, and a line of 80 equal signs;
- an error of the build begins with ``ERROR:``, and what a tool printed follows it;
- one event holds any number of lines, and may end in the middle of one.
"""

import re
from collections import defaultdict, deque
from typing import Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.limits import first_line
from onetest_ci.reports.engine.lines import LONGEST_LINE, PrintedText, PrintedTotal, json_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading
from onetest_ci.reports.engine.recorder import uncoloured

MOST_TEXTS: Final = 10_000
"""Outputs of tests, and of errors, that are kept."""

_OUTPUT: Final = "==================== Test output for "
_END: Final = "=" * 80
_ERROR: Final = "ERROR: "
_OTHER: Final = ("INFO: ", "WARNING: ", "DEBUG: ", "FAIL: ", "FAILED: ", "FLAKY: ", "TIMEOUT: ", "Target ")
_OF_TARGET: Final = re.compile(r"(?:rule|target|genrule) (@{0,2}[^\s/@()]{0,300}//[^\s()]{1,1000})")
_PACKAGE: Final = re.compile(r"package contains errors: ([^\s:]{1,1000})")


class Printed(NamedTuple):
    """The texts of a file.

    Attributes:
        outputs: of the attempts of each test, in order; whoever uses one takes it out.
        errors: what was printed about the error of each target, by label. The empty label has all errors.
        packages: those that contain errors; no event names them.
    """

    outputs: dict[str, deque[str]]
    errors: dict[str, str]
    packages: tuple[str, ...]

    def take_output(self, test: str) -> str:
        """Return the output of the first attempt that was not taken."""
        texts = self.outputs.get(test)
        return texts.popleft() if texts else ""

    def take_error(self, label: str) -> str:
        """Return what was printed about an error; its first line, if all of it was taken before."""
        text = self.errors.get(label, "")
        if text:
            self.errors[label] = first_line(text)
        return text


class _Collector:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._held = PrintedTotal()
        self._outputs: dict[str, list[PrintedText]] = defaultdict(list)
        self._errors = {"": PrintedText(reading, self._held)}
        self._number = 0
        self._packages: dict[str, None] = {}

    def output(self, test: str) -> list[PrintedText]:
        """Return the texts that the output of the next attempt of a test belongs to."""
        if self._number == MOST_TEXTS:
            return []
        self._number += 1
        text = PrintedText(self._reading, self._held)
        self._outputs[test].append(text)
        return [text]

    def error(self, line: str) -> list[PrintedText]:
        """Return the texts that an error belongs to, by its first line."""
        texts = [self._errors[""]]
        if found := _PACKAGE.search(line):
            if len(self._packages) < MOST_TEXTS:
                self._packages[found[1]] = None
        elif (found := _OF_TARGET.search(line)) and len(self._errors) < MOST_TEXTS:
            if found[1] not in self._errors:
                self._errors[found[1]] = PrintedText(self._reading, self._held)
            texts.append(self._errors[found[1]])
        return texts

    def printed(self) -> Printed:
        """Return what was collected."""
        return Printed(
            {test: deque(text.take() for text in texts) for test, texts in self._outputs.items()},
            {label: text.take() for label, text in self._errors.items()},
            tuple(self._packages),
        )


class _Channel:
    """One of the two outputs of Bazel."""

    def __init__(self, collector: _Collector) -> None:
        self._collector = collector
        self._rest = ""
        self._texts: list[PrintedText] = []
        self._in_output = False

    def add(self, text: str) -> None:
        """Read the next piece of the output."""
        *lines, self._rest = (self._rest + text).split("\n")
        if len(self._rest) > LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], ""
        for line in lines:
            self._line(uncoloured(line.removesuffix("\r")))

    def _line(self, line: str) -> None:
        if line.startswith(_OUTPUT):
            self._texts = self._collector.output(line.removeprefix(_OUTPUT).removesuffix(":"))
            self._in_output = True
            return
        if self._in_output:
            if line == _END:
                self._texts, self._in_output = [], False
                return
        elif line.startswith(_ERROR):
            self._texts = self._collector.error(line)
        elif line.startswith(_OTHER):
            self._texts = []
        for text in self._texts:
            text.add(line + "\n")


def printed_in(stream: ByteStream, reading: Reading) -> Printed:
    """Return what Bazel printed."""
    collector = _Collector(reading)
    out, err = _Channel(collector), _Channel(collector)
    try:
        for event in json_lines(stream, Reading(reading.path, reading.text_limit), ('"stdout"', '"stderr"')):
            progress = event.object("progress")
            out.add(progress.text("stdout"))
            err.add(progress.text("stderr"))
    except ReportError:
        # The second pass comes to the same place, and has the error.
        pass
    return collector.printed()
