"""Cucumber messages, as the ``message`` formatter of Cucumber writes them in all its languages.

Facts: the schema of messages 32, the source of cucumber-js 12.9, and runs of it and of Cucumber-JVM 7.34:

- an object with one member on each line. Features, scenarios (pickles) and hooks come first; then, in
  JavaScript at once and in Java one by one, the plan of each scenario, and its runs;
- with ``--retry`` each run is there, counted by ``attempt``; ``willBeRetried`` is true for all but the last;
- a failed hook of the whole run is ``testRunHookFinished`` in JavaScript, and ``exception`` of
  ``testRunFinished`` in Java. cucumber-js ends without the latter if such a hook fails or a scenario ends the
  process, and then its formatter has often written nothing but ``meta``;
- a feature that cannot be parsed is ``parseError``. cucumber-js then runs nothing, and writes no end.
"""

from collections.abc import Callable, Iterator
from typing import Final

from onetest_ci.model import BAD
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.lines import PrintedTotal, cut_short, json_lines, read_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import RUN, Recorder, verdict
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.cucumber import STEPS
from onetest_ci.reports.formats.cucumber_messages.run_of_scenario import (
    RunOfScenario,
    reason_in,
    time_in,
)
from onetest_ci.reports.formats.cucumber_messages.scenarios import Scenario, Scenarios, identity

FEATURES: Final = FormatFeatures(
    code_ref="the feature's `uri` and the scenario",
    retries="`willBeRetried` and `attempt`",
    outside="`parseError`, hooks of the run, `exception` of `testRunFinished`; scenarios that did not end",
    totals="`success` of `testRunFinished`",
    attachments="`attachment` of steps and hooks: inside the report or beside it",
    parameters="line of an example, in the name",
    times="duration and start",
)

MOST_RUNNING: Final = 10_000
"""Maximum of scenarios that run at one time; the oldest is ended for one more."""

_LONGEST_REASON: Final = 10_000
_NAMES: Final = frozenset(
    {
        "attachment",
        "externalAttachment",
        "gherkinDocument",
        "hook",
        "meta",
        "parameterType",
        "parseError",
        "pickle",
        "source",
        "stepDefinition",
        "suggestion",
        "testCase",
        "testCaseFinished",
        "testCaseStarted",
        "testRunFinished",
        "testRunHookFinished",
        "testRunHookStarted",
        "testRunStarted",
        "testStepFinished",
        "testStepStarted",
        "undefinedParameterType",
    }
)
"""The members of which each line has one."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each feature, and the scenarios as they end."""
    return read_lines(stream, reading, lambda file, recorder: _Messages(recorder).record(file))


