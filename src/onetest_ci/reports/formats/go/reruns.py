"""Find the tests that ``gotestsum --rerun-fails`` ran again in a ``go test -json`` file.

Facts: cmd/rerunfails.go of gotestsum 1.13, and its ``--jsonfile``. Once all packages have ended, each failed
test has a further run of its package, with no tests but that one, its parents and its subtests. A package
that failed outside of its tests has a further run without any test. ``go test`` itself never runs a test
again; ``-count`` repeats a test inside one run of its package.
"""

from collections import defaultdict
from contextlib import suppress
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.json_stream import read_on
from onetest_ci.reports.engine.lines import json_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading

MOST_FAILED: Final = 100_000
"""Failed tests that are remembered; a file with more of them has no retries."""

_CHUNK: Final = 64 * 1024
_FAIL: Final = b'"fail"'
_MARKS: Final = ('"run"', '"pass"', '"fail"', '"skip"')
_FAILED: Final = "fail"
_ENDS: Final = frozenset({"pass", _FAILED, "skip"})

Key = tuple[str, str]
"""Package and test; the test is empty for the package itself."""


def retried_tests(stream: ByteStream, reading: Reading) -> frozenset[Key]:
    """Return the tests whose later results are retries of a failure. The stream is at its start afterwards.

    A further run of a package that contains a test that did not fail before is not gotestsum's. Such a file
    holds different runs, as of two systems, and no result in it is a retry.
    """
    quiet = Reading(reading.path, reading.text_limit)
    retried: frozenset[Key] = frozenset()
    # The second reading notes the error of a file that breaks off.
    with suppress(ReportError):
        if _contains_failures(stream, quiet):
            stream.seek(0)
            retried = _Runs().retried(stream, quiet)
    stream.seek(0)
    return retried


def _contains_failures(stream: ByteStream, reading: Reading) -> bool:
    before = b""
    while data := read_on(stream, _CHUNK, reading):
        # UTF-16 has zero bytes between the letters.
        text = before + data.replace(b"\0", b"")
        if _FAIL in text:
            return True
        before = text[-len(_FAIL) :]
    return False


class _Package:
    """Tests of a package that failed: in its earlier runs, and in the run that goes on."""

    __slots__ = ("again", "before", "ended", "now")

    def __init__(self) -> None:
        self.again = False
        self.before: set[str] = set()
        self.now: set[str] = set()
        self.ended: set[str] = set()

    def end_run(self) -> None:
        self.again = True
        self.before |= self.now
        self.now.clear()
        self.ended.clear()


class _Runs:
    def __init__(self) -> None:
        self._packages: defaultdict[str, _Package] = defaultdict(_Package)
        self._retried: set[Key] = set()
        # Tests that a run itself repeats: no result shows which of the earlier ones it retries.
        self._repeated: set[Key] = set()
        self._failed = 0

    def retried(self, stream: ByteStream, reading: Reading) -> frozenset[Key]:
        for event in json_lines(stream, reading, _MARKS):
            if not self._event(event):
                return frozenset()
        return frozenset(self._retried - self._repeated)

    def _event(self, event: Fields) -> bool:
        """Read an event; False if the file cannot be gotestsum's."""
        action, name, test = event.text("Action"), event.text("Package"), event.text("Test")
        package = self._packages[name]
        if test:
            if package.again and test.partition("/")[0] not in package.before:
                return False
            if action in _ENDS:
                self._end(package, (name, test), failed=action == _FAILED)
        elif action in _ENDS:
            if package.again:
                self._retried.add((name, ""))
            package.end_run()
        return self._failed <= MOST_FAILED

    def _end(self, package: _Package, key: Key, *, failed: bool) -> None:
        test = key[1]
        if test in package.ended:
            self._repeated.add(key)
        if test in package.before:
            self._retried.add(key)
        if failed:
            self._failed += 1
            package.now.add(test)
        if failed or test in package.before:
            package.ended.add(test)
