"""Reads files of pytest in which tests were run again: the results before a test's last are attempts.

``rerun_search.py`` finds these tests. An attempt has no failure in the file, and still it failed.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from onetest_ci.model import FAILED, PASSED, SKIPPED, Case
from onetest_ci.reports.engine.reading import Reading, Records
from onetest_ci.reports.formats.junit.case_result import CaseResult
from onetest_ci.reports.formats.junit.cases import Cases
from onetest_ci.reports.formats.junit.handler import JUnitHandler
from onetest_ci.reports.formats.junit.open_suite import OpenSuite
from onetest_ci.reports.formats.junit.rerun_search import rerun_key
from onetest_ci.reports.formats.junit.retries import Retries

NO_FAILURE: Final = "the test failed and was run again; the plugin of pytest wrote no failure of this attempt"


class RerunRetries(Retries):
    """Merges the attempts that have no failure in the file with the results that follow them.

    Attributes:
        attempts: ordinals of these attempts.
        earlier: ordinal of the attempt before a result, by that of the result.
    """

    __slots__ = ("attempts", "earlier")

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.attempts: set[int] = set()
        self.earlier: dict[int, int] = {}

    def add_bad(self, case: Case, suite: OpenSuite, attributes: Mapping[str, str]) -> Case:
        """Return a bad case, as the retry of an earlier one if there is one."""
        if case.ordinal not in self.attempts:
            return self.linked(super().add_bad(case, suite, attributes))
        self.attempts.discard(case.ordinal)
        self.watch(case.name, suite)
        return self.linked(case)

    def add_pass(self, case: Case, suite: OpenSuite, attributes: Mapping[str, str]) -> Case:
        """Return a case that passed, as the retry of a bad one if there is one."""
        return self.linked(super().add_pass(case, suite, attributes))

    def linked(self, case: Case) -> Case:
        """Return a case as the retry of the attempt before it, unless it is a retry already."""
        earlier = self.earlier.pop(case.ordinal, None)
        if earlier is None or case.retry_of is not None:
            return case
        self.merged += 1
        return case._replace(retry_of=earlier)


class RerunCases(Cases):
    """Cases of which some are attempts that failed.

    Args:
        reading: collects warnings.
        records: receives the records.
        results: how many results each test has that was run again.
    """

    def __init__(self, reading: Reading, records: Records, results: Counter[int]) -> None:
        super().__init__(reading, records)
        self.retries = self._links = RerunRetries(reading)
        self._left = results.copy()
        # Ordinals of the latest attempts, by the key of their test.
        self._open: dict[int, int] = {}

    def record(self, suite: OpenSuite) -> None:
        """Make the records of the waiting cases."""
        for index, (attributes, result) in enumerate(self.waiting):
            key = rerun_key(suite.ordinal, attributes)
            if key in self._left:
                self.waiting[index] = attributes, self._result_of_attempt(key, index, result, suite)
        first = len(self._records)
        super().record(suite)
        if self._links.earlier:
            self._link_skips(first)

    def _result_of_attempt(
        self, key: int, index: int, result: CaseResult | None, suite: OpenSuite
    ) -> CaseResult | None:
        """Return the result of a case whose test was run again: failed, unless it is the last one."""
        ordinal = self.count + index
        if key in self._open:
            self._links.earlier[ordinal] = self._open.pop(key)
        self._left[key] -= 1
        if self._left[key] <= 0 or (result is not None and result.status != PASSED):
            return result
        suite.reruns += 1
        self._open[key] = ordinal
        self._links.attempts.add(ordinal)
        failed = result or CaseResult(self._reading)
        failed.status, failed.message = FAILED, NO_FAILURE
        return failed

    def _link_skips(self, first: int) -> None:
        """Make skips the retries of the attempts before them: a test may skip itself when it runs again."""
        for at in range(first, len(self._records)):
            case = self._records[at]
            if isinstance(case, Case) and case.status == SKIPPED:
                self._records[at] = self._links.linked(case)


class RerunHandler(JUnitHandler):
    """Turns the elements of such a file into records."""

    def __init__(self, parser: expat.XMLParserType, reading: Reading, results: Counter[int]) -> None:
        super().__init__(parser, reading)
        self._cases = RerunCases(reading, self.records, results)
        self._waiting = self._cases.waiting
