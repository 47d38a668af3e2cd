"""From the records of many reports to the items of one bundle."""

from collections.abc import Sequence

from onetest_ci.collect.case_totals import CaseTotals
from onetest_ci.collect.checkout_names import CheckoutNames
from onetest_ci.collect.flat_suites import FlatSuites
from onetest_ci.collect.report_items import Copier, ReportItems, Writer
from onetest_ci.collect.unlinkable_tests import UnlinkableTests
from onetest_ci.model import Case, Suite
from onetest_ci.reports import FoundFile


class CollectedItems:
    """Writes the items of one report after the other, and counts them over all reports.

    Args:
        writer: receives the suites and cases.
        names: of the checkout.
        attachments: copies those of the tests.
        totals: counts the cases. None for a new one.

    Attributes:
        totals: counts, times and failures of the cases.
        flat: the suites in which tests of one name are in several places.
        unlinkable: the tests that no test case can name.
    """

    def __init__(
        self, writer: Writer, names: CheckoutNames, attachments: Copier, totals: CaseTotals | None = None
    ) -> None:
        self.totals = totals or CaseTotals()
        self.flat = FlatSuites()
        self.unlinkable = UnlinkableTests(in_javascript=(names.bases[0] / "package.json").is_file())
        self._writer = writer
        self._names = names
        self._attachments = attachments
        self._current: ReportItems | None = None
        self._suites_before = 0

    @property
    def suites(self) -> int:
        """Suites that contain cases, directly or below, and those that flat suites are split into."""
        current = self._current.used_suites if self._current else 0
        return self._suites_before + current + self.flat.count

    def add(self, report: FoundFile, records: Sequence[Suite | Case]) -> None:
        """Write the next records of a report; the records of one report arrive one after the other."""
        current = self._current
        if current is None or current.report is not report:
            current = self._current = self._begin(report)
        current.add(records)

    def _begin(self, report: FoundFile) -> ReportItems:
        before = self._current
        if before:
            self._suites_before += before.used_suites
            self.flat.finish_report()
        return ReportItems(
            report,
            first_suite=before.next_suite if before else 0,
            first_case=before.next_case if before else 0,
            names=self._names,
            attachments=self._attachments,
            writer=self._writer,
            totals=self.totals,
            flat=self.flat,
            unlinkable=self.unlinkable,
        )
