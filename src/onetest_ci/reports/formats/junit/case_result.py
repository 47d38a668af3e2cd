"""What the JUnit reader gathers while a case or a suite is open."""

import re
from collections.abc import Sequence
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt
from onetest_ci.reports.engine.limits import MOST_OTHERS, MOST_PROPERTIES, first_line, note_cut
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.text import attachments_in
from onetest_ci.text.cut import cut_middle

MOST_HELD: Final = 4 * 1024 * 1024
"""Characters that the properties and attempts of one case may have, or four texts of the limit."""

ATTEMPTS: Final = {
    "flakyFailure": FAILED,
    "flakyError": ERROR,
    "rerunFailure": FAILED,
    "rerunError": ERROR,
}
"""Surefire's elements for one attempt each: flaky* before a pass, rerun* after the first failure."""

_PARTS: Final = frozenset({"stackTrace", "system-out", "system-err"})

_ATTACHMENT_PROPERTY: Final = re.compile(
    r"(?:[a-z]{1,40}[_.:-])?attachments?(?:[_. -]?\[?\d{1,6}\]?|[.:]\w{1,40})?", re.IGNORECASE | re.ASCII
)
"""``attachment`` and ``attachments``, with a prefix (``testrail_attachment``), a number (``attachment_2``,
``attachment[2]``) or a name (``attachment.log``): there is no specification, these are in use."""

_SKIPPING: Final = frozenset({"org.testng.SkipException"})
"""Types by which a failure or error says that the test was skipped: TestNG's JUnit reports write them so."""

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

_RANK: Final = {PASSED: 0, SKIPPED: 1, FAILED: 2, ERROR: 3}
_new = tuple.__new__  # A NamedTuple's own constructor costs twice as much.


