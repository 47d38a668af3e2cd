"""Find the test case that a test may belong to, although no reference of the case equals its code_ref.

References that were written by hand usually differ in one of a few ways: another style, another folder before
the file, parameters. Indexes on forms without these differences find them at once. Only then a bounded number
of tests is compared with some references each, by how much of them is equal. A library that compares each
test with all references takes milliseconds for each, so it could serve only a few tests.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple

from onetest_ci.case_links import ManagedCase, Nearest, ReportedTest, canonical
from onetest_ci.model import new_record

MOST_SIMILAR: Final = 200
"""Tests for which a similar reference is searched."""

_MOST_CANDIDATES: Final = 20
"""References with the same last two names that one test is compared with."""

_MOST_NEIGHBOURS: Final = 100
"""References of the same class, and of the same name, that one test is compared with."""

_LONGEST: Final = 512
"""Characters of a reference that is compared."""

_ALIKE: Final = 0.75
"""Share of two references that has to be equal for a suggestion."""

_OTHER_SEPARATORS: Final = "/\\:#$>"
_PARAMETERS: Final = re.compile(r"(?<=[^./\\:])[\[({].*", re.DOTALL)
_SEPARATORS: Final = re.compile(r"[/\\:.#$>]+")


class _Entry(NamedTuple):
    """A reference of a case, and its form."""

    case: ManagedCase
    reference: str
    form: str


def _without_parameters(reference: str) -> str:
    """Return a reference without brackets at its end."""
    if reference[-1:] in {"]", ")", "}"}:
        return _PARAMETERS.sub("", reference)
    return reference


def _without_suffix(reference: str) -> str:
    """Return a reference without the suffix of its file: ``a/b:C.d`` of ``a/b.py:C.d``."""
    file, colon, rest = reference.partition(":")
    if not colon:
        return reference
    folder, slash, name = file.rpartition("/")
    stem = name.partition(".")[0] or name
    # A class that is named as its file, as in Java, is one word.
    if rest.startswith(stem) and rest[len(stem) :][:1] in {"", "."}:
        return f"{folder}{slash}{rest}"
    return f"{folder}{slash}{stem}:{rest}"


def form_of(reference: str) -> str:
    """Return the names in a reference, in lower case and joined by dots.

    Parameters and the suffix of the file are left out.
    """
    form = _without_suffix(_without_parameters(reference[:_LONGEST])).casefold()
    for separator in _OTHER_SEPARATORS:
        if separator in form:
            form = form.replace(separator, ".")
    return form if ".." not in form and form[:1] != "." else ".".join(filter(None, form.split(".")))


def _end_of(form: str) -> str:
    """Return the last two names of a form. Empty if it has one."""
    before, dot, name = form.rpartition(".")
    return f"{before.rpartition('.')[2]}{dot}{name}" if dot else ""


class NearestCases:
    """Indexes of the test cases, by forms of their references and titles.

    Args:
        cases: those to prefer come first.
    """

    def __init__(self, cases: Iterable[ManagedCase]) -> None:
        self._by_form: dict[str, _Entry] = {}
        self._by_end: dict[str, list[_Entry]] = {}
        self._by_title: dict[str, ManagedCase] = {}
        self._by_text: dict[str, ManagedCase] = {}
        self._similar_left = MOST_SIMILAR
        by_form, by_title = self._by_form, self._by_title
        for case in cases:
            title = _folded(case.title)
            if title and title not in by_title:
                by_title[title] = case
            references = case.references
            if len(references) > 1:
                self._by_text.setdefault(_folded(case.automation_test_id), case)
            for reference in references:
                form = form_of(reference)
                if form and form not in by_form:
                    entry = by_form[form] = new_record(_Entry, (case, reference, form))
                    _append(self._by_end, _end_of(form), entry)

    @cached_property
    def _neighbours(self) -> dict[str, list[_Entry]]:
        """The references by the file and class before the last name, and by the last name."""
        found: dict[str, list[_Entry]] = {}
        for form, entry in self._by_form.items():
            place, _, name = form.rpartition(".")
            _append(found, place, entry, _MOST_NEIGHBOURS)
            _append(found, f".{name}", entry, _MOST_NEIGHBOURS)
        return found

    def nearest(self, test: ReportedTest) -> Nearest | None:
        """Return the case that a test may belong to. None if no case is near."""
        reference = canonical(test.code_ref)
        if reference.split() != [reference]:
            return self._of_title(test, reference)
        form = form_of(reference)
        entry = self._by_form.get(form) or self._of_end(form)
        if entry is None:
            return self._named(test, ()) or self._similar(form)
        return Nearest(entry.case, entry.reference, tuple(_differences(reference, entry.reference)))

    def _of_title(self, test: ReportedTest, reference: str) -> Nearest | None:
        """Return the case for a reference with white space: the words are references of their own there."""
        case = self._by_text.get(_folded(reference))
        if case is not None:
            return Nearest(case, " ".join(case.automation_test_id.split()), ("spaces",))
        return self._named(test, ("spaces",))

    def _named(self, test: ReportedTest, why: tuple[str, ...]) -> Nearest | None:
        """Return the case whose title is the test's name."""
        case = self._by_title.get(_folded(test.name))
        if case is None:
            return None
        references = case.references
        reason = "other-reference" if references else "no-reference"
        return Nearest(case, references[0] if references else "", (*why, reason))

    def _of_end(self, form: str) -> _Entry | None:
        """Return the reference that shares most names at its end: at least the class and the method."""
        entries = self._by_end.get(_end_of(form), ())
        names = form.split(".")
        return max(entries, key=lambda entry: _common_end(names, entry.form.split(".")), default=None)

    def _similar(self, form: str) -> Nearest | None:
        """Return the similar reference of a test: in the same class, or of the same name."""
        place, dot, name = form.rpartition(".")
        if self._similar_left <= 0 or not dot:
            return None
        self._similar_left -= 1
        rated = [
            (_likeness(name, entry.form.rpartition(".")[2]), entry)
            for entry in self._neighbours.get(place, ())
        ]
        rated += [
            (_likeness(place, entry.form.rpartition(".")[0]), entry)
            for entry in self._neighbours.get(f".{name}", ())
        ]
        best = max(rated, key=itemgetter(0), default=None)
        if best is None or best[0] < _ALIKE:
            return None
        return Nearest(best[1].case, best[1].reference, ("similar",))


