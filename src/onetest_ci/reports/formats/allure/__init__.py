"""Allure's results: a file for each run of a test (``*-result.json``).

Facts: the result model of allure2 and allure-python: times in epoch milliseconds. A directory of results is
one report; see ``folder.py``.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.limits import DEEPEST
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder, verdict
from onetest_ci.reports.format_features import NO_TOTALS, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`fullName`, or the labels for class and method",
    retries="in a directory: a later result of the same `historyId`, `fullName`, parameters and suites; of "
    "Cypress, Mocha and Playwright only with the parameter `Retry`",
    outside="in a directory: `befores` and `afters` of containers, `errors` of globals",
    totals=NO_TOTALS,
    attachments="`attachments` of the test and its steps",
    parameters="`parameters`, in the name",
    times="start and stop",
)

STATUSES: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "broken": ERROR,
    "skipped": SKIPPED,
    "pending": SKIPPED,
    # The run ended before the test did.
    "unknown": ERROR,
    "": ERROR,
}
SUITES: Final = ("parentSuite", "suite", "subSuite")
_LABELS: Final = frozenset({"tag", "severity", "epic", "feature", "story", "owner", "layer", "AS_ID"})


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield the test of one file."""
    return read_json(stream, reading, _walk)


def _walk(document: JsonStream, recorder: Recorder) -> Iterator[None]:
    record_case(fields_of(document.value(), recorder.reading, "the document"), recorder, [])
    yield


def record_case(result: Fields, recorder: Recorder, earlier: Sequence[Attempt]) -> None:
    """Record a result, with the attempts before it."""
    labels = [(one.text("name"), one.text("value")) for one in result.objects("labels")]
    first = dict(reversed(labels))
    classname, method = _reference(result.text("fullName"), first)
    recorder.enter_suite(*(first[name] for name in SUITES if first.get(name)))
    start = result.number("start")
    recorder.case(
        _name(result),
        classname=classname,
        method=method,
        start=start / 1000 if start and start > 0 else None,
        properties=[pair for pair in labels if pair[0] in _LABELS],
        attachments=list(_attachments(result, 0)),
        attempts=earlier,
        **_attempt_fields(result),
    )


def attempt_of(result: Fields, recorder: Recorder) -> Attempt:
    """Return a result as an attempt."""
    return recorder.attempt(**_attempt_fields(result))


def _attempt_fields(result: Fields) -> AttemptFields:
    details = result.object("statusDetails")
    start, stop = result.number("start"), result.number("stop")
    return AttemptFields(
        status=verdict(result.reading, result.text("status"), STATUSES),
        seconds=(stop - start) / 1000 if start is not None and stop is not None else None,
        message=details.text("message"),
        details=details.text("trace"),
        system_out="\n".join(_steps(result, 0)),
    )


def _name(result: Fields) -> str:
    """Return the name with the parameters of the test, unless the tool put them there."""
    name = result.text("name", "fullName")
    values = [one.text("value") for one in result.objects("parameters") if not one.flag("excluded")]
    return f"{name}[{', '.join(values)}]" if values and not name.endswith(("]", ")")) else name


def _reference(full_name: str, labels: dict[str, str]) -> tuple[str, str]:
    """Return class and method: allure-pytest's ``package.module.Class#method`` or Java labels."""
    if "#" in full_name:
        classname, _, method = full_name.partition("#")
        return classname, method
    if labels.get("testMethod"):
        return labels.get("testClass", ""), labels["testMethod"]
    classname, _, method = full_name.rpartition(".")
    return (classname, method) if classname and " " not in full_name else ("", full_name)


def _attachments(holder: Fields, depth: int) -> Iterator[Attachment]:
    for one in holder.objects("attachments"):
        if source := one.text("source"):
            yield Attachment(source, one.text("name"))
    if depth < DEEPEST:
        for step in holder.objects("steps"):
            yield from _attachments(step, depth + 1)


def _steps(holder: Fields, depth: int) -> Iterator[str]:
    if depth < DEEPEST:
        for step in holder.objects("steps"):
            yield f"{'  ' * depth}{step.text('name')} … {step.text('status')}"
            yield from _steps(step, depth + 1)
