"""Reports that are written line by line: text, and JSON with an object on each line."""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.json_stream import read_on, tolerant_decoder
from onetest_ci.reports.engine.limits import warn_of_cut
from onetest_ci.reports.engine.other_report import kind_beginning_in
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, recorded
from onetest_ci.reports.engine.text import TextBuffer
from onetest_ci.text.characters import encoding_of

LONGEST_LINE: Final = 8 * 1024 * 1024
"""Characters of one line. A longer one is read as several."""

MOST_HELD: Final = 64 * 1024 * 1024
"""Characters of the output of all running tests; real runs stay under a hundredth of it."""

_BATCH: Final = 256
_CHUNK: Final = 64 * 1024
_OF_A_PART: Final = 16
_MOST_NAMES: Final = 64
_FIRST_NAME: Final = re.compile(r'\{[ \t]*+"([^"\\]{1,60})"')
_DOCUMENT: Final = re.compile(r'(?:\{|\[[ \t]*+\{?)[ \t]*+(?:"|$)')
"""What a document of JSON begins with, and few lines of a log."""


class PrintedTotal:
    """The space that the texts of all running tests take up together."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


class PrintedText:
    """A text that grows by lines. Its head and tail are kept.

    Args:
        reading: has the limit of one text.
        held: the space of all texts.
    """

    __slots__ = ("_buffer", "_held", "_limit", "_reading", "_since", "_size")

    def __init__(self, reading: Reading, held: PrintedTotal) -> None:
        self._reading = reading
        self._held = held
        self._buffer = TextBuffer(reading.text_limit, lambda: warn_of_cut(reading))
        self._limit = 2 * reading.text_limit
        self._since = self._size = 0

    def add(self, line: str) -> None:
        """Add the next line, its end included."""
        held = self._held
        if held.size > MOST_HELD:
            warn_of_cut(self._reading)
            return
        self._buffer.add(line)
        size = len(line) + _OF_A_PART
        self._since += size
        if self._size < self._limit:
            self._size += size
            held.size += size
        if self._since > self._limit:
            self._buffer.settle()
            self._since = 0

    def take(self) -> str:
        """Return the text, and free its space."""
        self._held.size -= self._size
        self._size = 0
        return self._buffer.take()


def text_lines(stream: ByteStream, reading: Reading) -> Iterator[str]:
    """Yield the lines of a file without their ends, each of a bounded length. Obey a byte order mark."""
    data = read_on(stream, _CHUNK, reading)
    decoder = codecs.getincrementaldecoder(encoding_of(data))(errors="replace")
    rest = ""
    while data:
        text = rest + decoder.decode(data)
        *lines, rest = text.split("\n")
        yield from [line.removesuffix("\r") for line in lines] if "\r" in text else lines
        if len(rest) > LONGEST_LINE:
            yield rest
            rest = ""
        data = read_on(stream, max(_CHUNK, len(rest)), reading)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def json_lines(
    stream: ByteStream,
    reading: Reading,
    marks: Sequence[str] = (),
    *,
    other: Callable[[str], None] | None = None,
    member: str = "",
    members: frozenset[str] = frozenset(),
) -> Iterator[Fields]:
    """Yield the objects of a file with one on each line; other lines, as a build's output, are passed over.

    A line that another report begins with is noted as ``reading.other_report``. A damaged line that begins
    like an object of this report is an error of the file, since a failure may have been on it.

    Args:
        stream: the file, at its start.
        reading: collects warnings.
        marks: if not empty, lines that contain none of these texts are passed over.
        other: called with each line that does not look like an object.
        member: what every object of this format has; one without it may be another report. Empty: none may.
        members: the same for a format whose objects have one of these members.
    """
    decoder = tolerant_decoder()
    damage = _Damage(reading)
    beside = LinesBeside(reading)
    for number, line in enumerate(text_lines(stream, reading), 1):
        damage.settle()
        start = line.lstrip("\ufeff \t")
        if not start.startswith("{"):
            note_report(line, reading)
            beside.add(start)
            if other is not None:
                other(line)
            continue
        if marks and not any(mark in start for mark in marks):
            continue
        try:
            value: Any = decoder.decode(start)
        except (ValueError, RecursionError):
            damage.add(number, start)
            beside.add(start)
            continue
        if isinstance(value, dict):
            is_foreign = member not in value if member else bool(members) and members.isdisjoint(value)
            beside.pass_line(start, is_foreign=is_foreign)
            if not is_foreign:
                damage.learn(value)
            yield Fields(value, reading)
    beside.search()
    if damage.line:
        # A damaged last line means that the file breaks off.
        raise cut_short(reading)
    if not marks:
        damage.report()


class _Damage:
    """The lines that begin as an object and are not JSON.

    Args:
        reading: receives a warning for each, and the error for one that begins like the report's own objects.

    Attributes:
        line: the number of the last line, if it is damaged; else 0.
    """

    __slots__ = ("_first", "_is_own", "_names", "_reading", "line")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._names: set[str] = set()
        self._is_own = False
        self._first = self.line = 0

    def learn(self, value: dict[str, Any]) -> None:
        """Note how an object of the report begins."""
        if len(self._names) < _MOST_NAMES:
            self._names.add(next(iter(value), ""))

    def add(self, number: int, line: str) -> None:
        """Note a damaged line."""
        found = _FIRST_NAME.match(line)
        self.line, self._is_own = number, found is not None and found[1] in self._names

    def settle(self) -> None:
        """Warn of the damaged line, since another one follows it."""
        if self.line:
            self._reading.warn("lines", f"lines that are not JSON are passed over, as line {self.line}")
            self._first = self._first or (self.line if self._is_own else 0)
            self.line = 0

    def report(self) -> None:
        """Note the error of the file, if a line of its own is damaged."""
        if self._first:
            error = ReportError(
                "damaged-line",
                f"{self._reading.path} is damaged: line {self._first} begins like others and is not JSON.",
                "All other lines were read; a failure may have been on this one. Let each process write a "
                "file of its own.",
            )
            self._reading.fail(error, truncated=False)


class LinesBeside:
    """The first of the lines that may be another report of JSON, up to a line of the report.

    Args:
        reading: receives what is found.

    Attributes:
        size: how many characters are held.
    """

    __slots__ = ("_lines", "_reading", "size")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._lines: list[str] = []
        self.size = 0

    def add(self, line: str) -> None:
        """Hold a line, if a document begins with it or has begun."""
        if self.size < _CHUNK and (self.size or _DOCUMENT.match(line)):
            self._lines.append(line[:_CHUNK])
            self.size += min(len(line), _CHUNK) + 1

    def pass_line(self, line: str, *, is_foreign: bool) -> None:
        """Pass a line of the report, or one that may be of another."""
        if is_foreign:
            self.add(line)
        elif self.size:
            self.search()

    def search(self) -> None:
        """Search what is held, and drop it."""
        if self.size:
            self._reading.look_for_report(iter(["\n".join(self._lines).encode("utf-8", "replace")]))
            self._lines, self.size = [], 0


def note_report(line: str, reading: Reading) -> None:
    """Note a line that another report begins with."""
    if not reading.other_report and reading.find_report is not None:
        reading.other_report = kind_beginning_in(b"\n" + line[:_CHUNK].encode("utf-8", "replace"))


def cut_short(reading: Reading) -> ReportError:
    """Return the error for a report whose end is missing."""
    return ReportError(
        "truncated-report",
        f"{reading.path} breaks off before its end.",
        "The tests before that place were read. A test runner that was killed leaves such a file.",
    )


def read_lines(
    stream: ByteStream, reading: Reading, record: Callable[[ByteStream, Recorder], Iterator[None]]
) -> Iterator[Records]:
    """Yield what a format records; an error that it raises is noted, and ends the file.

    Args:
        stream: the file, at its start.
        reading: collects warnings and notes.
        record: reads the lines and records; yields after each, so that records can be taken.
    """
    return recorded(reading, partial(record, stream), _BATCH)
