"""Read the tests that people are shown from a bundle, after its delivery, which no failure here changes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import onetest_ci
from onetest_ci.bundle.bundle import Bundle
from onetest_ci.cli.invocation import Invocation
from onetest_ci.errors import OnetestError, output_not_written
from onetest_ci.notices import NOTE, Notice
from onetest_ci.outcome import Delivery
from onetest_ci.ownership import workspace_owned
from onetest_ci.results.bundle_tests import notable_tests, report_numbers, tests_of
from onetest_ci.results.run_results import RunResults, TestResult
from onetest_ci.results.summarize import Show, summarize

if TYPE_CHECKING:
    from onetest_ci.results.baseline import Report
    from onetest_ci.results.saved import ResultsWriter

Fingerprints = Mapping[Path, bytes]
"""Files of a baseline and hashes of their content."""


def fingerprints_of(invocation: Invocation) -> Fingerprints:
    """Return the files of the baseline as they are before the tests run, which must not change them."""
    if not invocation.settings.baseline:
        return {}
    # Here and below: few runs have a baseline or save their results.
    from onetest_ci.results.baseline_files import fingerprints  # noqa: PLC0415

    return fingerprints(invocation.settings.baseline, invocation.cwd)


def results_of(
    bundle: Bundle,
    delivery: Delivery,
    invocation: Invocation,
    baseline: Fingerprints | None = None,
    *,
    is_whole: bool = True,
    show: Show | None = None,
) -> RunResults | None:
    """Return the tests that people look at. Compare them with the baseline and save them, if that is set.

    Args:
        bundle: that was delivered, or not.
        delivery: the state of its delivery. It receives warnings and notes.
        invocation: of the command.
        baseline: see ``fingerprints_of``. None if this process did not run the tests.
        is_whole: False if tests may be missing, as after a signal.
        show: makes the entry of a test in a list.

    Returns:
        The tests. None if the bundle is damaged.
    """
    settings = invocation.settings
    try:
        if settings.baseline or settings.save_results:
            return _BundleResults(bundle, delivery, invocation, is_whole=is_whole, show=show).read(baseline)
        return summarize(notable_tests(bundle), show=show)
    except OnetestError as error:
        delivery.warn("results", f"The summary lacks the tests: {error.message} {error.hint}")
    return None


class _BundleResults:
    """The results of a bundle, compared and saved."""

    def __init__(
        self,
        bundle: Bundle,
        delivery: Delivery,
        invocation: Invocation,
        *,
        is_whole: bool,
        show: Show | None,
    ) -> None:
        self._show = show
        self._bundle = bundle
        self._delivery = delivery
        self._invocation = invocation
        self._is_whole = is_whole
        self._reports = _reports_of(bundle.manifest.reports)

    def read(self, before: Fingerprints | None) -> RunResults:
        """Return the results.

        Raises:
            BundleError: the bundle is damaged.
        """
        writer = self._writer()
        try:
            tests = tests_of(self._bundle)
            if writer:
                tests = self._saving(tests, writer)
            results = (
                self._compared(tests, before)
                if self._invocation.settings.baseline
                else summarize(tests, show=self._show)
            )
            # The baseline may be the same file. It was read before.
            if writer:
                self._finish(writer)
        finally:
            if writer:
                writer.discard()
        return results

    def _writer(self) -> "ResultsWriter | None":
        from onetest_ci.results.saved import ResultsWriter, RunHeader  # noqa: PLC0415

        invocation, manifest = self._invocation, self._bundle.manifest
        if invocation.settings.save_results is None:
            return None
        header = RunHeader(
            schema=1,
            tool=f"onetest-ci {onetest_ci.__version__}",
            time=int(invocation.clock()),
            commit=manifest.commit,
            branch=invocation.redact(invocation.context.branch),
            name=manifest.launch_name,
            complete=self._is_whole,
        )
        try:
            return ResultsWriter(invocation.cwd / invocation.settings.save_results, header, self._reports)
        except OSError as problem:
            self._not_saved(problem)
            return None

    def _saving(self, tests: Iterator[TestResult], writer: "ResultsWriter") -> Iterator[TestResult]:
        """Yield the tests, and save each before. A test that cannot be saved ends the saving alone."""
        for test, report in zip(tests, report_numbers(self._bundle.manifest), strict=False):
            try:
                if not writer.closed:
                    writer.add(test, report)
            except OSError as problem:
                self._not_saved(problem)
                writer.discard()
            yield test

    def _finish(self, writer: "ResultsWriter") -> None:
        if writer.closed:
            return
        try:
            with workspace_owned(writer.path, self._invocation.context.workspace):
                writer.finish()
        except OSError as problem:
            self._not_saved(problem)

    def _not_saved(self, problem: OSError) -> None:
        error = output_not_written(self._invocation.settings.save_results, problem)
        self._delivery.warn("save-results", f"{error.message} {error.hint}")

    def _compared(self, tests: Iterator[TestResult], before: Fingerprints | None) -> RunResults:
        from onetest_ci.results.baseline import Row, Run, compare  # noqa: PLC0415
        from onetest_ci.results.baseline_files import read_baseline, vanished_tests  # noqa: PLC0415
        from onetest_ci.results.saved import UnusableResults  # noqa: PLC0415

        invocation = self._invocation
        baseline = read_baseline(invocation.settings.baseline, invocation.cwd, before=before)
        for text in baseline.notes:
            self._note("baseline", text)
        if baseline.history is None:
            self._note("no-baseline", "There is no usable baseline, so each failure counts as new")
            return summarize(tests, show=self._show)
        rows = map(Row, tests_of(self._bundle), report_numbers(self._bundle.manifest))
        compared = compare(Run(self._reports, rows, is_whole=self._is_whole), baseline.history)
        results = summarize(tests, show=self._show, changes=compared.changes)
        with suppress(UnusableResults):
            results = results._replace(vanished=vanished_tests(baseline, compared))
        return results._replace(compared=True, baselines=baseline.facts)

    def _note(self, kind: str, text: str) -> None:
        self._delivery.notices.append(Notice(kind, f"{text}.", level=NOTE))


def _reports_of(rows: Sequence[Mapping[str, object]]) -> "tuple[Report, ...]":
    from onetest_ci.results.baseline import Report  # noqa: PLC0415

    return tuple(
        Report(str(row.get("path", "")), complete=not row.get("truncated") and row.get("error") is None)
        for row in rows
    )