class _Messages:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._scenarios = Scenarios(self._reading)
        self._held = PrintedTotal()
        self._running: dict[str, RunOfScenario] = {}
        self._hooks: dict[str, str] = {}
        # What failed outside of scenarios in this run.
        self._reasons: set[str] = set()
        self._runs = self._bad = 0
        self._cut_short = False
        self._seen: set[str] = set()
        self._readers: dict[str, Callable[[Fields], None]] = {
            "meta": self._meta,
            "testRunStarted": self._run_started,
            "gherkinDocument": self._scenarios.read_document,
            "pickle": self._scenarios.read_pickle,
            "hook": self._scenarios.read_hook,
            "testCase": self._scenarios.read_test_case,
            "parseError": self._parse_error,
            "testCaseStarted": self._started,
            "testStepFinished": self._step_finished,
            "attachment": self._attachment,
            "externalAttachment": self._attachment,
            "testCaseFinished": self._finished,
            "testRunHookStarted": self._hook_started,
            "testRunHookFinished": self._hook_finished,
            "testRunFinished": self._run_finished,
        }

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the messages one by one."""
        for message in json_lines(stream, self._reading, members=_NAMES):
            for name in message.names():
                if name in self._readers:
                    self._readers[name](message.object(name))
            yield
        self._end_run()
        if self._cut_short:
            raise cut_short(self._reading)

    # The run

    def _meta(self, _: Fields) -> None:
        if self._seen:
            self._begin_run()
        self._seen.add("meta")

    def _run_started(self, _: Fields) -> None:
        if "start" in self._seen:
            self._begin_run()
        self._seen.add("start")

    def _begin_run(self) -> None:
        """Begin the next of several runs in one file."""
        self._end_run()
        self._runs += 1
        self._bad = self._recorder.bad
        self._seen.clear()
        self._reasons.clear()
        self._hooks.clear()
        self._scenarios.forget()

    def _end_run(self) -> None:
        self._end_scenarios()
        # A run that cannot parse a feature has no start and no end.
        cannot_start = "fault" in self._seen and "start" not in self._seen
        self._cut_short |= "end" not in self._seen and not cannot_start

    def _end_scenarios(self) -> None:
        """Record the scenarios that did not end."""
        for run in self._running.values():
            self._record(run, None)
        self._running.clear()

    def _run_finished(self, finished: Fields) -> None:
        self._seen.add("end")
        self._end_scenarios()
        message, kind, details = reason_in(finished)
        failed = not finished.flag("success")
        if "exception" in finished or (failed and message):
            self._fail_outside(RUN, message or "the run failed", kind, details)
        elif failed and self._recorder.bad == self._bad:
            self._fail_outside(RUN, "the run failed, but none of its scenarios")

    def _parse_error(self, error: Fields) -> None:
        self._seen.add("fault")
        source, message = error.object("source"), error.text("message")
        place = source.object("location").whole_number("line")
        name = source.text("uri") or "(feature)"
        self._fail_outside(name, message or "the feature cannot be parsed", file=name, line=place)

    def _hook_started(self, started: Fields) -> None:
        if len(self._hooks) < MOST_RUNNING:
            self._hooks[identity(started, "id")] = self._scenarios.hook_name(identity(started, "hookId"))

    def _hook_finished(self, finished: Fields) -> None:
        name = self._hooks.pop(identity(finished, "testRunHookStartedId"), "hook")
        result = finished.object("result")
        status = result.word("status") or "unknown"
        if verdict(self._reading, status, STEPS) in BAD:
            message, kind, details = reason_in(result)
            self._fail_outside(name, message or f"{name}: {status}", kind, details)

    def _fail_outside(
        self,
        name: str,
        message: str,
        kind: str = "",
        details: str = "",
        *,
        file: str = "",
        line: int | None = None,
    ) -> None:
        # The end of a run may repeat why a hook failed.
        if (reason := f"{message}\n{details}"[:_LONGEST_REASON]) in self._reasons:
            return
        if len(self._reasons) < MOST_RUNNING:
            self._reasons.add(reason)
        self._recorder.failure_of_run(name, message=message, kind=kind, details=details, file=file, line=line)

    # Scenarios

    def _started(self, started: Fields) -> None:
        if len(self._running) >= MOST_RUNNING:
            self._record(self._running.pop(next(iter(self._running))), None)
        key = identity(started, "id")
        if (before := self._running.pop(key, None)) is not None:
            self._record(before, None)
        self._running[key] = self._new(started)

    def _new(self, started: Fields) -> RunOfScenario:
        plan = self._scenarios.plan(identity(started, "testCaseId"))
        return RunOfScenario(started, plan, self._reading, self._held)

    def _run_of(self, message: Fields) -> RunOfScenario:
        """Return the run that a message belongs to. The file may not contain its start."""
        key = identity(message, "testCaseStartedId")
        if key not in self._running:
            self._started(Fields({"id": key}, self._reading))
        return self._running[key]

    def _step_finished(self, finished: Fields) -> None:
        self._run_of(finished).end_step(finished)

    def _attachment(self, attachment: Fields) -> None:
        run = self._running.get(identity(attachment, "testCaseStartedId"))
        if run is not None:
            run.attach(attachment)

    def _finished(self, finished: Fields) -> None:
        run = self._run_of(finished)
        del self._running[identity(finished, "testCaseStartedId")]
        self._record(run, finished)

    def _record(self, run: RunOfScenario, finished: Fields | None) -> None:
        fields, files = run.end(finished)
        scenario = run.plan.scenario if run.plan is not None else Scenario()
        self._recorder.enter_named(scenario.feature)
        self._recorder.case(
            self._scenarios.shown_name(scenario) or f"scenario {run.test_case}".strip(),
            method=scenario.name,
            classname=scenario.feature,
            file=scenario.file,
            line=scenario.line,
            start=time_in(run.started),
            properties=[("tag", tag) for tag in scenario.tags],
            attachments=files,
            retry_key=f"{self._runs} {run.test_case}" if _is_one_of_several(run.started, finished) else "",
            **fields,
        )
        if finished is not None and "willBeRetried" in finished and not finished.flag("willBeRetried"):
            self._scenarios.forget_plan(run.test_case)


def _is_one_of_several(started: Fields, finished: Fields | None) -> bool:
    """Return whether the producer marks a run as a retry, or as one that is followed by one."""
    if (started.whole_number("attempt") or 0) > 0:
        return True
    # Where the mark is missing, only the next run has one: its number.
    return finished is not None and (finished.flag("willBeRetried") or "willBeRetried" not in finished)
