"""Turns the elements of a JUnit document into records. The other modules of this package hold the rules."""

from collections.abc import Callable
from functools import partial
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PYTEST, SKIPPED, Suite
from onetest_ci.reports.engine.ginkgo_suites import is_behind_a_failure
from onetest_ci.reports.engine.limits import warn_of_cut
from onetest_ci.reports.engine.reading import Reading, Records, shown
from onetest_ci.reports.engine.text import MARKER, TextBuffer
from onetest_ci.reports.engine.values import whole_number
from onetest_ci.reports.formats.junit.case_result import ATTEMPTS, CaseResult, OpenAttempt
from onetest_ci.reports.formats.junit.cases import Cases, moment_of
from onetest_ci.reports.formats.junit.declared_counts import DeclaredCounts, not_ended
from onetest_ci.reports.formats.junit.elements import (
    SUMMARY_MESSAGE,
    SUMMARY_ROOT,
    local_name,
    summary_failure,
)
from onetest_ci.reports.formats.junit.open_suite import OpenSuite, declared_bad
from onetest_ci.reports.formats.junit.producers import (
    NO_OUTPUT,
    from_zero,
    is_comment_of_testng,
    is_of_testng_7,
    producer_of,
    qt_skip,
)
from onetest_ci.reports.formats.junit.result_words import failure_word
from onetest_ci.reports.formats.junit.suite_failures import failure_of, result_failure


