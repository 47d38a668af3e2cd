"""The JSON of pytest-json-report (``pytest --json-report --json-report-file FILE``).

Facts: plugin.py, serialize.py and reports of pytest-json-report 1.5, with pytest 9.2, pytest-xdist 3.8 and
pytest-rerunfailures 16.7:

- a test is one object for all of its attempts, with the latest report of each stage: ``setup``, ``call``,
  ``teardown``, and ``???`` for a worker of pytest-xdist that crashed. Lines count from 0, and are those of
  the function, which may be in another file;
- ``outcome`` is that of the last report that had another one than passed. So a skip in the teardown, or a
  subtest that passed, hides an earlier failure; and a test that passed after a rerun is ``rerun``;
- a stage without a report is missing, also in a test that did not end: its outcome is still ``passed``;
- with pytest-xdist, each text begins with a line about the worker;
- the reason of a skip is spelled as a tuple of Python. That of an xfail is missing;
- ``collectors`` holds files that do not load. ``summary`` does not count them;
- ``--json-report-omit`` leaves out ``collectors`` or texts, ``--json-report-summary`` all tests.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, worse
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.engine.text import attachments_of_properties
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.pytest.collected import record_collected
from onetest_ci.reports.formats.pytest.ending import check_exit_status
from onetest_ci.reports.formats.pytest.failure import Failure, message_in
from onetest_ci.reports.formats.pytest.node import Node
from onetest_ci.reports.formats.pytest.running import AGAIN, CRASHED, OUTCOMES

FEATURES: Final = FormatFeatures(
    code_ref="file, classes and function of `nodeid`",
    retries="`rerun` of a test that passed at last, without the texts of the attempts",
    outside="`collectors` that failed, interrupted runs, internal errors",
    totals="`failed` and `error` of `summary`; `exitcode`",
    attachments="`[[ATTACHMENT|path]]` and properties",
    parameters="in the name",
    times="duration",
)

_STAGES: Final = ("setup", "call", CRASHED, "teardown")
_WORDS: Final = {
    **OUTCOMES,
    "error": ERROR,
    "xfailed": SKIPPED,
    "xpassed": PASSED,
    "rerun": PASSED,
    "retried": PASSED,
    "subtests passed": PASSED,
    "subtests failed": FAILED,
    "subtests skipped": PASSED,
    "subtests xfailed": PASSED,
    "subtests xpassed": PASSED,
}
_PLAIN: Final = 2
_SUBTESTS: Final = "subtests "
_SKIPPED: Final = re.compile(
    r"""\((?:'[^'\n]*'|"[^"\n]*"), (?:\d{1,9}|None), (?:'(.*)'|"(.*)")\)""", re.DOTALL
)
_WITHOUT_REASON: Final = "the report does not contain why: it has the outcome alone"
_SUBTEST_HIDDEN: Final = "a subtest may have failed: the run failed, and the report has only the last subtest"
_ATTEMPT: Final = "the test failed and was run again; the report does not contain why"


_Stages = dict[str, Fields]
"""The stages of a test that the report contains, by name."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests."""
    return read_json(stream, reading, lambda document, recorder: _Report(recorder).walk(document))


class _Result(NamedTuple):
    """The verdict of a test and its texts."""

    status: str
    message: str = ""
    details: str = ""


_ALL_PASSED: Final = _Result(PASSED)


