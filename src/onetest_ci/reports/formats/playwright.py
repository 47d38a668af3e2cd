"""Playwright's ``json`` reporter.

Facts: JSONReport of Playwright's ``testReporter.d.ts``, 1.10 to 1.65, its reporters/json.ts, and reports of
1.65 for failed hooks, set-ups and runs that were stopped:

- ``suites`` (files) of ``suites`` and ``specs``, each with a test for each project, each with a result for
  each attempt. ``--repeat-each`` writes a test for each repeat;
- ``status`` of a test compares its results with ``expectedStatus``. It is ``skipped`` also for a test that
  was interrupted, and ``flaky`` if any result was the expected one, whichever was the last;
- ``errors`` are all errors outside of tests: each fails the run. A failed ``beforeAll`` or ``afterAll`` is
  that of a test;
- ``stats`` counts the tests by their ``status``;
- with ``failOnFlakyTests`` flaky tests fail the run, which nothing else in the report shows.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.engine.embedded import embedded
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.limits import DEEPEST, check_depth
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import RUN, AttemptFields, Recorder, uncoloured, verdict
from onetest_ci.reports.engine.values import timestamp
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.text.cut import dotted_path

FEATURES: Final = FormatFeatures(
    code_ref="file under `rootDir`, the describes and the title",
    retries="`results`",
    outside="`errors`; flaky tests with `failOnFlakyTests`",
    totals="`stats.unexpected`",
    attachments="`attachments` of all attempts, files and bodies",
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
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._root = ""
        self._fails_on_flaky = False
        self._flaky = self._unexpected = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        stats = Fields({}, self._reading)
        for key in document.members():
            if key == "config":
                config = fields_of(document.value(), self._reading, "config")
                self._root = config.text("rootDir").replace("\\", "/")
                self._fails_on_flaky = config.flag("failOnFlakyTests")
            elif key == "suites":
                for _ in document.items("suites"):
                    self._suite(fields_of(document.value(), self._reading, "a suite"), ())
                    yield
            elif key == "errors":
                for _ in document.items("errors"):
                    self._error(fields_of(document.value(), self._reading, "an error"))
            elif key == "stats":
                stats = fields_of(document.value(), self._reading, "stats")
        self._recorder.check_failed_total(stats.whole_number("unexpected"), shown=self._unexpected)
        flaky = max(self._flaky, stats.whole_number("flaky") or 0)
        if self._fails_on_flaky and flaky:
            self._recorder.check_failed_run(f"failOnFlakyTests is set, and {flaky} tests were flaky")

    def _error(self, error: Fields) -> None:
        """Record what went wrong outside any test, as in a file that cannot be loaded or a global set-up."""
        location = error.object("location")
        file = location.text("file")
        message = uncoloured(error.text("message", "value"))
        self._recorder.failure_of_run(
            file.replace("\\", "/").removeprefix(f"{self._root}/") or RUN,
            message=message.strip().split("\n", 1)[0],
            details=uncoloured(error.text("stack", "message", "value")),
            file=file,
            line=location.whole_number("line"),
        )

    def _suite(self, suite: Fields, path: tuple[str, ...], place: str | None = None) -> None:
        """Record a suite. ``place`` is the dotted path around it, without the file's own suite."""
        if path:
            place = dotted_path(place, suite.text("title"))
        path = (*path, suite.text("title"))
        check_depth(len(path), self._reading, "describes")
        for spec in suite.objects("specs"):
            for test in spec.objects("tests"):
                self._test(spec, test, path, place or "")
        for inner in suite.objects("suites"):
            self._suite(inner, path, place)

    def _test(self, spec: Fields, test: Fields, path: Sequence[str], place: str) -> None:
        project = test.text("projectName")
        self._recorder.enter_suite(*([project] if project else []), *path)
        results = test.objects("results")
        annotations = test.objects("annotations")
        fields = _attempt_fields(results[-1] if results else Fields({}, self._reading), self._recorder)
        fields["status"] = self._verdict(test, results)
        if fields["status"] == SKIPPED:
            fields["message"] = next(
                (one.text("description") for one in annotations if one.text("type") in _REASONS), ""
            )
        elif fields["status"] == FAILED and not fields["message"]:
            fields["message"] = _contrast(test, results)
        self._recorder.case(
            spec.text("title"),
            classname=place,
            start=timestamp(results[0].text("startTime")) if results else None,
            file=str(PurePosixPath(self._root) / file) if (file := spec.text("file")) else "",
            line=spec.whole_number("line"),
            properties=[
                *((("project", project),) if project else ()),
                *(("tag", tag) for tag in spec.texts("tags")),
                *((one.text("type"), one.text("description")) for one in annotations),
            ],
            attachments=[
                file
                for result in results
                for one in result.objects("attachments")
                for file in _files(one, self._reading)
            ],
            attempts=[self._recorder.attempt(**_attempt(one, test, self._recorder)) for one in results[:-1]],
            **fields,
        )

    def _verdict(self, test: Fields, results: Sequence[Fields]) -> str:
        """Return the producer's verdict, unless it hides that the last attempt failed or was interrupted."""
        spelled = test.word("status")
        self._unexpected += spelled == "unexpected"
        self._flaky += spelled == "flaky"
        status = verdict(self._reading, spelled, _VERDICTS)
        if not results or status == ERROR:
            return status
        last = verdict(self._reading, results[-1].word("status") or "skipped", _RESULTS)
        if last == ERROR or status == FAILED:
            return last if last == ERROR else FAILED
        return status if last == SKIPPED or _is_expected(results[-1], test) else FAILED


def _is_expected(result: Fields, test: Fields) -> bool:
    return result.word("status") == (test.word("expectedStatus") or "passed")


def _contrast(test: Fields, results: Sequence[Fields]) -> str:
    if not results:
        return "unexpected, without any result"
    return f"expected to be {test.text('expectedStatus')}, but {results[-1].text('status')}"


def _attempt(result: Fields, test: Fields, recorder: Recorder) -> AttemptFields:
    """Return an attempt before the last; for a test that is expected to fail, a pass is its failure."""
    fields = _attempt_fields(result, recorder)
    if fields["status"] in {PASSED, FAILED}:
        fields["status"] = PASSED if _is_expected(result, test) else FAILED
    return fields


def _attempt_fields(result: Fields, recorder: Recorder) -> AttemptFields:
    errors = result.objects("errors") or [result.object("error")]
    texts = [uncoloured(one.text("stack", "message", "value")) for one in errors if one]
    message = next((uncoloured(one.text("message", "value")) for one in errors if one), "")
    steps = "\n".join(_steps(result, 0))
    printed = "".join(one.text("text") for one in result.objects("stdout"))
    return AttemptFields(
        status=verdict(recorder.reading, result.text("status") or "skipped", _RESULTS),
        seconds=result.seconds("duration", 0.001),
        message=message.split("\n\n", 1)[0],
        kind="TimeoutError" if result.text("status") == "timedOut" else "",
        details="\n\n".join(texts),
        system_out="\n".join(part for part in (printed, steps) if part),
        system_err="".join(one.text("text") for one in result.objects("stderr")),
    )


def _files(attachment: Fields, reading: Reading) -> list[Attachment]:
    """Return an attachment: a path, else a body of base64."""
    name = attachment.text("name")
    if path := attachment.text("path"):
        return [Attachment(path, name)]
    body = attachment.text("body")
    return embedded(body, name, attachment.text("contentType"), reading) if body else []


def _steps(holder: Fields, depth: int) -> Iterator[str]:
    """Yield a line for each step, indented; failed ones with their errors."""
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
