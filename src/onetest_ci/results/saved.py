"""The file of ``--save-results``: gzip with one JSON object a line.

docs/reference/saved-results.md describes it.

Another run reads it, perhaps after it was in the hands of others. So the reader bounds and checks everything.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta
from msgspec.json import Decoder, Encoder

from onetest_ci.code_ref.linking import fitted
from onetest_ci.model import BAD, PASSED
from onetest_ci.results.baseline import Report, Row
from onetest_ci.results.run_results import TestResult
from onetest_ci.safe_open import open_regular
from onetest_ci.text.characters import replace_lone_surrogates

SCHEMA: Final = 1

_LARGEST_FILE: Final = 64 * 1024 * 1024
_LARGEST_EXPANDED: Final = 1024 * 1024 * 1024
_LONGEST_LINE: Final = 4 * 1024 * 1024
_MOST_REPORTS: Final = 200_000
MOST_TESTS: Final = 1_000_000
"""Tests of one file. They take about 400 MB of memory when a run is compared with them."""
_MOST_LINES: Final = 2 * MOST_TESTS + _MOST_REPORTS + 2
"""A group for each test, the reports, and both ends."""

_LONGEST_MESSAGE: Final = 1000
_LONGEST_DETAILS: Final = 4000
_ALL_TEXTS: Final = 2_000_000
"""Characters of all messages and stack traces of a file. The rest is left out."""
_MOST_ATTEMPTS: Final = 20
_LEVEL: Final = 4
_WRITTEN_AT: Final = 1000

_Text = Annotated[str, Meta(max_length=4096)]
_Count = Annotated[int, Meta(ge=0, le=2**40)]
_Seconds = Annotated[float, Meta(ge=0, le=10**9)]
_Status = Literal["passed", "failed", "error", "skipped"]


Taken = Callable[[int], None]
"""Receives a number of bytes that were read."""


class UnusableResults(Exception):
    """Saved results cannot be used. The text completes "The file cannot be used: …"."""


class _Strict(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A record whose fields are all known."""


class RunHeader(_Strict, kw_only=True):
    """The first line: the run.

    Attributes:
        schema: version of the file's form.
        tool: name and version of what wrote it.
        time: end of the run, epoch seconds.
        commit: that was tested. May be empty.
        branch: that was tested. May be empty.
        name: of the launch. May be empty.
        complete: False if the run was cut short: a test that it lacks may exist.
        run: the host's id of the run. May be empty.
        pull_request: number of the pull or merge request that was tested. May be empty.
        more_failures: whether a report declares more failures than it contains.
    """

    schema: int
    tool: _Text = ""
    time: _Count = 0
    commit: _Text = ""
    branch: _Text = ""
    name: _Text = ""
    complete: bool = True
    run: _Text = ""
    pull_request: _Text = ""
    more_failures: bool = False


class ReportLine(_Strict):
    """A report, and whether it was read to its end."""

    path: Annotated[str, Meta(max_length=16_384)]
    complete: bool = True


class Group(_Strict):
    """What the tests after it have in common. A code_ref is ``ref`` and the test's ``ref`` or name."""

    suites: Annotated[tuple[_Text, ...], Meta(max_length=1000)] = ()
    classname: _Text = ""
    ref: _Text = ""
    file: Annotated[str, Meta(max_length=16_384)] = ""
    report: Annotated[int, Meta(ge=-1, lt=_MOST_REPORTS)] = -1


class TestLine(_Strict):
    """A test. See ``TestResult``."""

    name: _Text
    status: _Status = "passed"
    seconds: _Seconds | None = None
    ref: _Text | None = None
    line: _Count | None = None
    message: _Text = ""
    details: Annotated[str, Meta(max_length=16_384)] = ""
    attempts: Annotated[tuple[_Status, ...], Meta(max_length=100)] = ()


class End(_Strict):
    """The last line: the number of tests."""

    tests: _Count


class Line(_Strict):
    """A line: one record."""

    run: RunHeader | None = None
    report: ReportLine | None = None
    group: Group | None = None
    test: TestLine | None = None
    end: End | None = None


class _Version(msgspec.Struct):
    schema: int


class _VersionLine(msgspec.Struct):
    run: _Version


class Saved(NamedTuple):
    """A file of saved results.

    Attributes:
        path: of the file.
        header: the run.
        reports: of the run.
    """

    path: Path
    header: RunHeader
    reports: tuple[Report, ...]


