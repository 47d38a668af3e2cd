"""GoogleTest's JSON (``--gtest_output=json:FILE``).

Facts: JsonUnitTestResultPrinter of googletest 1.8.1 to 1.18.0 (src/gtest.cc), reports of 1.12.1 and 1.18.0:

- ``testsuites`` holds the suites, ``testsuite`` of each its tests. ``failures`` of the document and of a
  suite count failed tests one by one;
- ``result`` is ``COMPLETED`` also for a failed test, which has ``failures``. 1.8.1 has only ``status``;
- from 1.16 on, a suite whose ``SetUpTestSuite`` or ``TearDownTestSuite`` failed has a test without a name.
  An environment that failed has one from 1.11 on, in a suite called ``NonTestSuiteFailure``. Before 1.13 the
  comma before that suite is missing. Neither counts as a failed test of the document;
- where ``char`` has a sign, as on x86, each byte of UTF-8 is escaped as a character of its own;
- ``RecordProperty`` adds members to tests and suites. Their values are texts, their names may be
  ``failures``, ``skipped`` and ``result``;
- times are local, although they end in ``Z``. A test that did not run started at the epoch;
- with ``--gtest_repeat`` only the last run is there, with shards only the tests of one. Output is not there.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.limits import MOST_PROPERTIES
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.engine.text import attachments_of_properties
from onetest_ci.reports.engine.values import duration, start_time
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`file`, `classname` and `name`",
    retries=NO_RETRIES,
    outside="environments; set-ups and tear-downs of suites, from version 1.16 on",
    totals="`failures` of the document and of suites",
    attachments="properties",
    parameters="`value_param` and `type_param`, as properties",
    times="duration and start",
)

_STATUSES: Final = {"run": PASSED, "notrun": SKIPPED}
_RESULTS: Final = {"completed": PASSED, "skipped": SKIPPED, "suppressed": SKIPPED}
_RECORDS_AT_ONCE: Final = 100
_OF_SUITE: Final = frozenset(
    {"name", "tests", "failures", "disabled", "skipped", "errors", "timestamp", "time", "testsuite"}
)
_OF_TEST: Final = frozenset(
    {"name", "file", "line", "status", "result", "timestamp", "time", "classname", "failures", "skipped"}
)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield the suites and their tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._failed = self._outside = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        counts: dict[str, Any] = {}
        for key in document.members():
            if key == "testsuites":
                for _ in document.items(key, unseparated="{"):
                    yield from self._suite(document)
            elif key in {"failures", "tests"}:
                counts[key] = document.value()
        totals = Fields(counts, self._reading)
        self._recorder.check_total(totals.whole_number("tests"))
        self._recorder.check_failed_total(totals.whole_number("failures"), shown=self._failed)

    def _suite(self, document: JsonStream) -> Iterator[None]:
        members: dict[str, Any] = {}
        suite = Fields(members, self._reading)
        failed, outside, is_open = self._failed, self._outside, False
        for value in _tests(document, members):
            test = fields_of(value, self._reading, "a test")
            if not is_open:
                self._open(suite, _text(test, "classname"))
                is_open = True
            self._test(test, value)
            if len(self._recorder.records) >= _RECORDS_AT_ONCE:
                yield
        if not is_open:
            self._open(suite, "")
        declared = suite.whole_number("failures") or 0
        self._recorder.check_failed_in_suite(declared)
        self._failed = max(self._failed, failed + declared - (self._outside - outside))
        self._recorder.close_suite()
        yield

    def _open(self, suite: Fields, classname: str) -> None:
        self._recorder.open_suite(
            _text(suite, "name") or classname,
            start=_start(suite.text("timestamp")),
            properties=_properties(suite, _OF_SUITE),
        )

    def _test(self, test: Fields, members: Mapping[str, Any]) -> None:
        failures = members.get("failures")
        # A text is a property that a test has recorded.
        failed = bool(failures) and not isinstance(failures, str)
        texts = [_text(one, "failure") for one in test.objects("failures")] if failed else []
        name, classname = _text(test, "name"), _text(test, "classname")
        if failed and not name and not classname:
            self._outside += 1
            self._recorder.failure_of_suite(
                status=ERROR, message=texts[0] if texts else "", details="\n\n".join(texts)
            )
            return
        self._failed += failed
        skips = members.get("skipped")
        if not failed and isinstance(skips, list):
            texts = [_text(one, "message") for one in test.objects("skipped")]
        properties = _properties(test, _OF_TEST)
        self._recorder.case(
            name,
            classname=classname,
            status=FAILED if failed else _status(test, self._reading),
            message=texts[0] if texts else "",
            details="\n\n".join(texts),
            seconds=duration(test.text("time").removesuffix("s")),
            start=_start(test.text("timestamp")),
            file=_text(test, "file"),
            line=test.whole_number("line"),
            properties=properties,
            attachments=attachments_of_properties(properties),
        )


def _tests(document: JsonStream, others: dict[str, Any]) -> Iterator[Any]:
    """Yield the tests of a suite. Fill ``others`` with its other members, as far as they have been read."""
    whole = document.short_object()
    if whole is not None:
        tests = whole.pop("testsuite", [])
        if not isinstance(tests, list):
            raise document.wrong("testsuite is not a list")
        others.update(whole)
        yield from tests
        return
    for key in document.members("a test suite"):
        if key == "testsuite":
            for _ in document.items(key):
                yield document.value()
        elif document.peek() not in {"{", "["} and len(others) < MOST_PROPERTIES:
            others[key] = document.value()


def _status(test: Fields, reading: Reading) -> str:
    """Return the verdict of a test without failures."""
    status = verdict(reading, test.text("status"), _STATUSES)
    if status == PASSED and "result" in test:
        return verdict(reading, test.text("result"), _RESULTS)
    return status


@lru_cache(maxsize=16)
def _start(spelled: str) -> float | None:
    """Return the start of a test or a suite. Many begin in the same second."""
    return start_time(spelled)


def _properties(fields: Fields, own: frozenset[str]) -> list[tuple[str, str]]:
    """Return the members that GoogleTest did not write itself, and the parameters."""
    return [(_restored(name), _text(fields, name)) for name in fields.names() if name not in own]


def _text(fields: Fields, name: str) -> str:
    return _restored(fields.text(name))


def _restored(text: str) -> str:
    """Return a text with its UTF-8, of which each byte may be escaped as a character."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text
