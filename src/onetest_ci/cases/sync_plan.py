"""Plan a sync: which test cases to create and to link, and which to leave to a person.

Nothing here reads or writes.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Final, NamedTuple

from onetest_ci.case_links import ARCHIVED, ManagedCase, ReportedTest, canonical
from onetest_ci.cases.title_template import TitleTemplate
from onetest_ci.limits import CODE_REF, clean

WHY: Final = {
    "shared-reference": "several test cases have this reference",
    "shared-title": "several test cases have this title",
    "shared-by-tests": "one test case has the title of several tests",
    "other-reference": "the test case of this title belongs to another test, which is not in the reports",
    "archived": "the test case of this title is archived",
    "no-id": "OneTest lists the test case of this title without an id",
    "no-reference": "the test has no code_ref",
    "white-space": "its code_ref contains a space or a line break, which would separate references",
    "control-characters": "its code_ref contains characters that OneTest cannot store",
    "too-long": f"its code_ref has more than {CODE_REF:,} characters",
    "no-title": "the title template is empty for it",
}
"""The reasons to leave a test, in words that complete a sentence."""


class NewCase(NamedTuple):
    """A test case to create.

    Attributes:
        reference: the code_ref of its results.
        title: for people.
    """

    reference: str
    title: str


class NewLink(NamedTuple):
    """A test case without references that gets one.

    Attributes:
        reference: the code_ref of its results.
        case: the test case, of which nothing else is changed.
    """

    reference: str
    case: ManagedCase


class LeftTest(NamedTuple):
    """A test that is left to a person.

    Attributes:
        reference: its code_ref.
        title: the title that a test case of it would have.
        why: a key of ``WHY``.
        cases: the test cases that it is about.
    """

    reference: str
    title: str
    why: str
    cases: Sequence[ManagedCase] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Globs that select tests by their code_ref. ``*`` matches any characters.

    Attributes:
        include: a selected test matches one of them, if there are any.
        exclude: a selected test matches none of them.
    """

    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(cls, include: Iterable[str], exclude: Iterable[str]) -> "Selection":
        """Return the selection by globs as a person writes them."""
        return cls(tuple(map(_compiled, include)), tuple(map(_compiled, exclude)))

    def contains(self, reference: str) -> bool:
        """Return whether a test is selected."""
        included = not self.include or any(one.match(reference) for one in self.include)
        return included and not any(one.match(reference) for one in self.exclude)