class CaseResult:
    """What the elements inside one case say; or those of a suite that stand outside its cases.

    Attributes:
        excused: a failure or an error inside counts as a skip.
    """

    __slots__ = (
        "attachments",
        "attempts",
        "details",
        "excused",
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
        self.held = 0

    def not_run(self) -> None:
        """Take from an attribute that the case was not run, and as a failure if CTest could not start it."""
        if self.status == PASSED:
            self.status = SKIPPED
        elif self.status == SKIPPED and self.message in NOT_STARTED:
            self.status = FAILED

    def never_run(self) -> None:
        """Take from an attribute that the case was to be run and was not."""
        if self.status in {PASSED, SKIPPED}:
            self.status = ERROR
            self.message = "the test was not run; see the log of the test runner"

    def unfinished(self) -> None:
        """Take from a case without a name, a class and a result that the test began and did not end."""
        self.status = ERROR
        self.message = "the test began and did not end; see the log of the test runner"

    def failed_by_word(self, word: str) -> None:
        """Take the failure that an attribute of the case states and no element in it."""
        if self.status == PASSED:
            self.status = FAILED
            self.message = f"the report gives the result of the test as {word!r}"

    def problem(self, status: str, attributes: dict[str, str], text: str) -> None:
        """A ``failure``, ``error`` or ``skipped``: the worst counts, the first speaks, all are details."""
        if attributes.get("type") in _SKIPPING or (
            self.status == SKIPPED and self.message.startswith(_MAY_FAIL)
        ):
            self.excused |= status != SKIPPED
            status = SKIPPED
        message = attributes.get("message", "")
        if len(message) > self.reading.text_limit:
            message = self._bounded(message)
        details = "" if text.isspace() else text
        if self.status in (PASSED, SKIPPED) and status != SKIPPED:
            # A skip's reason, if there was one, is not what made the case fail.
            self.message = message or self._bounded(first_line(details))
            self.kind = self._bounded(attributes.get("type", ""))
            self.details = details
        elif status == SKIPPED:
            if self.status == PASSED:
                self.message = message
                self.kind = self._bounded(attributes.get("type", ""))
                if message:
                    self.details = details
                else:
                    self.message = self._bounded(details.strip())
        else:
            more = details if not message or message in details else f"{message}\n{details}".rstrip("\n")
            self.details = self.joined(self.details, more, "\n\n")
        if _RANK[status] > _RANK[self.status]:
            self.status = status

    def attach(self, found: Sequence[Attachment]) -> None:
        """Files that the report names; each path once."""
        if not self.attachments and len(found) == 1:
            self.attachments = found
            return
        for attachment in found:
            if attachment in self.attachments:
                continue
            if len(self.attachments) == MOST_OTHERS:
                self._warn_of_many()
                break
            self.attachments = [*self.attachments, attachment]

    def take_properties(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Names and values of ``property`` elements; some name an attachment, as it is or with a mark."""
        kept = self.properties or []
        for name, value in pairs:
            if "attachment" in name.lower():
                self._attachment_property(name, value)
            pair = name, value
            if (size := len(name) + len(value)) > self.reading.text_limit:
                pair = self._bounded(name), self._bounded(value)
                size = len(pair[0]) + len(pair[1])
            self.held += size
            if len(kept) == MOST_PROPERTIES or self.held > self._most_held:
                self._warn_of_many()
                break
            kept.append(pair)
        self.properties = kept

    def _attachment_property(self, name: str, value: str) -> None:
        if _ATTACHMENT_PROPERTY.fullmatch(name.strip()):
            lines = (line.strip() for line in value.splitlines())
            self.attach(attachments_in(value) or [Attachment(line) for line in lines if line])

    def attempt(self, attempt: Attempt, *, rerun: bool) -> None:
        """One of Surefire's attempts."""
        self.reruns |= rerun
        self.held += sum(map(len, attempt[1:6]))
        if len(self.attempts) == MOST_OTHERS or self.held > self._most_held:
            self._warn_of_many()
        else:
            self.attempts = [*self.attempts, attempt]

    def in_order(self) -> "CaseResult":
        """Surefire's failed case tells its first run, then the reruns: the last of them speaks for it."""
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
        """Two texts of one kind, within the limit."""
        if not text or not more:
            return text or more
        return self._bounded(f"{text}{separator}{more}")

    @property
    def _most_held(self) -> int:
        return max(MOST_HELD, 4 * self.reading.text_limit)

    def _bounded(self, text: str) -> str:
        if len(text) > self.reading.text_limit:
            note_cut(self.reading)
            return cut_middle(text, self.reading.text_limit)
        return text

    def _warn_of_many(self) -> None:
        self.reading.warn(
            "many", "a test has too many properties, attachments or attempts; the rest is left out"
        )


class OpenAttempt:
    """One of Surefire's attempt elements, while it is open."""

    __slots__ = ("_own", "_part", "_reading", "_texts")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._own = ""
        self._part = ""
        self._texts: dict[str, str] = {}

    def begins(self, local: str) -> bool:
        """Is the element that starts one of the attempt's parts?"""
        if self._part or local not in _PARTS:
            return False
        self._part = local
        return True

    def ends_part(self, text: str) -> bool:
        """The element that ends is a part, with this text; False when it is the attempt itself."""
        if not self._part:
            return False
        self._texts[self._part] = text
        self._part = ""
        return True

    def add_own(self, text: str) -> None:
        """Text that stands in the attempt itself."""
        if not text.isspace():
            self._own = cut_middle(self._own + text, self._reading.text_limit)

    def closed(self, local: str, attributes: dict[str, str]) -> Attempt:
        """The attempt; ``local`` is its element."""
        limit = self._reading.text_limit
        details = self._texts.get("stackTrace") or self._own
        message = attributes.get("message", "") or first_line(details)
        if len(message) > limit:
            note_cut(self._reading)
        return Attempt(
            ATTEMPTS[local],
            cut_middle(message, limit),
            cut_middle(attributes.get("type", ""), limit),
            details,
            self._texts.get("system-out", ""),
            self._texts.get("system-err", ""),
        )
