"""Joins the reports of the phases of a test, and its attempts, to one result."""

from typing import Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attempt, worse
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.limits import MOST_ATTEMPTS, warn_of_cut
from onetest_ci.reports.engine.lines import MOST_HELD, PrintedText, PrintedTotal
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.formats.pytest.failure import failure_of
from onetest_ci.reports.formats.pytest.node import Node

OUTCOMES: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "skipped": SKIPPED,
    "rerun": FAILED,
    "retried": FAILED,
}
CRASHED: Final = "???"
SUBTEST: Final = "subtest"

AGAIN: Final = frozenset({"rerun", "retried"})
_PHASES: Final = frozenset({"setup", "call", "teardown", CRASHED})
_IN_TEST: Final = frozenset({"call", SUBTEST})
_MOST_VALUES: Final = 20
_NOT_AGAIN: Final = "the test failed, was to run again and did not"
_NOT_CALLED: Final = "the report does not contain whether the test passed: it lacks the call"
_LEFT_OUT: Final = "the test was run again; the plug-in of pytest left the result of this attempt out"

Pairs = list[tuple[str, str]]
"""Headings and texts of what a test printed, or names and values of its properties."""


class Run:
    """One run of a test, as far as its phases were read.

    Attributes:
        again: whether a phase is marked as an attempt that a further one follows.
        details: the texts of its failures.
        kind: the type of a skip.
        message: of its first failure, or of a skip.
        seconds: of all phases.
        start: of the first phase.
    """

    __slots__ = (
        "_seen",
        "_status",
        "_without_call",
        "again",
        "details",
        "kind",
        "message",
        "seconds",
        "start",
    )

    def __init__(self, recorder: Recorder, held: PrintedTotal) -> None:
        self.again = False
        self.details = PrintedText(recorder.reading, held)
        self.kind = self.message = ""
        self.seconds: float | None = None
        self.start: float | None = None
        self._seen: set[str] = set()
        self._status = PASSED
        self._without_call = True

    def add(self, event: Fields, when: str, recorder: Recorder) -> None:
        """Read the report of a phase."""
        spelled = event.word("outcome")
        status = verdict(recorder.reading, spelled, OUTCOMES)
        if status == FAILED and when not in _IN_TEST:
            status = ERROR
        if status in BAD:
            self._fail(event, status, when, recorder)
        if when == SUBTEST:
            return
        if status == SKIPPED and self._status == PASSED:
            self._skip(event, recorder)
        self.again |= spelled in AGAIN
        if when in _PHASES:
            self._seen.add(when)
        self._without_call &= when != "call" and status == PASSED
        if (seconds := event.number("duration")) is not None:
            self.seconds = (self.seconds or 0.0) + seconds
        self.start = self.start or event.number("start") or None

    def _fail(self, event: Fields, status: str, when: str, recorder: Recorder) -> None:
        message, details = failure_of(event.value("longrepr"), recorder.reading)
        what = _what_failed(event, when)
        if self._status not in BAD:
            # The reason of a skip before it is not that of the failure.
            self.details.take()
            self.kind, self.message = "", recorder.text(what + message)
        self._status = worse(self._status, status)
        self.details.add(f"{what}{details}\n\n")

    def _skip(self, event: Fields, recorder: Recorder) -> None:
        message, details = failure_of(event.value("longrepr"), recorder.reading)
        self._status, self.kind = SKIPPED, "pytest.skip"
        if "wasxfail" in event:
            self.kind, message = "pytest.xfail", event.text("wasxfail").removeprefix("reason: ")
        self.message = recorder.text(message)
        self.details.add(details)

    def begins_again(self, when: str) -> bool:
        """Return whether the report of a phase belongs to another run of the test."""
        return when in self._seen or (when == "setup" and bool(self._seen))

    @property
    def is_attempt(self) -> bool:
        """Whether a further run of the test is another attempt, and not another test."""
        return self.again or self._lacks_its_call

    @property
    def is_complete(self) -> bool:
        """Whether no further report of it can follow."""
        return CRASHED in self._seen or ("teardown" in self._seen and not self._without_call)

    @property
    def _lacks_its_call(self) -> bool:
        return self._without_call and "teardown" in self._seen

    def result(self) -> tuple[str, str]:
        """Return the status and the message. A test that did not end, or did not run again, is in error."""
        if self.again:
            return ERROR, f"{_NOT_AGAIN}: {self.message}"
        if self._status in BAD or self.is_complete:
            return self._status, self.message
        return ERROR, _NOT_CALLED if self._lacks_its_call else DID_NOT_END

    def result_of_attempt(self) -> tuple[str, str]:
        """Return the status and the message of a run that another attempt follows."""
        return (self._status, self.message) if self._status in BAD else (FAILED, _LEFT_OUT)


