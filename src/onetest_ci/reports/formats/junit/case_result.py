"""The result of the elements inside one JUnit case."""

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar, Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt, worse
from onetest_ci.reports.engine.limits import (
    MOST_OTHERS,
    MOST_PROPERTIES,
    bounded_text,
    first_line,
    warn_of_cut,
    warn_of_many,
)
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.text import attachments_of_property
from onetest_ci.reports.engine.values import duration
from onetest_ci.text.cut import cut_middle

MOST_HELD: Final = 4 * 1024 * 1024
"""Characters that the properties and attempts of one case may have together; at least four texts."""

ATTEMPTS: Final = {
    "flakyFailure": FAILED,
    "flakyError": ERROR,
    "rerunFailure": FAILED,
    "rerunError": ERROR,
    "flakyPassed": PASSED,
    "flakySkipped": SKIPPED,
    "rerunPassed": PASSED,
    "rerunSkipped": SKIPPED,
}
"""Surefire's elements for one attempt each: flaky* before a pass, rerun* after the first failure. The last
four are in our own documents only."""

_PARTS: Final = frozenset({"stackTrace", "system-out", "system-err"})

NOT_STARTED: Final = frozenset(
    {
        "Failed to change working directory",
        "Failed to start",
        "Fixture dependency failed",
        "Insufficient resources",
        "Invalid Test Properties",
        "Missing Configuration",
        "Not Run",
        "Required Files Missing",
        "Unable to find executable",
    }
)
"""Why CTest starts no test: it lists every such test as failed and exits with 8. ``ctest --output-junit``
writes them as the reasons of ``skipped`` elements (WriteJUnitXML in cmCTestTestHandler.cxx)."""

_MAY_FAIL: Final = "TEST_CASE tagged with !"
"""Catch2's reason to skip a test that ran and failed as expected."""


