"""Mocha's ``json`` reporter; Cypress writes it as well.

Facts: lib/reporters/json.js, stats-collector.js and runner.js of Mocha 3 to 12:

- ``tests`` holds each test once, with its last attempt; ``currentRetry`` is the number of those before it;
- a list of its own behind it, which a first pass reads, holds the pending ones. Only tests that passed have
  ``speed``;
- ``failures`` holds the same objects once more for tests that failed, and it alone holds hooks that failed
  and errors outside of any test;
- ``stats.failures`` counts the members of ``failures``. Titles need not be unique.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.attempts import counted_attempts
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, look_through, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, uncoloured
from onetest_ci.reports.format_features import FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`file`, the describes and the title",
    retries="`currentRetry`, without the texts of the attempts",
    outside="hooks and errors outside of tests, which `failures` alone contains",
    totals="`stats.failures`",
    times="duration",
)


class _Lists:
    """The lists that the first pass reads: the pending tests, and how often a failure is that of a test."""

    def __init__(self) -> None:
        self.pending: set[int] | None = None
        self.failed: Counter[int] = Counter()

    def read(self, document: JsonStream, reading: Reading) -> None:
        """Read the lists of a document, in any order. Nothing behind both of them is read."""
        missing = {"tests", "pending"}
        for key in document.members():
            if key == "pending":
                titles = (
                    _title_of(fields_of(document.value(), reading, "a test")) for _ in document.items(key)
                )
                self.pending = set(titles)
            elif key == "tests":
                for _ in document.items("tests"):
                    test = document.value()
                    # As in the second pass, an error of another type is not one.
                    if isinstance(test, dict) and isinstance(error := test.get("err"), dict) and error:
                        self.failed[_failure_of(Fields(test, reading))] += 1
            missing.discard(key)
            if not missing:
                return


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests."""
    lists = _Lists()
    look_through(stream, reading, lists.read)
    return read_json(stream, reading, lambda document, recorder: _Report(lists, recorder).walk(document))


class _Report:
    def __init__(self, lists: _Lists, recorder: Recorder) -> None:
        self._pending = lists.pending
        self._of_tests = lists.failed
        self._recorder = recorder
        self._reading = recorder.reading

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        failures = None
        for key in document.members():
            if key == "stats":
                failures = fields_of(document.value(), self._reading, "stats").whole_number("failures")
            elif key == "tests":
                for _ in document.items("tests"):
                    self._test(fields_of(document.value(), self._reading, "a test"))
                    yield
            elif key == "failures":
                for _ in document.items("failures"):
                    self._failure(fields_of(document.value(), self._reading, "a failure"))
                    yield
        self._recorder.check_failed_total(failures)

    def _test(self, test: Fields) -> None:
        status, error = PASSED, test.object("err")
        if error:
            status = FAILED
        elif "duration" not in test or self._is_pending(test):
            status = SKIPPED
        self._record(test, status, error)

    def _failure(self, failure: Fields) -> None:
        """Record a failure that is not that of a test, as a hook's."""
        key = _failure_of(failure)
        if self._of_tests[key]:
            self._of_tests[key] -= 1
        else:
            self._record(failure, ERROR, failure.object("err"))

    def _is_pending(self, test: Fields) -> bool:
        return "speed" not in test and (self._pending is None or _title_of(test) in self._pending)

    def _record(self, test: Fields, status: str, error: Fields) -> None:
        title, file = test.text("title"), test.text("file")
        self._recorder.enter_named(file)
        message, kind, details = _reason(error) if error else ("", "", "")
        record = self._recorder.failure_outside if status == ERROR else self._recorder.case
        record(
            title,
            classname=test.text("fullTitle").removesuffix(title).strip(),
            status=status,
            seconds=test.seconds("duration", 0.001),
            file=file,
            attempts=counted_attempts(test.whole_number("currentRetry") or 0),
            message=message,
            kind=kind,
            details=details,
        )


def _reason(error: Fields) -> tuple[str, str, str]:
    """Return message, kind and details of a failure."""
    return uncoloured(error.text("message")), error.text("name"), uncoloured(error.text("stack"))


def _title_of(test: Fields) -> int:
    return hash((test.text("fullTitle"), test.text("file")))


def _failure_of(test: Fields) -> int:
    error = test.object("err")
    return hash((_title_of(test), error.text("message"), error.text("stack")))
