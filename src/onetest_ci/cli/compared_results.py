"""Compare the tests of a run with the baseline, and save them. Both happen after the delivery."""

import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import onetest_ci
from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.records import Manifest
from onetest_ci.ci.tracked import is_tracked
from onetest_ci.cli.invocation import Invocation
from onetest_ci.errors import output_not_written
from onetest_ci.gate import declares_more
from onetest_ci.notices import NOTE, Notice
from onetest_ci.outcome import Delivery
from onetest_ci.ownership import workspace_owned
from onetest_ci.results.baseline import Compared, Report, Row, Run, compare
from onetest_ci.results.baseline_files import Baseline, read_baseline, vanished_tests
from onetest_ci.results.bundle_tests import report_numbers, tests_of
from onetest_ci.results.own_run import why_own
from onetest_ci.results.run_results import RunResults, TestResult
from onetest_ci.results.saved import ResultsWriter, RunHeader, UnusableResults
from onetest_ci.results.summarize import summarize
from onetest_ci.text.plural import plural

_SHOWN_REPORTS: Final = 5


class Source(NamedTuple):
    """Where the tests of a run are.

    Attributes:
        rows: yields all tests, each time from the first.
        reports: of the run.
        is_whole: False if tests may be missing.
    """

    rows: Callable[[], Iterator[Row]]
    reports: tuple[Report, ...]
    is_whole: bool = True


def source_of(bundle: Bundle, *, is_whole: bool) -> Source:
    """Return the tests of a bundle."""
    manifest = bundle.manifest
    reports = tuple(
        Report(str(row.get("path", "")), complete=not row.get("truncated") and row.get("error") is None)
        for row in manifest.reports
    )
    return Source(lambda: map(Row, tests_of(bundle), report_numbers(manifest)), reports, is_whole)


class ComparedResults:
    """The results of a run, compared with the baseline and saved, as the settings ask for.

    Args:
        source: the tests of the run.
        manifest: facts of the run.
        delivery: receives warnings and notes.
        invocation: of the command.
        choose: returns the tests that people look at; ``summarize``, with the run's own settings.
    """

    def __init__(
        self,
        source: Source,
        manifest: Manifest,
        delivery: Delivery,
        invocation: Invocation,
        choose: Callable[..., RunResults] = summarize,
    ) -> None:
        self._choose = choose
        self._source = source
        self._manifest = manifest
        self._delivery = delivery
        self._invocation = invocation
        self._report_numbers = array("l")

    def read(self, before: Mapping[Path, bytes] | None = None) -> RunResults:
        """Return the results.

        Args:
            before: the files of the baseline before the tests ran. None if this process did not run them.

        Raises:
            BundleError: the tests cannot be read.
        """
        writer = self._writer()
        rows = self._saving(writer) if writer else self._source.rows()
        tests = self._noting_reports(rows)
        try:
            if self._invocation.settings.baseline:
                results = self._compared(tests, before)
            else:
                results = self._choose(tests, report_of=self._report_of)
            # The baseline may be the same file. It was read before.
            if writer:
                self._finish(writer)
        finally:
            if writer:
                writer.discard()
        return results

    def _noting_reports(self, rows: Iterator[Row]) -> Iterator[TestResult]:
        """Yield the tests, and note the report of each before."""
        for test, report in rows:
            self._report_numbers.append(report)
            yield test

    def _report_of(self, row: int) -> str:
        number = self._report_numbers[row]
        return self._source.reports[number].path if 0 <= number < len(self._source.reports) else ""

    def _writer(self) -> ResultsWriter | None:
        invocation, manifest = self._invocation, self._manifest
        if invocation.settings.save_results is None:
            return None
        header = RunHeader(
            schema=1,
            tool=f"onetest-ci {onetest_ci.__version__}",
            time=int(invocation.clock()),
            commit=manifest.commit,
            branch=invocation.redact(invocation.context.branch),
            name=manifest.launch_name,
            complete=self._source.is_whole,
            run=invocation.redact(invocation.context.run_id),
            pull_request=invocation.context.pull_request,
            more_failures=declares_more(manifest.notices),
        )
        try:
            return ResultsWriter(
                invocation.cwd / invocation.settings.save_results, header, self._source.reports
            )
        except OSError as problem:
            self._not_saved(problem)
            return None

    def _saving(self, writer: ResultsWriter) -> Iterator[Row]:
        """Yield the tests, and save each before. A test that cannot be saved ends the saving alone."""
        for row in self._source.rows():
            try:
                if not writer.closed:
                    writer.add(*row)
            except OSError as problem:
                self._not_saved(problem)
                writer.discard()
            yield row

    def _finish(self, writer: ResultsWriter) -> None:
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

    def _compared(self, tests: Iterator[TestResult], before: Mapping[Path, bytes] | None) -> RunResults:
        invocation = self._invocation
        baseline = read_baseline(
            invocation.settings.baseline,
            invocation.cwd,
            before=before,
            refused=lambda saved: why_own(saved, os.environ, invocation.context),
        )
        for text in baseline.notes:
            self._note("baseline", text)
        self._warn_of_tracked(baseline)
        if baseline.history is None:
            self._note("no-baseline", "There is no usable baseline, so each failure counts as new")
            return self._choose(tests, report_of=self._report_of)
        now = Run(self._source.reports, self._source.rows(), is_whole=self._source.is_whole)
        compared = compare(now, baseline.history)
        del now
        self._note_lost_reports(compared)
        results = self._choose(
            tests,
            changes=compared.changes,
            seconds_before=compared.seconds_before,
            report_of=self._report_of,
        )
        with suppress(UnusableResults):
            results = results._replace(vanished=vanished_tests(baseline, compared))
        absent = len(compared.vanished) + compared.lost_tests
        return results._replace(compared=True, absent=absent, baselines=baseline.facts)

    def _note_lost_reports(self, compared: Compared) -> None:
        paths = compared.lost_reports
        if paths:
            reports = plural(len(paths), "report")
            are = "is" if len(paths) == 1 else "are"
            more = f" and {len(paths) - _SHOWN_REPORTS:,} more" if len(paths) > _SHOWN_REPORTS else ""
            named = f"{', '.join(paths[:_SHOWN_REPORTS])}{more}"
            tests = plural(compared.lost_tests, "test")
            self._note("lost-reports", f"{reports} of the baseline ({tests}) {are} not in this run: {named}")

    def _warn_of_tracked(self, baseline: Baseline) -> None:
        """Warn of files that come with the code under test if anybody may have chosen it."""
        kind = self._invocation.context.outsiders_run
        if not kind:
            return
        tracked = [
            facts.path
            for one, facts in zip(baseline.files, baseline.facts, strict=True)
            if is_tracked(one.path)
        ]
        if tracked:
            self._delivery.warn(
                "baseline",
                f"This is a {kind}, and {tracked[0]} is part of its commit: whoever made the change may "
                "choose which failures are not new. Keep the baseline in a cache or in artifacts of the base "
                "branch.",
            )

    def _note(self, kind: str, text: str) -> None:
        self._delivery.notices.append(Notice(kind, f"{text}.", level=NOTE))
