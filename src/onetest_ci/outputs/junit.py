"""Write all results as one JUnit document, for other tools, which ``onetest-ci`` reads back without a loss.

junitparser makes the elements (docs/reference/formats.md has a table of them). The document is written suite
by suite: tests wait in a temporary file until their suite is complete, so the memory depends on the number of
suites, not of tests. The import of junitparser takes 0.12 s, so this module is imported only for ``--junit``.
"""

import tempfile
from pathlib import Path
from typing import IO, Final

from junitparser import JUnitXml

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.records import Result
from onetest_ci.model import ERROR, FAILED, SKIPPED, Suite
from onetest_ci.outputs.junit_elements import CaseElement, SuiteElement, case_element, suite_element
from onetest_ci.outputs.junit_files import FileNames, Named
from onetest_ci.outputs.junit_xml import start_tag, xml
from onetest_ci.reports.formats.junit.producers import OWN_NAME

_MOST_WAITING: Final = 1_000
_LONGEST_WAITING: Final = 4 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_LOOSE: Final = -(2**60)
"""Ordinal of the suite for the tests that stand outside of all suites."""


def write_junit(path: Path, bundle: Bundle, workspace: Path) -> None:
    """Write the document. A test with several attempts is in it once, with its final verdict.

    Args:
        path: of the document.
        bundle: the results.
        workspace: paths of attachments are relative to it where they lie in it.

    Raises:
        OSError: the document cannot be written.
        BundleError: the bundle is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    files = FileNames(path, bundle, workspace)
    with tempfile.TemporaryFile(dir=path.parent) as spool:
        suites = _Suites(spool)
        for item in bundle.results_as_reported():
            if isinstance(item, Suite):
                suites.open(item)
            else:
                suites.add(item, files.of(item))
        suites.flush()
        with path.open("wb") as document:
            suites.write(document)


class _Written:
    """A suite whose tests are in the spool.

    Attributes:
        suite: its record.
        inner: the suites inside it.
        waiting: its tests that are not in the spool yet.
        places: where its other tests are in the spool: first and last byte.
        counts: numbers of tests by status, those of inner suites included once the document is written.
        seconds: duration of these tests.
    """

    __slots__ = ("counts", "inner", "places", "seconds", "suite", "waiting")

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self.inner: list[_Written] = []
        self.waiting: list[CaseElement] = []
        self.places: list[tuple[int, int]] = []
        self.counts: dict[str, int] = {}
        self.seconds = 0.0

    def add_counts(self, other: "_Written") -> None:
        """Add the numbers of a suite inside this one."""
        self.seconds += other.seconds
        for status, count in other.counts.items():
            self.counts[status] = self.counts.get(status, 0) + count

    def set_counts(self, element: SuiteElement | JUnitXml) -> None:
        """Set the attributes of a suite, or of the document, that contain numbers."""
        get = self.counts.get
        element.tests = sum(self.counts.values())
        element.failures, element.errors, element.skipped = get(FAILED, 0), get(ERROR, 0), get(SKIPPED, 0)
        element.time = round(self.seconds, 6)


class _Suites:
    """The suites of the document, whose tests are in a spool until all suites are complete."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._root = _Written(Suite(_LOOSE, None, ""))
        self._suites: dict[int, _Written] = {}
        self._filled: list[_Written] = []
        self._waiting = self._length = 0

    def open(self, suite: Suite) -> None:
        """Begin a suite, inside its parent."""
        written = self._suites[suite.ordinal] = _Written(suite)
        outer = self._root if suite.parent is None else self._suites[suite.parent]
        outer.inner.append(written)

    def add(self, result: Result, files: Named) -> None:
        """Add a test to its suite."""
        case = result.stored.case
        if case.suite is None and _LOOSE not in self._suites:
            self.open(Suite(_LOOSE, None, "tests"))
        suite = self._suites[_LOOSE if case.suite is None else case.suite]
        if not suite.waiting:
            self._filled.append(suite)
        suite.waiting.append(case_element(result, files))
        suite.counts[case.status] = suite.counts.get(case.status, 0) + 1
        suite.seconds += case.seconds or 0.0
        self._waiting += 1
        self._length += len(case.details) + len(case.system_out) + len(case.system_err)
        if self._waiting >= _MOST_WAITING or self._length >= _LONGEST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write the tests that wait into the spool."""
        for suite in self._filled:
            self._spool_tests(suite)
        self._filled.clear()
        self._waiting = self._length = 0

    def _spool_tests(self, suite: _Written) -> None:
        content = "".join([f"{xml(case)}\n" for case in suite.waiting]).encode()
        suite.waiting.clear()
        start = self._spool.tell()
        self._spool.write(content)
        suite.places.append((start, start + len(content)))

    def write(self, document: IO[bytes]) -> None:
        """Write the document."""
        # A suite comes before what is inside it.
        for written in reversed(self._suites.values()):
            parent = written.suite.parent
            (self._root if parent is None else self._suites[parent]).add_counts(written)
        root = JUnitXml(OWN_NAME)
        self._root.set_counts(root)
        document.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{start_tag(root)}\n'.encode())
        for suite in self._root.inner:
            self._write_suite(suite, document)
        document.write(b"</testsuites>\n")

    def _write_suite(self, written: _Written, document: IO[bytes]) -> None:
        element = suite_element(written.suite)
        written.set_counts(element)
        document.write(f"{start_tag(element)}\n".encode())
        for start, end in written.places:
            self._spool.seek(start)
            for at in range(start, end, _CHUNK):
                document.write(self._spool.read(min(_CHUNK, end - at)))
        for inner in written.inner:
            self._write_suite(inner, document)
        document.write(b"</testsuite>\n")
