"""The JSON of karma-json-reporter.

Facts: index.js of karma-json-reporter 1.2, lib/browser_result.js and lib/browser_collection.js of Karma 6.4,
the adapter of karma-jasmine 5.1, and reports of them:

- ``result`` holds the tests of each browser under its number, which ``browsers`` names;
- ``log`` of a test holds the texts of its failures, with the addresses under which Karma served the files;
- what fails outside of tests is in no list. ``error`` and ``disconnected`` of ``lastResult`` show that it
  happened: a file that does not load, ``beforeAll``, ``afterAll``, a page that reloads, a browser that hangs;
- a browser that ended no test is missing. ``summary`` counts those of all browsers;
- ``exitCode`` is that of Karma, also for a run without tests, or with skipped ones if ``failOnSkippedTests``
  is set.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import BAD, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import before_trace, kind_and_message
from onetest_ci.reports.engine.recorder import Recorder, uncoloured, verdict
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`suite` as the class, and `suite` with `description`, as karma-junit-reporter has them",
    retries=NO_RETRIES,
    outside="`error` and `disconnected` of a browser and of `summary`, `exitCode`",
    totals="`failed` of `summary` and of each browser",
    times="duration; start of the browser's run",
)

_BROWSER: Final = "(browser)"
_VERDICTS: Final = {"true": PASSED, "false": FAILED}
_ADDRESS: Final = re.compile(
    r"https?://[^\s/()]{1,80}/(?:base/|absolute(?=/))([^\s?()]{1,500})(?:\?[0-9a-f]{1,64})?"
)
_OUTSIDE: Final = {
    "error": "there was an error outside of the tests, and the report does not contain it",
    "disconnected": "the browser was disconnected before its tests had ended",
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each browser, and its tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._failed = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order. The names of browsers count if they come before their tests."""
        nothing = Fields({}, self._reading)
        browsers, summary = nothing, nothing
        for key in document.members():
            if key == "browsers":
                browsers = fields_of(document.value(), self._reading, key)
            elif key == "result":
                for number in document.members(key):
                    browser = browsers.object(number)
                    self._open(browser)
                    for _ in document.items("the tests of a browser"):
                        self._test(fields_of(document.value(), self._reading, "a test"))
                        yield
                    self._recorder.close_suite()
            elif key == "summary":
                summary = fields_of(document.value(), self._reading, key)
        self._end(browsers, summary)

    def _open(self, browser: Fields) -> None:
        started = browser.object("lastResult").number("startTime")
        full_name = browser.text("fullName")
        self._recorder.open_suite(
            browser.text("name", "fullName") or _BROWSER,
            start=started / 1000 if started is not None else None,
            properties=[("browser.fullName", full_name)] if full_name else (),
        )

    def _test(self, test: Fields) -> None:
        skipped = test.word("skipped") == "true"
        status = SKIPPED if skipped else verdict(self._reading, test.word("success"), _VERDICTS)
        self._failed += status in BAD
        suite, title = " ".join(test.texts("suite")), test.text("description")
        texts = [_ADDRESS.sub(r"\1", uncoloured(text)).strip() for text in test.texts("log")]
        kind, message = kind_and_message(before_trace(texts[0])) if texts else ("", "")
        self._recorder.case(
            title,
            classname=suite,
            method=f"{suite} {title}".strip(),
            status=status,
            message=message,
            kind=kind,
            details="\n\n".join(texts),
            seconds=test.seconds("time", 0.001),
        )

    def _end(self, browsers: Fields, summary: Fields) -> None:
        """Record what failed besides the tests that the lists contain."""
        results = [browsers.object(number).object("lastResult") for number in browsers.names()]
        totals = [result.whole_number("total") or 0 for result in results]
        self._recorder.check_total(sum(totals) or None)
        failed = sum(result.whole_number("failed") or 0 for result in results)
        total = max(failed, summary.whole_number("failed") or 0)
        self._recorder.check_failed_total(total, shown=self._failed)
        for flag, message in _OUTSIDE.items():
            names = [
                browsers.object(number).text("name", "fullName")
                for number, result in zip(browsers.names(), results, strict=True)
                if result.flag(flag)
            ]
            for name in names or ([""] if summary.flag(flag) else []):
                self._recorder.failure_of_run(_BROWSER, message=f"{name}: {message}" if name else message)
        if code := summary.whole_number("exitCode"):
            self._recorder.check_failed_run(f"Karma ended with exit code {code}, and no test failed")