def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(translate(canonical(glob)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """What a sync would do.

    Attributes:
        tests: number of tests in the reports.
        left_out: number of references that the globs leave out.
        linked: number of references that a test case has already.
        creations: test cases to create.
        links: test cases that get a reference.
        ambiguous: tests whose test case is not certain.
        unlinkable: tests that no test case can name.
    """

    tests: int
    left_out: int
    linked: int
    creations: tuple[NewCase, ...] = ()
    links: tuple[NewLink, ...] = ()
    ambiguous: tuple[LeftTest, ...] = ()
    unlinkable: tuple[LeftTest, ...] = ()

    @property
    def parts(self) -> tuple[NewCase | NewLink, ...]:
        """What is to be done, in the order in which it is done."""
        return (*self.links, *self.creations)


def plan(
    cases: Sequence[ManagedCase], tests: Sequence[ReportedTest], selection: Selection, template: TitleTemplate
) -> SyncPlan:
    """Return what a sync would do.

    Tests with one code_ref, as with different parameters, have one test case. Its title is that of the first.

    Args:
        cases: all of the product. A case that occurs twice, by its id, counts once.
        tests: of the reports.
        selection: of the tests to synchronize.
        template: of the titles of new cases.
    """
    index = CaseIndex(cases)
    first: dict[str, ReportedTest] = {}
    for test in tests:
        first.setdefault(canonical(test.code_ref), test)
    selected = {reference: test for reference, test in first.items() if selection.contains(reference)}
    unlinkable, missing, ambiguous = [], [], []
    linked = 0
    for reference, test in selected.items():
        holders = index.with_reference(reference)
        if len(holders) > 1:
            ambiguous.append(LeftTest(reference, template.title_of(test), "shared-reference", holders))
        elif holders:
            linked += 1
        else:
            title = template.title_of(test)
            problem = _problem(reference, title)
            if problem:
                unlinkable.append(LeftTest(reference, title, problem))
            else:
                missing.append(NewCase(reference, title))
    wanted = Counter(case.title for case in missing)
    meant = {title: _meant(index.with_title(title), first) for title in wanted}
    creations, links = [], []
    for case in missing:
        candidate = meant[case.title]
        if candidate is None:
            creations.append(case)
        elif why := candidate.why or ("shared-by-tests" if wanted[case.title] > 1 else ""):
            ambiguous.append(LeftTest(*case, why, candidate.cases))
        else:
            links.append(NewLink(case.reference, candidate.cases[0]))
    return SyncPlan(
        tests=len(tests),
        left_out=len(first) - len(selected),
        linked=linked,
        creations=tuple(creations),
        links=tuple(links),
        ambiguous=tuple(ambiguous),
        unlinkable=tuple(unlinkable),
    )


def _problem(reference: str, title: str) -> str:
    """Return why no test case can name a test, as a key of ``WHY``. Empty if one can."""
    if not reference:
        return "no-reference"
    if reference.split() != [reference]:
        return "white-space"
    if clean(reference) != reference:
        return "control-characters"
    if len(reference) > CODE_REF:
        return "too-long"
    return "" if title else "no-title"


class _Candidate(NamedTuple):
    """The test case that a title may mean.

    Attributes:
        cases: one test case, or several of which it is one.
        why: the reason why it is not certain, as a key of ``WHY``. Empty if it is certain.
    """

    cases: Sequence[ManagedCase]
    why: str = ""


def _meant(same_title: Sequence[ManagedCase], in_reports: Container[str]) -> _Candidate | None:
    """Return the test case that is meant by its title. None if a new one is to be created.

    A case that belongs to another test of these reports is not meant. Beside an unlinked one it makes both
    uncertain: a person may have written that one for the other test.

    Args:
        same_title: the test cases of the title.
        in_reports: the references of all tests in the reports.
    """
    others = [case for case in same_title if not any(one in in_reports for one in case.references)]
    if not others:
        return None
    only = others[0]
    if len(others) > 1 or (not only.references and len(same_title) > 1):
        return _Candidate(same_title, "shared-title")
    if only.references:
        return _Candidate(others, "other-reference")
    if only.status == ARCHIVED:
        return _Candidate(others, "archived")
    return _Candidate(others, "" if only.id else "no-id")


class CaseIndex:
    """The test cases of a product by reference and by title.

    Args:
        cases: a case that occurs twice, by its id, counts once.
    """

    def __init__(self, cases: Iterable[ManagedCase]) -> None:
        self._ids: set[str] = set()
        self._by_reference: dict[str, list[ManagedCase]] = {}
        self._by_title: dict[str, list[ManagedCase]] = {}
        self.add(cases)

    def add(self, cases: Iterable[ManagedCase]) -> None:
        """Add cases, except those that are there already."""
        for case in cases:
            if case.id in self._ids:
                continue
            if case.id:
                self._ids.add(case.id)
            for reference in case.references:
                self._by_reference.setdefault(reference, []).append(case)
            self._by_title.setdefault(same(case.title), []).append(case)

    def __contains__(self, case: ManagedCase) -> bool:
        return case.id in self._ids

    def with_reference(self, reference: str) -> Sequence[ManagedCase]:
        """Return the cases that have a reference."""
        return self._by_reference.get(reference, ())

    def with_title(self, title: str) -> Sequence[ManagedCase]:
        """Return the cases that have a title. Kinds and lengths of white space do not count."""
        return self._by_title.get(same(title), ())


def same(title: str) -> str:
    """Return a title with single spaces, as titles are compared."""
    return " ".join(title.split())