class JUnitHandler:
    """Turns the elements of one document into records.

    Attributes:
        records: finished records, emptied by the stream.
        depth: elements that are open, but for a case and a text.
    """

    result_type, cases_type = CaseResult, Cases

    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        self.records: Records = []
        self.depth = 0
        self._parser = parser
        self._reading = reading
        self._cases = self.cases_type(reading, self.records)
        self._waiting = self._cases.waiting
        self._suites = 0
        self._of_pytest = False
        self._declared = DeclaredCounts()
        self._not_started = ""
        self._is_of_testng = False
        self._root: dict[str, str] | None = None
        self._suite = self._outermost = OpenSuite.outermost()
        self._open_suites = [self._outermost]
        # The open case: its attributes, properties, the result of all else inside it, and cases inside it.
        self._case: dict[str, str] | None = None
        self._properties: list[tuple[str, str]] = []
        self._result: CaseResult | None = None
        self._inner_cases = 0
        # The text being collected: the function that receives it, its attributes, elements open inside it.
        self._finish: Callable[[str], None] | None = None
        self._attributes: dict[str, str] = {}
        self._buffer = TextBuffer(reading.text_limit, lambda: warn_of_cut(reading))
        self._collect = self._buffer.add
        # The output of a suite, searched for the files that it names.
        self._loose = TextBuffer(reading.text_limit, lambda: None)
        self._inside = 0
        self._attempt: OpenAttempt | None = None
        # Elements that hold a text only, and the functions that receive it.
        self._texts: dict[str, Callable[[str], None]] = {
            "failure": partial(self._end_problem, FAILED),
            "error": partial(self._end_problem, ERROR),
            "skipped": partial(self._end_problem, SKIPPED),
            "system-out": self._end_output,
            "system-err": self._end_errors,
        }
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "testcase": self._start_inner_case,
            "testsuite": self._start_suite,
            "testsuites": self._start_root,
            SUMMARY_ROOT: self._start_root,
            SUMMARY_MESSAGE: partial(self._start_collecting, self._end_message),
            "property": self._start_property,
            **{tag: partial(self._start_text, tag) for tag in self._texts},
            **{tag: partial(self._start_attempt, tag) for tag in ATTEMPTS},
        }
        self._ends: dict[str, Callable[[], None]] = {
            "testsuite": self._end_suite,
            "system-out": self._end_loose,
            "system-err": self._end_loose,
        }
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CommentHandler = self._comment

    @property
    def ended(self) -> bool:
        """Whether the root element has ended."""
        nothing_open = self.depth == 0 and self._case is None and self._finish is None
        return nothing_open and (self._suites > 0 or self._root is not None)

    def settle(self) -> None:
        """Make records of the cases that have ended, and hold what an open one keeps within bounds."""
        if self._cases.waiting:
            self._flush()
        self._buffer.settle()
        self._loose.settle()
        if self._properties:
            self._take_properties()

    def abandon(self) -> None:
        """Do nothing: complete cases are recorded as they end."""

    def finish(self) -> None:
        """Record the failures that only the end of the document shows, and compare the declared counts."""
        root = self._root or {}
        self._flush()
        self._fail_suite(result_failure(failure_word(root)))
        self._fail_suite(self._not_started)
        self._fail_suite(summary_failure(root))
        self._cases.add_synthetic(self._outermost, root.get("name", "") or "(run)")
        self._check_declared(root)
        if self._of_pytest and self._cases.bad and not self._cases.printed:
            self._reading.note("pytest-output", NO_OUTPUT)

    def _check_declared(self, root: dict[str, str]) -> None:
        """Compare the counts that the file declares with its cases."""
        declared, cases = self._declared, self._cases
        if not cases.listed:
            self._outermost.name = root.get("name", "") or "(run)"
            self._outermost.declared_bad = declared_bad(root)
            declared.add_empty(self._outermost, self._outermost)
        for suite in declared.unexplained(cases.bad):
            cases.add_declared(suite)
        declared.check_tests(self._reading, whole_number(root.get("tests")), cases.listed)
        declared.check_failures(self._reading, declared_bad(root), cases.problems)

    def _comment(self, text: str) -> None:
        self._is_of_testng |= is_comment_of_testng(text)
        if self._case is not None and (reason := qt_skip(text, self._case)) is not None:
            self._open_result().add_problem(SKIPPED, {"message": reason}, "")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._finish is not None:
            self._start_inside(tag)
        elif self._case is None:
            if tag == "testcase":
                self._case = attributes
            else:
                self._start_other(tag, attributes)
        elif tag == "property" and (value := attributes.get("value")) is not None:
            self.depth += 1
            self._properties.append((attributes.get("name", ""), value))
        elif (finish := self._texts.get(tag)) is not None:
            if self._result is None:
                self._result = self.result_type(self._reading)
            self._finish = finish
            self._attributes = attributes
            self._parser.CharacterDataHandler = self._collect
        elif tag == "properties":
            self.depth += 1
        else:
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if (start := self._starts.get(tag)) is not None:
            start(attributes)
        elif (local := local_name(tag)) != tag:
            self._start(local, attributes)
        else:
            self.depth += 1

    def _end(self, tag: str) -> None:
        if (finish := self._finish) is not None:
            if self._inside or self._attempt is not None:
                self._end_inside()
            else:
                self._parser.CharacterDataHandler = self._finish = None
                finish(self._buffer.take())
        elif tag == "testcase":
            if self._inner_cases or self._case is None:
                self._inner_cases -= 1
                self.depth -= 1
            else:
                if self._properties:
                    self._take_properties()
                self._waiting.append((self._case, self._result))
                self._case = self._result = None
        elif tag in {"property", "properties"}:
            self.depth -= 1
        elif (end := self._ends.get(tag)) is not None:
            end()
        elif (local := local_name(tag)) != tag:
            self._end(local)
        else:
            self.depth -= 1

    # The file and its suites

    def _start_root(self, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self._root is None:
            self._root = attributes
            self._cases.retries.read_root(attributes)

    def _start_suite(self, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self._root is None and not self._suites:
            self._cases.retries.read_root(attributes)
        self._flush()
        if self._is_of_testng and is_of_testng_7(attributes):
            self._cases.retries.merging = False
        self._suite = self._suite_of(attributes)
        self._open_suites.append(self._suite)
        self._suites += 1

    def _suite_of(self, attributes: dict[str, str]) -> OpenSuite:
        """Return a suite that begins inside the open one."""
        get = attributes.get
        record = Suite(
            self._suites,
            self._suite.ordinal,
            get("name", ""),
            moment_of(get("timestamp"), self._reading),
            get("file", "") or get("filepath", ""),
            producer=producer_of(self._root, attributes),
        )
        self._of_pytest |= record.producer == PYTEST
        suite = OpenSuite.begin(record, attributes, self._suite)
        suite.cases_before = self._cases.listed
        suite.bad_names = self._cases.retries.bad_names(suite.path)
        suite.failures_before = self._cases.failures
        suite.problems_before = self._cases.problems
        suite.from_zero = from_zero(self._root, attributes)
        return suite

    def _end_suite(self) -> None:
        self.depth -= 1
        self._flush()
        suite = self._suite
        cases = self._cases.listed - suite.cases_before
        self._add_failures_of(suite, cases)
        self._cases.add_synthetic(suite, suite.name)
        shown = self._cases.problems - suite.problems_before
        self._declared.add_suite(suite, suite.without_reruns(cases), shown)
        self._open_suites.pop()
        self._suite = self._open_suites[-1]
        self._suite.nested_cases += cases
        if not cases:
            self._declared.add_empty(suite, self._suite)

    def _add_failures_of(self, suite: OpenSuite, cases: int) -> None:
        """Add the failures that a suite states itself, at its end."""
        message, details = failure_of(suite, cases)
        if is_behind_a_failure(message):
            self._not_started = message
        else:
            self._fail_suite(message, details)
        if message := not_ended(suite, cases):
            self._open_result().add_problem(ERROR, {"message": message}, "")

    def _fail_suite(self, message: str, details: str = "") -> None:
        """Add a failure that a suite or the file states, if nothing in it failed."""
        nothing_failed = self._cases.failures == self._suite.failures_before
        if message and nothing_failed and self._suite.own_result is None:
            self._open_result().add_problem(ERROR, {"message": message}, details)

    def _flush(self) -> None:
        """Make the records of the open suite and of its cases so far."""
        suite = self._suite.take_record()
        if suite is not None:
            self.records.append(suite)
        if self._cases.waiting:
            self._cases.record(self._suite)

    # Cases

    def _start_inner_case(self, _attributes: dict[str, str]) -> None:
        self._inner_cases += 1
        self.depth += 1

    def _open_result(self) -> CaseResult:
        """Return the result of the open case, or that of the suite when no case is open."""
        if self._case is not None:
            if self._result is None:
                self._result = self.result_type(self._reading)
            return self._result
        if self._suite.own_result is None:
            self._suite.own_result = self.result_type(self._reading)
        return self._suite.own_result

    # Texts

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        if self._case is not None or tag in {"failure", "error"}:
            self._start_collecting(self._texts[tag], attributes)
        else:
            # The output of a suite belongs to no test: it is not kept.
            self.depth += 1
            self._parser.CharacterDataHandler = self._loose.add

    def _end_loose(self) -> None:
        self.depth -= 1
        self._parser.CharacterDataHandler = None
        text = self._loose.take()
        if (MARKER in text or self._loose.found) and (named := self._loose.take_attachments(text)):
            self._reading.warn(
                "loose-attachments",
                "files that a suite's output names belong to no test and are left out, as "
                f"{shown(named[0].path)} (Gradle's outputPerTestCase gives each test its own output)",
            )

    def _start_collecting(self, finish: Callable[[str], None], attributes: dict[str, str]) -> None:
        self._finish = finish
        self._attributes = attributes
        self._parser.CharacterDataHandler = self._collect

    def _start_inside(self, tag: str) -> None:
        attempt = self._attempt
        if attempt is not None and not self._inside and attempt.start_part(tag.rpartition(":")[2]):
            # The attempt's own text is the indentation around its parts, or its trace in old Surefire.
            attempt.add_own(self._buffer.take())
        else:
            self._inside += 1
            self.depth += 1

    def _end_inside(self) -> None:
        """End an element that stands in a text, or the attempt that the text belongs to."""
        if self._inside:
            self._inside -= 1
            self.depth -= 1
            return
        text = self._buffer.take()
        if self._attempt is not None and self._attempt.end_part(text):
            if MARKER in text or self._buffer.found:
                self._attach(text)
            return
        finish = self._finish
        self._parser.CharacterDataHandler = self._finish = None
        if finish is not None:
            finish(text)

    def _attach(self, text: str) -> None:
        if self._properties:
            # They stand before the output, and may name files as well.
            self._take_properties()
        (self._result or self._open_result()).attach(self._buffer.take_attachments(text))

    def _end_problem(self, status: str, text: str) -> None:
        # Markers in a stack trace are quoted source code: only what was printed names files.
        (self._result or self._open_result()).add_problem(status, self._attributes, text)

    def _end_message(self, text: str) -> None:
        if text.strip():
            self._open_result().add_problem(ERROR, {}, text)

    def _end_output(self, text: str) -> None:
        result = self._result or self._open_result()
        result.system_out = result.joined(result.system_out, text) if result.system_out else text
        if MARKER in text or self._buffer.found:
            self._attach(text)

    def _end_errors(self, text: str) -> None:
        result = self._result or self._open_result()
        result.system_err = result.joined(result.system_err, text) if result.system_err else text
        if MARKER in text or self._buffer.found:
            self._attach(text)

    def _start_attempt(self, local: str, attributes: dict[str, str]) -> None:
        if self._case is not None:
            self._attempt = OpenAttempt(self._reading)
            self._start_collecting(partial(self._end_attempt, local), attributes)
        else:
            self.depth += 1

    def _end_attempt(self, local: str, text: str) -> None:
        attempt = self._attempt
        if attempt is not None:
            self._attempt = None
            attempt.add_own(text)
            finished = attempt.finished(local, self._attributes)
            self._open_result().add_attempt(finished, rerun=local.startswith("rerun"))

    # Properties

    def _start_property(self, attributes: dict[str, str]) -> None:
        if "value" not in attributes:
            self._start_collecting(self._end_property, attributes)
            return
        self.depth += 1
        if self._case is not None:
            self._properties.append((attributes.get("name", ""), attributes["value"]))
        elif not self._cases.waiting:
            self._suite.add_property(attributes.get("name", ""), attributes["value"], self._reading)

    def _end_property(self, text: str) -> None:
        self.depth -= 1
        self._start_property({"name": self._attributes.get("name", ""), "value": text.strip()})

    def _take_properties(self) -> None:
        (self._result or self._open_result()).add_properties(self._properties)
        self._properties.clear()
