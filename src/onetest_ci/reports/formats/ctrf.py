"""CTRF, the Common Test Report Format, which has reporters for most runners.

Facts: ctrf.io's schema and specification 0.0.0 to 1.0, and its reporters for Cypress, Jest, Mocha,
Playwright, pytest, Vitest and WebdriverIO:

- ``results.tests``, each once with its final status; times in milliseconds;
- ``retryAttempts`` are its attempts, in some reporters with the last one; others write only ``retries`` and
  ``flaky``;
- ``other`` is a status that the format has no word for. ``rawStatus`` holds the runner's own word: ``todo``
  of Jest and Vitest did not run, ``run`` of Vitest did not end;
- ``summary.failed`` counts the tests whose status is ``failed``. Playwright's reporter also counts passed
  tests that were expected to fail; their ``rawStatus`` shows them, but minimal reports do not contain it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt
from onetest_ci.reports.engine.attempts import counted_attempts
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder, uncoloured, verdict
from onetest_ci.reports.format_features import NONE_OUTSIDE, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`filePath`, `suite` and `name`",
    retries="`retryAttempts`; `flaky` and `retries`",
    outside=NONE_OUTSIDE,
    totals="`summary.failed`; of Playwright only as far as `rawStatus` explains it",
    attachments="`attachments`, of attempts too",
    parameters="`parameters`, as properties",
    times="duration and start",
)

_STATUSES: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "skipped": SKIPPED,
    "pending": SKIPPED,
    "other": SKIPPED,
}
_NOT_RUN: Final = frozenset(
    {"", "todo", "disabled", "focused", "skip", "skipped", "pending", "ignored", "notrun", "inconclusive"}
)
"""Words of ``rawStatus`` for which ``other`` is a test that did not run."""

_RAW_FAILURES: Final = frozenset({"failed", "timedout", "interrupted"})
_PROPERTIES: Final = ("type", "browser", "device", "rawStatus")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each suite that a test names, and the tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._tool = ""
        self._summary = Fields({}, self._reading)
        self._failed = self._may_count_as_failed = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        for key in document.members():
            for inner in document.members("results") if key == "results" else ():
                if inner == "summary":
                    self._summary = fields_of(document.value(), self._reading, "results.summary")
                elif inner == "tool":
                    self._tool = fields_of(document.value(), self._reading, "results.tool").text("name")
                elif inner == "tests":
                    for _ in document.items("results.tests"):
                        self._test(fields_of(document.value(), self._reading, "a test"))
                        yield
        self._recorder.check_total(self._summary.whole_number("tests"))
        shown = self._failed + (self._may_count_as_failed if self._tool.lower() == "playwright" else 0)
        self._recorder.check_failed_total(self._summary.whole_number("failed"), shown=shown)

    def _test(self, test: Fields) -> None:
        _test(test, self._recorder)
        if test.word("status") == "failed":
            self._failed += 1
        elif "rawStatus" not in test or test.word("rawStatus") in _RAW_FAILURES:
            # Passed tests that were expected to fail, and tests without `rawStatus`, which may be such.
            self._may_count_as_failed += 1


def _test(test: Fields, recorder: Recorder) -> None:
    suites = [part.strip() for one in test.texts("suite") for part in one.split(" > ")]
    file = test.text("filePath", "filepath")
    recorder.enter_suite(*(suites or ([file] if file else [])))
    listed = test.objects("retryAttempts")
    start = test.number("start")
    fields = _attempt_fields(test, recorder)
    recorder.case(
        test.text("name"),
        classname=_class_in(suites, file),
        start=start / 1000 if start and start > 0 else None,
        file=file,
        line=test.whole_number("line"),
        properties=_properties(test),
        attachments=[
            Attachment(path, one.text("name"))
            for holder in (*listed, test)
            for one in holder.objects("attachments")
            if (path := one.text("path"))
        ],
        attempts=_attempts(test, listed, fields["status"], recorder),
        **fields,
    )


def _class_in(suites: list[str], file: str) -> str:
    """Return the suites inside the file if the file is one of them, else the innermost suite."""
    for place, suite in enumerate(suites):
        if suite and f"/{file}".endswith(f"/{suite}"):
            return ".".join(suites[place + 1 :])
    return suites[-1] if suites else ""


def _status(run: Fields, reading: Reading) -> str:
    spelled = run.text("status")
    status = verdict(reading, spelled, _STATUSES)
    if spelled.strip().lower() != "other":
        return status
    did_not_run = run.word("rawStatus").replace("_", "") in _NOT_RUN
    return SKIPPED if did_not_run and not run.text("trace") else ERROR


def _attempt_fields(run: Fields, recorder: Recorder) -> AttemptFields:
    status = _status(run, recorder.reading)
    unclear = f"the status is {run.text('rawStatus') or 'other'!r}" if status == ERROR else ""
    return AttemptFields(
        status=status,
        seconds=run.seconds("duration", 0.001),
        message=uncoloured(run.text("message")) or unclear,
        details=uncoloured(run.text("trace")),
        system_out="\n".join(run.texts("stdout")) if "stdout" in run else "",
        system_err="\n".join(run.texts("stderr")) if "stderr" in run else "",
    )


def _attempts(test: Fields, listed: list[Fields], status: str, recorder: Recorder) -> Sequence[Attempt]:
    if listed:
        attempts = [recorder.attempt(**_attempt_fields(one, recorder)) for one in listed]
        # Some reporters list the final attempt among the others.
        has_final = test.whole_number("retries") == len(attempts) - 1 and listed[-1].text(
            "status"
        ) == test.text("status")
        return attempts[:-1] if has_final else attempts
    retries = test.whole_number("retries") or 0
    # All attempts but the last one failed; Vitest's reporter writes the retries that were allowed.
    if test.flag("flaky"):
        retries = max(1, retries)
    elif status not in BAD:
        retries = 0
    return counted_attempts(retries)


def _properties(test: Fields) -> Iterator[tuple[str, str]]:
    for tag in test.texts("tags"):
        yield "tag", tag
    for name in _PROPERTIES:
        if value := test.text(name):
            yield name, value
    for holder in ("parameters", "labels"):
        if holder in test:
            members = test.object(holder)
            for name in members.names():
                yield name, members.text(name)
