"""Finds the JUnit cases that are further attempts of an earlier one."""

from collections.abc import Collection, Mapping
from typing import Final

from onetest_ci.model import Case
from onetest_ci.reports.engine.attempts import FailedAttempts
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats.junit.identity import identifying_attributes, identifying_properties
from onetest_ci.reports.formats.junit.open_suite import OpenSuite
from onetest_ci.reports.formats.junit.producers import writes_one_case_a_test

Hashes = Collection[int]
"""Hashes of names: a tuple while they are few, which takes a third of the memory of a set."""

_MOST_IN_TUPLE: Final = 2


class Retries:
    """Merges the results of one test that failed and ran again.

    Most tools do not mark a retry in JUnit XML, so two results of one name may be attempts of one test or two
    tests. They are taken for attempts unless ``merging`` is off or the report itself shows a difference: in
    suite path, classname, name with its parameters, file, line, or one that ``identity.py`` finds. The
    reading lists each test that is merged so.

    Attributes:
        merged: bad cases that a later case retries.
        merging: results of one name are attempts of one test.
    """

    __slots__ = ("_bad_names", "_failed", "_reading", "merged", "merging")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._failed = FailedAttempts()
        self._bad_names: dict[int, Hashes] = {}
        self.merging = reading.merge_by_name
        self.merged = 0

    def read_root(self, root: Mapping[str, str]) -> None:
        """Turn merging off if the file's root element shows a tool that writes one case for each test."""
        if writes_one_case_a_test(root):
            self.merging = False

    def bad_names(self, path: int) -> Hashes:
        """Return the hashes of the names of the bad cases so far in suites of this path.

        They spare nearly all other cases the key.
        """
        return self._bad_names.get(path, ())

    def add_bad(self, case: Case, suite: OpenSuite, attributes: Mapping[str, str]) -> Case:
        """Return a bad case, as the retry of an earlier bad one of its key if there is one.

        Args:
            case: the case.
            suite: its suite.
            attributes: attributes of the case that its record does not hold.
        """
        # jest-junit writes a file that does not load as an error and as a failure, in a suite of no tests.
        is_file = suite.declared == 0 and self._reading.merge_by_name
        if not self.merging and not is_file:
            return case
        self.watch(case.name, suite)
        return self._merged(case, suite, attributes)

    def watch(self, name: str, suite: OpenSuite) -> None:
        """Add a name to those of the bad cases so far in suites of this path."""
        suite.bad_names = self._bad_names[suite.path] = _with_hash(self.bad_names(suite.path), name)

    def add_pass(self, case: Case, suite: OpenSuite, attributes: Mapping[str, str]) -> Case:
        """Return a case that passed, as the retry of a bad one of its key if there is one."""
        return self._merged(case, suite, attributes) if self.merging else case

    def _merged(self, case: Case, suite: OpenSuite, attributes: Mapping[str, str]) -> Case:
        pairs = (
            identifying_attributes(attributes) if attributes else (),
            identifying_properties(case.properties) if case.properties else (),
        )
        key = hash((suite.identity(), case.classname, case.name, case.file, case.line, pairs))
        retry_of = self._failed.retried_by(key, case.status, case.ordinal)
        if retry_of is None:
            return case
        self._reading.note_merged(f"{case.classname} > {case.name}" if case.classname else case.name)
        self.merged += 1
        return case._replace(retry_of=retry_of)


def _with_hash(hashes: Hashes, name: str) -> Hashes:
    """Return the hashes with that of one more name."""
    if isinstance(hashes, set):
        hashes.add(hash(name))
        return hashes
    more = (*hashes, hash(name))
    return more if len(more) <= _MOST_IN_TUPLE else set(more)