class CaseResult:
    """The result of the elements inside one case; or of a suite's failures outside its cases.

    Attributes:
        excused: a failure or an error inside counts as a skip.
        reruns: Surefire's reruns after a first failure are among the attempts.
        further_problems: failures and errors inside besides the first.
    """

    SKIPPING: ClassVar[Collection[str]] = frozenset({"org.testng.SkipException"})
    """Types of a failure or error that mean a skip: TestNG's JUnit reports write skips so."""

    __slots__ = (
        "attachments",
        "attempts",
        "details",
        "excused",
        "further_problems",
        "held",
        "kind",
        "message",
        "properties",
        "reading",
        "reruns",
        "status",
        "system_err",
        "system_out",
    )

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.status = PASSED
        self.message = self.kind = self.details = self.system_out = self.system_err = ""
        self.properties: list[tuple[str, str]] | tuple[()] = ()
        self.attachments: Sequence[Attachment] = ()
        self.attempts: Sequence[Attempt] = ()
        self.reruns = self.excused = False
        # Characters of the properties and attempts so far.
        self.held = self.further_problems = 0

    def is_plain_pass(self) -> bool:
        """Return whether the case passed in its only attempt and names no file."""
        return self.status == PASSED and not self.attempts and not self.attachments

    @property
    def problems(self) -> int:
        """The failures and errors inside."""
        return self.further_problems + (self.status in BAD)

    def mark_not_run(self) -> None:
        """Skip the case: an attribute states that it was not run. Fail it if CTest could not start it."""
        if self.status == PASSED:
            self.status = SKIPPED
        elif self.status == SKIPPED and self.message in NOT_STARTED:
            self.status = FAILED

    def mark_never_run(self) -> None:
        """Put the case in error, since an attribute shows that it was selected and never ran."""
        if self.status in {PASSED, SKIPPED}:
            self.status = ERROR
            self.message = "the test was not run; see the log of the test runner"

    def mark_unfinished(self) -> None:
        """Put the case in error: it has no name, class or result, so the test began and did not end."""
        self.status = ERROR
        self.message = "the test began and did not end; see the log of the test runner"

    def fail_by_word(self, word: str) -> None:
        """Fail the case by the word of an attribute, if no element in it states its result."""
        if self.status == PASSED:
            self.status = FAILED
            self.message = f"the report gives the result of the test as {word!r}"

    def add_problem(self, status: str, attributes: dict[str, str], text: str) -> None:
        """Add a ``failure``, ``error`` or ``skipped``.

        The worst decides the status. The first failure has the message; the details of all are kept.
        """
        kind = attributes.get("type", "")
        if kind in self.SKIPPING or (self.status == SKIPPED and self.message.startswith(_MAY_FAIL)):
            self.excused |= status != SKIPPED
            status = SKIPPED
        message = bounded_text(attributes.get("message", ""), self.reading)
        details = "" if text.isspace() else text
        if status == SKIPPED:
            if self.status == PASSED:
                self.status = SKIPPED
                self.message = message or bounded_text(details.strip(), self.reading)
                self.kind = bounded_text(kind, self.reading)
                self.details = details if message else ""
        elif self.status in BAD:
            more = details if not message or message in details else f"{message}\n{details}".rstrip("\n")
            self.details = self.joined(self.details, more, "\n\n")
            self.status = worse(self.status, status)
            self.further_problems += 1
        else:
            # The reason of a skip, if there was one, is not the failure of the case.
            self.status = status
            self.message = message or bounded_text(first_line(details), self.reading)
            self.kind = bounded_text(kind, self.reading)
            self.details = details

    def attach(self, found: Sequence[Attachment]) -> None:
        """Add files that the report names, each once."""
        if not self.attachments and len(found) == 1:
            self.attachments = found
            return
        for attachment in found:
            if attachment in self.attachments:
                continue
            if len(self.attachments) == MOST_OTHERS:
                warn_of_many(self.reading)
                break
            self.attachments = [*self.attachments, attachment]

    def add_properties(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Add names and values of ``property`` elements. Some name attachments, by a path or a mark."""
        kept = self.properties or []
        held, limit = self.held, self.reading.text_limit
        for pair in pairs:
            name, value = pair
            if "attachment" in name.lower():
                self._attachment_property(name, value)
            size = len(name) + len(value)
            if size > limit:
                name, value = bounded_text(name, self.reading), bounded_text(value, self.reading)
                size = len(name) + len(value)
                pair = name, value  # noqa: PLW2901
            held += size
            if len(kept) == MOST_PROPERTIES or (held > MOST_HELD and held > 4 * limit):
                warn_of_many(self.reading)
                break
            kept.append(pair)
        self.properties, self.held = kept, held

    def _attachment_property(self, name: str, value: str) -> None:
        self.attach(attachments_of_property(name, value))

    def add_attempt(self, attempt: Attempt, *, rerun: bool) -> None:
        """Add one of Surefire's attempts."""
        self.reruns |= rerun
        self.held += sum(map(len, attempt[1:6]))
        if len(self.attempts) == MOST_OTHERS or self.held > max(MOST_HELD, 4 * self.reading.text_limit):
            warn_of_many(self.reading)
        else:
            self.attempts = [*self.attempts, attempt]

    def in_order(self) -> "CaseResult":
        """Return the result with its attempts in order: Surefire writes the first, then the reruns.

        The last rerun has the message and texts of the case.
        """
        if not (self.message or self.details):
            return self
        ordered = CaseResult(self.reading)
        first = Attempt(self.status, self.message, self.kind, self.details, self.system_out, self.system_err)
        *earlier, last = self.attempts
        ordered.attempts = [first, *earlier]
        ordered.message, ordered.kind, ordered.details = last.message, last.kind, last.details
        ordered.system_out, ordered.system_err = last.system_out, last.system_err
        return ordered

    def joined(self, text: str, more: str, separator: str = "\n") -> str:
        """Return two texts of one kind as one, within the limit."""
        if not text or not more:
            return text or more
        return bounded_text(f"{text}{separator}{more}", self.reading)


class OpenAttempt:
    """One of Surefire's attempt elements, while it is open."""

    __slots__ = ("_own", "_part", "_reading", "_texts")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._own = ""
        self._part = ""
        self._texts: dict[str, str] = {}

    def start_part(self, local: str) -> bool:
        """Return whether the element that starts is one of the attempt's parts."""
        if self._part or local not in _PARTS:
            return False
        self._part = local
        return True

    def end_part(self, text: str) -> bool:
        """End the open part with its text. False if none is open: then the attempt itself ends."""
        if not self._part:
            return False
        self._texts[self._part] = text
        self._part = ""
        return True

    def add_own(self, text: str) -> None:
        """Add text that stands in the attempt itself."""
        if not text.isspace():
            self._own = cut_middle(self._own + text, self._reading.text_limit)

    def finished(self, local: str, attributes: dict[str, str]) -> Attempt:
        """Return the attempt; ``local`` is the name of its element."""
        limit = self._reading.text_limit
        details = self._texts.get("stackTrace") or self._own
        message = attributes.get("message", "") or first_line(details)
        if len(message) > limit:
            warn_of_cut(self._reading)
        return Attempt(
            ATTEMPTS[local],
            cut_middle(message, limit),
            cut_middle(attributes.get("type", ""), limit),
            details,
            self._texts.get("system-out", ""),
            self._texts.get("system-err", ""),
            duration(attributes.get("time", "")),
        )
