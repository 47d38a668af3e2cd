"""Makes the records of JUnit cases."""

import re
from typing import Final

from onetest_ci.model import BAD, ERROR, PASSED, SKIPPED, Case, new_record
from onetest_ci.reports.engine.go_output import GoFailureFinder
from onetest_ci.reports.engine.reading import Reading, Records, Tally, shown
from onetest_ci.reports.engine.values import LONGEST, duration, timestamp, whole_number
from onetest_ci.reports.formats.junit.case_result import CaseResult
from onetest_ci.reports.formats.junit.declared_counts import EmptySuite
from onetest_ci.reports.formats.junit.open_suite import OpenSuite
from onetest_ci.reports.formats.junit.producers import with_package
from onetest_ci.reports.formats.junit.result_words import NEVER_RUN, PLAIN, words_of
from onetest_ci.reports.formats.junit.retries import Retries

_LINES_KEPT: Final = 20_000

_LINE_OF_FILE: Final = re.compile(r"(?<=[^:]):([1-9][0-9]{0,8})(?::[0-9]{1,9})?\Z")


class Cases:
    """Cases that have ended, and the records that are made of them.

    Attributes:
        waiting: cases that ended and have no record yet, all of one suite: the attributes of each, and the
            result of the elements inside it, None if it has none.
        count: cases with a record so far.
        synthetic: those of them that stand for failures outside the report's own cases.
        recovered: cases so far with a failure that a later attempt made good, or that counts as a skip.
        printed: whether a case has an output or names a file.
        retries: merges the attempts of a test.
    """

    __slots__ = (
        "_bad",
        "_go",
        "_lines",
        "_more_problems",
        "_reading",
        "_records",
        "count",
        "printed",
        "recovered",
        "retries",
        "synthetic",
        "waiting",
    )

    def __init__(self, reading: Reading, records: Records) -> None:
        self._reading = reading
        self._records = records
        self._lines: dict[str, int] = {}
        self._go = GoFailureFinder()
        self.waiting: list[tuple[dict[str, str], CaseResult | None]] = []
        self.count = self._bad = self._more_problems = 0
        self.synthetic = self.recovered = 0
        self.printed = False
        self.retries = Retries(reading)

    @property
    def bad(self) -> int:
        """Cases so far whose final verdict is a failure or an error."""
        return self._bad - self.retries.merged

    @property
    def failures(self) -> int:
        """Failures and errors so far, also those that a later attempt made good or that count as skips."""
        return self._bad + self.recovered

    @property
    def problems(self) -> int:
        """Failures and errors so far, each of a case counted: tools declare one for each failed check."""
        return self.failures + self._more_problems

    @property
    def listed(self) -> int:
        """Cases that the report itself contains."""
        return self.count - self.synthetic

    def record(self, suite: OpenSuite) -> None:  # noqa: C901, PLR0912, PLR0915 - the hot place: a call here is made once per test
        """Make the records of the waiting cases: one loop for all costs half of a call for each."""
        records, retries, lines, are_plain = self._records, self.retries, self._lines.get, PLAIN.issuperset
        suite_ordinal = suite.ordinal
        counting, passed, passing = self._reading.counting, 0, 0.0
        bad_names, clock, from_zero = suite.bad_names, suite.clock, suite.from_zero
        for ordinal, (attributes, result) in enumerate(self.waiting, self.count):
            seconds = line = None
            if (spelled := attributes.pop("time", None)) is not None:
                try:
                    seconds = float(spelled)
                except ValueError:
                    seconds = -1.0
                if not 0.0 <= seconds <= LONGEST:
                    seconds = self._odd_duration(spelled)
            if (
                counting
                and (result is None or result.is_plain_pass())
                and not (bad_names and hash(attributes.get("name")) in bad_names)
                and attributes.get("name")
                and are_plain(attributes)
            ):
                if result is not None and (result.system_out or result.system_err):
                    self.printed = True
                passed += 1
                passing += seconds or 0.0
                continue
            classname = attributes.pop("classname", "")
            name = attributes.pop("name", "") or classname
            file = attributes.pop("file", "")
            if (spelled := attributes.pop("line", None)) is not None:
                if (line := lines(spelled)) is None:
                    line = self._line(spelled)
                if from_zero is not None and line is not None and from_zero(attributes, classname, file):
                    line += 1
            elif file and file[-1].isdigit() and (place := _LINE_OF_FILE.search(file)):
                # As junit_formatter of Elixir writes it with include_file_line?.
                file, line = file[: place.start()], self._line(place[1])
            start = clock
            if clock is not None and seconds is not None:
                clock += seconds
            if attributes:
                classname, start, line, result = self._further(attributes, classname, start, line, result)  # noqa: PLW2901
            if not name:
                name, result = self._unnamed(attributes, result, ordinal)  # noqa: PLW2901
            if result is None:
                status = PASSED
                case = new_record(
                    Case,
                    (
                        ordinal, suite_ordinal, name, classname, PASSED, seconds, start,
                        "", "", "", "", "", file, line, (), (), (), None, "",
                    ),
                )  # fmt: skip
            else:
                status = result.status
                final = result.in_order() if result.reruns else result
                if final.system_out or final.system_err or result.attachments:
                    self.printed = True
                case = new_record(
                    Case,
                    (
                        ordinal, suite_ordinal, name, classname, status, seconds, start,
                        final.message, final.kind, final.details, final.system_out, final.system_err,
                        file, line,
                        result.properties and tuple(result.properties),
                        result.attachments and tuple(result.attachments),
                        final.attempts and tuple(final.attempts), None, "",
                    ),
                )  # fmt: skip
                if status in BAD:
                    self._bad += 1
                    self._more_problems += result.further_problems
                    case = self._go.explained(
                        retries.add_bad(with_package(case, suite.name), suite, attributes)
                    )
                    bad_names = suite.bad_names
                elif final.attempts or result.excused:
                    self.recovered += 1
            if bad_names and status == PASSED and hash(name) in bad_names:
                case = retries.add_pass(case, suite, attributes)
            records.append(case)
        if passed:
            records.append(Tally(passed, passing))
        self.count += len(self.waiting)
        suite.clock = clock
        self.waiting.clear()

    def add_synthetic(self, suite: OpenSuite, name: str) -> None:
        """Record the failures of a suite outside any case as a case named after it, so that none is lost."""
        final = suite.own_result
        if final is not None:
            case = Case(self.count, suite.ordinal, name or "(suite)", "", final.status, None, suite.clock)
            self._more_problems += final.further_problems
            self._add_synthetic(case._replace(message=final.message, kind=final.kind, details=final.details))

    def add_declared(self, suite: EmptySuite) -> None:
        """Record the failures that a suite without any case declares and that no case of the file shows."""
        self._add_synthetic(
            Case(
                self.count,
                suite.ordinal,
                suite.name or "(suite)",
                status=ERROR,
                message=f"the suite declares {suite.bad} failed tests or errors and contains no test case",
                details="See the log of the test runner: something failed outside of the tests.",
            )
        )

    def _add_synthetic(self, case: Case) -> None:
        self._records.append(case)
        self.count += 1
        self.synthetic += 1
        self._bad += case.status in BAD

    def _further(
        self,
        attributes: dict[str, str],
        classname: str,
        start: float | None,
        line: int | None,
        result: CaseResult | None,
    ) -> tuple[str, float | None, int | None, CaseResult | None]:
        """Read the attributes that only some tools write. Return the values that may differ by them."""
        get = attributes.get
        if line is None and "lineno" in attributes:
            line = self._line(attributes["lineno"])
        if "timestamp" in attributes:
            moment = moment_of(attributes["timestamp"], self._reading)
            start = start if moment is None else moment
        if get("status") == NEVER_RUN:
            result = result or CaseResult(self._reading)
            result.mark_never_run()
        for word, status in words_of(attributes):
            result = result or CaseResult(self._reading)
            if status == SKIPPED:
                result.mark_not_run()
            else:
                result.fail_by_word(word)
        return classname or get("class", ""), start, line, result

    def _unnamed(
        self, attributes: dict[str, str], result: CaseResult | None, ordinal: int
    ) -> tuple[str, CaseResult | None]:
        """Return a name for a case that has none, and its result.

        pytest names a test when it ends. It writes a case without a name for a test that the end of the run
        cut short, as ``pytest.exit`` and Ctrl-C do (``_pytest/junitxml.py`` 9.2, where
        ``update_testcase_duration`` makes the case and ``record_testreport`` names it).
        """
        if result is None and not attributes:
            result = CaseResult(self._reading)
            result.mark_unfinished()
        return f"case {ordinal + 1}", result

    def _line(self, spelled: str) -> int | None:
        """Return a line number, and remember it: files repeat the same few."""
        line = whole_number(spelled)
        if line is not None and len(self._lines) < _LINES_KEPT:
            self._lines[spelled] = line
        return line

    def _odd_duration(self, spelled: str) -> float | None:
        seconds = duration(spelled)
        if seconds is None and spelled.strip():
            self._reading.warn("time", f"durations that make no sense are left out, as {shown(spelled)}")
        return seconds


def moment_of(spelled: str | None, reading: Reading) -> float | None:
    """Return a timestamp attribute in epoch seconds. Warn once for each file of one that is not a date."""
    moment = timestamp(spelled) if spelled else None
    if moment is None and spelled:
        reading.warn("timestamp", f"timestamps that are not dates are left out, as {shown(spelled)}")
    return moment
