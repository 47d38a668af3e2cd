"""TestCafe's ``json`` reporter.

Facts: lib/index.js of testcafe-reporter-json 2.2, lib/reporter/index.js of TestCafe 3.7, and its reports:

- the file is written at the end of the run: one that was stopped leaves an empty file;
- ``errs`` of a test are whole texts, as in the terminal: with the browser, a picture, lines of the source
  and the trace. Hooks that fail are errors of the tests around which they run;
- ``total`` does not count skipped tests. ``total`` minus ``passed`` is the number that TestCafe counts as
  failed. It includes tests that did not run after the first failure (``--stop-on-first-fail``);
- ``unstable`` is a test with attempts of both verdicts, in the quarantine mode. The report does not contain
  how many there were;
- ``screenshotPath`` is a folder if there are several pictures. The errors name them.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import kind_and_message
from onetest_ci.reports.engine.recorder import Recorder, uncoloured
from onetest_ci.reports.format_features import NONE_OUTSIDE, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`path`, the fixture and the test",
    retries="`unstable`, without the texts and the number of the attempts",
    outside=NONE_OUTSIDE,
    totals="`total` minus `passed`",
    attachments="`screenshotPath`, and pictures that `errs` name",
    times="duration",
)

_COUNTS: Final = ("total", "passed", "skipped")
_PICTURE: Final = re.compile(r"^Screenshot: ([^\n]{1,1000})$", re.MULTILINE)
_SUFFIXES: Final = (".png", ".jpg", ".jpeg")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file and each fixture in it, and its tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._failed = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        counts: dict[str, int | None] = dict.fromkeys(_COUNTS)
        for key in document.members():
            if key == "fixtures":
                for _ in document.items(key):
                    self._fixture(fields_of(document.value(), self._reading, "a fixture"))
                    yield
            elif key in counts:
                counts[key] = Fields({key: document.value()}, self._reading).whole_number(key)
        total, passed, skipped = counts.values()
        if total is not None:
            self._recorder.check_total(total + (skipped or 0))
            if passed is not None:
                self._recorder.check_failed_total(total - passed, shown=self._failed)

    def _fixture(self, fixture: Fields) -> None:
        name, file = fixture.text("name"), fixture.text("path")
        properties, tests = _properties(fixture), fixture.objects("tests")
        if tests:
            self._recorder.enter_suite(*(part for part in (file, name) if part))
        for test in tests:
            self._test(test, name, file, properties)

    def _test(self, test: Fields, fixture: str, file: str, properties: list[tuple[str, str]]) -> None:
        status = _status(test)
        self._failed += status in BAD
        errors = [uncoloured(one).strip() for one in test.texts("errs")] if status == FAILED else []
        kind, message = kind_and_message(_heading(errors[0])) if errors else ("", "")
        self._recorder.case(
            test.text("name"),
            classname=fixture,
            status=status,
            message=message,
            kind=kind,
            details="\n\n".join(errors),
            seconds=test.seconds("durationMs", 0.001),
            file=file,
            properties=properties + _properties(test),
            attachments=_pictures(test.text("screenshotPath"), errors),
            attempts=[Attempt(FAILED)] if status == PASSED and test.flag("unstable") else (),
        )


def _status(test: Fields) -> str:
    """Return the verdict: nothing but a list without errors is a test that passed or was skipped."""
    errors = test.value("errs")
    if errors:
        return FAILED
    if test.word("skipped") == "true":
        return SKIPPED
    if not isinstance(errors, list):
        test.reading.warn("type", "a test without the list `errs` is read as an error")
        return ERROR
    return PASSED


def _heading(error: str) -> str:
    """Return what an error begins with; the text before a colon at its end is that of TestCafe."""
    first, _, rest = error.partition("\n\n")
    return f"{first} {rest.strip().partition(chr(10))[0]}" if first.endswith(":") else first


def _properties(holder: Fields) -> list[tuple[str, str]]:
    meta = holder.object("meta")
    return [(name, meta.text(name)) for name in meta.names()] if meta else []


def _pictures(path: str, errors: list[str]) -> list[Attachment]:
    pictures = [Attachment(path)] if path and path.lower().endswith(_SUFFIXES) else []
    for error in errors:
        if "Screenshot: " in error:
            pictures += [Attachment(found[1].strip()) for found in _PICTURE.finditer(error)]
    return pictures
