"""The result model: the suites, cases, attempts and attachments of any report of any tool.

A reader yields ``Suite`` and ``Case`` records in the order of the file; a suite comes before its cases.
Records are NamedTuples since they are made once per test on the hot path (1.2 times the bare stream, where a
frozen slotted dataclass costs 1.7 to 2.0 times).
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

PASSED: Final = "passed"
FAILED: Final = "failed"
ERROR: Final = "error"
SKIPPED: Final = "skipped"

COMMAND_CASE: Final = "(test command)"
"""Name of the case that stands for the test command."""

BAD: Final = frozenset({FAILED, ERROR})
"""Statuses that make a run red."""

new_record: Final = tuple.__new__
"""Makes a record of its type and all its fields. Its own constructor takes twice as long."""

_SEVERITY: Final = {PASSED: 0, SKIPPED: 1, FAILED: 2, ERROR: 3}


def worse(one: str, other: str) -> str:
    """Return the worse of two statuses."""
    return one if _SEVERITY[one] >= _SEVERITY[other] else other


PYTEST: Final = "pytest"
"""The producer of a suite whose tests pytest names: by modules, below the folder where it ran."""


class Attachment(NamedTuple):
    """A file that a report names for one test, or holds itself.

    Attributes:
        path: as the report spells it; resolved against the file system only when a bundle is written. Empty
            where the report holds the file.
        name: its name for people, if the report has one, else empty.
        content: the file, where the report holds it, else None.
    """

    path: str
    name: str = ""
    content: bytes | None = None


class Attempt(NamedTuple):
    """One run of a test that ran several times: its verdict and its texts.

    Attributes:
        status: one of the module's statuses.
        message: the short text of a failure.
        kind: the type of a failure, as an exception's class name.
        details: the stack trace.
        system_out: standard output of the test.
        system_err: standard error of the test.
        seconds: duration, None when unknown.
    """

    status: str
    message: str = ""
    kind: str = ""
    details: str = ""
    system_out: str = ""
    system_err: str = ""
    seconds: float | None = None


class Suite(NamedTuple):
    """A container of cases.

    Attributes:
        ordinal: number within the report file, from 0; a case names its suite by it.
        parent: ordinal of the enclosing suite, None at the top.
        name: as the report spells it; may be empty.
        start: epoch seconds, None when the report has no timestamp.
        file: the source file that a format names for the suite, else empty.
        properties: name and value pairs, in order.
        producer: the tool that wrote the suite, if the report shows it and a rule needs it; else empty.
    """

    ordinal: int
    parent: int | None
    name: str
    start: float | None = None
    file: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    producer: str = ""


class Case(NamedTuple):
    """One test and its final verdict.

    Attributes:
        ordinal: number within the report file, from 0, shared by no other case of it.
        suite: ordinal of its suite, None when the case stands outside any.
        name: never empty; parameters included, as the report spells them.
        classname: as the report spells it; may be empty.
        status: one of the module's statuses.
        seconds: duration, None when unknown.
        start: epoch seconds, None when unknown.
        message: the short text of a failure or a skip.
        kind: the type of a failure, as an exception's class name.
        details: the stack trace.
        system_out: standard output of the test.
        system_err: standard error of the test.
        file: source file, as the report spells it; may be empty.
        line: line in that file, None when unknown.
        properties: name and value pairs, in order.
        attachments: files that the report names for this test.
        attempts: earlier attempts that the report lists inside the case, oldest first.
        retry_of: ordinal of the earlier bad case of the same test that this one retries, else None. That case
            is then an attempt of this one and does not count.
        method: the method or function without parameters, if the report contains it apart from the name.
    """

    ordinal: int
    suite: int | None
    name: str
    classname: str = ""
    status: str = PASSED
    seconds: float | None = None
    start: float | None = None
    message: str = ""
    kind: str = ""
    details: str = ""
    system_out: str = ""
    system_err: str = ""
    file: str = ""
    line: int | None = None
    properties: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    retry_of: int | None = None
    method: str = ""

    def numbered(self, ordinal: int, suite: int | None, retry_of: int | None) -> "Case":
        """Return this case under other numbers; ``_replace`` takes four times as long."""
        return new_record(Case, (ordinal, suite, *self[2:_RETRY_OF], retry_of, *self[_RETRY_OF + 1 :]))

    def as_attempt(self) -> Attempt:
        """Return this case as an earlier attempt of its retry."""
        return Attempt(
            self.status, self.message, self.kind, self.details, self.system_out, self.system_err, self.seconds
        )


_RETRY_OF: Final = Case._fields.index("retry_of")


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a record, or a tuple of records, with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        parts = [with_texts(part, change) for part in value]
        return value._make(parts) if hasattr(value, "_make") else tuple(parts)
    return value
