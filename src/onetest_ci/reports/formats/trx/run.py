"""A TRX file's first pass: its definitions, and the summary of the run.

Results name their definition by an id. Definitions and summary may be before the results or behind them.
Facts: ``TrxLogger``, ``TestRunSummary`` and ``TestRunResultAggregator`` of microsoft/vstest,
``TrxReportEngine`` of microsoft/testfx, ``VsExecutionSink`` of xunit/visualstudio.xunit, and the packages
node-trx, jest-trx-results-processor, vitest-trx-results-processor and karma-trx-reporter.
"""

import re
from pathlib import PurePosixPath
from sys import intern
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading
from onetest_ci.reports.engine.values import whole_number

RESULTS: Final = (
    "UnitTestResult",
    "GenericTestResult",
    "ManualTestResult",
    "TestResult",
    "TestResultAggregation",
    "WebTestResult",
    "LoadTestResult",
)
"""Elements of one result: ``ResultsType`` of vstst.xsd."""

OUTCOMES: Final = {
    "passed": PASSED,
    "passedbutrunaborted": PASSED,
    "completed": PASSED,
    "warning": PASSED,
    "failed": FAILED,
    # TrxLogger leaves out the default, which is the first of its enumeration: outcome="Error".
    "": ERROR,
    "error": ERROR,
    "timeout": ERROR,
    "aborted": ERROR,
    "disconnected": ERROR,
    "inprogress": ERROR,
    "inconclusive": SKIPPED,
    "notexecuted": SKIPPED,
    "notrunnable": SKIPPED,
    "pending": SKIPPED,
}
"""Statuses of outcomes, of results and of the run; the names of ``Counters`` are the same words."""

MOST_DEFINITIONS: Final = 1_000_000
"""Classes and methods that are remembered; beyond, a test has its name alone."""

MOST_ERRORS: Final = 20
"""Messages kept of what went wrong outside any test."""

_REPEATS_TESTS: Final = re.compile(
    # xUnit.net's runner sends a message for each failed test; exit code 2 of testfx means that tests failed.
    r"\[xUnit\.net [\d:.]+\][^\n]*\[FAIL\]|Exit code indicates failure: '2'\.[^\n]*"
)
_NONE: Final = "none"
"""Class and method that node-trx writes if the runner has none."""

_BUILT: Final = frozenset({"", ".dll", ".exe"})
"""Suffixes that files of tests do not have."""


def status_of(outcome: str) -> str:
    """Return the status of an outcome; an unknown one is an error."""
    return OUTCOMES.get(outcome.strip().lower(), ERROR)


def retry_key_of(result: dict[str, str]) -> str:
    """Return the key of a test's attempts; data rows share the id of their test. Empty without an id."""
    test_id = result.get("testId")
    return f"{test_id} {result.get('testName', '')}" if test_id else ""


class _OpenResult:
    """A result that is being read: its own status, and whether rows inside it exist and failed."""

    __slots__ = ("bad_rows", "rows", "status")

    def __init__(self, status: str) -> None:
        self.status = status
        self.rows = False
        self.bad_rows = False


_PASSED: Final = _OpenResult(PASSED)
"""Any result that passed and is not a retry: the elements inside it change nothing."""


