"""Playwright's ``json`` reporter.

Facts: JSONReport of Playwright's ``testReporter.d.ts``, 1.10 to 1.56: ``suites`` (files) of ``suites`` and
``specs``, each with a test for each project, each with a result for each try.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.embedded import embedded
from onetest_ci.reports.fields import Fields, fields_of
from onetest_ci.reports.json_stream import DEEPEST, JsonStream, read_json
from onetest_ci.reports.recorder import Recorder, Said, uncoloured, verdict
from onetest_ci.reports.tells import NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import timestamp

TELLS: Final = Tells(
    code_ref="file under `rootDir`, the describes and the title",
    retries="`results`",
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    attachments="`attachments` of all tries, files and bodies",
    parameters="the project, as a suite and a property",
    times="duration and start",
)

_RESULTS: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "timedout": FAILED,
    "interrupted": ERROR,
    "skipped": SKIPPED,
}
_VERDICTS: Final = {"expected": PASSED, "flaky": PASSED, "unexpected": FAILED, "skipped": SKIPPED}
_REASONS: Final = frozenset({"skip", "fixme", "fail"})


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites for projects, files and describes, and a case for each test of a project."""
    return read_json(stream, reading, _Report().walk)


class _Report:
    def __init__(self) -> None:
        self._root = ""

    def walk(self, document: JsonStream, recorder: Recorder) -> Iterator[None]:
        for key in document.members():
            if key == "config":
                self._root = fields_of(document.value(), recorder.reading, "config").text("rootDir")
            elif key == "suites":
                for _ in document.items("suites"):
                    suite = fields_of(document.value(), recorder.reading, "a suite")
                    self._suite(suite, (), recorder)
                    yield
            elif key == "errors":
                for _ in document.items("errors"):
                    self._error(fields_of(document.value(), recorder.reading, "an error"), recorder)

    def _error(self, error: Fields, recorder: Recorder) -> None:
        """What went wrong outside any test, as a file that cannot be loaded."""
        location = error.object("location")
        recorder.enter_suite()
        recorder.outside(
            f"error {location.text('file')}".strip(),
            status=ERROR,
            message=uncoloured(error.text("message", "value")).split("\n", 1)[0],
            details=uncoloured(error.text("stack", "message", "value")),
            file=location.text("file"),
            line=location.whole("line"),
        )

    def _suite(self, suite: Fields, path: tuple[str, ...], recorder: Recorder) -> None:
        path = (*path, suite.text("title"))
        if len(path) > DEEPEST:
            return
        for spec in suite.objects("specs"):
            for test in spec.objects("tests"):
                self._test(spec, test, path, recorder)
        for inner in suite.objects("suites"):
            self._suite(inner, path, recorder)

    def _test(self, spec: Fields, test: Fields, path: Sequence[str], recorder: Recorder) -> None:
        project = test.text("projectName")
        recorder.enter_suite(*([project] if project else []), *path)
        results = list(test.objects("results"))
        last = results[-1] if results else Fields({}, recorder.reading)
        annotations = list(test.objects("annotations"))
        said = _said(last, recorder)
        said["status"] = verdict(recorder.reading, test.text("status"), _VERDICTS)
        if last.text("status") == "interrupted" and said["status"] == FAILED:
            said["status"] = ERROR
        if said["status"] == SKIPPED:
            said["message"] = next(
                (one.text("description") for one in annotations if one.text("type") in _REASONS), ""
            )
        recorder.case(
            spec.text("title"),
            classname=".".join(path[1:]),
            start=timestamp(results[0].text("startTime")) if results else None,
            file=self._file(spec.text("file")),
            line=spec.whole("line"),
            properties=[
                *((("project", project),) if project else ()),
                *(("tag", tag) for tag in spec.texts("tags")),
                *((one.text("type"), one.text("description")) for one in annotations),
            ],
            attachments=[
                file
                for result in results
                for one in result.objects("attachments")
                for file in _files(one, recorder.reading)
            ],
            attempts=[recorder.attempt(**_said(one, recorder)) for one in results[:-1]],
            **said,
        )

    def _file(self, file: str) -> str:
        return str(PurePosixPath(self._root.replace("\\", "/")) / file) if self._root and file else file


def _said(result: Fields, recorder: Recorder) -> Said:
    errors = list(result.objects("errors")) or [result.object("error")]
    texts = [uncoloured(one.text("stack", "message", "value")) for one in errors if one]
    message = next((uncoloured(one.text("message", "value")) for one in errors if one), "")
    steps = "\n".join(_steps(result, 0))
    printed = "".join(one.text("text") for one in result.objects("stdout"))
    return Said(
        status=verdict(recorder.reading, result.text("status") or "skipped", _RESULTS),
        seconds=result.seconds("duration", 0.001),
        message=message.split("\n\n", 1)[0],
        kind="TimeoutError" if result.text("status") == "timedOut" else "",
        details="\n\n".join(texts),
        system_out="\n".join(part for part in (printed, steps) if part),
        system_err="".join(one.text("text") for one in result.objects("stderr")),
    )


def _files(attachment: Fields, reading: Reading) -> list[Attachment]:
    """What is attached: a path, else a body of base64."""
    name = attachment.text("name")
    if path := attachment.text("path"):
        return [Attachment(path, name)]
    body = attachment.text("body")
    return embedded(body, name, attachment.text("contentType"), reading) if body else []


def _steps(holder: Fields, depth: int) -> Iterator[str]:
    """A line for each step, indented; the failed ones say why."""
    if depth > DEEPEST:
        return
    for step in holder.objects("steps"):
        milliseconds = step.number("duration")
        error = uncoloured(step.object("error").text("message")).split("\n", 1)[0]
        took = f" ({milliseconds:.0f} ms)" if milliseconds is not None else ""
        yield f"{'  ' * depth}{'✘' if 'error' in step else '✔'} {step.text('title')}{took}" + (
            f": {error}" if error else ""
        )
        yield from _steps(step, depth + 1)
