"""Write the suites and cases of one report into the bundle."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple, Protocol

from onetest_ci.bundle.records import StoredCase, StoredFile
from onetest_ci.collect.case_totals import CaseTotals
from onetest_ci.collect.checkout_names import CheckoutNames, may_be_path
from onetest_ci.collect.flat_suites import FlatSuites
from onetest_ci.collect.source_files import go_file
from onetest_ci.collect.unlinkable_tests import UnlinkableTests
from onetest_ci.model import Attachment, Case, Suite
from onetest_ci.reports import FoundFile

_GO: Final = ".go"
_new = tuple.__new__  # A NamedTuple's own constructor costs twice as much, once for each test.


class Writer(Protocol):
    """Receives the suites and cases of a run."""

    def write(self, items: Sequence[Suite | StoredCase]) -> None:
        """Receive suites and cases; a suite comes before what is in it."""


class Copier(Protocol):
    """Copies attachments."""

    def copy(self, attachments: Sequence[Attachment], report: FoundFile) -> tuple[StoredFile, ...]:
        """Return the attachments of a case that were copied."""


class _Place(NamedTuple):
    """Where a test is: the same for most tests as for the one before.

    Attributes:
        reported: its suite's number in the bundle, its class and its file, as the report spells them.
        classname: as it is in the checkout.
        file: as it is in the checkout.
        differs: whether a test in this place needs other names than the report's.
    """

    reported: tuple[int | None, str, str]
    classname: str
    file: str
    differs: bool


_NOWHERE: Final = _Place((None, "", ""), "", "", differs=False)


class ReportItems:
    """Numbers the suites and cases of a report within the bundle, and writes them.

    Args:
        report: their report.
        first_suite: number of the report's first suite in the bundle.
        first_case: number of its first case.
        names: of the checkout.
        attachments: copies those of the cases.
        writer: receives the suites and cases.
        totals: counts the cases.
        flat: receives the names of the tests in each place.
        unlinkable: counts the tests that no test case can name.

    Attributes:
        report: as above.
        next_suite: number after the last suite.
        next_case: number after the last case.
    """

    def __init__(
        self,
        report: FoundFile,
        *,
        first_suite: int,
        first_case: int,
        names: CheckoutNames,
        attachments: Copier,
        writer: Writer,
        totals: CaseTotals,
        flat: FlatSuites,
        unlinkable: UnlinkableTests,
    ) -> None:
        self.report = report
        self.next_suite = self._first_suite = first_suite
        self.next_case = self._first_case = first_case
        self._names = names
        self._redact = names.redact
        self._has_secrets = bool(names.redact)
        self._module_bases = names.module_bases(report.path)
        self._refs = names.speller(self._module_bases)
        self._attachments = attachments
        self._writer = writer
        self._totals = totals
        self._flat = flat
        self._unlinkable = unlinkable
        self._suites: dict[int, Suite] = {}
        self._used_suites: set[int] = set()
        self._loose_suite: int | None = None
        self._place = _NOWHERE
        self._tests_in_place: list[str] = []
        self._items: list[Suite | StoredCase] = []
        self._problems: dict[int, str] = {}

    @property
    def used_suites(self) -> int:
        """Suites that contain cases, directly or below."""
        return len(self._used_suites)

    def add(self, records: Sequence[Suite | Case]) -> None:
        """Write the next records of the report; a suite comes before what is in it."""
        for record in records:
            if isinstance(record, Suite):
                self._add_suite(record)
            else:
                self._add_case(record)
        self._leave_place()
        if self._has_secrets and self._redact.may_be_in_cases(self._cases()):
            self._redact_cases()
        self._count_unlinkable()
        self._writer.write(self._items)
        self._totals.add(self._items)
        self._items.clear()

    def _cases(self) -> Iterator[StoredCase]:
        return (item for item in self._items if isinstance(item, StoredCase))

    def _add_suite(self, suite: Suite) -> None:
        number = self._first_suite + suite.ordinal
        parent = None if suite.parent is None else self._first_suite + suite.parent
        self.next_suite = max(self.next_suite, number + 1)
        file = self._names.file(suite.file)
        redacted = self._redact.suite(
            suite._replace(ordinal=number, parent=parent, name=self._names.name(suite.name), file=file)
        )
        # A code_ref begins with the file as it is on the disk, so its name must not be redacted yet.
        self._suites[number] = redacted._replace(file=file)
        self._items.append(redacted)

    def _add_case(self, case: Case) -> None:
        suite = self._loose() if case.suite is None else self._first_suite + case.suite
        name = case.name
        place = self._place
        if (suite, case.classname, case.file) != place.reported:
            place = self._enter_place(suite, case)
        self._tests_in_place.append(name)
        if place.differs or may_be_path(name):
            case = self._renamed(case, place)
        ref, problem = self._refs.spell(case)
        if problem:
            self._problems[len(self._items)] = problem
        number = self._first_case + case.ordinal
        if number >= self.next_case:
            self.next_case = number + 1
        if number != case.ordinal or suite != case.suite:
            retry_of = None if case.retry_of is None else self._first_case + case.retry_of
            case = case.numbered(number, suite, retry_of)
        files: tuple[StoredFile, ...] = ()
        if case.attachments:
            files = self._attachments.copy(case.attachments, self.report)
            case = case._replace(attachments=tuple(one._replace(content=None) for one in case.attachments))
        self._items.append(_new(StoredCase, (case, ref, files)))

    def _enter_place(self, suite: int, case: Case) -> _Place:
        """Begin with another suite, class or file than that of the test before."""
        self._leave_place()
        if suite != self._place.reported[0]:
            self._refs.enter(self._around(suite))
            self._use(suite)
        file, classname = self._names.file(case.file), self._names.name(case.classname)
        differs = (file, classname) != (case.file, case.classname) or case.file.endswith(_GO)
        self._place = _Place((suite, case.classname, case.file), classname, file, differs)
        return self._place

    def _leave_place(self) -> None:
        """Pass on the names of the tests in this place."""
        suite, names = self._place.reported[0], self._tests_in_place
        if suite is not None and names:
            self._flat.add(suite, (self._place.classname, self._place.file), names)
            names.clear()

    def _renamed(self, case: Case, place: _Place) -> Case:
        """Return a case with names and a file as they are in the checkout."""
        file = place.file
        if file.endswith(_GO) and "/" not in file:
            file = go_file(file, case.classname, self._module_bases)
        return case._replace(file=file, name=self._names.name(case.name), classname=place.classname)

    def _redact_cases(self) -> None:
        """Remove the secrets from the cases, each of which is spelled again if it may contain one."""
        for index, item in enumerate(self._items):
            if isinstance(item, StoredCase) and self._redact.may_be_in_cases([item]):
                case = self._redact.case(item.case)
                self._refs.enter(self._around(case.suite))
                # As for suites: the file as it is on the disk.
                ref, problem = self._refs.spell(case._replace(file=item.case.file))
                self._problems[index] = problem
                self._items[index] = StoredCase(case, self._redact(ref), item.files)
        self._place = _NOWHERE

    def _count_unlinkable(self) -> None:
        """Count the cases that no test case can name."""
        for index, problem in self._problems.items():
            item = self._items[index]
            if problem and isinstance(item, StoredCase):
                self._unlinkable.add(item.code_ref, problem, has_file=bool(item.case.file))
        self._problems.clear()

    def _around(self, suite: int | None) -> tuple[Suite, ...]:
        """Return the suites around a case, outermost first, without the one that stands for the report."""
        found: list[Suite] = []
        number = suite
        while number is not None and number >= 0:
            found.append(self._suites[number])
            number = found[-1].parent
        return tuple(reversed(found))

    def _use(self, suite: int) -> None:
        """Count a suite and those around it as used."""
        number: int | None = suite
        while number is not None and number not in self._used_suites:
            self._used_suites.add(number)
            number = self._suites[number].parent

    def _loose(self) -> int:
        """Return the suite of cases without a suite; it is named after the report.

        Its number is below 0, and unique in the bundle since it is derived from the report's first case.
        """
        if self._loose_suite is None:
            self._loose_suite = -1 - self._first_case
            name = PurePosixPath(self.report.display).name
            suite = self._redact.suite(Suite(self._loose_suite, None, name))
            self._suites[self._loose_suite] = suite
            self._items.append(suite)
        return self._loose_suite
