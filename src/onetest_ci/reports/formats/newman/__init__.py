"""Newman's ``json`` reporter, which writes the runs of Postman collections.

Facts: lib/run/summary.js and lib/reporters/json and junit of Newman 6.2, and its runs:

- ``run.executions`` holds a request of each iteration with its assertions and the errors of its scripts, and
  once more for each further request that its scripts send, each time with all of them;
- ``run.failures`` holds each failure with the same ``cursor``, also of scripts that then skip their request,
  so that it has no execution. Newman's exit status is that of this list;
- ``requestError`` of an execution lacks its message, which only the failure has;
- requests are as they were sent, with their credentials: nothing of them or of the answers is read;
- the JUnit reporter keeps only the last iteration of each request.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.json_stream import JsonStream, look_through, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures
from onetest_ci.reports.formats.newman.requests import WHOLE, Requests, picked

FEATURES: Final = FormatFeatures(
    code_ref="folders and request, as the class, and the assertion",
    retries=NO_RETRIES,
    outside="requests without a response, scripts that failed, errors of the run",
    totals="`stats.assertions.failed`, `failures`",
    parameters="iteration of several, in the name",
    times="duration of the request",
)

MOST_WAITING: Final = 10_000
"""Failures that wait for executions, where these stand behind them."""

_LONGEST_TEXT: Final = 10_000
_SCRIPT: Final = "Script"
_REQUEST: Final = "request"
_ASSERTION: Final = "assertion"
_SCRIPTS: Final = ("prerequestScript", "testScript")
_ITEM: Final = frozenset({"id", "name"})
_OF_EXECUTION: Final = {
    "item": _ITEM,
    "response": frozenset({"responseTime"}),
    **dict.fromkeys(("cursor", "assertions", "requestError", *_SCRIPTS), WHOLE),
}
_OF_FAILURE: Final = {"source": _ITEM, **dict.fromkeys(("at", "cursor", "error"), WHOLE)}
_ASSERTION_FAILED: Final = "the assertion failed"


class _Request(NamedTuple):
    """A request of an iteration: its names, and what stands behind them if there are several."""

    name: str
    classname: str
    iteration: str


class _Failure(NamedTuple):
    """A failure of the list, with its key among those of executions."""

    key: int
    request: _Request
    kind: str
    at: str
    error: Fields


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each request, and its assertions."""
    requests = Requests(reading)
    look_through(stream, reading, lambda document, _: requests.read(document))
    return read_json(stream, reading, lambda document, recorder: _Report(requests, recorder).walk(document))


