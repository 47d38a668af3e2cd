"""Finds the tests that pytest ran again because they had failed.

Facts: for each attempt that a further one follows, pytest-rerunfailures 16 and flaky 3 send pytest a result
that is not one of passed, failed or skipped. ``LogXML`` (``_pytest/junitxml.py`` 9.2) writes it as a case
without a failure and leaves it out of ``tests``. It counts all else that it writes: the runs of
``--dist=each``, ``--keep-duplicates``, pytest-repeat and pytest-flakefinder, and the error in the teardown of
a failed test. It also counts an attempt of pytest-rerunfailures that failed in its teardown alone.
pytest-retry has one case for all attempts of a test.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final
from xml.parsers import expat

from onetest_ci.errors import ReportError
from onetest_ci.model import PYTEST
from onetest_ci.reports.engine.reading import ByteStream
from onetest_ci.reports.engine.values import whole_number
from onetest_ci.reports.formats.junit.producers import producer_of

MOST_REPEATED: Final = 100_000
"""Tests with several results that are remembered; a file with more of them has no attempts."""

WINDOW: Final = 100_000
"""Results at least after which a further one of their test is found. Those of other workers stand between."""

_CHUNK: Final = 256 * 1024
_TAG: Final = re.compile(rb"<testsuite\s[^<>]*>")
_TESTS: Final = re.compile(rb"""\stests=["'](\d{1,9})["']""")
_CASE: Final = b"<testcase"
_PROBLEMS: Final = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def rerun_key(suite: int | None, attributes: Mapping[str, str]) -> int:
    """Return a hash of what identifies the test of a result. Attempts may differ in their properties.

    Args:
        suite: ordinal of the suite.
        attributes: those of the case, as they are in the file.
    """
    get = attributes.get
    return hash((suite, get("classname"), get("name"), get("file"), get("line")))


def tests_run_again(stream: ByteStream) -> Counter[int]:
    """Return how many results each test has that was run again, by ``rerun_key``. Empty if none was.

    The stream is at its start before and afterwards.
    """
    found: Counter[int] = Counter()
    # The reading of the records gives the errors of a file that breaks off, or that has an unknown encoding.
    with suppress(OSError, ReportError, expat.ExpatError, LookupError, ValueError):
        if _has_more_cases(stream):
            stream.seek(0)
            search = _Search()
            try:
                search.read(stream)
            finally:
                found = search.found
    with suppress(OSError, ReportError):
        stream.seek(0)
    return found


def _has_more_cases(stream: ByteStream) -> bool:
    """Return whether a suite has more cases than it declares, by the bytes: this takes little time.

    A text contains no ``<`` in what pytest writes.
    """
    surplus = 0
    for piece in _pieces(stream):
        start = 0
        for tag in _TAG.finditer(piece):
            if surplus + piece.count(_CASE, start, tag.start()) > 0:
                return True
            start = tag.end()
            declared = _TESTS.search(tag[0])
            # A suite that declares nothing has as many as can be.
            surplus = -int(declared[1]) if declared else -(1 << 62)
        surplus += piece.count(_CASE, start)
        if surplus > 0:
            return True
    return False


def _pieces(stream: ByteStream) -> Iterator[bytes]:
    """Yield the bytes in pieces none of which ends inside a tag, as far as tags are short."""
    rest = b""
    while data := stream.read(_CHUNK):
        piece = rest + data
        cut = piece.rfind(b"<")
        if cut < 0 or len(piece) - cut > _CHUNK:
            cut = len(piece)
        rest = piece[cut:]
        yield piece[:cut]
    yield rest


class _Search:
    """Reads the suites of a file for tests that were run again.

    Attributes:
        found: results of each such test in the suites that have ended.
    """

    def __init__(self) -> None:
        self.found: Counter[int] = Counter()
        self._root: dict[str, str] | None = None
        self._suites = 0
        self._suite: _SearchedSuite | None = None

    def read(self, stream: ByteStream) -> None:
        """Read a file to its end, or as far as it can be read."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = _no_entity
        try:
            while data := stream.read(_CHUNK):
                parser.Parse(data)
        finally:
            self._end_suite()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "testsuites":
            self._root = self._root or attributes
        elif tag == "testsuite":
            self._end_suite()
            of_pytest = producer_of(self._root, attributes) == PYTEST
            self._suite = _SearchedSuite(self._suites, attributes) if of_pytest else None
            self._suites += 1
        elif (suite := self._suite) is not None:
            if tag == "testcase":
                suite.add(attributes)
            elif tag in _PROBLEMS:
                suite.problems[_PROBLEMS[tag]] += 1

    def _end_suite(self) -> None:
        if self._suite is not None and self._suite.has_attempts():
            self.found.update(self._suite.repeated)
        self._suite = None
        if len(self.found) > MOST_REPEATED:
            self.found.clear()


class _SearchedSuite:
    """A suite of pytest.

    Attributes:
        problems: elements of each kind, by the attribute that declares their number.
        repeated: results of each test that has several.
    """

    def __init__(self, ordinal: int, attributes: Mapping[str, str]) -> None:
        self.problems: Counter[str] = Counter()
        self.repeated: Counter[int] = Counter()
        self._ordinal = ordinal
        self._declared = {
            "tests": attributes.get("tests"),
            "failures": attributes.get("failures"),
            "errors": attributes.get("errors"),
            # `skips` until pytest 4.
            "skipped": attributes.get("skipped", attributes.get("skips")),
        }
        self._cases = 0
        self._recent: set[int] = set()
        self._older: set[int] = set()

    def add(self, attributes: Mapping[str, str]) -> None:
        """Add a result."""
        if "name" not in attributes:
            # pytest does not count a test that did not end, and writes no name for it.
            return
        self._cases += 1
        key = rerun_key(self._ordinal, attributes)
        if key in self.repeated:
            self.repeated[key] += 1
        elif key not in self._recent and key not in self._older:
            if len(self._recent) == WINDOW:
                self._older, self._recent = self._recent, set()
            self._recent.add(key)
        elif len(self.repeated) <= MOST_REPEATED:
            self.repeated[key] = 2

    def has_attempts(self) -> bool:
        """Return whether pytest left some of the results out of its own count.

        It counts each failure, error and skip that it writes. A suite for which this does not hold was
        changed, as by merging files, and its count shows nothing.
        """
        tests = whole_number(self._declared["tests"])
        if tests is None or tests >= self._cases:
            return False
        return all(whole_number(self._declared[name]) == self.problems[name] for name in _PROBLEMS.values())


def _no_entity(name: str, *_details: object) -> None:
    raise ReportError("xml-entities", f"it uses the XML entity {name[:40]!r}.")