class Run(XmlFormat):
    """The facts of a whole file.

    Attributes:
        definitions: class, method and file of each test, by its id.
        deployed: folder that the names of result files are relative to.
        outcomes: the run's own outcomes; usually one.
        total: results that the counters count. None if absent.
        failed: failed results that the counters count, all kinds together. None if absent.
        warnings: messages of the run that are not errors.
    """

    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self.definitions: dict[str, tuple[str, str, str]] = {}
        self.deployed = ""
        self.outcomes: list[str] = []
        self.total: int | None = None
        self.failed: int | None = None
        self.warnings: list[str] = []
        # Messages of the run and their number, apart from those that only repeat that a test failed.
        self._errors: list[str] = []
        self._repeats: list[str] = []
        self._error_count = self._repeat_count = 0
        self._complete = False
        # Results that failed: those that become cases, all of them, and those that a later result replaces.
        self._bad = self._all_bad = self._replaced = 0
        self._open: list[_OpenResult] = []
        self._key = ""
        self._failed_keys: set[int] = set()
        self.units = {"UnitTest": self._unit_test, "RunInfo": self._run_info}
        self.opens = dict.fromkeys(RESULTS, self._open_result) | {
            "Deployment": self._deployment,
            "ResultSummary": self._summary,
            "Counters": self._counters,
        }
        self.closes = dict.fromkeys(RESULTS, self._close_result)

    def finish(self) -> None:
        """Note that the file was read to its end."""
        self._complete = True

    # Questions

    @property
    def failing_outcome(self) -> str:
        """The run's own outcome if it is a failure, else an empty text."""
        return next((outcome for outcome in self.outcomes if status_of(outcome) in BAD), "")

    @property
    def has_retries(self) -> bool:
        """Return whether a result replaces an earlier failed one of the same test id and name.

        TRX itself has no mark of a retry. Equal rows of NUnit, failed clean-ups of xUnit.net and one test on
        two frameworks also come twice under one id and name, in any order. The run counts such failures. So a
        result is a retry only if the run does not count the failure; a file that breaks off does not show it.
        """
        if not self._complete or not self._replaced:
            return False
        final = self._bad - self._replaced
        if self.failed is not None:
            return self.failed <= final
        if self.outcomes and not self.failing_outcome:
            return True
        return final > 0 or not self.outcomes

    @property
    def lost(self) -> bool:
        """Return whether the counters count failures that no result shows.

        VSTest counts a result that holds data rows beside its rows; versions since 2026 count the rows alone.
        """
        return self.failed is not None and self.failed > self._bad and self.failed != self._all_bad

    def errors(self, *, tests_failed: bool) -> list[str]:
        """Return the messages of failures outside of tests.

        Args:
            tests_failed: whether tests failed; then messages that only repeat these are left out.
        """
        errors, count = self._errors, self._error_count
        if not tests_failed or self._repeat_count > self._all_bad:
            errors, count = errors + self._repeats, count + self._repeat_count
        return [*errors, f"({count - len(errors):,} more)"] if count > len(errors) else errors

    # Elements

    def _unit_test(self, element: Element) -> None:
        method = element.first("TestMethod")
        # Old MSTest writes the assembly's name behind the class: "A.B, A, Version=1.0.0.0".
        classname = method.get("className").split(",", 1)[0].strip()
        name = method.get("name")
        if classname == name == _NONE:
            classname = name = ""
        file = method.get("codeBase").replace("\\", "/")
        # .NET's adapters write the file that was built, with any suffix or none; others the file of the test.
        if method.get("adapterTypeName") or PurePosixPath(file).suffix.lower() in _BUILT:
            file = ""
        if len(self.definitions) < MOST_DEFINITIONS and (classname or file):
            self.definitions[element.get("id")] = (intern(classname), name, intern(file))

    def _deployment(self, attributes: dict[str, str]) -> None:
        self.deployed = attributes.get("runDeploymentRoot", "")

    def _summary(self, attributes: dict[str, str]) -> None:
        if outcome := attributes.get("outcome", "").strip():
            self.outcomes.append(outcome)

    def _counters(self, attributes: dict[str, str]) -> None:
        for name, text in attributes.items():
            count = whole_number(text)
            if count is None:
                continue
            if name == "total":
                self.total = (self.total or 0) + count
            elif OUTCOMES.get(name.lower()) in BAD:
                self.failed = (self.failed or 0) + count

    def _run_info(self, element: Element) -> None:
        text = element.text_at("Text") or element.text_at("Exception") or "(an error without a text)"
        if status_of(element.get("outcome")) not in BAD:
            kept = self.warnings
        elif _REPEATS_TESTS.fullmatch(text):
            kept = self._repeats
            self._repeat_count += 1
        else:
            kept = self._errors
            self._error_count += 1
        if len(kept) < MOST_ERRORS:
            kept.append(text)

    def _open_result(self, attributes: dict[str, str]) -> None:
        if (
            attributes.get("outcome") == "Passed"
            and not self._open
            and (not self._failed_keys or hash(retry_key_of(attributes)) not in self._failed_keys)
        ):
            # Nearly all results are such.
            self._open.append(_PASSED)
            return
        status = status_of(attributes.get("outcome", ""))
        bad = status in BAD
        if self._open:
            self._open[-1].rows = True
            self._open[-1].bad_rows |= bad
        else:
            self._key = retry_key_of(attributes)
        self._all_bad += bad
        self._open.append(_OpenResult(status))

    def _close_result(self) -> None:
        result = self._open.pop()
        if result is _PASSED:
            return
        bad = result.status in BAD and not result.bad_rows
        self._bad += bad
        if self._open or result.rows or not self._key or result.status == SKIPPED:
            return
        # As the recorder joins attempts.
        key = hash(self._key)
        self._replaced += key in self._failed_keys
        if bad:
            self._failed_keys.add(key)
        else:
            self._failed_keys.discard(key)


def read_run(stream: ByteStream, reading: Reading) -> Run:
    """Read the file once, and return to its start."""
    runs: list[Run] = []

    def attach(parser: expat.XMLParserType, given: Reading) -> Run:
        runs.append(Run(parser, given))
        return runs[-1]

    for _ in read_xml(stream, Reading(reading.path, reading.text_limit), attach):
        pass
    stream.seek(0)
    # A file that had to be repaired was begun again.
    run = runs[-1]
    if len(run.definitions) >= MOST_DEFINITIONS:
        reading.warn("definitions", f"more than {MOST_DEFINITIONS:,} test definitions; the rest is left out")
    return run