class RunningTest:
    """A test whose last report is awaited.

    Attributes:
        attempts: earlier runs.
        line: of the test in the file of its id. None if it is unknown, or in another file.
        node: its parts.
        properties: names and values.
        run: the current run.
    """

    __slots__ = (
        *("_held", "_recorder", "_sections", "_shown"),
        *("attempts", "line", "node", "properties", "run"),
    )

    def __init__(self, nodeid: str, recorder: Recorder, held: PrintedTotal) -> None:
        self._recorder = recorder
        self._held = held
        # What the test printed: in all runs, and in the runs before this one.
        self._sections: Pairs = []
        self._shown: Pairs = []
        self.attempts: list[Attempt] = []
        self.line: int | None = None
        self.node = Node.of(nodeid)
        self.properties: Pairs = []
        self.run = Run(recorder, held)

    def add(self, event: Fields, when: str) -> None:
        """Read the report of a phase of the current run."""
        self.run.add(event, when, self._recorder)
        if when == SUBTEST:
            return
        self.line = _line(event, self.node.file) or self.line
        self.free_texts()
        self._sections, self.properties = event.pairs("sections"), event.pairs("user_properties")
        if self._held.size > MOST_HELD:
            warn_of_cut(self._recorder.reading)
            self._sections, self.properties = [], []
        self._held.size += _size(self._sections) + _size(self.properties)

    def free_texts(self) -> None:
        """Free the space of what it printed, and of its properties."""
        self._held.size -= _size(self._sections) + _size(self.properties)

    def begin_attempt(self) -> None:
        """Make the current run an earlier attempt of the test."""
        status, message = self.run.result_of_attempt()
        out, err = self.printed()
        attempt = self._recorder.attempt(
            status=status,
            message=message,
            details=self.run.details.take().strip("\n"),
            seconds=self.run.seconds,
            system_out=out,
            system_err=err,
        )
        if len(self.attempts) < MOST_ATTEMPTS:
            self.attempts.append(attempt)
        self.run = Run(self._recorder, self._held)
        self._shown = self._sections

    def printed(self) -> tuple[str, str]:
        """Return standard output with all else, and standard error, of the current run."""
        known = len(self._shown)
        new = self._sections[known:] if self._sections[:known] == self._shown else self._sections
        out, others, err = [], [], []
        for heading, text in new:
            if heading.startswith("Captured stdout"):
                out.append(text)
            elif heading.startswith("Captured stderr"):
                err.append(text)
            else:
                others.append(f"{heading}:\n{text}\n")
        return "".join(out + others), "".join(err)


def _what_failed(event: Fields, when: str) -> str:
    """Return what failed, if it is not the test itself: the phase, or the name of the subtest."""
    if when == SUBTEST:
        context = event.object("_subtest.context")
        name, values = context.text("msg"), context.object("kwargs")
        shown = ", ".join(f"{key}={values.text(key)}" for key in values.names()[:_MOST_VALUES])
        return " ".join([f"[{name}]"] * bool(name) + [f"({shown})"] * bool(shown)) + ": "
    return "" if when in {"call", CRASHED} else f"failed in {when}: "


def _line(event: Fields, file: str) -> int | None:
    """Return the line of a test. A test that is inherited, or made by a library, has one of another file."""
    where = [*event.values("location"), None, None]
    if not isinstance(where[0], str) or where[0].replace("\\", "/") != file:
        return None
    return where[1] + 1 if type(where[1]) is int else None


def _size(pairs: Pairs) -> int:
    return sum(len(name) + len(text) for name, text in pairs)
