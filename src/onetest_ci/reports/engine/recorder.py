"""Makes the records of a report: numbers them, bounds their texts, joins the attempts of one test.

Every format but the JUnit family, whose hot path has its own, records through this; so the rules of
attempts, totals, names and limits are the same for all.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypedDict, Unpack

from onetest_ci.errors import ReportError
from onetest_ci.model import BAD, ERROR, FAILED, PASSED, Attachment, Attempt, Case, Suite
from onetest_ci.reports.engine.limits import MOST_OTHERS, MOST_PROPERTIES, first_line, note_cut
from onetest_ci.reports.engine.reading import Reading, Records
from onetest_ci.reports.engine.text import MARKER, attachments_in
from onetest_ci.reports.engine.values import LONGEST
from onetest_ci.text.cut import cut_middle, shorten_name

LAST_LINE: Final = 1_000_000_000
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


class AttemptFields(TypedDict, total=False):
    """What a report may say of one run of a test; the fields of ``Case`` and ``Attempt``."""

    status: str
    message: str
    kind: str
    details: str
    system_out: str
    system_err: str
    seconds: float | None


class CaseFields(AttemptFields, total=False):
    """Further fields of a test.

    ``retry_key`` identifies the test in formats whose producer repeats its result for each attempt: a result
    whose key has failed before is a retry of that failure. It is left out in all other formats.
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


class _Open:
    """An open suite: its ordinal, and the path of names that tells it from others."""

    __slots__ = ("bad", "cases", "lost", "name", "ordinal", "path")

    def __init__(self, ordinal: int | None, name: str, path: int) -> None:
        self.ordinal = ordinal
        self.name = name
        self.path = path
        self.cases = 0
        self.bad = 0
        # Failures that its producer counts beyond the bad cases; one case stands for all of them.
        self.lost = 0


