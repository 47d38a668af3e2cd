"""Makes the records of a report: numbers them, limits their texts, joins the attempts of one test.

Every format but the JUnit family records through this. So the rules of attempts, totals, names and limits are
the same for all of them. JUnit's hot loop has its own code for some of these rules; a test runs both over one
table of cases.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypedDict, Unpack

from onetest_ci.errors import ReportError
from onetest_ci.model import BAD, ERROR, PASSED, Attachment, Attempt, Case, Suite
from onetest_ci.reports.engine.attempts import FailedAttempts
from onetest_ci.reports.engine.limits import (
    MOST_OTHERS,
    MOST_PROPERTIES,
    bounded_items,
    bounded_text,
    first_line,
)
from onetest_ci.reports.engine.reading import Reading, Records
from onetest_ci.reports.engine.text import MARKER, attachments_in
from onetest_ci.reports.engine.values import plausible_duration
from onetest_ci.text.cut import shorten_name

_LAST_LINE: Final = 1_000_000_000
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


class AttemptFields(TypedDict, total=False):
    """What a report can contain about one run of a test; the fields of ``Case`` and ``Attempt``."""

    status: str
    message: str
    kind: str
    details: str
    system_out: str
    system_err: str
    seconds: float | None


class CaseFields(AttemptFields, total=False):
    """Further fields of a test.

    ``retry_key`` identifies the test in formats whose producer writes a result for each attempt: a result
    whose key has failed before is a retry of that failure. All other formats leave it out.
    """

    retry_key: str
    classname: str
    method: str
    start: float | None
    file: str
    line: int | None
    properties: Iterable[tuple[str, str]]
    attachments: Iterable[Attachment]
    attempts: Sequence[Attempt]


class _Texts(NamedTuple):
    """The texts of a result, within the limit."""

    message: str
    kind: str
    details: str
    system_out: str
    system_err: str


class _OpenSuite:
    """An open suite, and the cases in it so far, those of inner suites included.

    Attributes:
        lost: failures that the producer counts beyond the bad cases. One case stands for all of them.
    """

    __slots__ = ("bad", "cases", "lost", "name", "ordinal")

    def __init__(self, ordinal: int | None, name: str) -> None:
        self.ordinal = ordinal
        self.name = name
        self.cases = 0
        self.bad = 0
        self.lost = 0


class Recorder:
    """Turns what a format reads into suites and cases.

    Args:
        reading: collects warnings and notes.

    Attributes:
        records: finished records; whoever yields them empties it.
        bad: cases so far whose final verdict is bad, those outside of tests included.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.records: Records = []
        self.bad = 0
        self._open = [_OpenSuite(None, "")]
        self._named: dict[tuple[int | None, str], _OpenSuite] = {}
        self._suites = self._cases = self._outside = self._attempts = 0
        self._failed = FailedAttempts()

    # Suites

    def open_suite(
        self,
        name: str,
        *,
        start: float | None = None,
        file: str = "",
        properties: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Begin a suite inside the one that is open."""
        self._open.append(self._suite(name, start, file, properties))

    def close_suite(self) -> None:
        """End the suite that was opened last."""
        if len(self._open) > 1:
            inner = self._open.pop()
            self._open[-1].cases += inner.cases
            self._open[-1].bad += inner.bad
            self._open[-1].lost += inner.lost

    def enter_suite(self, *names: str) -> None:
        """Make the suite of this path of names the open one. Create it on first use."""
        del self._open[1:]
        for name in names:
            key = (self._open[-1].ordinal, name)
            suite = self._named.get(key)
            if suite is None:
                suite = self._named[key] = self._suite(name, None, "", ())
            self._open.append(suite)

    @property
    def cases_in_suite(self) -> int:
        """Cases of the open suite so far, those of suites inside it included."""
        return self._open[-1].cases

    @property
    def bad_in_suite(self) -> int:
        """Bad cases of the open suite so far, those of suites inside it included."""
        return self._open[-1].bad

    def _suite(
        self, name: str, start: float | None, file: str, properties: Iterable[tuple[str, str]]
    ) -> _OpenSuite:
        suite = Suite(self._suites, self._open[-1].ordinal, name, start, file, self._properties(properties))
        self._suites += 1
        self.records.append(suite)
        return _OpenSuite(suite.ordinal, name)

    # Cases

    def case(self, name: str, **fields: Unpack[CaseFields]) -> None:
        """Record the verdict of a test. An empty name is replaced.

        Results of one name are different tests. Only a result that the producer itself marks as a further
        attempt, with the ``retry_key`` of an earlier one, replaces that earlier result.
        """
        case = self._case(name, fields)
        if retry_key := fields.get("retry_key"):
            retry_of = self._failed.retried_by(hash(retry_key), case.status, case.ordinal)
            if retry_of is not None:
                case = case._replace(retry_of=retry_of)
        self._count(case)
        self.records.append(case)

    def failure_of_suite(self, **fields: Unpack[CaseFields]) -> None:
        """Record a failure outside any case, as a case named after the open suite, so that it is not lost."""
        self.failure_outside(self._open[-1].name or "(suite)", **fields)

    def failure_outside(self, name: str, **fields: Unpack[CaseFields]) -> None:
        """Record a failure outside any case under a name of its own: a hook, a file that cannot be loaded."""
        self._outside += 1
        self.case(name, **fields)

    def attempt(self, **fields: Unpack[AttemptFields]) -> Attempt:
        """Return an earlier attempt of a test, for ``case``."""
        texts = self._texts(fields)
        return Attempt(
            fields.get("status", PASSED),
            *texts,
            seconds=plausible_duration(fields.get("seconds")),
        )

    def _case(self, name: str, fields: CaseFields) -> Case:
        """Return a case, as if it were a first attempt."""
        classname = shorten_name(fields.get("classname", ""))
        line = fields.get("line")
        texts = self._texts(fields)
        return Case(
            ordinal=self._cases,
            suite=self._open[-1].ordinal,
            name=shorten_name(name) or classname or f"case {self._cases + 1}",
            classname=classname,
            status=fields.get("status", PASSED),
            seconds=plausible_duration(fields.get("seconds")),
            start=fields.get("start"),
            file=shorten_name(fields.get("file", "")),
            line=line if line is not None and 0 < line <= _LAST_LINE else None,
            properties=self._properties(fields.get("properties", ())),
            attachments=self._attachments(fields),
            attempts=bounded_items(tuple(fields.get("attempts", ())), MOST_OTHERS, self.reading),
            method=shorten_name(fields.get("method", "")),
            message=texts.message,
            kind=texts.kind,
            details=texts.details,
            system_out=texts.system_out,
            system_err=texts.system_err,
        )

    def _count(self, case: Case) -> None:
        """Count a case. A retry replaces the bad case that it retries."""
        is_bad = case.status in BAD
        self._cases += 1
        self._attempts += len(case.attempts)
        self.bad += is_bad - (case.retry_of is not None)
        self._open[-1].cases += 1
        self._open[-1].bad += is_bad

    # The producer's totals

    def check_total(self, total: int | None, *, more: int = 0) -> None:
        """Compare the number of tests that the file declares with the tests that it contains; these count.

        Args:
            total: the declared number, None if there is none.
            more: tests that only some versions of the tool count as well.
        """
        contained = self._cases - self._outside
        # Some tools count tests, some count attempts.
        if total is None or contained in {total, total + more} or contained + self._attempts == total:
            return
        text = f"the file declares {total} tests, it has {contained}; the cases count"
        if contained > total:
            self.reading.note("declared-fewer", text)
        else:
            self.reading.warn("declared", text)

    def check_failed_total(self, total: int | None, name: str = "", *, shown: int | None = None) -> None:
        """Compare the producer's total of failed tests with the cases, so that no failure is lost.

        Failures that the total counts and that no case shows become one case in error. Call this at the end
        of a document, and only for totals that the producer is known to count one by one.

        Args:
            total: tests that failed or ended in an error, as the producer counts them. None if absent.
            name: the name of that case: the run or container that the total belongs to.
            shown: how many cases the total counts, if it does not count all bad cases.
        """
        bad = self.bad if shown is None else shown
        if total is not None and total > bad:
            self.enter_suite()
            self.failure_outside(name or "(run)", **_lost(total, bad))

    def check_failed_in_suite(self, total: int | None, name: str = "") -> None:
        """Compare a container's total of failed tests with the open suite, like ``check_failed_total``.

        Call this at the end of the suite. Failures that an inner suite has lost are not counted again.

        Args:
            total: tests that failed or ended in an error, as the producer counts them. None if absent.
            name: the name of the case, if it is not the suite's.
        """
        suite = self._open[-1]
        if total is not None and total > suite.bad + suite.lost:
            self.failure_outside(name or suite.name or "(suite)", **_lost(total, suite.bad))
            suite.lost = total - suite.bad

    def failed_run(self, name: str, message: str, details: str = "") -> None:
        """Record that the run failed although no test did, as a case in error.

        Call this at the end of a document whose own outcome is a failure.

        Args:
            name: the name of the case: the run or container.
            message: the reason, as far as the report contains one.
            details: all that the report contains about it.
        """
        if not self.bad:
            self.enter_suite()
            self.failure_outside(name or "(run)", status=ERROR, message=message, details=details)

    # Texts and lists

    def text(self, text: str) -> str:
        """Return a text within the limit; empty if it is only white space."""
        return bounded_text(text, self.reading) if text and not text.isspace() else ""

    def _texts(self, fields: AttemptFields) -> _Texts:
        text = self.text
        output = text(fields.get("system_out", "")), text(fields.get("system_err", ""))
        if fields.get("status", PASSED) == PASSED:
            # A test that was meant to fail, and did, has texts of a failure and is none.
            return _Texts("", "", "", *output)
        details = text(fields.get("details", ""))
        message = text(fields.get("message", "")) or first_line(details)
        return _Texts(message, text(fields.get("kind", "")), details, *output)

    def _properties(self, properties: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        if not properties:
            return ()
        pairs = tuple((name, self.text(value)) for name, value in properties)
        return bounded_items(pairs, MOST_PROPERTIES, self.reading)

    def _attachments(self, fields: CaseFields) -> tuple[Attachment, ...]:
        found = list(fields.get("attachments", ()))
        for text in (fields.get("system_out", ""), fields.get("system_err", "")):
            if MARKER in text:
                found += attachments_in(text)
        if not found:
            return ()
        return bounded_items(tuple(dict.fromkeys(found)), MOST_OTHERS, self.reading)


def recorded(
    reading: Reading, record: Callable[[Recorder], Iterator[None]], steps_at_once: int = 1
) -> Iterator[Records]:
    """Yield records, some at a time. An error ends the report; records from before it are kept.

    Args:
        reading: receives the error.
        record: records, and yields after each step, so that records can be taken; may raise ``ReportError``.
        steps_at_once: how many steps are made before records are yielded.
    """
    recorder = Recorder(reading)
    steps = record(recorder)
    failure: ReportError | None = None
    going = True
    while going:
        try:
            for _ in range(steps_at_once):
                going = next(steps, False) is None
                if not going:
                    break
        except ReportError as error:
            failure, going = error, False
        if recorder.records:
            yield recorder.records
            recorder.records.clear()
    if failure is not None:
        reading.fail(failure)


def verdict(reading: Reading, spelled: str, known: dict[str, str]) -> str:
    """Return the status for a word of a format. An unknown word is an error, with a warning."""
    status = known.get(spelled.strip().lower())
    if status is None:
        reading.warn("status", f"a verdict that is not known, {spelled[:60]!r}, is read as an error")
        return ERROR
    return status


def uncoloured(text: str) -> str:
    """Return a text without the colours that tools write for a terminal."""
    return _COLOUR.sub("", text) if "\x1b" in text else text


def _lost(total: int, bad: int) -> AttemptFields:
    shown = f"its tests show {bad}" if bad else "none of its tests shows one"
    return {
        "status": ERROR,
        "message": f"the report counts {total} failed tests, {shown}",
        "details": "See the log of the test runner: the report does not name these tests.",
    }
