"""CTRF, the Common Test Report Format, which has reporters for most runners.

Facts: ctrf.io's schema 0.0.0 to 1.0: ``results.tests``; times in milliseconds.
"""

from collections.abc import Iterator
from typing import Any, Final

from onetest_ci.model import FAILED, PASSED, SKIPPED, Attachment, Attempt
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.fields import Fields, fields_of
from onetest_ci.reports.json_stream import JsonStream, read_json
from onetest_ci.reports.recorder import Recorder, Said, uncoloured, verdict
from onetest_ci.reports.tells import NO_TOTALS, NONE_OUTSIDE, Tells

TELLS: Final = Tells(
    code_ref="`filePath`, `suite` and `name`",
    retries="`retryAttempts`; `flaky` and `retries`",
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    attachments="`attachments`, of tries too",
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
_MOST_RETRIES: Final = 100
_PROPERTIES: Final = ("type", "browser", "device", "rawStatus")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each suite that a test names, and the tests."""
    return read_json(stream, reading, _walk)


def _walk(document: JsonStream, recorder: Recorder) -> Iterator[None]:
    declared = None
    for key in document.members():
        for inner in document.members("results") if key == "results" else ():
            if inner == "summary":
                summary = fields_of(document.value(), recorder.reading, "results.summary")
                declared = summary.whole("tests")
            elif inner == "tests":
                for _ in document.items("results.tests"):
                    _test(fields_of(document.value(), recorder.reading, "a test"), recorder)
                    yield
    recorder.declared(declared)


def _test(test: Fields, recorder: Recorder) -> None:
    suites = [part.strip() for one in test.texts("suite") for part in one.split(" > ")]
    file = test.text("filePath", "filepath")
    recorder.enter_suite(*(suites or ([file] if file else [])))
    tries = list(test.objects("retryAttempts"))
    start = test.number("start")
    recorder.case(
        test.text("name"),
        classname=_class_in(suites, file),
        start=start / 1000 if start and start > 0 else None,
        file=file,
        line=test.whole("line"),
        properties=_properties(test),
        attachments=[
            Attachment(path, one.text("name"))
            for holder in (*tries, test)
            for one in holder.objects("attachments")
            if (path := one.text("path"))
        ],
        attempts=_attempts(test, tries, recorder),
        **_said(test, recorder),
    )


def _class_in(suites: list[str], file: str) -> str:
    """The suites inside the file where the file is one of them; else the innermost."""
    for place, suite in enumerate(suites):
        if suite and f"/{file}".endswith(f"/{suite}"):
            return ".".join(suites[place + 1 :])
    return suites[-1] if suites else ""


def _said(run: Fields, recorder: Recorder) -> Said:
    return Said(
        status=verdict(recorder.reading, run.text("status"), _STATUSES),
        seconds=run.seconds("duration", 0.001),
        message=uncoloured(run.text("message")),
        details=uncoloured(run.text("trace")),
        system_out="\n".join(run.texts("stdout")),
        system_err="\n".join(run.texts("stderr")),
    )


def _attempts(test: Fields, tries: list[Fields], recorder: Recorder) -> list[Attempt]:
    if tries:
        attempts = [recorder.attempt(**_said(one, recorder)) for one in tries]
        # Some reporters list the final try among the others.
        retries = test.whole("retries")
        return attempts[:-1] if retries is not None and len(attempts) == retries + 1 else attempts
    retries = test.whole("retries") or 0
    # Only that it was tried again is told: all tries but the last one failed.
    if retries > 0 and (test.flag("flaky") or test.text("status") == "failed"):
        return [Attempt(FAILED)] * min(retries, _MOST_RETRIES)
    return []


def _properties(test: Fields) -> Iterator[tuple[str, str]]:
    for tag in test.texts("tags"):
        yield "tag", tag
    for name in _PROPERTIES:
        if value := test.text(name):
            yield name, value
    for holder in ("parameters", "labels"):
        members: Any = test.object(holder)
        for name in members.names():
            yield name, members.text(name)