class _Report:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._cases = self._failed = self._broken_off = 0
        self._exit: int | None = None

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        summary = Fields({}, self._reading)
        for key in document.members():
            if key == "tests":
                for _ in document.items(key):
                    self._test(fields_of(document.value(), self._reading, "a test"))
                    yield
            elif key == "collectors":
                for _ in document.items(key):
                    self._collector(fields_of(document.value(), self._reading, "a collector"))
                    yield
            elif key == "summary":
                summary = fields_of(document.value(), self._reading, key)
            elif key == "exitcode":
                self._exit = Fields({key: document.value()}, self._reading).whole_number(key)
        declared = (summary.whole_number("failed") or 0) + (summary.whole_number("error") or 0)
        self._recorder.check_total(summary.whole_number("total"))
        self._recorder.check_failed_total(declared, shown=self._failed)
        check_exit_status(
            self._recorder, self._exit, bad=self._recorder.bad, cases=self._cases, broken_off=self._broken_off
        )

    def _collector(self, collector: Fields) -> None:
        status = verdict(self._reading, collector.word("outcome"), OUTCOMES)
        if status != PASSED:
            self._cases += 1
            self._broken_off += status in BAD
            record_collected(collector.text("nodeid"), status, _texts(collector), self._recorder)

    def _test(self, test: Fields) -> None:
        self._cases += 1
        node = Node.of(test.text("nodeid"))
        word = test.word("outcome")
        self._failed += word in {"failed", "error"}
        stages = {name: test.object(name) for name in _STAGES if name in test}
        status, message, details = self._result(stages, word)
        properties = _properties(test)
        times = [seconds for stage in stages.values() if (seconds := stage.number("duration")) is not None]
        out, err = _printed(stages.values())
        again = word in AGAIN or (CRASHED in stages and stages[CRASHED].word("outcome") in AGAIN)
        self._recorder.enter_named(node.file)
        self._recorder.case(
            node.name,
            classname=node.classname,
            method=node.method,
            status=status,
            message=message,
            kind=f"pytest.{'xfail' if word == 'xfailed' else 'skip'}" if status == SKIPPED else "",
            details=details,
            seconds=sum(times) if times else None,
            system_out=out,
            system_err=err,
            file=node.file,
            line=_line(test, stages, node.file) if status in BAD else None,
            properties=properties,
            attachments=attachments_of_properties(properties) if properties else (),
            attempts=[self._recorder.attempt(status=FAILED, message=_ATTEMPT)] if again else (),
        )

    def _result(self, stages: _Stages, word: str) -> _Result:
        """Return the result: that of the stages, unless the outcome is worse."""
        result = _ALL_PASSED
        for name, stage in stages.items():
            if stage.text("outcome") != "passed":
                result = _joined(result, self._stage(stage, name, stages))
        if result is _ALL_PASSED and word == "passed" and _is_complete(stages):
            return result
        if result.status in BAD:
            return result
        status = verdict(self._reading, word, _WORDS)
        if status in BAD:
            return _Result(status, _WITHOUT_REASON)
        if not _is_complete(stages):
            self._broken_off += 1
            return _Result(ERROR, DID_NOT_END)
        # Without a stage that was skipped, it was a subtest.
        is_of_subtest = status != result.status or word.startswith(_SUBTESTS)
        return _Result(ERROR, _SUBTEST_HIDDEN) if is_of_subtest and self._exit != 0 else result

    def _stage(self, stage: Fields, name: str, stages: _Stages) -> _Result:
        word = stage.word("outcome")
        if name == CRASHED and word in AGAIN and _is_complete(stages):
            # A further attempt made the crash good.
            return _ALL_PASSED
        status = verdict(self._reading, word, OUTCOMES)
        message, details = _texts(stage)
        if status not in BAD:
            return _Result(status, message, details)
        what = "" if name in {"call", CRASHED} else f"failed in {name}: "
        return _Result(FAILED if name == "call" else ERROR, what + message, what + details)


def _joined(first: _Result, second: _Result) -> _Result:
    """Return the result of two stages: the first failure gives the message."""
    if first.status in BAD and second.status in BAD:
        status = worse(first.status, second.status)
        return _Result(status, first.message, f"{first.details}\n\n{second.details}")
    return second if worse(first.status, second.status) == second.status else first


def _is_complete(stages: _Stages) -> bool:
    """Return whether a test has all of its stages. pytest does not call a test whose set-up did not pass."""
    if "teardown" not in stages:
        return False
    return "call" in stages or ("setup" in stages and stages["setup"].word("outcome") != "passed")


def _line(test: Fields, stages: _Stages, file: str) -> int | None:
    """Return the line of a test, if a failure in the same file behind it confirms the file.

    The report does not name the file of the line. It is another one for inherited tests and pytest-bdd.
    """
    line = test.whole_number("lineno")
    if line is None:
        return None
    crashes = (stage.object("crash") for stage in stages.values() if "crash" in stage)
    others = (place for stage in stages.values() for place in stage.objects("traceback"))
    confirmed = any(_is_behind(place, file, line) for place in chain(crashes, others))
    return line + 1 if confirmed else None


def _is_behind(place: Fields, file: str, line: int) -> bool:
    path = place.text("path").replace("\\", "/")
    return f"/{path}".endswith(f"/{file}") and (place.whole_number("lineno") or 0) > line


def _texts(stage: Fields) -> Failure:
    """Return the texts of a stage or a collector."""
    details = stage.text("longrepr")
    if details.startswith("[gw"):
        details = details.partition("\n")[2].lstrip("\n")
    if skipped := _SKIPPED.fullmatch(details):
        return Failure((skipped[1] or skipped[2] or "").removeprefix("Skipped: "), details)
    return Failure(stage.object("crash").text("message") or message_in(details), details)


def _properties(test: Fields) -> list[tuple[str, str]]:
    """Return metadata and properties. Few tests have any."""
    found = test.object("metadata").pairs_of_members() if "metadata" in test else []
    if "user_properties" in test:
        found += [pair for some in test.objects("user_properties") for pair in some.pairs_of_members()]
    return found


def _printed(stages: Iterable[Fields]) -> tuple[str, str]:
    """Return standard output with the records of logs behind it, and standard error."""
    out = logs = err = ""
    for stage in stages:
        # Most stages contain an outcome and a duration alone.
        if len(stage) > _PLAIN:
            out += stage.text("stdout")
            err += stage.text("stderr")
            logs += _log(stage) if "log" in stage else ""
    return out + logs, err


def _log(stage: Fields) -> str:
    """Return the records of a log, as pytest prints them."""
    return "".join(
        f"{entry.text('levelname'):<8} {entry.text('name')}:{entry.text('filename')}:{entry.text('lineno')} "
        f"{entry.text('msg')}\n"
        for entry in stage.objects("log")
    )
