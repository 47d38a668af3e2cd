"""Counts the tests of a report."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Case, Suite
from onetest_ci.reports.engine.reading import Tally


@dataclass(slots=True)
class Counts:
    """Tests by their final verdict; each test counts once, with any number of attempts.

    Attributes:
        tests: all tests.
        passed: that passed, in the first attempt or a later one.
        failures: that failed.
        errors: that ended in an error.
        skipped: that were not run.
        flaky: that passed after a bad attempt.
        seconds: time of all attempts together.
        attachments: files that the report names.
    """

    tests: int = 0
    passed: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    flaky: int = 0
    seconds: float = 0.0
    attachments: int = 0
    # Ordinals of the cases in error: a case that is retried no longer counts as an error or a failure.
    # An empty set takes three times as much memory, once for each report.
    _errors: dict[int, None] = field(default_factory=dict, repr=False, compare=False)

    def add_all(self, records: Iterable[Suite | Case | Tally]) -> None:
        """Count the cases among the records."""
        plain = 0
        seconds = self.seconds
        for case in records:
            if type(case) is not Case:
                if type(case) is Tally:
                    plain += case.passed
                    seconds += case.seconds
                continue
            if case.seconds is not None:
                seconds += case.seconds
            if case.status == PASSED and case.retry_of is None and not case.attempts and not case.attachments:
                plain += 1
            else:
                self._add(case)
        self.seconds = seconds
        self.tests += plain
        self.passed += plain

    def _add(self, case: Case) -> None:
        """Count a case, without its time. A retry replaces the case that it retries."""
        self.tests += 1
        status = case.status
        if status == PASSED:
            self.passed += 1
        elif status == FAILED:
            self.failures += 1
        elif status == SKIPPED:
            self.skipped += 1
        elif status == ERROR:
            self.errors += 1
            self._errors[case.ordinal] = None
        self.attachments += len(case.attachments)
        if case.retry_of is not None:
            self._uncount(case.retry_of)
        if status == PASSED:
            self.flaky += case.retry_of is not None or any(a.status in BAD for a in case.attempts)

    def _uncount(self, ordinal: int) -> None:
        self.tests -= 1
        if ordinal in self._errors:
            del self._errors[ordinal]
            self.errors -= 1
        else:
            self.failures -= 1

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of two files together: no attempts reach from one file into another."""
        return Counts(
            self.tests + other.tests,
            self.passed + other.passed,
            self.failures + other.failures,
            self.errors + other.errors,
            self.skipped + other.skipped,
            self.flaky + other.flaky,
            self.seconds + other.seconds,
            self.attachments + other.attachments,
        )

    def as_dict(self) -> dict[str, int | float]:
        """Return the counts for JSON, seconds to the microsecond."""
        return {
            "tests": self.tests,
            "passed": self.passed,
            "failures": self.failures,
            "errors": self.errors,
            "skipped": self.skipped,
            "flaky": self.flaky,
            "seconds": round(self.seconds, 6),
            "attachments": self.attachments,
        }
