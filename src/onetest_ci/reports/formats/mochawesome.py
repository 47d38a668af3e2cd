"""Mochawesome's JSON, of Mocha and of Cypress, also merged by mochawesome-merge.

Facts: src/mochawesome.js and src/utils.js of mochawesome 8.1, lib/index.js of mochawesome-merge 5.1,
register.js and lib/enhanceReport.js of cypress-mochawesome-reporter 5.0, and reports of Mocha 11.8:

- ``results`` holds the root suite of each run: that of Mocha, or one for each spec file of Cypress. It is
  ``false`` for a run without tests and hooks;
- each test is there once, with its last attempt. One that did not run, as a hook before it failed or as a
  filter left it out, has no ``state`` and is ``skipped``;
- hooks that failed are members of ``beforeHooks`` and ``afterHooks`` alone. ``stats.failures`` does not count
  them. ``stats.other`` does, but it is 0 in merged reports;
- ``file`` of Mocha's root suite is that of its first suite or test, so it is not that of all its tests.
  Cypress, whose paths are relative, writes it there alone. Both write it before the suites;
- in parallel runs of Mocha, tests outside of suites are missing, and ``testsRegistered`` does not count them;
- ``context`` is JSON inside a text: what the test added, which the producer's page shows as a picture if it
  ends as one, and Cypress' screenshots, with the number of the attempt if there were several.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from onetest_ci.code_ref.paths import is_absolute
from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.engine.attempts import counted_attempts
from onetest_ci.reports.engine.embedded import embedded
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json, tolerant_decoder
from onetest_ci.reports.engine.limits import check_depth
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import kind_and_message
from onetest_ci.reports.engine.recorder import Recorder, uncoloured, verdict
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.text.characters import replace_lone_surrogates

FEATURES: Final = FormatFeatures(
    code_ref="`fullFile`, the suites and the title",
    retries="Cypress' screenshots of failed attempts in `context`; Mocha's attempts are not in the report",
    outside="hooks that failed",
    totals="`stats.failures`, `stats.other`",
    attachments="pictures and videos that `context` names or holds",
    times="duration",
)

_STATES: Final = {"passed": PASSED, "failed": FAILED, "pending": SKIPPED, "skipped": SKIPPED}
_FLAGS: Final = {"pending": SKIPPED, "skipped": SKIPPED, "pass": PASSED}
_HOOKS: Final = ("beforeHooks", "afterHooks")
_MEDIA: Final = re.compile(r"[^\n]{1,1000}\.(?:png|jpe?g|gif|webp|mp4|webm)", re.IGNORECASE)
_DATA: Final = re.compile(r"data:((?:image|video)/[\w.+-]{1,40});base64,")
_ATTEMPT: Final = re.compile(r"Failed screenshot \(Attempt (\d{1,3})\)")
_SCREENSHOTS: Final = "cypress-mochawesome-reporter-screenshots"
_VIDEO: Final = "cypress-mochawesome-reporter-videos-"
_FOLDER: Final = "cypress/screenshots"


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Place(NamedTuple):
    """A suite: the titles around its tests, and its file."""

    titles: tuple[str, ...] = ()
    file: str = ""

    def inside(self, title: str, full_file: str, file: str) -> "_Place":
        """Return a suite in this one. If it does not name its file, the one around it counts."""
        return _Place(
            (*self.titles, title) if title else self.titles, full_file or file.lstrip("/\\") or self.file
        )


class _Context(NamedTuple):
    """What the ``context`` of a test contains."""

    attachments: list[Attachment]
    properties: list[tuple[str, str]]
    failed_attempts: set[int]

    def add(self, title: str, value: Any, reading: Reading) -> None:
        """Read one part of it: a picture, Cypress' screenshots of all attempts, or what a person reads."""
        if title == _SCREENSHOTS and isinstance(value, list):
            for number, paths in enumerate(value, 1):
                for path in paths if isinstance(paths, list) else ():
                    self._screenshot(number, _text(path))
            return
        text = _text(value)
        if attempt := _ATTEMPT.fullmatch(title):
            self.failed_attempts.add(int(attempt[1]))
        if inside := _DATA.match(text):
            self.attachments.extend(embedded(text[inside.end() :], title, inside[1], reading))
        elif _MEDIA.fullmatch(text) and "://" not in text:
            self.attachments.append(Attachment(unquote(text), title))
        elif not title.startswith(_VIDEO):
            self.properties.append((title or "context", text))

    def _screenshot(self, attempt: int, path: str) -> None:
        self.attachments.append(Attachment(f"{_FOLDER}/{path.lstrip('/')}"))
        if "(failed)" in path:
            self.failed_attempts.add(attempt)


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._failed = self._failed_hooks = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        stats = Fields({}, self._reading)
        for key in document.members():
            if key == "stats":
                stats = fields_of(document.value(), self._reading, key)
            elif key == "results":
                for _ in document.items(key):
                    if document.peek() == "{":
                        yield from self._root(document)
                    elif document.value():
                        raise document.wrong("a result is not an object")
        counts = (stats.whole_number(name) or 0 for name in ("testsRegistered", "tests"))
        self._recorder.check_total(max(counts) or None)
        self._check_failed(stats)

    def _check_failed(self, stats: Fields) -> None:
        failures, other = stats.whole_number("failures") or 0, stats.whole_number("other") or 0
        total, shown = failures, self._failed
        if total <= shown:
            # Before version 8, ``other`` counts tests that failed after they had passed.
            total, shown = failures + other, self._failed + self._failed_hooks
        self._recorder.check_failed_total(total, shown=shown)

    def _root(self, document: JsonStream) -> Iterator[None]:
        """Record a root suite, part by part: it holds all tests of a run."""
        names = dict.fromkeys(("title", "fullFile", "file"), "")
        place = _Place()
        for key in document.members("a result"):
            if key in names:
                names[key] = Fields({key: document.value()}, self._reading).text(key)
                place = _root_of(**names)
            elif key == "suites":
                for _ in document.items(key):
                    self._suite(fields_of(document.value(), self._reading, "a suite"), place)
                    yield
            elif key == "tests":
                for _ in document.items(key):
                    self._test(fields_of(document.value(), self._reading, "a test"), place)
                    yield
            elif key in _HOOKS:
                for _ in document.items(key):
                    self._hook(fields_of(document.value(), self._reading, "a hook"), place)

    def _suite(self, suite: Fields, around: _Place) -> None:
        place = around.inside(suite.text("title"), suite.text("fullFile"), suite.text("file"))
        check_depth(len(place.titles), self._reading)
        for key in _HOOKS:
            for hook in suite.objects(key):
                self._hook(hook, place)
        for test in suite.objects("tests"):
            self._test(test, place)
        for inner in suite.objects("suites"):
            self._suite(inner, place)

    def _hook(self, hook: Fields, place: _Place) -> None:
        """Record a hook that failed."""
        if (hook.text("state") or hook.flag("fail")) and _status(hook) in BAD:
            self._failed_hooks += 1
            self._record(hook, place, ERROR)

    def _test(self, test: Fields, place: _Place) -> None:
        status = _status(test)
        self._failed += status in BAD
        self._record(test, place, status)

    def _record(self, item: Fields, place: _Place, status: str) -> None:
        """Record a test; or a hook, which is in error."""
        context = _context(item, self._reading)
        message, kind, details = _reason(item.object("err"))
        self._recorder.enter_named(place.file)
        record = self._recorder.failure_outside if item.flag("isHook") else self._recorder.case
        record(
            item.text("title"),
            classname=" ".join(place.titles),
            status=status,
            seconds=item.seconds("duration", 0.001),
            file=place.file,
            properties=context.properties,
            attachments=context.attachments,
            attempts=counted_attempts(len(context.failed_attempts) - (status in BAD)),
            message=message,
            kind=kind,
            details=details,
        )


