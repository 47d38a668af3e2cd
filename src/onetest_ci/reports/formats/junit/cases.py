"""Makes the records of JUnit cases, and finds those that are retries of an earlier one."""

from collections.abc import Callable, Mapping
from typing import Final

from onetest_ci.model import BAD, ERROR, PASSED, SKIPPED, Case, Suite
from onetest_ci.reports.engine.go_output import GoFailureFinder
from onetest_ci.reports.engine.reading import Reading, Tally, shown
from onetest_ci.reports.engine.values import LONGEST, duration, timestamp, whole_number
from onetest_ci.reports.formats.junit.case_result import CaseResult
from onetest_ci.reports.formats.junit.declared_counts import EmptySuite
from onetest_ci.reports.formats.junit.identity import identifying_attributes, identifying_properties
from onetest_ci.reports.formats.junit.open_suite import OpenSuite
from onetest_ci.reports.formats.junit.result_words import NEVER_RUN, PLAIN, words_of

_LINES_KEPT: Final = 20_000
_FILTER_BITS: Final = 0x3FFFF
_new = tuple.__new__  # A NamedTuple's own constructor costs twice as much, 100,000 times over.


_ONE_CASE_A_TEST: Final = frozenset({"jest tests", "vitest tests", "Mocha Tests"})
"""Names of the root in files of jest-junit 17, Vitest 4 and mocha-junit-reporter 2, which write one case for
all tries of a test: two cases of one name are two tests, as of two files or of ``test.each``."""

_SUREFIRE: Final = "surefire-test-report"
"""In the schema that Surefire and Failsafe name. With reruns they write one case for all tries of a test, and
without, one for each result of a name, as of TestNG's ``invocationCount`` (Surefire 3.2.5, run)."""


class Retries:
    """Finds the cases that repeat the failure of an earlier one.

    Most tools do not mark a retry in JUnit XML, so two results of one name may be attempts of one test or two
    tests. They are taken for attempts unless ``merging`` is off or the report itself tells them apart:
    by suite path, classname, name with its parameters, file, line, or what ``identity.py`` finds. The
    reading names each test that is merged so. Only cases whose latest result is bad are remembered.

    Attributes:
        merged: bad cases that a later one repeats.
        merging: results of one name are attempts of one test.
        names: not zero, by a few bits of a name's hash, where a bad case has such a name.
    """

    __slots__ = ("_failed", "_failed_paths", "_reading", "merged", "merging", "names")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.merging = reading.merge_by_name
        self.merged = 0
        # Key to the ordinal of the latest bad result.
        self._failed: dict[int, int] = {}
        # Suites, and names by a few bits, with such cases among them: they spare nearly all others the key.
        self._failed_paths: set[int] = set()
        self.names = bytearray(_FILTER_BITS + 1)

    def begin(self, root: Mapping[str, str]) -> None:
        """Take the attributes of the file's root element."""
        schemas = (value for name, value in root.items() if name.endswith("SchemaLocation"))
        if root.get("name") in _ONE_CASE_A_TEST or any(_SUREFIRE in schema for schema in schemas):
            self.merging = False

    def reach_into(self, path: int) -> bool:
        """Is there a bad case so far in a suite of this path?"""
        return path in self._failed_paths

    def bad(self, case: Case, suite: OpenSuite, attributes: dict[str, str]) -> Case:
        """Remember a bad case; return it as the retry of an earlier bad one of its key.

        Args:
            case: the case.
            suite: its suite.
            attributes: those of the case that its record does not hold.
        """
        # jest-junit writes a file that does not load as an error and as a failure, in a suite of no tests.
        of_a_file = suite.declared == 0 and self._reading.merge_by_name
        if not self.merging and not of_a_file:
            return case
        key = _key(case, suite, attributes)
        earlier = self._failed.get(key)
        self._failed[key] = case.ordinal
        self.names[hash(case.name) & _FILTER_BITS] = 1
        self._failed_paths.add(suite.path)
        suite.has_bad = True
        return case if earlier is None else self._merged(case, earlier)

    def passed(self, case: Case, suite: OpenSuite, attributes: dict[str, str]) -> Case:
        """Return a pass as the retry of a bad case of its key. A skip is not an attempt."""
        if not self.merging:
            return case
        earlier = self._failed.pop(_key(case, suite, attributes), None)
        return case if earlier is None else self._merged(case, earlier)

    def _merged(self, case: Case, earlier: int) -> Case:
        self._reading.note_merged(f"{case.classname} > {case.name}" if case.classname else case.name)
        self.merged += 1
        return case._replace(retry_of=earlier)


