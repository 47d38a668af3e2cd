"""Write the suites and cases of one report into the bundle."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Final, Protocol

from onetest_ci.bundle.records import StoredCase, StoredFile
from onetest_ci.collect.case_totals import CaseTotals
from onetest_ci.collect.checkout_names import CheckoutNames, may_be_path
from onetest_ci.collect.flat_suites import FlatSuites
from onetest_ci.collect.source_files import go_file
from onetest_ci.collect.unlinkable_tests import UnlinkableTests
from onetest_ci.model import Attachment, Case, Suite, new_record
from onetest_ci.reports import FoundFile

_GO: Final = ".go"
_ordinal: Final = itemgetter(Case._fields.index("ordinal"))
_name: Final = itemgetter(Case._fields.index("name"))


class Writer(Protocol):
    """Receives the suites and cases of a run."""

    def write(self, items: Sequence[Suite | StoredCase]) -> None:
        """Receive suites and cases; a suite comes before what is in it."""


class Copier(Protocol):
    """Copies attachments."""

    def copy(self, attachments: Sequence[Attachment], report: FoundFile) -> tuple[StoredFile, ...]:
        """Return the attachments of a case that were copied."""


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
        self._suite: int | None = None
        self._items: list[Suite | StoredCase] = []
        self._problems: dict[int, str] = {}

    @property
    def used_suites(self) -> int:
        """Suites that contain cases, directly or below."""
        return len(self._used_suites)

    def add(self, records: Sequence[Suite | Case]) -> None:
        """Write the next records of the report; a suite comes before what is in it."""
        run: list[Case] = []
        place: tuple[int | None, str, str] | None = None
        for record in records:
            if isinstance(record, Suite):
                self._add_run(run)
                self._add_suite(record)
                continue
            if (record.suite, record.classname, record.file) != place:
                self._add_run(run)
                place = record.suite, record.classname, record.file
            run.append(record)
        self._add_run(run)
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

    def _add_run(self, run: list[Case]) -> None:
        """Add cases of one suite, class and file, as most tests in a row are, and clear their list."""
        if not run:
            return
        in_report = run[0].suite
        suite = self._loose() if in_report is None else self._first_suite + in_report
        if suite != self._suite:
            self._enter(suite)
        cases = self._named(run)
        spelled = self._refs.spell_all(cases)
        self._flat.add(suite, (cases[0].classname, cases[0].file), list(map(_name, run)))
        first = len(self._items)
        self._problems.update((first + at, problem) for at, (_, problem) in enumerate(spelled) if problem)
        for case, (ref, _) in zip(self._numbered(cases, suite), spelled, strict=True):
            if case.attachments:
                self._items.append(self._with_files(case, ref))
            else:
                self._items.append(new_record(StoredCase, (case, ref, ())))
        run.clear()

    def _enter(self, suite: int | None) -> None:
        """Begin with the cases of another suite."""
        self._suite = suite
        self._refs.enter(self._around(suite))
        self._use(suite)

    def _named(self, run: list[Case]) -> list[Case]:
        """Return cases of one class and file with names and a file as they are in the checkout."""
        first = run[0]
        file, classname = self._names.file(first.file), self._names.name(first.classname)
        if file.endswith(_GO) and "/" not in file:
            file = go_file(file, first.classname, self._module_bases)
        is_alike = (file, classname) == (first.file, first.classname)
        if is_alike and not any(map(may_be_path, map(_name, run))):
            return run
        return [
            case._replace(file=file, name=self._names.name(case.name), classname=classname) for case in run
        ]

    def _numbered(self, cases: list[Case], suite: int) -> list[Case]:
        """Return cases of one suite with their numbers in the bundle."""
        first = self._first_case
        self.next_case = max(self.next_case, first + 1 + max(map(_ordinal, cases)))
        if not first and suite == cases[0].suite:
            return cases
        return [
            case.numbered(
                first + case.ordinal, suite, None if case.retry_of is None else first + case.retry_of
            )
            for case in cases
        ]

    def _with_files(self, case: Case, ref: str) -> StoredCase:
        """Return a case with its attachments in the bundle."""
        files = self._attachments.copy(case.attachments, self.report)
        if any(attachment.content is not None for attachment in case.attachments):
            named = tuple(attachment._replace(content=None) for attachment in case.attachments)
            case = case._replace(attachments=named)
        return StoredCase(case, ref, files)

    def _redact_cases(self) -> None:
        """Remove the secrets from the cases, each of which is spelled again if it may contain one."""
        for index, item in enumerate(self._items):
            if isinstance(item, StoredCase) and self._redact.may_be_in_cases([item]):
                case = self._redact.case(item.case)
                if case.suite != self._suite:
                    self._enter(case.suite)
                # As for suites: the file as it is on the disk.
                ref, problem = self._refs.spell(case._replace(file=item.case.file))
                self._problems[index] = problem
                self._items[index] = StoredCase(case, self._redact(ref), item.files)

    def _count_unlinkable(self) -> None:
        """Count the cases that no test case can name."""
        for index, problem in self._problems.items():
            item = self._items[index]
            # The attempts after the first are of the same test.
            if problem and isinstance(item, StoredCase) and item.case.retry_of is None:
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

    def _use(self, suite: int | None) -> None:
        """Count a suite and those around it as used."""
        number = suite
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