def _append(index: dict[str, list[_Entry]], key: str, entry: _Entry, most: int = _MOST_CANDIDATES) -> None:
    """Add a reference to those of a key, unless the key is empty or has enough of them."""
    entries = index.get(key)
    if entries is None:
        if key:
            index[key] = [entry]
    elif len(entries) < most:
        entries.append(entry)


def _folded(text: str) -> str:
    """Return a text in lower case with single spaces."""
    folded = text[:_LONGEST].casefold().strip()
    return folded if folded.isprintable() and "  " not in folded else " ".join(folded.split())


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many names at the end of both are equal."""
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def _likeness(one: str, other: str) -> float:
    """Return the share of two names that is equal at their start and end, from 0 to 1.

    It takes time in proportion to their lengths, for any content.
    """
    shortest = min(len(one), len(other))
    start = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    end = next((at for at in range(shortest - start) if one[-1 - at] != other[-1 - at]), shortest - start)
    return 2 * (start + end) / (len(one) + len(other)) if shortest else 0.0


def _differences(reference: str, other: str) -> Iterator[str]:
    """Yield in which ways two references differ; at least one."""
    plain, other_plain = _without_parameters(reference), _without_parameters(other)
    found = False
    if reference[len(plain) :] != other[len(other_plain) :]:
        found = True
        yield "parameters"
    names, other_names = form_of(reference).split("."), form_of(other).split(".")
    if names != other_names:
        found = True
        yield "prefix"
    shared = _common_end(names, other_names)
    if _styles_differ(plain, other_plain, shared):
        found = True
        yield "style"
    if _ends_differ(plain, other_plain, shared):
        found = True
        yield "letters"
    if not found:
        yield "style"


def _styles_differ(one: str, other: str, shared: int) -> bool:
    """Return whether one reference alone names a file, or other characters separate the last words."""
    if (":" in one) != (":" in other):
        return True
    separators, others = (_SEPARATORS.findall(_without_suffix(text)) for text in (one, other))
    return shared > 1 and separators[1 - shared :] != others[1 - shared :]


def _ends_differ(one: str, other: str, shared: int) -> bool:
    """Return whether the last words, which are equal in lower case, are spelled with other letters."""
    ends = [_SEPARATORS.split(_without_suffix(text))[-shared:] for text in (one, other)]
    return (
        bool(shared)
        and ends[0] != ends[1]
        and [word.casefold() for word in ends[0]] == [word.casefold() for word in ends[1]]
    )
