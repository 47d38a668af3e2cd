"""Ginkgo's JSON (``--json-report FILE``).

Facts: types.go, group.go and json_report.go of Ginkgo 2.34, and reports of 2.1.6 and 2.34:

- the document is a list of suites. ``SpecReports`` holds the specs, and set-ups and clean-ups of the suite,
  as ``LeafNodeType`` names them. It is ``null`` for a suite that did not run;
- ``State`` is a word, or ``null`` if there is none. Numbers are those of ``SpecState``;
- ``AdditionalFailures`` holds failures of clean-ups behind the first failure. With ``FlakeAttempts``, it also
  holds the failure of each attempt but the last one, behind those of its clean-ups. Attempts of 2.3 have no
  texts;
- ``NumAttempts`` counts attempts, or with ``MustPassRepeatedly`` the runs, of which the last one decides;
- a suite whose process ended has no report, and is missing from the report of several suites;
- with ``--dry-run``, specs that would run have passed.

Names are those of Ginkgo's JUnit XML (junit_report.go), so that a reference is the same in both.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attempt
from onetest_ci.reports.engine.attempts import counted_attempts
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.ginkgo_suites import failure_of_ginkgo, is_behind_a_failure
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder, uncoloured, verdict
from onetest_ci.reports.engine.text import attachments_of_properties
from onetest_ci.reports.engine.values import start_time
from onetest_ci.reports.format_features import NO_TOTALS, FormatFeatures
from onetest_ci.text.characters import replace_lone_surrogates

FEATURES: Final = FormatFeatures(
    code_ref="`SuiteDescription`, the texts and the labels, as in its JUnit XML",
    retries="`NumAttempts` and `AdditionalFailures`, unless `MaxMustPassRepeatedly` is set",
    outside="suites that failed without a failed spec, with `SpecialSuiteFailureReasons`; specs that have "
    "the focus in the code; set-ups and clean-ups of a suite, which are tests",
    totals=NO_TOTALS,
    attachments="`[[ATTACHMENT|path]]` and `ReportEntries`, by their name",
    parameters="`ReportEntries` and labels, as properties",
    times="duration and start",
)

_STATES: Final = {
    **dict.fromkeys(("pending", "2", "skipped", "4"), SKIPPED),
    **dict.fromkeys(("passed", "8"), PASSED),
    **dict.fromkeys(("failed", "16", "aborted", "32", "timedout", "256"), FAILED),
    **dict.fromkeys(("panicked", "64", "interrupted", "128"), ERROR),
}
_SPECS: Final = "SpecReports"
_OF_SUITE: Final = frozenset(
    {
        "SuitePath",
        "SuiteDescription",
        "SuiteLabels",
        "SuiteSucceeded",
        "SuiteHasProgrammaticFocus",
        "SpecialSuiteFailureReasons",
        "SuiteConfig",
        "StartTime",
    }
)
_OF_ATTEMPT: Final = re.compile(r"Failure recorded during attempt \d{1,9}:\n?")
_NANOSECOND: Final = 1e-9


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield the suites, and their specs, set-ups and clean-ups."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._not_started = ""

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the suites."""
        for _ in document.items("the document"):
            yield from self._suite(document)
        if self._not_started:
            self._recorder.check_failed_run(self._not_started)

    def _suite(self, document: JsonStream) -> Iterator[None]:
        members: dict[str, Any] = {}
        suite = Fields(members, self._reading)
        is_open = False
        for value in _specs(document, members):
            if not is_open:
                self._open(suite)
                is_open = True
            self._spec(suite, fields_of(value, self._reading, "a spec"), value)
            yield
        if not is_open:
            self._open(suite)
        self._fail(suite)
        self._recorder.close_suite()
        yield

    def _open(self, suite: Fields) -> None:
        path = PurePosixPath(suite.text("SuitePath").replace("\\", "/"))
        self._recorder.open_suite(
            suite.text("SuiteDescription") or path.name,
            start=start_time(suite.text("StartTime")),
            properties=[("label", label) for label in suite.texts("SuiteLabels")],
        )

    def _fail(self, suite: Fields) -> None:
        """Record why the suite failed apart from its specs, if none of them has failed."""
        reason = failure_of_ginkgo(
            uncoloured("\n".join(suite.texts("SpecialSuiteFailureReasons"))),
            succeeded=suite.flag("SuiteSucceeded"),
            focused=suite.flag("SuiteHasProgrammaticFocus"),
        )
        if is_behind_a_failure(reason):
            self._not_started = reason
        elif reason and not self._recorder.bad_in_suite:
            message, _, details = reason.partition("\n")
            self._recorder.failure_of_suite(status=ERROR, message=message.strip(), details=details.strip())

    def _spec(self, suite: Fields, spec: Fields, members: dict[str, Any]) -> None:
        status = verdict(self._reading, spec.text("State"), _STATES)
        if status == PASSED and suite.object("SuiteConfig").flag("DryRun"):
            status = SKIPPED
        labels = _in_lists(members.get("ContainerHierarchyLabels"), members.get("LeafNodeLabels"))
        attempts, more = self._attempts(spec, status)
        failure, place = spec.object("Failure"), spec.object("LeafNodeLocation")
        reason = _reason(failure, spec.text("State"))
        details = [reason.get("details", ""), *more]
        entries = [(entry.text("Name"), _value_of(entry)) for entry in spec.objects("ReportEntries")]
        self._recorder.case(
            _name(spec, members, labels),
            classname=suite.text("SuiteDescription"),
            status=status,
            message=reason.get("message", ""),
            kind=reason.get("kind", ""),
            details="\n\n".join(part for part in details if part),
            system_out=spec.text("CapturedStdOutErr"),
            system_err=spec.text("CapturedGinkgoWriterOutput"),
            seconds=spec.seconds("RunTime", _NANOSECOND),
            start=start_time(spec.text("StartTime")),
            file=place.text("FileName"),
            line=place.whole_number("LineNumber"),
            properties=[*_repeats(spec), *(("label", label) for label in labels), *entries],
            attachments=attachments_of_properties(entries),
            attempts=attempts,
        )

    def _attempts(self, spec: Fields, status: str) -> tuple[list[Attempt], list[str]]:
        """Return the attempts before the last one, and the texts of further failures of the last one."""
        attempts: list[Attempt] = []
        more: list[str] = []
        for additional in spec.objects("AdditionalFailures"):
            failure, state = additional.object("Failure"), additional.text("State")
            reason = _reason(failure, state)
            if _OF_ATTEMPT.match(failure.text("Message")):
                reason["status"] = verdict(self._reading, state, _STATES)
                reason["details"] = "\n\n".join([reason.get("details", ""), *more])
                attempts.append(self._recorder.attempt(**reason))
                more = []
            else:
                more.append(reason.get("details", ""))
        if more and status == PASSED:
            attempts.append(self._recorder.attempt(status=FAILED, details="\n\n".join(more)))
        if not spec.whole_number("MaxMustPassRepeatedly"):
            missing = (spec.whole_number("NumAttempts") or 1) - 1 - len(attempts)
            attempts += counted_attempts(missing)
        return attempts, more


