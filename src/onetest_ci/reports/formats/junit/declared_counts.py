"""The counts that a JUnit file declares, compared with the cases that it contains."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats.junit.open_suite import OpenSuite

MOST_EMPTY: Final = 1_000
"""Maximum number of suites without any case that become a case in error."""


class EmptySuite(NamedTuple):
    """A suite without any case that declares failures or errors.

    Attributes:
        ordinal: ordinal of the suite. None for the whole file.
        name: name of the suite.
        bad: the failures and errors that it declares, without its own and those of such suites inside it.
        may_summarize: whether it may be a summary of other suites.
    """

    ordinal: int | None
    name: str
    bad: int
    may_summarize: bool


class DeclaredCounts:
    """The counts that a file declares, compared with its cases. If they differ, the cases are right.

    JUnit's counts are not reliable: Surefire leaves out reruns, Boost counts assertions, several failures of
    one case count several times. So a difference is a warning, with two exceptions. A suite that has more
    cases than it declares lacks none: that is a note. A suite without any case that declares failures is an
    error, as RSpec's JUnit formatter writes it for errors outside of examples.
    """

    __slots__ = ("_bad", "_empty", "_has_more", "_more_bad", "_note", "_warning")

    def __init__(self) -> None:
        self._warning = self._note = self._more_bad = ""
        self._has_more = False
        self._bad = 0
        self._empty: list[EmptySuite] = []

    def add_empty(self, suite: OpenSuite, outer: OpenSuite) -> None:
        """Add a suite that has ended without any case inside it."""
        explained = suite.explained + (suite.own_result.problems if suite.own_result else 0)
        bad = suite.declared_bad - explained
        outer.explained += max(suite.declared_bad, explained)
        if bad > 0 and len(self._empty) < MOST_EMPTY:
            may_summarize = (suite.declared or 0) >= suite.declared_bad
            self._empty.append(EmptySuite(suite.ordinal, suite.name, bad, may_summarize))

    def unexplained(self, shown: int) -> Iterator[EmptySuite]:
        """Yield the suites whose declared failures the file's cases do not show.

        A suite without cases may be a summary of others if it declares as many tests as failures: Newman and
        RSpec count an error outside of tests as no test. So each such suite in turn uses up failures of
        cases, and one that declares more than are left is yielded.

        Args:
            shown: failures and errors among the cases of the file.
        """
        for suite in self._empty:
            if suite.may_summarize and suite.bad <= shown:
                shown -= suite.bad
                self._more_bad = self._more_bad or (
                    f"the suite {suite.name[:80]!r} declares {suite.bad} failures or errors, no cases; "
                    "it counts as a summary of others"
                )
            else:
                if suite.bad > 1:
                    self._more_bad = self._more_bad or (
                        f"the suite {suite.name[:80]!r} declares {suite.bad} failures or errors, no cases; "
                        "one test in error stands for them"
                    )
                yield suite

    def add_suite(self, suite: OpenSuite, total: int, shown: int) -> None:
        """Add a suite that has ended.

        Args:
            suite: the suite.
            total: cases inside it.
            shown: failures and errors that these contain.
        """
        self._bad = max(self._bad, suite.declared_bad)
        if total and suite.declared_bad > shown:
            self._more_bad = self._more_bad or (
                f"the suite {suite.name[:80]!r} declares {suite.declared_bad} failures or errors, its cases "
                f"show {shown}; the cases count"
            )
        # Some tools count what is nested, some do not.
        if suite.declared is None or suite.declared in (total, total - suite.nested_cases):
            return
        text = f"the suite {suite.name[:80]!r} declares tests={suite.declared}, it has {_cases(total)}"
        if suite.declared < total:
            self._note = self._note or text
        elif self._warning:
            self._has_more = True
        else:
            self._warning = text

    def check_failures(self, reading: Reading, declared: int, shown: int) -> None:
        """Warn of a file that declares failures and shows none; note that it declares more than it shows.

        Args:
            reading: collects the warning.
            declared: failures and errors that the file itself declares.
            shown: failures and errors that it contains, also those that a later attempt made good.
        """
        declared = max(declared, self._bad)
        if declared and not shown:
            reading.warn(
                "declared-failures",
                f"the file declares {declared} failures or errors, its cases show none; the cases count",
            )
        elif declared > shown:
            reading.note(
                "declared-more-failures",
                f"the file declares {declared} failures or errors, its cases show {shown}; the cases count",
            )
        elif self._more_bad:
            reading.note("declared-more-failures", self._more_bad)

    def check_tests(self, reading: Reading, declared: int | None, total: int) -> None:
        """Compare the counts of tests at the end of the file. This leaves one warning or note at most."""
        if declared is not None and declared > total:
            self._warning, self._has_more = (
                f"the file declares tests={declared}, it has {_cases(total)}",
                False,
            )
        elif declared is not None and declared < total:
            self._note = f"the file declares tests={declared}, it has {_cases(total)}"
        if self._warning:
            more = " (others disagree as well)" if self._has_more else ""
            reading.warn("declared", f"{self._warning}{more}; the cases count")
        elif self._note:
            reading.note("declared-fewer", f"{self._note}; the cases count")


def not_ended(suite: OpenSuite, total: int) -> str:
    """Return why a suite's count shows that a test did not end; empty if it does not.

    bats writes a test as one that passed when the next one begins, and counts it when it ends (bats-core
    1.8.2, ``bats-format-junit``). Others count differently.
    """
    if not suite.name.endswith(".bats") or suite.declared is None or suite.declared >= total:
        return ""
    return f"the file has {_cases(total)} and declares tests={suite.declared}: a test began and did not end"


def _cases(number: int) -> str:
    return {0: "no cases", 1: "1 case"}.get(number, f"{number} cases")
