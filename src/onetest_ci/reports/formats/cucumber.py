"""Cucumber's ``json`` formatter, of all its languages, and behave's.

Facts: the formatters of cucumber-js 12, cucumber-jvm 7.20 and cucumber-ruby 2.4 and 10, and of behave 1.3;
all but cucumber-ruby 10 were run:

- a list of features, each with elements (backgrounds and scenarios) and their steps; Cucumber counts
  nanoseconds, behave seconds;
- hooks are steps in JavaScript, and members ``before``, ``around`` and ``after`` elsewhere. cucumber-ruby
  writes the hooks before a scenario into its background. No formatter writes the hooks of the whole run;
- with ``--retry`` cucumber-js writes the last attempt only. cucumber-ruby, and behave's autoretry, write all
  attempts, and nothing distinguishes them from other scenarios;
- behave's ``status`` of a feature is ``hook_error`` or ``cleanup_error`` for a failure around its
  scenarios, and ``failed`` or ``error`` also if the run was aborted or the hook of a rule failed.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.engine.embedded import embedded
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.limits import DEEPEST
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder, verdict
from onetest_ci.reports.engine.values import timestamp, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, NO_TOTALS, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="the feature's `uri` and the scenario",
    retries=NO_RETRIES,
    outside="`status` and hooks of a feature, backgrounds without a scenario",
    totals=NO_TOTALS,
    attachments="`embeddings` of steps and hooks",
    parameters="line of an example, in the name",
    times="duration; start, if the formatter writes it",
)

LOG: Final = "text/x.cucumber.log+plain"
"""The type of an attachment that holds lines of the log."""

_OF_ITS_OWN: Final = frozenset({"hook_error", "cleanup_error"})
"""Statuses of a feature that are not those of its scenarios."""

STEPS: Final = {
    "passed": PASSED,
    "failed": FAILED,
    # Cucumber is strict by default since 2020: each of these fails the run.
    "undefined": FAILED,
    "pending": FAILED,
    "ambiguous": FAILED,
    "skipped": SKIPPED,
    "untested": SKIPPED,
    "unknown": ERROR,
    # behave's, for a step that raised something else than an assertion's error, and a broken hook.
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
    behave = "uri" not in feature and "location" in feature
    file = path_of(feature.text("uri") or feature.text("location").rpartition(":")[0])
    elements = list(_elements(feature, 0))
    # Examples of an outline share its name. Only their lines differ in all languages.
    places = {(one.text("name").strip(), _line(one)) for one in elements}
    names = Counter(name for name, _ in places)
    recorder.open_suite(feature.text("name"), file=file)
    background: list[Fields] = []
    for element in elements:
        if element.text("type") == "background" or element.text("keyword") == "Background":
            _background_alone(background, recorder)
            # behave repeats its steps, with their results, in each scenario.
            background = [] if behave else _steps(element, [])
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
            **_attempt_fields(element, steps, 1.0 if behave else 1e-9, recorder),
        )
        background = []
    _background_alone(background, recorder)
    _around_scenarios(feature, recorder)
    recorder.close_suite()


def path_of(uri: str) -> str:
    """Return the path of a feature."""
    return uri.removeprefix("file:").removeprefix("classpath:")


def _elements(holder: Fields, depth: int) -> Iterator[Fields]:
    """Yield backgrounds and scenarios, also those inside of other elements."""
    for element in holder.objects("elements"):
        if "elements" in element and depth < DEEPEST:
            yield from _elements(element, depth + 1)
        else:
            yield element


def _background_alone(steps: list[Fields], recorder: Recorder) -> None:
    """Record a failed background that no scenario follows."""
    fields = _attempt_fields(Fields({}, recorder.reading), steps, 1e-9, recorder)
    if fields["status"] in BAD:
        fields["status"] = ERROR
        recorder.failure_of_suite(**fields)


def _around_scenarios(feature: Fields, recorder: Recorder) -> None:
    """Record what failed around the scenarios of a feature: its own hooks, and what only its status shows."""
    fields = _attempt_fields(Fields({}, recorder.reading), _steps(feature, []), 1e-9, recorder)
    if fields["status"] in BAD:
        fields["status"] = ERROR
        recorder.failure_of_suite(**fields)
    spelled = feature.word("status")
    bad = bool(spelled) and verdict(recorder.reading, spelled, STEPS) in BAD
    if bad and (spelled in _OF_ITS_OWN or not recorder.bad_in_suite):
        recorder.failure_of_suite(
            status=ERROR,
            message=f"the status of the feature is {spelled}, which none of its scenarios shows",
            details="See the log of the run: the report does not contain the reason.",
        )


def _steps(element: Fields, background: list[Fields]) -> list[Fields]:
    """Return steps and hooks of a scenario, in the order they ran."""
    own = [step for where in ("before", "steps", "around", "after") for step in element.objects(where)]
    return [*background, *(inner for step in own for inner in _with_hooks(step))]


def _embedding(embedding: Fields, reading: Reading) -> list[Attachment]:
    """Return a file that a step or hook attached. Old Cucumbers have ``media`` in place of ``mime_type``."""
    kind = embedding.text("mime_type") or embedding.object("media").text("type")
    return [] if kind == LOG else embedded(embedding.text("data"), embedding.text("name"), kind, reading)


def _logged(step: Fields) -> Iterator[str]:
    """Return the log of a step or hook: lists of texts, or files of a type of their own."""
    yield from step.texts("output")
    for one in step.objects("embeddings"):
        if one.text("mime_type") == LOG:
            for log in embedded(one.text("data"), "", LOG, step.reading):
                yield (log.content or b"").decode("utf-8", "replace")


def _attempt_fields(element: Fields, steps: list[Fields], unit: float, recorder: Recorder) -> AttemptFields:
    """Return verdict, time and texts of a scenario out of its steps and hooks."""
    message, seconds, lines = "", None, []
    words: dict[str, None] = {}
    for step in steps:
        result = step.object("result")
        spelled = result.word("status")
        words[spelled] = None
        took = result.seconds("duration", unit)
        seconds = took if seconds is None else seconds + (took or 0.0)
        name = f"{step.text('keyword').strip()} {step.text('name')}".strip() or "hook"
        lines.append(f"{name} … {spelled or 'not run'}")
        lines += _logged(step)
        if spelled and STEPS.get(spelled, ERROR) in BAD:
            error = result.text("error_message") or "\n".join(result.texts("error_message"))
            message = message or error or f"{name}: {spelled}"
    status = scenario_status(words, recorder.reading)
    if own := element.text("status"):
        # behave's verdict on the scenario includes hooks; the verdicts of its steps do not.
        of_scenario = verdict(recorder.reading, own, STEPS)
        if not message or of_scenario in BAD:
            # A step without a definition puts its scenario into error, as behave counts it.
            status = of_scenario
        if status in BAD:
            message = message or f"the status of the scenario is {own}"
    elif not message and status in BAD:
        message = "the scenario did not end: a step has no result"
    return AttemptFields(
        status=status,
        seconds=seconds,
        message=message.split("\n", 1)[0],
        details=message,
        system_out="\n".join(lines),
    )


def scenario_status(words: Collection[str], reading: Reading) -> str:
    """Return the verdict on a scenario by the distinct statuses of its steps and hooks; empty: no result."""
    verdicts = {verdict(reading, word, STEPS) if word else SKIPPED for word in words}
    bad = verdicts & BAD
    if bad:
        return FAILED if bad == {FAILED} else ERROR
    if "skipped" in words or (words and PASSED not in verdicts):
        return SKIPPED
    return ERROR if "" in words else PASSED


def _with_hooks(step: Fields) -> Iterator[Fields]:
    yield from step.objects("before")
    yield step
    yield from step.objects("around")
    yield from step.objects("after")


def _line(element: Fields) -> int | None:
    """Return the line of the scenario. behave writes ``features/a.feature:3``."""
    place = whole_number(element.text("location").rpartition(":")[2])
    return element.whole_number("line") if place is None else place


def _tags(element: Fields) -> list[str]:
    """Return the names of the tags. Cucumber writes objects, behave writes texts."""
    if element.has_texts("tags"):
        return element.texts("tags")
    return [tag.text("name") for tag in element.objects("tags")]
