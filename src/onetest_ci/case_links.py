"""Tests of a run, test cases of a product, and how they belong together.

OneTest links a result to a test case by its code_ref (docs/onetest-api.md#linking-to-test-cases). The records
are NamedTuples, since a run may have 100,000 tests and a product 50,000 cases.
"""

from functools import partial
from typing import Any, Final, NamedTuple, Self

from onetest_ci.code_ref.parameters import parameters_of
from onetest_ci.code_ref.paths import suffix_of
from onetest_ci.model import BAD, PASSED, SKIPPED, Case, Suite, new_record, with_texts
from onetest_ci.redaction import Redactor

AUTOMATED: Final = "automated"
"""The execution type of a test case that is expected to have results."""

ARCHIVED: Final = "archived"
"""The status of a test case that is not expected to have results any more."""


WHY: Final = {
    "spaces": "the test's code_ref contains white space, which separates references in OneTest",
    "parameters": "only one of the references contains parameters, or they differ",
    "prefix": "the folder, package or class before the test differs",
    "style": "the references are spelled in different styles",
    "letters": "upper and lower case differ",
    "no-reference": "the case of this title has no reference",
    "other-reference": "the case of this title has another reference",
    "similar": "the references are similar",
}
"""Why a test and its nearest case do not match, by the key in JSON."""

WHY_NO_RESULT: Final = {
    "no-test": "no test of this run has its reference",
    "no-reference": "it is automated and has no reference",
}
"""Why a test case has no result, by the key in JSON."""

OWN_WORDS: Final = frozenset({*WHY, *WHY_NO_RESULT, *BAD, PASSED, SKIPPED})
"""Texts in JSON that are words of this package."""

MOST_CASES_NAMED: Final = 20
"""Test cases that a row of JSON names; the others are counted."""


def canonical(reference: str) -> str:
    """Return ``file::Class::method`` as ``file:Class.method``, which means the same.

    See docs/onetest-api.md#linking-to-test-cases.
    """
    if "::" not in reference:
        return reference
    file, _, rest = reference.partition("::")
    return f"{file}:{rest.replace('::', '.')}"


class ManagedCase(NamedTuple):
    """A test case of a product, as Test Management holds it.

    Attributes:
        id: OneTest's id.
        title: for people. May be empty.
        automation_test_id: the references of its results, separated by white space.
        identifier: its number for people, such as ``TC-0012``. Empty if OneTest returned none.
        execution_type: ``manual``, ``automated`` or a value of the product's own. May be empty.
        priority: as the product spells it. May be empty.
        test_category: as the product spells it. May be empty.
        status: as the product spells it. May be empty.
    """

    id: str
    title: str
    automation_test_id: str = ""
    identifier: str = ""
    execution_type: str = ""
    priority: str = ""
    test_category: str = ""
    status: str = ""

    @property
    def references(self) -> tuple[str, ...]:
        """The references of its results in their canonical form, each once."""
        texts = self.automation_test_id.split()
        if len(texts) == 1:
            return (canonical(texts[0]),)
        return tuple(dict.fromkeys(map(canonical, texts)))

    @property
    def label(self) -> str:
        """Its number for people, else its id."""
        return self.identifier or self.id