class Cases:
    """Cases that have ended, and the records that are made of them.

    Attributes:
        ended: adds a case: its attributes and what was inside it, None when nothing was.
        waiting: cases that ended and have no record yet; all of one suite.
        count: cases with a record so far.
        tried: cases so far that did not fail in the end, but in an attempt before that, or with an excuse.
        printed: a case has an output or names a file.
        repeats: what earlier cases tell of later ones.
    """

    __slots__ = (
        "_bad",
        "_emit",
        "_go",
        "_lines",
        "_reading",
        "count",
        "ended",
        "printed",
        "repeats",
        "synthetic",
        "tried",
        "waiting",
    )

    def __init__(self, reading: Reading, emit: Callable[[Suite | Case | Tally], None]) -> None:
        self._reading = reading
        self._emit = emit
        self._lines: dict[str, int] = {}
        self._go = GoFailureFinder()
        self.waiting: list[tuple[dict[str, str], CaseResult | None]] = []
        self.ended = self.waiting.append
        self.count = self._bad = 0
        self.synthetic = self.tried = 0
        self.printed = False
        self.repeats = Retries(reading)

    @property
    def bad(self) -> int:
        """Cases so far whose final verdict is a failure or an error."""
        return self._bad - self.repeats.merged

    @property
    def failures(self) -> int:
        """Failures and errors so far, also those that a later attempt made good or that count as skips."""
        return self._bad + self.tried

    @property
    def told(self) -> int:
        """Cases that the report itself names."""
        return self.count - self.synthetic

    def record(self, suite: OpenSuite) -> None:  # noqa: C901, PLR0912, PLR0915 - the hot place: a call here is made once per test
        """Make the records of those that wait: many in one loop, which costs half of a call for each."""
        emit, repeats, lines, tells_nothing = self._emit, self.repeats, self._lines.get, PLAIN.issuperset
        suite_ordinal, ordinal = suite.ordinal, self.count
        counting, passed, passing = self._reading.counting, 0, 0.0
        bad_names, has_bad, clock, from_zero = repeats.names, suite.has_bad, suite.clock, suite.from_zero
        for attributes, outcome in self.waiting:
            pop = attributes.pop
            seconds = line = None
            if (spelled := pop("time", None)) is not None:
                try:
                    seconds = float(spelled)
                except ValueError:
                    seconds = -1.0
                if not 0.0 <= seconds <= LONGEST:
                    seconds = self._odd_duration(spelled)
            if (
                counting
                and outcome is None
                and not (has_bad and bad_names[hash(attributes.get("name")) & _FILTER_BITS])
                and attributes.get("name")
                and tells_nothing(attributes)
            ):
                passed += 1
                passing += seconds or 0.0
                ordinal += 1
                continue
            classname = pop("classname", "")
            name = pop("name", "") or classname
            file = pop("file", "")
            if (spelled := pop("line", None)) is not None:
                if (line := lines(spelled)) is None:
                    line = self._line(spelled)
                if from_zero is not None and line is not None and from_zero(attributes, classname, file):
                    line += 1
            start = clock
            if clock is not None and seconds is not None:
                clock += seconds
            if attributes:
                classname, start, line, outcome = self._others(attributes, classname, start, line, outcome)  # noqa: PLW2901 - what the loop is about
            if not name:
                name, outcome = self._nameless(attributes, outcome, ordinal)  # noqa: PLW2901
            if outcome is None:
                status = PASSED
                case = _new(
                    Case,
                    (
                        ordinal, suite_ordinal, name, classname, PASSED, seconds, start,
                        "", "", "", "", "", file, line, (), (), (), None, "",
                    ),
                )  # fmt: skip
            else:
                status = outcome.status
                said = outcome.in_order() if outcome.reruns else outcome
                if said.system_out or said.system_err or outcome.attachments:
                    self.printed = True
                case = _new(
                    Case,
                    (
                        ordinal, suite_ordinal, name, classname, status, seconds, start,
                        said.message, said.kind, said.details, said.system_out, said.system_err, file, line,
                        outcome.properties and tuple(outcome.properties),
                        outcome.attachments and tuple(outcome.attachments),
                        said.attempts and tuple(said.attempts), None, "",
                    ),
                )  # fmt: skip
                if status in BAD:
                    self._bad += 1
                    case = self._go.explained(repeats.bad(case, suite, attributes))
                    has_bad = suite.has_bad
                elif said.attempts or outcome.excused:
                    self.tried += 1
            if status == PASSED and has_bad and bad_names[hash(name) & _FILTER_BITS]:
                case = repeats.passed(case, suite, attributes)
            emit(case)
            ordinal += 1
        if passed:
            emit(Tally(passed, passing))
        self.count, suite.clock = ordinal, clock
        self.waiting.clear()

    def add_synthetic(self, suite: OpenSuite, name: str) -> None:
        """Failures outside any case, as a case named after its suite, so that none is lost."""
        said = suite.own_result
        if said is not None:
            case = Case(self.count, suite.ordinal, name or "(suite)", "", said.status, None, suite.clock)
            self._add_synthetic(case._replace(message=said.message, kind=said.kind, details=said.details))

    def add_declared(self, suite: EmptySuite) -> None:
        """Failures that a suite without any case declares and that no case of the file shows."""
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
        self._emit(case)
        self.count += 1
        self.synthetic += 1
        self._bad += case.status in BAD

    def _others(
        self,
        attributes: dict[str, str],
        classname: str,
        start: float | None,
        line: int | None,
        outcome: CaseResult | None,
    ) -> tuple[str, float | None, int | None, CaseResult | None]:
        """What attributes say that only some tools write."""
        get = attributes.get
        if line is None and "lineno" in attributes:
            line = self._line(attributes["lineno"])
        if "timestamp" in attributes:
            start = moment_of(attributes["timestamp"], self._reading) or start
        if get("status") == NEVER_RUN:
            outcome = outcome or CaseResult(self._reading)
            outcome.never_run()
        for word, status in words_of(attributes):
            outcome = outcome or CaseResult(self._reading)
            if status == SKIPPED:
                outcome.not_run()
            else:
                outcome.failed_by_word(word)
        return classname or get("class", ""), start, line, outcome

    def _nameless(
        self, attributes: dict[str, str], outcome: CaseResult | None, ordinal: int
    ) -> tuple[str, CaseResult | None]:
        """Return a name for a case that has none, and what became of it.

        pytest names a test when it ends. It writes a case without a name for a test that the end of the run
        cut short, as ``pytest.exit`` and Ctrl-C do (``_pytest/junitxml.py`` 9.2, where
        ``update_testcase_duration`` makes the case and ``record_testreport`` names it).
        """
        if outcome is None and not attributes:
            outcome = CaseResult(self._reading)
            outcome.unfinished()
        return f"case {ordinal + 1}", outcome

    def _line(self, spelled: str) -> int | None:
        """A line number; the same few come again and again."""
        line = whole_number(spelled)
        if line is not None and len(self._lines) < _LINES_KEPT:
            self._lines[spelled] = line
        return line

    def _odd_duration(self, spelled: str) -> float | None:
        seconds = duration(spelled)
        if seconds is None and spelled.strip():
            self._reading.warn("time", f"durations that make no sense are left out, as {shown(spelled)}")
        return seconds


def _key(case: Case, suite: OpenSuite, attributes: dict[str, str]) -> int:
    told = identifying_attributes(attributes), identifying_properties(case.properties)
    return hash((suite.identity(), case.classname, case.name, case.file, case.line, told))


def moment_of(spelled: str | None, reading: Reading) -> float | None:
    """Epoch seconds of a timestamp attribute; what is no date is told once."""
    moment = timestamp(spelled) if spelled else None
    if moment is None and spelled:
        reading.warn("timestamp", f"timestamps that are no date are left out, as {shown(spelled)}")
    return moment
