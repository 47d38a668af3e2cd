"""A JUnit suite between its start tag and its end tag."""

from collections.abc import Collection, Mapping

from onetest_ci.model import Suite
from onetest_ci.reports.engine.limits import MOST_PROPERTIES
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.values import whole_number
from onetest_ci.reports.formats.junit.case_result import CaseResult
from onetest_ci.reports.formats.junit.identity import identifying_attributes, identifying_properties
from onetest_ci.reports.formats.junit.producers import FromZero
from onetest_ci.reports.formats.junit.result_words import failure_word
from onetest_ci.text.cut import cut_middle


class OpenSuite:
    """An open suite.

    Attributes:
        pending: the record, until ``take_record`` returns it.
        clock: epoch seconds at which the next case starts, None when the suite has no timestamp.
        path: hash of the names, and of what else identifies a suite, from the top down to this suite.
        declared: number of tests that the suite declares, None if it declares none.
        declared_bad: number of failures and errors that the suite declares.
        declared_errors: number of errors that the suite declares.
        explained: those of ``declared_bad`` that suites without any case inside this one declare.
        cases_before: cases in the file before this suite.
        nested_cases: cases in suites inside this one.
        reruns: cases that are attempts; the suite declares few or none of them.
        failures_before: failures in the file before this suite, also those that a later attempt made good.
        problems_before: failures in the file before this suite, each of a case counted.
        failure_word: the word by which an attribute of the suite states a failure; empty if none does.
        bad_names: hashes of the names of the bad cases so far in this suite and in others of the same path.
        from_zero: decides whether the lines of the suite's cases count from 0; None when they do not.
        own_result: failures outside any case.
    """

    __slots__ = (
        "_identity",
        "_identity_size",
        "bad_names",
        "cases_before",
        "clock",
        "declared",
        "declared_bad",
        "declared_errors",
        "explained",
        "failure_word",
        "failures_before",
        "from_zero",
        "name",
        "nested_cases",
        "ordinal",
        "own_result",
        "path",
        "pending",
        "problems_before",
        "properties",
        "reruns",
    )

    def __init__(self, suite: Suite, path: int) -> None:
        self.ordinal: int | None = suite.ordinal
        self.name = suite.name
        self.pending: Suite | None = suite
        self.clock = suite.start
        self.path = path
        self.declared: int | None = None
        self.declared_bad = 0
        self.declared_errors = 0
        self.explained = 0
        self.cases_before = 0
        self.nested_cases = self.reruns = 0
        self.bad_names: Collection[int] = ()
        self.failures_before = self.problems_before = 0
        self.failure_word = ""
        self.from_zero: FromZero | None = None
        self.own_result: CaseResult | None = None
        self.properties: list[tuple[str, str]] = []
        self._identity: int | None = None
        self._identity_size = 0

    @classmethod
    def outermost(cls) -> "OpenSuite":
        """Return the place for cases that stand outside all suites; it has no record."""
        suite = cls(Suite(0, None, ""), 0)
        suite.ordinal = suite.pending = None
        return suite

    @classmethod
    def begin(cls, record: Suite, attributes: Mapping[str, str], outer: "OpenSuite") -> "OpenSuite":
        """Return the suite of a start tag.

        Args:
            record: its record.
            attributes: those of the tag.
            outer: the suite around it.
        """
        # Playwright names a suite after its file in each project, and the project as its host.
        names = record.name, attributes.get("hostname"), identifying_attributes(attributes, suite=True)
        suite = cls(record, hash((outer.identity(), *names)))
        suite.declared = whole_number(attributes.get("tests"))
        suite.declared_bad = declared_bad(attributes)
        suite.declared_errors = whole_number(attributes.get("errors")) or 0
        suite.failure_word = failure_word(attributes)
        return suite

    def identity(self) -> int:
        """Return a hash of the suite's path and of its properties that identify what is tested."""
        if self._identity is None or self._identity_size != len(self.properties):
            self._identity_size = len(self.properties)
            pairs = identifying_properties(self.properties)
            self._identity = hash((self.path, pairs)) if pairs else self.path
        return self._identity

    def add_property(self, name: str, value: str, reading: Reading) -> None:
        """Add a ``property``, if it stands before the cases, as all known tools write it."""
        if self.pending is not None and len(self.properties) < MOST_PROPERTIES:
            self.properties.append((name, cut_middle(value, reading.text_limit)))

    def without_reruns(self, cases: int) -> int:
        """Return the number to compare with the declared one, for a number of cases inside the suite."""
        return max(cases - self.reruns, min(cases, self.declared or 0))

    def take_record(self) -> Suite | None:
        """Return the suite's record on the first call, None later."""
        suite, self.pending = self.pending, None
        if suite is not None and self.properties:
            return suite._replace(properties=tuple(self.properties))
        return suite


def declared_bad(attributes: Mapping[str, str]) -> int:
    """Return how many failures and errors the attributes of a suite declare."""
    return (whole_number(attributes.get("failures")) or 0) + (whole_number(attributes.get("errors")) or 0)