_ENCODER: Final = Encoder()
_DECODER: Final = Decoder(Line)
_VERSION_DECODER: Final = Decoder(_VersionLine)


class ResultsWriter:
    """Writes saved results, in place of an earlier file once they are complete; a context manager.

    Args:
        path: of the file. Its directory is created if it is missing.
        header: the run.
        reports: of the run, in the order in which rows number them.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, header: RunHeader, reports: Iterable[Report]) -> None:
        self.path = path
        self._temporary = path.with_name(f"{path.name}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        # The code under test may have put a link there, which leads anywhere, or a pipe, which has no reader.
        self._temporary.unlink(missing_ok=True)
        self._raw = self._temporary.open("xb")
        # Neither a name nor a time, so that equal results make equal files.
        self._file = gzip.GzipFile("", "wb", compresslevel=_LEVEL, fileobj=self._raw, mtime=0)
        self._waiting: list[Line] = []
        self._group: tuple[Any, ...] | None = None
        self._tests = 0
        self._texts_left = _ALL_TEXTS
        self._write(Line(run=header))
        for path_of_report, complete in reports:
            self._write(Line(report=ReportLine(fitted(path_of_report), complete)))

    def add(self, test: TestResult, report: int = -1) -> None:
        """Append a test. Texts are cut, and names too, at a length that keeps them apart."""
        name = fitted(test.name)
        prefix, ref = _split_ref(fitted(test.code_ref), name)
        group = test.suites, test.classname, prefix, test.file, report
        if group != self._group:
            self._group = group
            suites = tuple(map(fitted, test.suites))
            self._write(
                Line(None, None, Group(suites, fitted(test.classname), prefix, fitted(test.file), report))
            )
        self._write(Line(None, None, None, self._test(test, name, ref)))
        self._tests += 1

    def _test(self, test: TestResult, name: str, ref: str | None) -> TestLine:
        seconds = None if test.seconds is None or not 0 <= test.seconds <= 10**9 else round(test.seconds, 3)
        line = test.line if test.line is not None and 0 <= test.line <= 10**9 else None
        if test.status == PASSED and not test.attempts:
            return TestLine(name, PASSED, seconds, ref, line)
        message, details = self._bounded(test)
        attempts: Any = test.attempts
        if len(attempts) > _MOST_ATTEMPTS:
            attempts = tuple(one for one in attempts if one in BAD)[:_MOST_ATTEMPTS]
        status: Any = test.status
        return TestLine(name, status, seconds, ref, line, message, details, attempts)

    def _bounded(self, test: TestResult) -> tuple[str, str]:
        """Return message and stack trace, cut. Empty once those of earlier tests have used up the space."""
        message = test.message[:_LONGEST_MESSAGE]
        details = test.details[:_LONGEST_DETAILS] if test.status in BAD else ""
        self._texts_left -= len(message) + len(details)
        return (message, details) if self._texts_left >= 0 else ("", "")

    def _write(self, line: Line) -> None:
        self._waiting.append(line)
        if len(self._waiting) >= _WRITTEN_AT:
            self._flush()

    def _flush(self) -> None:
        try:
            content = _ENCODER.encode_lines(self._waiting)
        except UnicodeEncodeError:
            content = _ENCODER.encode_lines(_without_surrogates(msgspec.to_builtins(self._waiting)))
        self._file.write(content)
        self._waiting.clear()

    def finish(self) -> None:
        """Complete the file, and put it in its place."""
        self._write(Line(end=End(self._tests)))
        self._flush()
        self._file.close()
        self._raw.close()
        self._temporary.replace(self.path)

    @property
    def closed(self) -> bool:
        """Whether nothing can be added any more."""
        return self._raw.closed

    def discard(self) -> None:
        """Remove what was written. The earlier file stays. After ``finish`` this does nothing."""
        if not self._raw.closed:
            self._raw.close()
            self._temporary.unlink(missing_ok=True)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return replace_lone_surrogates(value)
    if isinstance(value, dict):
        return {key: _without_surrogates(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(part) for part in value]
    return value


def _split_ref(code_ref: str, name: str) -> tuple[str, str | None]:
    """Return a code_ref as the part that tests in a row share, and its rest. None if the rest is the name."""
    if code_ref.endswith(name):
        return code_ref[: len(code_ref) - len(name)], None
    at = max(code_ref.rfind(":"), code_ref.rfind(".")) + 1
    return code_ref[:at], code_ref[at:]


def open_saved(path: Path, taken: Taken | None = None) -> Saved:
    """Return the run and the reports of saved results. The tests are not read yet.

    Args:
        path: of the file.
        taken: receives the number of bytes of each line.

    Raises:
        UnusableResults: the file is missing, damaged, too large or of another version.
    """
    header: RunHeader | None = None
    reports: list[Report] = []
    for line in _lines(path, taken):
        if line.run is not None:
            header = line.run
        elif line.report is not None:
            if len(reports) >= _MOST_REPORTS:
                raise UnusableResults(f"it lists more than {_MOST_REPORTS:,} reports")
            reports.append(Report(*msgspec.structs.astuple(line.report)))
        else:
            break
    if header is None:
        raise UnusableResults("it is empty")
    return Saved(path, header, tuple(reports))


def rows_of(saved: Saved, taken: Taken | None = None) -> Iterator[Row]:
    """Yield the tests of saved results. They are complete only if nothing is raised.

    Args:
        saved: the file.
        taken: receives the number of bytes of each line.

    Raises:
        UnusableResults: the file is missing, damaged, too large or of another version.
    """
    group, count, end = Group(), 0, False
    for line in _lines(saved.path, taken):
        if end:
            raise UnusableResults("it continues after its end")
        if line.test is not None:
            count += 1
            if count > MOST_TESTS:
                raise UnusableResults(f"it contains more than {MOST_TESTS:,} tests")
            yield Row(_result(group, line.test), group.report)
        elif line.group is not None:
            group = line.group
            if group.report >= len(saved.reports):
                raise UnusableResults(f"it does not list report {group.report}")
        elif line.end is not None:
            end = True
            if line.end.tests != count:
                raise UnusableResults(f"it contains {count:,} tests and counts {line.end.tests:,}")
    if not end:
        raise UnusableResults("it breaks off")


def _result(group: Group, test: TestLine) -> TestResult:
    return TestResult(
        test.name,
        group.classname,
        group.suites,
        group.ref + (test.name if test.ref is None else test.ref),
        test.status,
        test.seconds,
        test.message,
        test.details,
        group.file,
        test.line,
        test.attempts,
    )


def _lines(path: Path, taken: Taken | None) -> Iterator[Line]:
    """Yield the lines of a file, each with one record; the first is the header, and no other is.

    Raises:
        UnusableResults: see ``open_saved``.
    """
    number = expanded = 0
    try:
        with open_regular(path) as raw, gzip.GzipFile(fileobj=raw, mode="rb") as file:
            if path.stat().st_size > _LARGEST_FILE:
                raise UnusableResults(f"it has more than {_LARGEST_FILE:,} bytes")
            while line := file.readline(_LONGEST_LINE):
                number += 1
                if number > _MOST_LINES:
                    raise UnusableResults(f"it has more than {_MOST_LINES:,} lines")
                expanded += len(line)
                if taken:
                    taken(len(line))
                if len(line) == _LONGEST_LINE:
                    raise UnusableResults(f"line {number} is longer than {_LONGEST_LINE:,} bytes")
                if expanded > _LARGEST_EXPANDED:
                    raise UnusableResults(f"it expands to more than {_LARGEST_EXPANDED:,} bytes")
                yield _line(line, number)
    except (OSError, EOFError, zlib.error) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise UnusableResults(f"it cannot be read: {reason}") from None


def _line(text: bytes, number: int) -> Line:
    try:
        if number == 1:
            version = _VERSION_DECODER.decode(text).run.schema
            if version != SCHEMA:
                raise UnusableResults(f"it has schema {version}, and this version reads {SCHEMA}")
        line = _DECODER.decode(text)
    except RecursionError:
        raise UnusableResults(f"line {number} is nested too deep") from None
    except ValueError as problem:
        raise UnusableResults(f"line {number} is damaged: {str(problem)[:200]}") from None
    records = [line.run, line.report, line.group, line.test, line.end]
    if sum(record is not None for record in records) != 1 or (line.run is None) == (number == 1):
        raise UnusableResults(f"line {number} is not one record in its place")
    return line
