"""Cucumber's ``json`` formatter, of all its languages, and behave's.

Facts: json-formatter of cucumber-js, cucumber-jvm and cucumber-ruby, and behave's JSON: a list of features,
each with elements (backgrounds and scenarios) and their steps. Cucumber counts nanoseconds, behave seconds.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.embedded import embedded
from onetest_ci.reports.fields import Fields, fields_of
from onetest_ci.reports.json_stream import JsonStream, read_json
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import Recorder, Said, verdict, worse
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import timestamp

TELLS: Final = Tells(
    code_ref="the feature's `uri` and the scenario",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    attachments="`embeddings` of steps and hooks",
    parameters="line of an example, in the name",
    times="duration; start, where the formatter tells it",
)

_LOG: Final = "text/x.cucumber.log+plain"
_STEPS: Final = {
    "passed": PASSED,
    "failed": FAILED,
    # Cucumber is strict by default since 2020: each of these fails the run.
    "undefined": FAILED,
    "pending": FAILED,
    "ambiguous": FAILED,
    "skipped": SKIPPED,
    "untested": SKIPPED,
    "unknown": SKIPPED,
    # behave tells a step that raised something else than an assertion's error, and a broken hook.
    "error": ERROR,
    "hook_error": ERROR,
    "cleanup_error": ERROR,
    "untested_pending": SKIPPED,
    "untested_undefined": SKIPPED,
    "pending_warn": PASSED,
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each feature, and its scenarios."""
    return read_json(stream, reading, _walk)


def _walk(document: JsonStream, recorder: Recorder) -> Iterator[None]:
    for _ in document.items("the document"):
        _feature(fields_of(document.value(), recorder.reading, "a feature"), recorder)
        yield


def _feature(feature: Fields, recorder: Recorder) -> None:
    behave = "uri" not in feature
    file = feature.text("uri") or feature.text("location").rpartition(":")[0]
    file = file.removeprefix("file:").removeprefix("classpath:")
    elements = list(feature.objects("elements"))
    # Examples of an outline share its name, and nothing else tells them apart in all languages.
    places = {(one.text("name").strip(), _line(one)) for one in elements}
    names = Counter(name for name, _ in places)
    recorder.open_suite(feature.text("name"), file=file)
    background: list[Fields] = []
    for element in elements:
        if element.text("type") == "background" or element.text("keyword") == "Background":
            # behave repeats its steps, with their results, in each scenario.
            background = [] if behave else list(element.objects("steps"))
            continue
        name, line = element.text("name").strip(), _line(element)
        steps = _steps(element, background)
        recorder.case(
            f"{name}[{line}]" if names[name] > 1 and line else name,
            method=name.partition(" -- @")[0],
            classname=feature.text("name"),
            file=file,
            line=line,
            start=timestamp(element.text("start_timestamp")),
            properties=[("tag", tag) for tag in _tags(element)],
            attachments=[
                file
                for step in steps
                for one in step.objects("embeddings")
                for file in _embedding(one, recorder.reading)
            ],
            **_outcome(element, steps, 1.0 if behave else 1e-9, recorder),
        )
        background = []
    recorder.close_suite()


def _steps(element: Fields, background: list[Fields]) -> list[Fields]:
    """Steps and hooks of a scenario, in the order they ran."""
    own = [step for where in ("before", "steps", "after") for step in element.objects(where)]
    return [inner for step in (*background, *own) for inner in _with_hooks(step)]


def _embedding(embedding: Fields, reading: Reading) -> list[Attachment]:
    """A file that a step or hook attached; old Cucumbers have ``media`` in place of ``mime_type``."""
    kind = embedding.text("mime_type") or embedding.object("media").text("type")
    return [] if kind == _LOG else embedded(embedding.text("data"), embedding.text("name"), kind, reading)


def _logged(step: Fields) -> Iterator[str]:
    """What a step or hook logged: lists of texts, or files of a type of their own."""
    yield from step.texts("output")
    for one in step.objects("embeddings"):
        if one.text("mime_type") == _LOG:
            for log in embedded(one.text("data"), "", _LOG, step.reading):
                yield (log.content or b"").decode("utf-8", "replace")


def _outcome(element: Fields, steps: list[Fields], unit: float, recorder: Recorder) -> Said:
    """Verdict, time and texts of a scenario out of its steps and hooks."""
    status, message, seconds, told = PASSED, "", None, []
    ran = skipped = False
    for step in steps:
        result = step.object("result")
        spelled = result.text("status")
        of_step = verdict(recorder.reading, spelled, _STEPS) if spelled else SKIPPED
        ran |= of_step != SKIPPED
        skipped |= spelled == "skipped"
        took = result.seconds("duration", unit)
        seconds = took if seconds is None else seconds + (took or 0.0)
        name = f"{step.text('keyword').strip()} {step.text('name')}".strip() or "hook"
        told.append(f"{name} … {spelled or 'not run'}")
        told += _logged(step)
        if of_step not in {PASSED, SKIPPED}:
            error = result.text("error_message") or "\n".join(result.texts("error_message"))
            message = message or error or f"{name}: {spelled}"
            status = worse(status, of_step)
    if status == PASSED and element.text("status"):
        # behave's verdict on the scenario knows of hooks, which its steps do not.
        status = verdict(recorder.reading, element.text("status"), _STEPS)
    elif status == PASSED and steps and (skipped or not ran):
        status = SKIPPED
    return Said(
        status=status,
        seconds=seconds,
        message=message.split("\n", 1)[0],
        details=message,
        system_out="\n".join(told),
    )


def _with_hooks(step: Fields) -> Iterator[Fields]:
    yield from step.objects("before")
    yield step
    yield from step.objects("after")


def _line(element: Fields) -> int | None:
    """Of the scenario; behave writes ``features/a.feature:3``."""
    place = whole(element.text("location").rpartition(":")[2])
    return element.whole("line") if place is None else place


def _tags(element: Fields) -> list[str]:
    """Cucumber writes objects, behave texts."""
    if element.has_texts("tags"):
        return element.texts("tags")
    return [tag.text("name") for tag in element.objects("tags")]
