"""Mocha's ``json`` reporter; Cypress writes it as well.

Facts: lib/reporters/json.js of Mocha 3 to 11. ``tests`` has all tests in order; which of them are pending
stands in a list behind it, that a first pass reads. Failed hooks stand in ``failures`` alone.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attempt
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.fields import Fields, fields_of
from onetest_ci.reports.json_stream import JsonStream, read_json
from onetest_ci.reports.recorder import Recorder, uncoloured
from onetest_ci.reports.tells import NO_TOTALS, NONE_OUTSIDE, Tells

TELLS: Final = Tells(
    code_ref="`file`, the describes and the title",
    retries="`currentRetry`, without what the tries said",
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration",
)

_Key = tuple[str, str]
_MOST_RETRIES: Final = 100


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests."""
    pending: set[_Key] | None = None
    # Of a broken file, the second pass says so and tells the tests before the break.
    with suppress(ReportError):
        pending = _pending(JsonStream(stream, Reading(reading.path, start=reading.start)), reading)
    stream.seek(0)
    return read_json(stream, reading, _Tests(pending).walk)


def _pending(document: JsonStream, reading: Reading) -> set[_Key] | None:
    pending = None
    for key in document.members():
        if key == "pending":
            pending = {
                _key(fields_of(document.value(), reading, "a test")) for _ in document.items("pending")
            }
    return pending


class _Tests:
    def __init__(self, pending: set[_Key] | None) -> None:
        self._pending = pending
        self._failed: set[_Key] = set()

    def walk(self, document: JsonStream, recorder: Recorder) -> Iterator[None]:
        for key in document.members():
            if key == "tests":
                for _ in document.items("tests"):
                    self._test(fields_of(document.value(), recorder.reading, "a test"), recorder)
                    yield
            elif key == "failures":
                for _ in document.items("failures"):
                    failure = fields_of(document.value(), recorder.reading, "a failure")
                    # A hook is no test, but its failure must not be lost.
                    if _key(failure) not in self._failed:
                        self._record(failure, ERROR, recorder)
                    yield

    def _test(self, test: Fields, recorder: Recorder) -> None:
        status = PASSED
        if test.object("err"):
            status = FAILED
            self._failed.add(_key(test))
        elif "duration" not in test or self._is_pending(test):
            status = SKIPPED
        self._record(test, status, recorder)

    def _is_pending(self, test: Fields) -> bool:
        # Without the list, by what only tests that passed have.
        return "speed" not in test if self._pending is None else _key(test) in self._pending

    @staticmethod
    def _record(test: Fields, status: str, recorder: Recorder) -> None:
        title, error, file = test.text("title"), test.object("err"), test.text("file")
        recorder.enter_suite(*([file] if file else []))
        retries = min(test.whole("currentRetry") or 0, _MOST_RETRIES)
        recorder.case(
            title,
            classname=test.text("fullTitle").removesuffix(title).strip(),
            status=status,
            seconds=test.seconds("duration", 0.001),
            message=uncoloured(error.text("message")),
            kind=error.text("name"),
            details=uncoloured(error.text("stack")),
            file=file,
            attempts=[Attempt(FAILED)] * retries,
        )


def _key(test: Fields) -> _Key:
    return test.text("fullTitle"), test.text("file")
