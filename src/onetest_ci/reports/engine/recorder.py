"""Makes the records of a report: numbers them, limits their texts, joins the attempts of one test.

Every format but the JUnit family records through this. So the rules of attempts, totals, names and limits are
the same for all of them. JUnit's hot loop has its own code for some of these rules; a test runs both over one
table of cases.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypedDict, Unpack

from onetest_ci.errors import ReportError
from onetest_ci.model import BAD, ERROR, PASSED, Attachment, Attempt, Case, Suite, new_record
from onetest_ci.reports.engine.attempts import FailedAttempts
from onetest_ci.reports.engine.limits import (
    MOST_OTHERS,
    MOST_PROPERTIES,
    bounded_items,
    bounded_text,
    first_line,
)
from onetest_ci.reports.engine.reading import Reading, Records
from onetest_ci.reports.engine.suite_stack import SuiteStack
from onetest_ci.reports.engine.text import MARKER, attachments_in
from onetest_ci.reports.engine.values import LONGEST, plausible_duration
from onetest_ci.text.cut import LONGEST_NAME, shorten_name

RUN: Final = "(run)"
"""The name of a case for what failed a run as a whole."""

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
        self._limit = reading.text_limit
        self._suites = SuiteStack()
        self._cases = self._outside = self._bad_outside = self._attempts = 0
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
        parent = self._suites.current.ordinal
        ordinal = self._suites.open(name)
        pairs = self._properties(properties) if properties else ()
        self.records.append(new_record(Suite, (ordinal, parent, name, start, file, pairs, "")))

    def close_suite(self) -> None:
        """End the suite that was opened last."""
        self._suites.close()

    def enter_suite(self, *names: str) -> None:
        """Make the suite of this path of names the open one. Create it on first use."""
        suites = self._suites
        if names == suites.path:
            return
        suites.leave_all()
        for name in names:
            if not suites.reenter(name):
                self.open_suite(name)
        suites.path = names

    def enter_named(self, name: str) -> None:
        """Make the suite of this name the open one; without a name, none."""
        names = (name,) if name else ()
        # Nearly always the suite is open already.
        if names != self._suites.path:
            self.enter_suite(*names)

    @property
    def bad_tests(self) -> int:
        """Cases so far whose final verdict is bad, without those outside of tests."""
        return self.bad - self._bad_outside

    @property
    def cases_in_suite(self) -> int:
        """Cases of the open suite since it was opened or entered, those of suites inside it included."""
        return self._suites.current.cases

    @property
    def bad_in_suite(self) -> int:
        """Bad cases of the open suite since it was opened or entered, those of suites inside it included."""
        return self._suites.current.bad

    # Cases

    def case(
        self,
        name: str,
        *,
        status: str = PASSED,
        message: str = "",
        kind: str = "",
        details: str = "",
        system_out: str = "",
        system_err: str = "",
        seconds: float | None = None,
        retry_key: str = "",
        classname: str = "",
        method: str = "",
        start: float | None = None,
        file: str = "",
        line: int | None = None,
        properties: Iterable[tuple[str, str]] = (),
        attachments: Iterable[Attachment] = (),
        attempts: Sequence[Attempt] = (),
    ) -> None:
        """Record the verdict of a test, by the fields of ``CaseFields``. An empty name is replaced.

        Results of one name are different tests. Only a result that the producer itself marks as a further
        attempt, with the ``retry_key`` of an earlier one, replaces that earlier result.
        """
        if len(name) + len(classname) + len(file) + len(method) > LONGEST_NAME:
            name, classname, file, method = map(shorten_name, (name, classname, file, method))
        if system_out or system_err:
            attachments = _with_marked(attachments, system_out, system_err)
            system_out, system_err = self.text(system_out), self.text(system_err)
        suite, ordinal = self._suites.current, self._cases
        self._cases = ordinal + 1
        suite.cases += 1
        retry_of = None
        if status == PASSED:
            # A test that was meant to fail, and did, has texts of a failure and is none.
            message = kind = details = ""
        else:
            message, kind, details = self._reason(message, kind, details)
        if retry_key:
            retry_of = self._failed.retried_by(hash(retry_key), status, ordinal)
            self.bad -= retry_of is not None
        if status in BAD:
            self.bad += 1
            suite.bad += 1
        self.records.append(
            new_record(
                Case,
                (
                    ordinal,
                    suite.ordinal,
                    name or classname or f"case {ordinal + 1}",
                    classname,
                    status,
                    seconds if seconds is None or 0.0 <= seconds <= LONGEST else None,
                    start,
                    message,
                    kind,
                    details,
                    system_out,
                    system_err,
                    file,
                    line if line is None or 0 < line <= _LAST_LINE else None,
                    self._properties(properties) if properties else (),
                    self._attachments(attachments) if attachments else (),
                    self._earlier(attempts) if attempts else (),
                    retry_of,
                    method,
                ),
            )
        )

    def failure_of_suite(self, **fields: Unpack[CaseFields]) -> None:
        """Record a failure outside any case, as a case named after the open suite, so that it is not lost."""
        self.failure_outside(self._suites.current.name or "(suite)", **fields)

    def failure_outside(self, name: str, **fields: Unpack[CaseFields]) -> None:
        """Record a failure outside any case under a name of its own: a hook, a file that cannot be loaded."""
        self._outside += 1
        self._bad_outside += fields.get("status") in BAD
        self.case(name, **fields)

    def failure_of_run(self, name: str = RUN, **fields: Unpack[CaseFields]) -> None:
        """Record a failure outside all suites, as a case in error: of the run, its hooks or its files."""
        fields["status"] = ERROR
        self.enter_suite()
        self.failure_outside(name, **fields)

    def attempt(self, **fields: Unpack[AttemptFields]) -> Attempt:
        """Return an earlier attempt of a test, for ``case``."""
        status = fields.get("status", PASSED)
        reason = "", "", ""
        if status != PASSED:
            reason = self._reason(
                fields.get("message", ""), fields.get("kind", ""), fields.get("details", "")
            )
        return Attempt(
            status,
            *reason,
            self.text(fields.get("system_out", "")),
            self.text(fields.get("system_err", "")),
            plausible_duration(fields.get("seconds")),
        )

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
            name: the name of that case, if the total is not that of the run.
            shown: how many cases the total counts, if it does not count all bad cases.
        """
        bad = self.bad if shown is None else shown
        if total is not None and total > bad:
            self.enter_suite()
            self._lost(name or RUN, total, bad)

    def check_failed_in_suite(self, total: int | None, name: str = "") -> None:
        """Compare a container's total of failed tests with the open suite, like ``check_failed_total``.

        Call this at the end of the suite. Failures that an inner suite has lost are not counted again.

        Args:
            total: tests that failed or ended in an error, as the producer counts them. None if absent.
            name: the name of the case, if it is not the suite's.
        """
        suite = self._suites.current
        if total is not None and total > suite.bad + suite.lost:
            self._lost(name or suite.name or "(suite)", total, suite.bad)
            suite.lost = total - suite.bad

    def _lost(self, name: str, total: int, shown: int) -> None:
        """Record one case in error for failures that only a total counts, and a note by which gates see it.

        The same name may stand for other failures in another run.
        """
        tests = f"its tests show {shown}" if shown else "none of its tests shows one"
        message = f"the report counts {total} failed tests, {tests}"
        self.reading.note("declared-more-failures", f"{message}; one test in error stands for the others")
        self.failure_outside(
            name,
            status=ERROR,
            message=message,
            details="See the log of the test runner: the report does not name these tests.",
        )

    def check_failed_run(self, message: str, details: str = "", *, name: str = "") -> None:
        """Record that the run failed although no test did, as a case in error.

        Call this at the end of a document whose own outcome is a failure.

        Args:
            message: the reason, as far as the report contains one.
            details: all that the report contains about it.
            name: the name of the case, if it is not the run's.
        """
        if not self.bad:
            self.failure_of_run(name or RUN, message=message, details=details)

    # Texts and lists

    def text(self, text: str) -> str:
        """Return a text within the limit; empty if it is only white space."""
        if not text or text.isspace():
            return ""
        return text if len(text) <= self._limit else bounded_text(text, self.reading)

    def _reason(self, message: str, kind: str, details: str) -> tuple[str, str, str]:
        """Return the texts of a test that did not pass, within the limit."""
        details = self.text(details)
        return self.text(message) or first_line(details), self.text(kind), details

    def _properties(self, properties: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        pairs = tuple((name, self.text(value)) for name, value in properties)
        return bounded_items(pairs, MOST_PROPERTIES, self.reading)

    def _attachments(self, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
        return bounded_items(tuple(dict.fromkeys(attachments)), MOST_OTHERS, self.reading)

    def _earlier(self, attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
        kept = bounded_items(tuple(attempts), MOST_OTHERS, self.reading)
        self._attempts += len(kept)
        return kept


def _with_marked(attachments: Iterable[Attachment], *texts: str) -> Iterable[Attachment]:
    """Return attachments and those that texts name."""
    if any(MARKER in text for text in texts):
        return [*attachments, *(file for text in texts for file in attachments_in(text))]
    return attachments


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