class ReportedTest(NamedTuple):
    """A test of a run, after its last attempt.

    Attributes:
        code_ref: the reference that OneTest compares.
        name: as the report spells it, parameters included.
        suite: the names of the suites around it, joined by `` > ``. May be empty.
        status: its verdict: ``passed``, ``failed``, ``error`` or ``skipped``.
        parameters: the part of its name that the code_ref does not contain. May be empty.
    """

    code_ref: str
    name: str
    suite: str = ""
    status: str = ""
    parameters: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the members of a test in JSON."""
        code_ref, name, suite, status, parameters = self
        return {
            "code_ref": code_ref,
            "name": name,
            "suite": suite,
            "status": status,
            "parameters": parameters,
        }


class SuitePaths:
    """The names of the suites around each suite, joined by `` > ``."""

    def __init__(self) -> None:
        self._paths: dict[int | None, str] = {None: ""}

    def add(self, suite: Suite) -> None:
        """Add a suite; the suite around it comes before."""
        outer = self._paths.get(suite.parent, "")
        self._paths[suite.ordinal] = (
            f"{outer} > {suite.name}" if outer and suite.name else outer or suite.name
        )

    def reported(self, case: Case, code_ref: str) -> ReportedTest:
        """Return a case in one of the suites as a test of the run."""
        name = case.name
        parameters = "" if name.isidentifier() else parameters_of(name, suffix_of(case.file), case.method)
        return new_record(
            ReportedTest, (code_ref, name, self._paths.get(case.suite, ""), case.status, parameters)
        )


class Nearest(NamedTuple):
    """The test case that a test may belong to, although their references differ.

    Attributes:
        case: the test case.
        reference: its reference that is nearest. Empty if it has none.
        why: the differences, as keys of ``WHY``.
    """

    case: ManagedCase
    reference: str
    why: tuple[str, ...]


class Link(NamedTuple):
    """A test, and all test cases with its reference."""

    test: ReportedTest
    cases: tuple[ManagedCase, ...]


class UnlinkedTest(NamedTuple):
    """A test that no test case has the reference of, and the case that it may belong to."""

    test: ReportedTest
    nearest: Nearest | None


class CaseWithoutResult(NamedTuple):
    """A test case that is expected to have a result and has none in this run.

    Attributes:
        case: the test case.
        why: a key of ``WHY_NO_RESULT``.
        nearest: a test without a case that is nearest to it, if there is one.
    """

    case: ManagedCase
    why: str
    nearest: ReportedTest | None = None


class SharedReference(NamedTuple):
    """A reference that several test cases have.

    Attributes:
        reference: in its canonical form.
        cases: the test cases.
        tests: the number of tests of the run with this reference.
    """

    reference: str
    cases: tuple[ManagedCase, ...]
    tests: int


class LinkTotals(NamedTuple):
    """The counts of a match.

    Attributes:
        tests: tests of the run.
        linked_tests: those that a test case has the reference of.
        tests_without_case: all others.
        cases: test cases of the product.
        linked_cases: those with a result in this run.
        cases_without_result: those that are expected to have a result and have none.
        ambiguous: references of several cases.
        not_compared: tests without a case for which no nearest case was searched.
    """

    tests: int
    linked_tests: int
    tests_without_case: int
    cases: int
    linked_cases: int
    cases_without_result: int
    ambiguous: int
    not_compared: int


class CaseLinks(NamedTuple):
    """How the tests of a run and the test cases of a product belong together.

    Attributes:
        totals: the counts.
        linked: tests that a test case has the reference of.
        tests_without_case: all other tests.
        cases_without_result: cases that are expected to have a result and have none.
        ambiguous: references of several cases. Their tests are in ``linked`` too.
    """

    totals: LinkTotals
    linked: tuple[Link, ...] = ()
    tests_without_case: tuple[UnlinkedTest, ...] = ()
    cases_without_result: tuple[CaseWithoutResult, ...] = ()
    ambiguous: tuple[SharedReference, ...] = ()

    def bounded(self, rows: int) -> Self:
        """Return the same totals with the first rows of each kind, and none of linked tests."""
        return self._replace(
            linked=(),
            tests_without_case=self.tests_without_case[:rows],
            cases_without_result=self.cases_without_result[:rows],
            ambiguous=tuple(
                row._replace(cases=row.cases[: MOST_CASES_NAMED + 1]) for row in self.ambiguous[:rows]
            ),
        )

    def redacted(self, redact: Redactor) -> Self:
        """Return bounded links without the secrets in their texts."""
        if not redact:
            return self
        change = partial(redact.own_json, own_words=OWN_WORDS)
        return self._replace(
            tests_without_case=with_texts(self.tests_without_case, change),
            cases_without_result=with_texts(self.cases_without_result, change),
            ambiguous=with_texts(self.ambiguous, change),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON of bounded links."""
        return {
            "totals": self.totals._asdict(),
            "tests_without_case": list(map(unlinked_test_as_dict, self.tests_without_case)),
            "cases_without_result": list(map(case_without_result_as_dict, self.cases_without_result)),
            "ambiguous": list(map(shared_reference_as_dict, self.ambiguous)),
        }


def case_as_dict(case: ManagedCase) -> dict[str, str]:
    """Return the members of a test case in a row of JSON."""
    return {"id": case.id, "identifier": case.identifier, "title": case.title}


def link_as_dict(link: Link) -> dict[str, Any]:
    """Return a row of ``linked``."""
    return {"test": link.test.as_dict()} | _cases_as_dict(link.cases)


def unlinked_test_as_dict(row: UnlinkedTest) -> dict[str, Any]:
    """Return a row of ``tests_without_case``."""
    nearest = row.nearest
    shown = nearest and {
        "case": case_as_dict(nearest.case),
        "reference": nearest.reference,
        "why": list(nearest.why),
    }
    return {"test": row.test.as_dict(), "nearest": shown}


def case_without_result_as_dict(row: CaseWithoutResult) -> dict[str, Any]:
    """Return a row of ``cases_without_result``."""
    return {
        "case": case_as_dict(row.case),
        "automation_test_id": row.case.automation_test_id,
        "why": row.why,
        "nearest_test": row.nearest and row.nearest.as_dict(),
    }


def shared_reference_as_dict(row: SharedReference) -> dict[str, Any]:
    """Return a row of ``ambiguous``."""
    return {"reference": row.reference, "tests": row.tests} | _cases_as_dict(row.cases)


def _cases_as_dict(cases: tuple[ManagedCase, ...]) -> dict[str, Any]:
    more = len(cases) - MOST_CASES_NAMED
    named = {"cases": [case_as_dict(case) for case in cases[:MOST_CASES_NAMED]]}
    return named | {"more_cases": more} if more > 0 else named