def _root_of(title: str, fullFile: str, file: str) -> _Place:  # noqa: N803 - as the report spells it
    """Return the place of a root suite. Only a relative path is that of all that is in it."""
    path = fullFile or file
    return _Place().inside(title, "" if is_absolute(path) else path, "")


def _status(item: Fields) -> str:
    """Return the verdict of a test or a hook. A failure counts, whichever member holds it."""
    word = item.word("state")
    if item.flag("fail"):
        return FAILED
    shown = "" if word else next((status for flag, status in _FLAGS.items() if item.flag(flag)), "")
    return shown or verdict(item.reading, word, _STATES)


def _reason(error: Fields) -> tuple[str, str, str]:
    """Return message, kind and details of a failure."""
    if not error:
        return "", "", ""
    kind, message = kind_and_message(uncoloured(error.text("message")))
    return message, kind, uncoloured(error.text("estack"))


def _context(test: Fields, reading: Reading) -> _Context:
    """Return what a test added to the report."""
    context = _Context([], [], set())
    if not (text := test.text("context")):
        return context
    try:
        added = tolerant_decoder().decode(text)
        for one in added if isinstance(added, list) else [added]:
            if isinstance(one, dict) and "value" in one:
                context.add(_text(one.get("title") or ""), one["value"], reading)
            elif one is not None:
                context.add("", one, reading)
    except (ValueError, RecursionError):
        reading.warn("type", "the `context` of a test is not JSON that can be read; it is left out")
    return context


def _text(value: Any) -> str:
    """Return a text as it is, and any other value as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return replace_lone_surrogates(text)
