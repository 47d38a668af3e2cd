"""Bazel's build event protocol as lines of JSON (``bazel test --build_event_json_file=FILE``).

Facts: build_event_stream.proto of Bazel, and reports of Bazel 4.2.3:

- an event on each line. Its ``id`` names what it is about, and its payload is a member of another name. A
  member that is zero, false or empty is left out, as is the status ``NO_STATUS``;
- a test target has a ``testResult`` for each attempt of each shard and run, and then one ``testSummary``;
- a target that is not built has none: its ``targetCompleted`` is without ``success``, or ``aborted`` is its
  payload. Then its children name what failed. One that does not fit the platform is ``SKIPPED``;
- a test that is built and could not be built for ``bazel test`` may lack a summary; ``targetSummary`` has the
  status;
- a package that cannot be loaded has no event if a pattern with ``...`` named it and ``--keep_going`` is set;
- a cached result of a flaky test is one attempt with the status ``FLAKY``;
- ``unstructuredCommandLine`` and ``structuredCommandLine`` contain all variables of the environment;
- the last event has ``lastMessage``.

No file that an event names is opened, as ``test.xml``: by default these are outside of the checkout.
"""

from collections.abc import Callable, Iterator
from typing import Final

from onetest_ci.model import ERROR, SKIPPED
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.lines import PrintedTotal, cut_short, json_lines, read_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import CaseFields, Recorder
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.bazel.printed import Printed, printed_in
from onetest_ci.reports.formats.bazel.target import NO_STATUS, Target, result_of

FEATURES: Final = FormatFeatures(
    code_ref="package and target, as in Bazel's own `test.xml`",
    retries="`attempt` of a shard and run; `FLAKY`",
    outside="targets that are not built, packages and patterns that are not loaded, the exit code",
    totals="`overallStatus` of each target, `exitCode` of the build",
    attachments="`test.log` of tests that failed or are flaky, undeclared outputs",
    times="duration and start",
)

MOST_KNOWN: Final = 100_000
"""Maximum of targets and causes that are remembered."""

_BUILD_FAILED: Final = 1
_TESTS_FAILED: Final = 3
_SUCCESS: Final = "success"
_SKIPPED: Final = "skipped"
_FOLLOWS: Final = frozenset({"incomplete", "user_interrupted", "no_analyze", "no_build", _SKIPPED})
"""Reasons of targets that were not built since something else failed or was asked for."""

_NOT_BUILT: Final = frozenset({NO_STATUS, "failed_to_build"})
_NEVER_RUN: Final = frozenset({"failed_to_build", "tool_halted_before_testing"})
_OF_CAUSES: Final = ("configuredLabel", "unconfiguredLabel", "actionCompleted")

_Key = tuple[str, str]
"""Label and configuration of a target."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each package, and its targets as they end."""
    printed = printed_in(stream, reading)
    stream.seek(0)
    return read_lines(stream, reading, lambda file, recorder: _Events(recorder, printed).record(file))