class _Report:
    def __init__(self, requests: Requests, recorder: Recorder) -> None:
        self._requests = requests
        self._recorder = recorder
        self._reading = recorder.reading
        self._shown: Counter[int] = Counter()
        self._waiting: list[_Failure] = []
        self._last: tuple[str, dict[str, Any]] = ("", {})
        self._has_executions = False
        self._bad_assertions = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        assertions = Fields({}, self._reading)
        for key in document.members():
            if key == "error":
                self._error_of_run(document.value())
            elif key != "run":
                document.pass_over()
                continue
            for inner in document.members(key) if key == "run" else ():
                if inner == "stats":
                    stats = picked(document, "run.stats", {"assertions": WHOLE})
                    assertions = Fields(stats, self._reading).object("assertions")
                elif inner == "error":
                    self._error_of_run(document.value())
                elif inner in {"executions", "failures"}:
                    record = self._execution if inner == "executions" else self._failure
                    for _ in document.items(f"run.{inner}"):
                        record(document)
                        yield
                    self._has_executions |= inner == "executions"
                else:
                    document.pass_over()
        for failure in self._waiting:
            self._match(failure)
        self._recorder.check_total(assertions.whole_number("total"))
        self._recorder.check_failed_total(assertions.whole_number("failed"), shown=self._bad_assertions)

    def _error_of_run(self, error: Any) -> None:
        if error is not None:
            fields = _as_error(error, self._reading)
            self._recorder.failure_of_run(**_failed(fields, "the run failed"))

    # Executions

    def _execution(self, document: JsonStream) -> None:
        """Read a request of an iteration, its assertions and the errors of its scripts."""
        members = picked(document, "an execution", _OF_EXECUTION)
        execution = Fields(members, self._reading)
        cursor = execution.object("cursor")
        ref = cursor.text("ref")
        if ref and self._last == (ref, members):
            # A script has sent a request of its own: this is the same execution once more.
            return
        self._last = (ref, members)
        request = self._request(execution.object("item"), cursor)
        self._recorder.enter_named(request.name)
        if (error := members.get("requestError")) is not None:
            self._show(ref, _REQUEST, "")
            self._fail(request, "the request failed", _as_error(error, self._reading))
        for key in _SCRIPTS:
            if key in members:
                self._scripts(request, ref, key, members[key])
        seconds = execution.object("response").seconds("responseTime", 0.001)
        self._assertions(request, ref, members, seconds)

    def _scripts(self, request: _Request, ref: str, key: str, value: Any) -> None:
        """Record what failed in the scripts of one kind."""
        name = f"{key.removesuffix(_SCRIPT)}-script"
        # One of another type is a failure as well: the producer writes only scripts that fail.
        for one in value if isinstance(value, list) else [value]:
            error = _as_error(one.get("error") if isinstance(one, dict) else one, self._reading)
            self._show(ref, name, error.text("message"))
            self._fail(request, f"the {name} failed", error)

    def _assertions(
        self, request: _Request, ref: str, members: dict[str, Any], seconds: float | None
    ) -> None:
        listed = members.get("assertions") or []
        for one in listed if isinstance(listed, list) else [None]:
            if not isinstance(one, dict):
                self._fail(request, "an assertion is not an object", Fields({}, self._reading))
                continue
            assertion = Fields(one, self._reading)
            status, error = SKIPPED if assertion.flag("skipped") else PASSED, Fields({}, self._reading)
            if one.get("error") is not None:
                status, error = FAILED, _as_error(one["error"], self._reading)
                self._show(ref, _ASSERTION, error.text("message"))
            self._assertion(request, assertion.text("assertion"), status, error, seconds)

    def _assertion(
        self, request: _Request, name: str, status: str, error: Fields, seconds: float | None
    ) -> None:
        fields = AttemptFields(status=status, seconds=seconds)
        if status in BAD:
            self._bad_assertions += 1
            fields = _failed(error, _ASSERTION_FAILED, FAILED, seconds)
        self._recorder.case(f"{name}{request.iteration}", method=name, classname=request.classname, **fields)

    def _show(self, ref: str, kind: str, message: str) -> None:
        """Note a failure of an execution, which the list of failures holds as well."""
        self._shown[_key(ref, kind, message)] += 1

    def _fail(self, request: _Request, what: str, error: Fields) -> None:
        """Record a failure of a request outside of its assertions."""
        self._recorder.failure_outside(
            f"{request.name or '(request)'}{request.iteration}",
            method=request.name,
            **_failed(error, what),
        )

    # Requests

    def _request(self, item: Fields, cursor: Fields) -> _Request:
        name = self._requests.name(item)
        several = (cursor.whole_number("cycles") or 0) > 1
        iteration = (cursor.whole_number("iteration") or 0) + 1
        return _Request(name, self._requests.classname(name), f"[{iteration}]" if several else "")

    # Failures

    def _failure(self, document: JsonStream) -> None:
        """Read a failure of the list: it counts if no execution shows it."""
        members = picked(document, "a failure", _OF_FAILURE)
        failure = Fields(members, self._reading)
        at = failure.text("at")
        error = _as_error(members.get("error"), self._reading)
        kind = at.partition(":")[0].partition(" ")[0]
        cursor = failure.object("cursor")
        message = "" if kind == _REQUEST else error.text("message")
        found = _Failure(
            _key(cursor.text("ref"), kind, message),
            self._request(failure.object("source"), cursor),
            kind,
            at,
            error,
        )
        if self._has_executions or len(self._waiting) >= MOST_WAITING:
            self._match(found)
        else:
            self._waiting.append(found._replace(error=_shortened(error)))

    def _match(self, failure: _Failure) -> None:
        """Record a failure that no execution shows."""
        if self._shown[failure.key]:
            self._shown[failure.key] -= 1
            return
        self._recorder.enter_named(failure.request.name)
        if failure.kind == _ASSERTION:
            # In a script that then skips the request.
            self._assertion(failure.request, failure.error.text("test"), FAILED, failure.error, None)
        else:
            self._fail(
                failure.request, f"it failed at: {failure.at}" if failure.at else "it failed", failure.error
            )


def _key(ref: str, kind: str, message: str) -> int:
    return hash((ref, kind, message))


def _as_error(error: Any, reading: Reading) -> Fields:
    """Return the members of an error; of one that is not an object, the value as the message."""
    if isinstance(error, dict):
        return Fields(error, reading)
    return Fields({"message": error} if isinstance(error, (str, int, float)) else {}, reading)


def _shortened(error: Fields) -> Fields:
    """Return an error that is kept for long."""
    return Fields(
        {name: error.text(name)[:_LONGEST_TEXT] for name in ("message", "name", "stack", "test")},
        error.reading,
    )


def _failed(error: Fields, what: str, status: str = ERROR, seconds: float | None = None) -> AttemptFields:
    """Return verdict and texts. Of a request that failed, an execution has only parts of the message."""
    address = ":".join(filter(None, (error.text("address"), error.text("port"))))
    parts = " ".join(filter(None, (error.text("syscall"), error.text("code"), address)))
    message = error.text("message") or parts
    return AttemptFields(
        status=status,
        seconds=seconds,
        message=f"{what}: {message}" if message and what != _ASSERTION_FAILED else message or what,
        kind=error.text("name"),
        details=error.text("stack") or message,
    )
