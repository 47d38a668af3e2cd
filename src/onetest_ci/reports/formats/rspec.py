"""RSpec's ``json`` formatter.

Facts: json_formatter.rb, reporter.rb and configuration.rb of rspec-core 3, and reports of 3.12:

- ``examples``, each with its verdict; RSpec itself has no retries, and rspec-retry leaves no mark in them;
- ``messages`` hold what is printed outside of examples: one text for each error there, of a file that does
  not load or of a hook of a context or the suite, and other notes. A failed ``before(:context)`` fails its
  examples;
- ``summary`` counts the failed examples, and since 3.6 the errors outside of them;
- ``summary_line`` is the same as a sentence.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, uncoloured, verdict
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures
from onetest_ci.text.characters import replace_lone_surrogates

FEATURES: Final = FormatFeatures(
    code_ref="`file_path` and the descriptions",
    retries=NO_RETRIES,
    outside="`messages` of errors: files that do not load, hooks of contexts and of the suite",
    totals="`failure_count`, `errors_outside_of_examples_count`",
    times="duration",
)

_STATUSES: Final = {"passed": PASSED, "failed": FAILED, "pending": SKIPPED}
_ERROR: Final = re.compile(r"\s*(?:An error occurred|While loading) ")
_FILE: Final = re.compile(
    r"\s*(?:An error occurred w|W)hile loading (?:\./)?([^\s`]+?)(?:\.?$|\.? )", re.MULTILINE
)
_HOOK: Final = re.compile(r"\s*An error occurred in an? `([^`\n]{1,200})` hook")
_OUTSIDE: Final = "errors outside of examples"
_COUNTS: Final = {
    "failure_count": re.compile(r"\b(\d{1,9}) failures?\b"),
    "errors_outside_of_examples_count": re.compile(r"\b(\d{1,9}) errors? occurred outside of examples\b"),
}
_MOST_MESSAGES: Final = 1000


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its examples."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._failed = self._errors = 0
        self._messages: list[str] = []

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        summary, line = Fields({}, self._reading), ""
        for key in document.members():
            if key == "examples":
                for _ in document.items("examples"):
                    example = fields_of(document.value(), self._reading, "an example")
                    self._failed += _status(example, self._reading) == FAILED
                    _example(example, self._recorder)
                    yield
            elif key == "messages":
                for _ in document.items("messages"):
                    self._message(document.value())
                    yield
            elif key == "summary":
                summary = fields_of(document.value(), self._reading, "summary")
            elif key == "summary_line" and isinstance(value := document.value(), str):
                line = value
        failed = _count("failure_count", summary, line)
        self._recorder.check_failed_total(failed, shown=self._failed)
        outside = _count("errors_outside_of_examples_count", summary, line)
        if outside > self._errors:
            message = (
                f"the report counts {outside} errors outside of examples, its messages show {self._errors}"
            )
            self._reading.note("declared-more-failures", message)
            self._outside(_OUTSIDE, "\n".join(self._messages) or message, message if self._errors else "")

    def _message(self, message: object) -> None:
        if not isinstance(message, str):
            return
        message = uncoloured(replace_lone_surrogates(message)).strip("\n")
        if len(self._messages) < _MOST_MESSAGES:
            self._messages.append(self._recorder.text(message))
        if _ERROR.match(message):
            self._errors += 1
            file, hook = _FILE.match(message), _HOOK.match(message)
            self._outside(file[1] if file else f"{hook[1]} hook" if hook else _OUTSIDE, message)

    def _outside(self, name: str, details: str, message: str = "") -> None:
        self._recorder.failure_of_run(name, message=message, details=details)


def _count(name: str, summary: Fields, line: str) -> int:
    """Return a count of ``summary`` or of its sentence, whichever is higher. 0 if neither contains it."""
    found = _COUNTS[name].search(line)
    return max(summary.whole_number(name) or 0, int(found[1]) if found else 0)


def _status(example: Fields, reading: Reading) -> str:
    return verdict(reading, example.text("status"), _STATUSES)


def _example(example: Fields, recorder: Recorder) -> None:
    file = example.text("file_path").removeprefix("./")
    description, exception = example.text("description"), example.object("exception")
    recorder.enter_named(file)
    recorder.case(
        description or example.text("full_description"),
        classname=example.text("full_description").removesuffix(description).strip(),
        status=_status(example, recorder.reading),
        seconds=example.number("run_time"),
        message=(exception.text("message") or example.text("pending_message")).strip(),
        kind=exception.text("class"),
        details="\n".join([exception.text("message").strip(), *exception.texts("backtrace")]).strip(),
        file=file,
        line=example.whole_number("line_number"),
    )
