"""The JSON of Jest (``jest --json``) and of Vitest's ``json`` reporter, which has the same members.

Facts: formatTestResults of @jest/test-result, TestScheduler of @jest/core and reports of Jest 30.5;
JsonReporter and reports of Vitest 4.1:

- ``testResults`` holds the files with their tests. Only files of Jest have ``summary``;
- only files of Jest that failed outside of their tests have ``coverage``. In place of the tests of a file
  that does not load, Jest 30 writes one without a title;
- ``message`` of a file holds for Jest the failures of its tests as well, for Vitest only the first error of
  the file itself;
- with Vitest, a failed hook of a describe leaves no text: its file has failed, its tests have not.
  ``numFailedTestSuites`` of Vitest counts the files and describes that failed, that of Jest the files;
- a test's status is never ``focused``, though Jest's types have the word: a file is so of which some tests
  were not run;
- ``invocations`` counts the attempts of Jest, ``retryReasons`` may hold their texts. With Vitest, a test that
  passed has the errors of its earlier attempts, and one that failed has those of all attempts;
- ``pending`` is a skipped test of Jest, and a test of Vitest that did not end, as in a crash;
- ``success`` of Jest is false also for obsolete snapshots. That of Vitest does not depend on errors outside
  of all tests: they are not in the report.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attempt
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.limits import MOST_ATTEMPTS
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import DID_NOT_END, before_trace
from onetest_ci.reports.engine.recorder import RUN, Recorder, uncoloured, verdict
from onetest_ci.reports.format_features import FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="the file, `ancestorTitles` and the title",
    retries="`invocations` and `retryReasons` (Jest), `failureMessages` of a test that passed (Vitest)",
    outside="files that do not load, hooks, obsolete snapshots and runs that were interrupted (Jest)",
    totals="`numFailedTests`, `numRuntimeErrorTestSuites`, `success`; `numFailedTestSuites` of Vitest",
    times="duration; start, with Jest 30",
)

_STATUSES: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "error": ERROR,
    "skipped": SKIPPED,
    "pending": SKIPPED,
    "disabled": SKIPPED,
    "todo": SKIPPED,
}
_FILE_STATUSES: Final = {**_STATUSES, "focused": PASSED}
_NOT_SHOWN: Final = "the file failed outside of its tests, and the report does not contain why"
_LOST: Final = "See the log of Vitest: the report does not contain why."
_COUNTS: Final = ("numFailedTests", "numRuntimeErrorTestSuites", "numFailedTestSuites")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._failed = self._outside = 0
        # Files that failed, and describes in them whose failure the tests or a case of the file explain.
        self._explained = 0

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        counts: dict[str, int | None] = {}
        snapshot = Fields({}, self._reading)
        success, interrupted = True, False
        for key in document.members():
            if key == "testResults":
                for _ in document.items(key):
                    self._file(fields_of(document.value(), self._reading, "a file"))
                    yield
            elif key == "snapshot":
                snapshot = fields_of(document.value(), self._reading, key)
            elif key in _COUNTS:
                counts[key] = Fields({key: document.value()}, self._reading).whole_number(key)
            elif key == "success":
                success = document.value() is True
            elif key == "wasInterrupted":
                interrupted = document.value() not in (False, None)
        self._check(counts)
        if interrupted:
            self._recorder.failure_of_run(message="the run was interrupted")
        if not success:
            self._failed_run(snapshot, by_jest="numRuntimeErrorTestSuites" in counts)

    def _check(self, counts: Mapping[str, int | None]) -> None:
        """Compare what the report counts with what it contains."""
        self._recorder.check_failed_total(counts.get("numFailedTests"), shown=self._failed)
        if "numRuntimeErrorTestSuites" in counts:
            self._recorder.check_failed_total(
                counts["numRuntimeErrorTestSuites"], "(files)", shown=self._outside
            )
            return
        hidden = (counts.get("numFailedTestSuites") or 0) - self._explained
        if hidden > 0:
            message = (
                f"{hidden} more files or describes failed than the tests show, as by a hook of a describe"
            )
            self._recorder.failure_of_run("(hooks)", message=message, details=_LOST)

    def _failed_run(self, snapshot: Fields, *, by_jest: bool) -> None:
        """Record what failed the run as a whole. With Vitest, snapshots alone do not."""
        gone = (snapshot.whole_number("unchecked") or 0) + (snapshot.whole_number("filesRemoved") or 0)
        if by_jest and snapshot.flag("failure") and gone:
            self._recorder.failure_of_run("(snapshots)", message=f"{gone} obsolete snapshots fail the run")
        self._recorder.check_failed_run("success is false, and no test has failed")

    def _file(self, result: Fields) -> None:
        """Record a file: its tests, and what failed outside of them."""
        file = result.text("name")
        of_vitest = "summary" not in result
        self._recorder.enter_named(file)
        tests = result.objects("assertionResults")
        for test in tests:
            # What Jest writes in place of the tests of a file that does not load.
            if test.word("status") != "error" or test.text("title"):
                self._test(test, file, of_vitest=of_vitest)
        if verdict(self._reading, result.text("status"), _FILE_STATUSES) not in BAD:
            return
        self._explained += 1 + _describes_of(test for test in tests if test.word("status") == "failed")
        message = uncoloured(result.text("message")).strip()
        shown_by_tests = self._recorder.bad_in_suite and not ("coverage" in result or (of_vitest and message))
        if not shown_by_tests:
            self._outside += 1
            self._explained += 0 if message else _describes_of(tests)
            self._recorder.failure_outside(
                PurePosixPath(file.replace("\\", "/")).name or RUN,
                status=ERROR,
                message=_first_of(message),
                details=message,
                file=file,
            )

    def _test(self, test: Fields, file: str, *, of_vitest: bool) -> None:
        spelled = test.word("status")
        status = verdict(self._reading, spelled, _STATUSES)
        messages = [uncoloured(one) for one in test.texts("failureMessages")]
        message = before_trace(messages[0]) if messages else ""
        if of_vitest and spelled == "pending":
            status, message = ERROR, DID_NOT_END
        self._failed += spelled == "failed"
        started = test.number("startAt")
        titles = [title for title in test.texts("ancestorTitles") if title]
        self._recorder.case(
            test.text("title"),
            classname=("." if of_vitest else " ").join(titles),
            status=status,
            message=message.strip(),
            details="\n\n".join(messages),
            seconds=test.seconds("duration", 0.001),
            start=started / 1000 if started is not None else None,
            file=file,
            line=test.object("location").whole_number("line"),
            properties=[("tag", tag) for tag in test.texts("tags")],
            attempts=self._attempts(test, messages, status),
        )

    def _attempts(self, test: Fields, messages: Sequence[str], status: str) -> list[Attempt]:
        """Return the attempts before the last: all of them failed."""
        reasons = [uncoloured(one) for one in test.texts("retryReasons")]
        if not reasons and status == PASSED:
            reasons = list(messages)
        earlier = max((test.whole_number("invocations") or 1) - 1, len(reasons))
        reasons = [*reasons, *[""] * min(earlier - len(reasons), MOST_ATTEMPTS)][:MOST_ATTEMPTS]
        return [
            self._recorder.attempt(status=FAILED, message=before_trace(reason).strip(), details=reason)
            for reason in reasons
        ]


def _describes_of(tests: Iterable[Fields]) -> int:
    """Return how many describes these tests of a file are in; neighbours of one name count once."""
    count, before = 0, list[str]()
    for test in tests:
        titles = test.texts("ancestorTitles")
        around_both = takewhile(lambda pair: pair[0] == pair[1], zip(before, titles, strict=False))
        count += len(titles) - len(list(around_both))
        before = titles
    return count


def _first_of(message: str) -> str:
    """Return the reason of a file: Jest writes a heading before it."""
    lines = [line.strip() for line in message.split("\n")]
    return next((line for line in lines if line and not line.startswith("●")), _NOT_SHOWN)
