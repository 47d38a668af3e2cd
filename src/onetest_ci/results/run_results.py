"""The tests of a run as people are shown them: bounded lists with exact totals."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self

from onetest_ci.model import BAD, PASSED
from onetest_ci.redaction import Redactor
from onetest_ci.traces.place import Place

SLOWEST: Final = 10
"""Tests among the slowest."""
IN_REPORTS: Final = "the reports contain them"
IN_BASELINE: Final = "the baseline contains them"
"""Where the tests are that a list has no room for."""


class TestResult(NamedTuple):
    """The final verdict of one test, from a bundle or from saved results.

    Attributes:
        name: parameters included.
        classname: as the report spells it; may be empty.
        suites: names of the suites around the test, outermost first.
        code_ref: links it to a test case; may be empty.
        status: one of the statuses of ``model``.
        seconds: duration. None if it is unknown.
        message: type and message of a failure, or the reason of a skip.
        details: the stack trace.
        file: source file, as the report spells it; may be empty.
        line: line in that file. None if it is unknown.
        attempts: statuses of the attempts before the final one, oldest first.
    """

    name: str
    classname: str = ""
    suites: tuple[str, ...] = ()
    code_ref: str = ""
    status: str = PASSED
    seconds: float | None = None
    message: str = ""
    details: str = ""
    file: str = ""
    line: int | None = None
    attempts: tuple[str, ...] = ()

    @property
    def flaky(self) -> bool:
        """Whether the test passed only after a failed attempt."""
        return self.status == PASSED and not BAD.isdisjoint(self.attempts)


class Change(StrEnum):
    """How a test compares with its newest earlier result."""

    NEW_FAILURE = "new-failure"
    STILL_FAILING = "still-failing"
    FIXED = "fixed"
    NEWLY_FLAKY = "newly-flaky"
    NEW = "new"
    VANISHED = "vanished"
    SLOWER = "slower"


class Held(NamedTuple):
    """Why a test is in quarantine. It is false for a test that is not.

    Attributes:
        reason: from the entry of the list.
        owner: who mends the test; may be empty.
        expires: the last day of the entry, as YYYY-MM-DD.
    """

    reason: str = ""
    owner: str = ""
    expires: str = ""

    def __bool__(self) -> bool:
        return bool(self.reason)

    def __str__(self) -> str:
        """Return reason, owner and end for people."""
        if not self.expires:
            return self.reason
        owner = f"{self.owner}, " if self.owner else ""
        return f"{self.reason} ({owner}until {self.expires})"

    def redacted(self, redact: Redactor) -> Self:
        """Return it without secrets."""
        return self._replace(reason=redact.text(self.reason), owner=redact.text(self.owner))


NOT_HELD: Final = Held()


class ShownTest(NamedTuple):
    """One test in a list for people, with texts that are cut.

    Attributes:
        name: parameters included.
        suite: the class or the suites around it; may be empty.
        status: one of the statuses of ``model``.
        seconds: duration. None if it is unknown.
        message: type and message of a failure, or the reason of a skip.
        trace: the user's own frames of the stack trace, or its beginning.
        place: the line of the checkout that failed. None if it is unknown.
        reported_place: file and line of the test, as the report spells them; may be empty.
        attempts: statuses of the attempts before the final one, oldest first.
        change: how it compares with its newest earlier result. None without one.
        quarantine: why it is in quarantine; false if it is not.
        seconds_before: its duration in the baseline, if it became slower; else None.
        around: the suites around its class, and the path of its report. Either may be empty.
        where: the one of them that distinguishes it from tests of the same name. Empty if none has it.
    """

    name: str
    suite: str = ""
    status: str = PASSED
    seconds: float | None = None
    message: str = ""
    trace: str = ""
    place: Place | None = None
    reported_place: str = ""
    attempts: tuple[str, ...] = ()
    change: Change | None = None
    quarantine: Held = NOT_HELD
    seconds_before: float | None = None
    around: tuple[str, str] = ("", "")
    where: str = ""

    @property
    def full_name(self) -> str:
        """The name of the test after that of its suite, and what distinguishes it from others."""
        name = " > ".join(text for text in (self.suite, self.name) if text)
        return f"{name} [{self.where}]" if self.where else name

    def redacted(self, redact: Redactor) -> Self:
        """Return the test without secrets."""
        return self._replace(
            name=redact(self.name),
            suite=redact(self.suite),
            message=redact.text(self.message),
            trace=redact.text(self.trace),
            place=self.place and self.place._replace(file=redact(self.place.file)),
            reported_place=redact(self.reported_place),
            quarantine=self.quarantine.redacted(redact),
            where=redact(self.where),
        )


def reported_place(file: str, line: int | None) -> str:
    """Return file and line of a test as its report contains them. May be empty."""
    return f"{file}:{line}" if file and line is not None else file


class Listed(NamedTuple):
    """The first tests of a kind.

    Attributes:
        tests: in the order in which they are shown.
        total: tests of the kind, shown or not.
    """

    tests: tuple[ShownTest, ...] = ()
    total: int = 0

    def redacted(self, redact: Redactor) -> Self:
        """Return the list without secrets."""
        return self._replace(tests=tuple(test.redacted(redact) for test in self.tests))


class BaselineFile(NamedTuple):
    """Saved results that a run is compared with.

    Attributes:
        path: of the file, as the user named it.
        time: end of its run, epoch seconds.
        commit: that its run tested. May be empty.
        branch: that its run tested. May be empty.
        tests: number of tests in it.
    """

    path: str
    time: int = 0
    commit: str = ""
    branch: str = ""
    tests: int = 0

    def redacted(self, redact: Redactor) -> Self:
        """Return the file without secrets."""
        return self._replace(path=redact(self.path), commit=redact(self.commit), branch=redact(self.branch))


class RunResults(NamedTuple):
    """The tests of a run that people look at.

    Attributes:
        new_failures: tests that failed and did not fail in the baseline; without a baseline, all that failed.
        still_failing: tests that failed in the baseline too.
        quarantined: failed tests that are in quarantine. They are in no other list.
        flaky: tests that passed after a failed attempt.
        skipped: tests that did not run.
        slowest: the ten that took longest, longest first.
        fixed: tests that passed and failed in the baseline.
        newly_flaky: flaky tests that were not flaky in the baseline.
        new: tests that passed and that the baseline does not contain.
        vanished: tests of the baseline whose report is there without them.
        slower: tests that took much longer than in the baseline.
        quarantined_flaky: number of flaky tests that are in quarantine.
        absent: number of tests of the baseline that are in no report of the run.
        compared: whether there is a usable baseline. Without one, the last five lists are empty.
        baselines: the files of saved results that the run is compared with, the newest first.
    """

    new_failures: Listed = Listed()
    still_failing: Listed = Listed()
    quarantined: Listed = Listed()
    flaky: Listed = Listed()
    skipped: Listed = Listed()
    slowest: Listed = Listed()
    fixed: Listed = Listed()
    newly_flaky: Listed = Listed()
    new: Listed = Listed()
    vanished: Listed = Listed()
    slower: Listed = Listed()
    quarantined_flaky: int = 0
    absent: int = 0
    compared: bool = False
    baselines: tuple[BaselineFile, ...] = ()

    def redacted(self, redact: Redactor) -> Self:
        """Return the results without secrets."""
        if not redact:
            return self
        clean: dict[str, Any] = {
            name: value.redacted(redact)
            for name, value in self._asdict().items()
            if isinstance(value, Listed)
        }
        baselines = tuple(one.redacted(redact) for one in self.baselines)
        return self._replace(**clean, baselines=baselines)

    def with_totals(self, totals: Mapping[str, float]) -> Self:
        """Return the results with the numbers of all tests, of which not all were read.

        Args:
            totals: of a run without a baseline and without a quarantine.
        """
        failed = int(totals["failures"] + totals["errors"])
        return self._replace(
            new_failures=self.new_failures._replace(total=failed),
            skipped=self.skipped._replace(total=int(totals["skipped"])),
        )

    def comparison(self) -> dict[str, Any] | None:
        """Return the member ``comparison`` of the JSON outcome. None without a usable baseline."""
        if not self.compared:
            return None
        return {
            "baselines": [one._asdict() for one in self.baselines],
            **{
                change.value.replace("-", "_"): {
                    "total": listed.total,
                    "tests": [{"name": one.name, "suite": one.suite} for one in listed.tests],
                }
                for change, listed in self._by_change()
            },
        }

    def _by_change(self) -> Iterator[tuple[Change, Listed]]:
        yield Change.NEW_FAILURE, self.new_failures
        yield Change.STILL_FAILING, self.still_failing
        yield Change.FIXED, self.fixed
        yield Change.NEWLY_FLAKY, self.newly_flaky
        yield Change.NEW, self.new
        yield Change.VANISHED, self.vanished
        yield Change.SLOWER, self.slower