def _specs(document: JsonStream, others: dict[str, Any]) -> Iterator[Any]:
    """Yield the specs of a suite. Fill ``others`` with its other members, as far as they have been read."""
    whole = document.short_object()
    if whole is not None:
        specs = whole.pop(_SPECS, None)
        if not isinstance(specs, list | None):
            raise document.wrong(f"{_SPECS} is not a list")
        others.update(whole)
        yield from specs or ()
        return
    for key in document.members("a suite"):
        if key == _SPECS and document.peek() != "n":
            for _ in document.items(key):
                yield document.value()
        elif key in _OF_SUITE:
            others[key] = document.value()


def _name(spec: Fields, members: dict[str, Any], labels: list[str]) -> str:
    """Return the name of a spec, as Ginkgo's JUnit XML has it."""
    kind = spec.text("LeafNodeType")
    texts = [text for text in (*spec.texts("ContainerHierarchyTexts"), spec.text("LeafNodeText")) if text]
    versions = _in_lists(
        members.get("ContainerHierarchySemVerConstraints"), members.get("LeafNodeSemVerConstraints")
    )
    components = _of_components(members)
    behind = [f"[{', '.join(some)}]" for some in (labels, versions, components) if some]
    return " ".join([*([f"[{kind}]"] if kind else []), *texts, *behind]).strip()


def _in_lists(*values: Any) -> list[str]:
    """Return the texts in lists, and in lists inside them, each once."""
    texts: dict[str, None] = {}
    for value in values:
        for one in value if isinstance(value, list) else ():
            if isinstance(one, str):
                texts[replace_lone_surrogates(one)] = None
            elif isinstance(one, list):
                texts |= dict.fromkeys(replace_lone_surrogates(text) for text in one if isinstance(text, str))
    return list(texts)


def _of_components(members: dict[str, Any]) -> list[str]:
    """Return the versions of components that a spec needs, as Go spells lists."""
    found: dict[str, list[str]] = {}
    containers = members.get("ContainerHierarchyComponentSemVerConstraints")
    for one in [
        *(containers if isinstance(containers, list) else ()),
        members.get("LeafNodeComponentSemVerConstraints"),
    ]:
        for name, versions in one.items() if isinstance(one, dict) else ():
            found[name] = _in_lists(found.get(name), versions)
    return [replace_lone_surrogates(f"{name}: [{' '.join(found[name])}]") for name in sorted(found)]


def _reason(failure: Fields, state: str) -> AttemptFields:
    """Return the texts of a failure, without the number of its attempt."""
    panic = failure.text("ForwardedPanic")
    message = uncoloured(_OF_ATTEMPT.sub("", failure.text("Message"), count=1))
    place, node = failure.object("Location"), failure.text("FailureNodeType")
    at = f"{place.text('FileName')}:{place.text('LineNumber')}" if place.text("FileName") else ""
    parts = [message, f"In [{node}] at: {at}" if at else "", panic, place.text("FullStackTrace")]
    further = failure.object("AdditionalFailure")
    if further:
        parts.append(_reason(further.object("Failure"), further.text("State")).get("details", ""))
    return {
        "message": uncoloured(panic) or message,
        "kind": state,
        "details": "\n".join(part for part in parts if part),
    }


def _repeats(spec: Fields) -> list[tuple[str, str]]:
    most = spec.whole_number("MaxMustPassRepeatedly")
    return [("MustPassRepeatedly", f"run {spec.text('NumAttempts')} of {most}")] if most else []


def _value_of(entry: Fields) -> str:
    value = entry.object("Value")
    return value.text("Representation") or value.text("AsJSON").removeprefix("null")