class Recorder:
    """Turns what a format tells into suites and cases.

    Args:
        reading: takes what is noted.

    Attributes:
        records: finished records; whoever yields them empties it.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.records: Records = []
        self._open = [_Open(None, "", 0)]
        self._named: dict[tuple[int | None, str], _Open] = {}
        self._suites = self._cases = self._synthetic = self._attempts = self._bad = 0
        # Retry key of a case whose latest result is bad, to its ordinal: a retry of that case replaces it.
        self._failed: dict[int, int] = {}

    # Suites

    def open_suite(
        self,
        name: str,
        *,
        start: float | None = None,
        file: str = "",
        properties: Iterable[tuple[str, str]] = (),
    ) -> None:
        """A suite begins, inside the one that is open."""
        self._open.append(self._suite(name, start, file, properties))

    def close_suite(self) -> None:
        """The suite that was opened last has ended."""
        if len(self._open) > 1:
            inner = self._open.pop()
            self._open[-1].cases += inner.cases
            self._open[-1].bad += inner.bad
            self._open[-1].lost += inner.lost

    def enter_suite(self, *names: str) -> None:
        """What follows belongs to the suite of this path of names; it is made when it is new."""
        del self._open[1:]
        for name in names:
            outer = self._open[-1]
            key = (outer.ordinal, name)
            known = self._named.get(key)
            if known is None:
                known = self._named[key] = self._suite(name, None, "", ())
            self._open.append(known)

    @property
    def cases_in_suite(self) -> int:
        """Cases of the open suite so far, those of suites inside it included."""
        return self._open[-1].cases

    @property
    def bad_in_suite(self) -> int:
        """The bad ones among them."""
        return self._open[-1].bad

    def _suite(
        self, name: str, start: float | None, file: str, properties: Iterable[tuple[str, str]]
    ) -> _Open:
        outer = self._open[-1]
        suite = Suite(self._suites, outer.ordinal, name, start, file, self._properties(properties))
        self._suites += 1
        self.records.append(suite)
        return _Open(suite.ordinal, name, hash((outer.path, name)))

    # Cases

    def case(self, name: str, **said: Unpack[CaseFields]) -> None:
        """Record the verdict of a test. An empty name is replaced.

        Results of one name are different tests. Only a result that the producer itself marks as a further
        attempt, by giving it the ``retry_key`` of an earlier one, replaces that earlier result.
        """
        status = said.get("status", PASSED)
        classname = shorten_name(said.get("classname", ""))
        name = shorten_name(name) or classname or f"case {self._cases + 1}"
        file = shorten_name(said.get("file", ""))
        line = said.get("line")
        texts = self._texts(said)
        suite = self._open[-1]
        retry_key = said.get("retry_key", "")
        retry_of = self._retried(retry_key, status) if retry_key else None
        case = Case(
            ordinal=self._cases,
            suite=suite.ordinal,
            name=name,
            classname=classname,
            status=status,
            seconds=_sensible(said.get("seconds")),
            start=said.get("start"),
            file=file,
            line=line if line is not None and 0 < line <= LAST_LINE else None,
            properties=self._properties(said.get("properties", ())),
            attachments=self._attachments(said),
            attempts=self._bounded(tuple(said.get("attempts", ()))),
            retry_of=retry_of,
            method=shorten_name(said.get("method", "")),
            **texts,
        )
        self._cases += 1
        self._attempts += len(case.attempts)
        suite.cases += 1
        self._bad -= retry_of is not None
        if status in BAD:
            suite.bad += 1
            self._bad += 1
            if retry_key:
                self._failed[hash(retry_key)] = case.ordinal
        self.records.append(case)

    def failure_of_suite(self, **said: Unpack[CaseFields]) -> None:
        """A failure outside any case, as a case named after the open suite, so that none is lost."""
        self.failure_outside(self._open[-1].name or "(suite)", **said)

    def failure_outside(self, name: str, **said: Unpack[CaseFields]) -> None:
        """A failure outside any case, under a name of its own: a hook's, a file's that cannot be loaded."""
        self._synthetic += 1
        self.case(name, **said)

    def attempt(self, **said: Unpack[AttemptFields]) -> Attempt:
        """One run of a test that was tried again."""
        return Attempt(
            said.get("status", PASSED), **self._texts(said), seconds=_sensible(said.get("seconds"))
        )

    def _retried(self, retry_key: str, status: str) -> int | None:
        """Return the ordinal of the bad case that this one retries. A skip is not an attempt."""
        if status in BAD:
            return self._failed.get(hash(retry_key))
        return self._failed.pop(hash(retry_key), None) if status == PASSED else None

    def check_total(self, total: int | None, *, more: int = 0) -> None:
        """Hold the count of tests that the file claims against those it has; the latter count.

        Args:
            total: as claimed, None when it is not.
            more: tests that only some versions of the tool count as well.
        """
        has = self._cases - self._synthetic
        # Some tools count tests, some tries.
        if total is not None and has not in {total, total + more} and has + self._attempts != total:
            text = f"the file declares {total} tests, it has {has}; the cases count"
            if has > total:
                self.reading.note("declared-fewer", text)
            else:
                self.reading.warn("declared", text)

    @property
    def bad(self) -> int:
        """Cases so far whose final verdict is bad, those outside of tests included."""
        return self._bad

    def check_failed_total(self, total: int | None, name: str = "", *, shown: int | None = None) -> None:
        """Hold the producer's total of failed tests against the cases; no failure may get lost.

        Failures that the total counts and that no case shows become one case in error. Call it at the end of
        a document, and only for totals that the producer is known to count one by one.

        Args:
            total: tests that failed or ended in an error, as the producer counts them. None if absent.
            name: what to call the case: the run or container that the total belongs to.
            shown: how many cases the total counts, if it does not count all bad cases.
        """
        has = self._bad if shown is None else shown
        if total is not None and total > has:
            self.enter_suite()
            self.failure_outside(name or "(run)", **_lost(total, has))

    def check_failed_in_suite(self, total: int | None, name: str = "") -> None:
        """Hold a container's total of failed tests against the open suite, as ``check_failed_total`` does.

        Call it at the end of the suite. Failures that an inner suite has lost are not counted again.

        Args:
            total: tests that failed or ended in an error, as the producer counts them. None if absent.
            name: what to call the case, if not after the suite.
        """
        suite = self._open[-1]
        if total is not None and total > suite.bad + suite.lost:
            self.failure_outside(name or suite.name or "(suite)", **_lost(total, suite.bad))
            suite.lost = total - suite.bad

    def failed_run(self, name: str, message: str, details: str = "") -> None:
        """Record that the run failed although no test did, as a case in error.

        Call it at the end of a document whose own outcome is a failure.

        Args:
            name: what to call the case: the run or container.
            message: the reason, as far as the report contains one.
            details: all that the report says about it.
        """
        if not self._bad:
            self.enter_suite()
            self.failure_outside(name or "(run)", status=ERROR, message=message, details=details)

    # Texts and lists

    def _texts(self, said: AttemptFields) -> dict[str, Any]:
        # What a test said that was meant to fail, and did, is no failure's text.
        failed = said.get("status", PASSED) != PASSED
        details = self.text(said.get("details", "")) if failed else ""
        return {
            "message": (self.text(said.get("message", "")) or first_line(details)) if failed else "",
            "kind": self.text(said.get("kind", "")) if failed else "",
            "details": details,
            "system_out": self.text(said.get("system_out", "")),
            "system_err": self.text(said.get("system_err", "")),
        }

    def text(self, text: str) -> str:
        """A text within the limit; only white space is no text."""
        if len(text) > self.reading.text_limit:
            note_cut(self.reading)
            return cut_middle(text, self.reading.text_limit)
        return "" if text.isspace() else text

    def _properties(self, properties: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        kept = tuple((name, self.text(value)) for name, value in properties)
        return self._bounded(kept, MOST_PROPERTIES)

    def _attachments(self, said: CaseFields) -> tuple[Attachment, ...]:
        found = list(said.get("attachments", ()))
        for text in (said.get("system_out", ""), said.get("system_err", "")):
            if MARKER in text:
                found += attachments_in(text)
        return self._bounded(tuple(dict.fromkeys(found)))

    def _bounded(self, items: tuple[Any, ...], most: int = MOST_OTHERS) -> tuple[Any, ...]:
        if len(items) > most:
            self.reading.warn(
                "many",
                f"a test has more than {most:,} properties, attachments or attempts; the rest is left out",
            )
        return items[:most]


def recorded(
    reading: Reading, record: Callable[[Recorder], Iterator[None]], steps_at_once: int = 1
) -> Iterator[Records]:
    """Yield what is recorded, some at a time; an error ends the report, and what came before is kept.

    Args:
        reading: takes the error.
        record: records, and yields after each step, so that records can be taken; may raise ``ReportError``.
        steps_at_once: how many are waited for.
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
    """The status that a format's word stands for; an unknown word is an error, told by a warning."""
    status = known.get(spelled.strip().lower())
    if status is None:
        reading.warn("status", f"a verdict that is not known, {spelled[:60]!r}, is read as an error")
        return ERROR
    return status


def uncoloured(text: str) -> str:
    """A text without the colours that tools write for a terminal."""
    return _COLOUR.sub("", text) if "\x1b" in text else text


def worse(one: str, other: str) -> str:
    """The worse of two statuses."""
    rank = (PASSED, "skipped", FAILED, ERROR)
    return max(one, other, key=rank.index)


def _lost(total: int, bad: int) -> AttemptFields:
    shown = f"its tests show {bad}" if bad else "none of its tests shows one"
    return {
        "status": ERROR,
        "message": f"the report counts {total} failed tests, {shown}",
        "details": "See the log of the test runner: the report does not say which tests these are.",
    }


def _sensible(seconds: float | None) -> float | None:
    return seconds if seconds is not None and 0.0 <= seconds <= LONGEST else None
