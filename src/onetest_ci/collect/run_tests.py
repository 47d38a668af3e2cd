"""Read the tests of a run with the code_refs that `collect` would store, without a bundle."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from onetest_ci.bundle.records import StoredCase, StoredFile
from onetest_ci.case_links import ReportedTest, SuitePaths
from onetest_ci.ci.context import CIContext
from onetest_ci.collect.case_totals import CaseTotals
from onetest_ci.collect.checkout_names import CheckoutNames
from onetest_ci.collect.found_files import find_outside_bundles
from onetest_ci.collect.items import CollectedItems
from onetest_ci.collect.report_problems import read_options
from onetest_ci.model import Attachment, Suite
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FoundFile, ReportSet, read_reports
from onetest_ci.reports.confined import confined
from onetest_ci.settings.collection import CollectSettings


@dataclass(frozen=True, slots=True)
class RunTests:
    """The tests in the reports of a run.

    Attributes:
        tests: each after its last attempt, in the order of the reports.
        read: the rows and errors of the reports.
    """

    tests: tuple[ReportedTest, ...]
    read: ReportSet


def read_tests(settings: CollectSettings, context: CIContext, redact: Redactor, *, cwd: Path) -> RunTests:
    """Read the reports that the settings name. Errors in them are returned, never raised.

    Args:
        settings: the reports, and how code_refs are spelled.
        context: the CI run.
        redact: removes the run's secrets.
        cwd: the directory that relative paths start from.
    """
    found = confined(find_outside_bundles(settings.files, None, cwd), settings.root_of("files"))
    tests = _Tests()
    items = CollectedItems(
        tests, CheckoutNames.of(settings, context, redact, cwd), _NoAttachments(), _NoTotals()
    )
    read = read_reports(found, items.add, read_options(settings))
    return RunTests(tuple(tests.last_attempts.values()), read)


class _Tests:
    """Keeps the last attempt of each test, by its number."""

    def __init__(self) -> None:
        self.last_attempts: dict[int, ReportedTest] = {}
        self._suites = SuitePaths()

    def write(self, items: Sequence[Suite | StoredCase]) -> None:
        tests, suites = self.last_attempts, self._suites
        for item in items:
            if isinstance(item, Suite):
                suites.add(item)
                continue
            case = item.case
            if case.retry_of is not None:
                tests.pop(case.retry_of, None)
            tests[case.ordinal] = suites.reported(case, item.code_ref)


class _NoAttachments:
    """Copies nothing: a match needs no attachments."""

    def copy(self, attachments: Sequence[Attachment], report: FoundFile) -> tuple[StoredFile, ...]:
        del attachments, report
        return ()


class _NoTotals(CaseTotals):
    """Counts nothing: the counts of a match are those of the reports."""

    def add(self, items: Sequence[Suite | StoredCase]) -> None:
        del items