class _Events:
    def __init__(self, recorder: Recorder, printed: Printed) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._printed = printed
        self._held = PrintedTotal()
        self._cut_short = False
        self._readers: dict[str, Callable[[Fields, Fields], None]] = {
            "targetConfigured": self._read_configured,
            "actionCompleted": self._read_action,
            "targetCompleted": self._read_completed,
            "testResult": self._read_result,
            "testSummary": self._read_summary,
            "targetSummary": self._read_target,
            "buildFinished": self._read_end,
        }
        self._begin()

    def _begin(self) -> None:
        """Begin a build; a file may hold several."""
        self._going = False
        self._tests: set[str] = set()
        self._built: dict[_Key, Target] = {}
        self._not_built: set[_Key] = set()
        self._words: dict[_Key, str] = {}
        self._causes: dict[str, str] = {}
        self._finished: Fields | None = None
        self._bad = self._recorder.bad
        self._is_explained = False

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the events one by one."""
        for event in json_lines(stream, self._reading, member="id"):
            identity = event.object("id")
            if "started" in identity and self._going:
                self._end_build()
            self._going = True
            if "aborted" in event:
                self._aborted(identity, event)
            else:
                self._event(identity, event)
            if event.flag("lastMessage"):
                self._end_build(is_whole=self._finished is not None)
            yield
        if self._going:
            self._end_build()
        for package in self._printed.packages:
            self._fail_outside(f"//{package}", "the package contains errors", self._printed.take_error(""))
        if self._cut_short:
            raise cut_short(self._reading)

    def _event(self, identity: Fields, event: Fields) -> None:
        for kind, read in self._readers.items():
            if kind in identity:
                read(identity.object(kind), event)

    def _read_configured(self, place: Fields, event: Fields) -> None:
        kind = event.object("configured")
        is_test = "testSize" in kind or kind.text("targetKind").endswith("_test rule")
        if is_test and len(self._tests) < MOST_KNOWN:
            self._tests.add(place.text("label"))

    def _read_result(self, place: Fields, event: Fields) -> None:
        self._target(_key(place)).add(result_of(place, event.object("testResult")))

    def _read_summary(self, place: Fields, event: Fields) -> None:
        self._end_test(_key(place), event.object("testSummary"))

    def _read_target(self, place: Fields, event: Fields) -> None:
        word = event.object("targetSummary").word("overallTestStatus")
        if word in _NEVER_RUN and (key := _key(place)) in self._built:
            self._words[key] = word

    def _read_end(self, _place: Fields, event: Fields) -> None:
        self._finished = event.object("finished")

    def _end_build(self, *, is_whole: bool = False) -> None:
        """Record the tests that did not end, and an exit code that nothing else explains."""
        self._cut_short |= not is_whole
        for key, target in self._built.items():
            word = self._words.get(key, "incomplete")
            self._is_explained |= word in _NEVER_RUN
            self._case(key[0], self._case_of(target, word, key, Fields({}, self._reading)))
        if self._finished is not None:
            self._exit(self._finished)
        self._begin()

    def _exit(self, finished: Fields) -> None:
        code = finished.object("exitCode")
        name, number = code.word("name"), code.whole_number("code")
        if _is_success(finished, code, name, number):
            return
        if number == _TESTS_FAILED:
            is_shown = self._recorder.bad > self._bad
        else:
            is_shown = number == _BUILD_FAILED and (self._is_explained or bool(self._printed.packages))
        if not is_shown:
            details = "\n".join(filter(None, [*self._causes.values(), self._printed.take_error("")]))
            message = f"Bazel ended with exit code {number} ({code.text('name') or 'without a name'})"
            self._recorder.failure_of_run("(build)", message=message, details=details)

    # Tests

    def _target(self, key: _Key) -> Target:
        target = self._built.get(key)
        if target is None:
            target = self._new_target()
            if len(self._built) < MOST_KNOWN:
                self._built[key] = target
        return target

    def _new_target(self) -> Target:
        return Target(self._held, self._reading)

    def _end_test(self, key: _Key, summary: Fields, why: str = "") -> None:
        word = summary.word("overallStatus") or NO_STATUS
        target = self._built.pop(key, None) or self._new_target()
        self._is_explained |= word in _NEVER_RUN
        if key not in self._not_built or word not in _NOT_BUILT:
            fields = self._case_of(target, word, key, summary)
            if why:
                fields["message"] = f"{fields['message']}: {why}"
            self._case(key[0], fields)

    def _case_of(self, target: Target, word: str, key: _Key, summary: Fields) -> CaseFields:
        fields = target.case(word, summary, key[0], self._printed, self._recorder)
        target.free_texts()
        return fields

    def _case(self, label: str, fields: CaseFields) -> None:
        self._enter(label)
        fields["method"] = _as_path(label)
        self._recorder.case(label or "(target)", **fields)

    def _enter(self, label: str) -> None:
        self._recorder.enter_named(label.rpartition(":")[0])

    # Targets that are not built

    def _read_completed(self, place: Fields, event: Fields) -> None:
        completed, key = event.object("completed"), _key(place)
        if completed.flag("success"):
            if any("testSummary" in child for child in event.objects("children")):
                self._target(key)
            return
        message = completed.object("failureDetail").text("message")
        self._not_built_because(place, message, _causes(event))

    def _not_built_because(self, place: Fields, message: str, causes: list[str]) -> None:
        """Record a target that was not built.

        Args:
            place: its id.
            message: why.
            causes: labels of the targets that failed.
        """
        label, aspect = place.text("label"), place.text("aspect")
        if len(self._not_built) < MOST_KNOWN:
            self._not_built.add(_key(place))
        self._is_explained = True
        errors = [self._causes.get(cause, "") for cause in dict.fromkeys(causes)]
        errors += [self._printed.take_error(cause) for cause in dict.fromkeys([*causes, label])]
        details = "\n".join(filter(None, errors))
        message = message or ("" if details else "the target was not built")
        fields: CaseFields = {"status": ERROR, "message": message, "details": details}
        if label in self._tests and not aspect:
            self._case(label, fields)
        else:
            self._fail_outside(f"{label} ({aspect})" if aspect else label, message, details)

    def _read_action(self, place: Fields, event: Fields) -> None:
        action, label = event.object("action"), place.text("label")
        if not action.flag("success"):
            failure = action.object("failureDetail").text("message")
            self._remember(label, f"{action.text('type')} of {label}: {failure}")

    def _remember(self, label: str, cause: str) -> None:
        if len(self._causes) < MOST_KNOWN:
            self._causes.setdefault(label, self._recorder.text(cause))

    def _aborted(self, identity: Fields, event: Fields) -> None:
        """Read an event in whose place there should be another."""
        aborted = event.object("aborted")
        reason = aborted.word("reason") or "unknown"
        description = aborted.text("description")
        message = description or f"aborted: {reason}"
        if "targetCompleted" in identity:
            place, causes = identity.object("targetCompleted"), _causes(event)
            self._target_aborted(place, reason, description if causes else message, causes)
        elif "testSummary" in identity:
            self._end_test(_key(identity.object("testSummary")), Fields({}, self._reading), why=message)
        elif "pattern" in identity or "patternSkipped" in identity:
            kind = "pattern" if "pattern" in identity else "patternSkipped"
            self._is_explained = True
            self._fail_outside(" ".join(identity.object(kind).texts("pattern")), message, "")
        elif "targetConfigured" in identity and reason not in _FOLLOWS:
            self._is_explained = True
            self._fail_outside(identity.object("targetConfigured").text("label"), message, "")
        else:
            for label in _labels(identity):
                self._remember(label, message)

    def _target_aborted(self, place: Fields, reason: str, message: str, causes: list[str]) -> None:
        is_test = place.text("label") in self._tests
        if reason == _SKIPPED and is_test:
            self._not_built.add(_key(place))
            self._case(place.text("label"), {"status": SKIPPED, "message": message})
        elif is_test or reason not in _FOLLOWS:
            self._not_built_because(place, message, causes)

    def _fail_outside(self, name: str, message: str, details: str) -> None:
        self._enter(name)
        self._recorder.failure_outside(
            name or "(target)", method=_as_path(name), status=ERROR, message=message, details=details
        )


def _is_success(finished: Fields, code: Fields, name: str, number: int | None) -> bool:
    if "name" not in code and "code" not in code:
        # Old versions have no more than this.
        return finished.flag("overallSuccess")
    return name in {"", _SUCCESS} and (number == 0 or "code" not in code)


def _key(place: Fields) -> _Key:
    return place.text("label"), place.object("configuration").text("id")


def _labels(identity: Fields) -> list[str]:
    """Return the label of an id that names what failed."""
    found = (identity.object(kind).text("label") for kind in _OF_CAUSES if kind in identity)
    return [label for label in found if label]


def _causes(event: Fields) -> list[str]:
    return [label for child in event.objects("children") for label in _labels(child)]


def _as_path(label: str) -> str:
    """Return a label as Bazel spells it in the ``test.xml`` that it writes itself."""
    repository, slashes, target = label.partition("//")
    path = target.replace(":", "/", 1).lstrip("/")
    return f"{repository.lstrip('@')}/{path}".lstrip("/") if slashes else label
