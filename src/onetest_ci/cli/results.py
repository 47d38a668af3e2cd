"""Read the tests that people are shown from a bundle, after its delivery, which no failure here changes."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.cli.app import internal_error
from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.quarantine import not_in_quarantine, quarantine_of
from onetest_ci.errors import OnetestError
from onetest_ci.outcome import Delivery
from onetest_ci.outputs.console_tests import SHOWN_FAILURES
from onetest_ci.outputs.host_logs import annotator_of
from onetest_ci.results.bundle_tests import notable_tests, tests_of
from onetest_ci.results.run_results import RunResults
from onetest_ci.results.summarize import KEPT, Show, summarize

Fingerprints = Mapping[Path, bytes]
"""Files of a baseline and hashes of their content."""


def fingerprints_of(invocation: Invocation) -> Fingerprints:
    """Return the files of the baseline as they are before the tests run, which must not change them."""
    if not invocation.settings.baseline:
        return {}
    # As below.
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
    judges: bool = False,
) -> RunResults | None:
    """Return the tests that people look at. Compare them with the baseline and save them, if that is set.

    Args:
        bundle: that was delivered, or not.
        delivery: the state of its delivery. It receives warnings and notes.
        invocation: of the command.
        baseline: see ``fingerprints_of``. None if this process did not run the tests.
        is_whole: False if tests may be missing, as after a signal.
        show: makes the entry of a test in a list.
        judges: whether the command has gates and a quarantine.

    Returns:
        The tests. None if they cannot be read; a warning explains why.
    """
    settings = invocation.settings
    try:
        held = quarantine_of(lambda: tests_of(bundle), delivery, invocation) if judges else not_in_quarantine
        kept = _kept(invocation)
        chosen = partial(summarize, show=show, quarantine_of=held, kept=kept)
        if settings.baseline or settings.save_results:
            # Few runs have a baseline or save their results.
            from onetest_ci.cli.compared_results import ComparedResults, source_of  # noqa: PLC0415

            source = source_of(bundle, is_whole=is_whole)
            return ComparedResults(source, bundle.manifest, delivery, invocation, chosen).read(baseline)
        if held is not_in_quarantine:
            return chosen(notable_tests(bundle, kept)).with_totals(bundle.manifest.totals)
        return chosen(notable_tests(bundle))
    except OnetestError as problem:
        error = problem
    except Exception as fault:  # noqa: BLE001 - a bug in the summary must not hide what was delivered
        error = internal_error(fault)
    delivery.warn("results", f"The summary lacks the tests: {error.message} {error.hint}")
    return None


def _kept(invocation: Invocation) -> int:
    """Return how many tests of each list are kept: as many as the console shows, unless more are needed."""
    settings = invocation.settings
    needs_more = settings.summary or settings.comment or settings.baseline
    return KEPT if needs_more or annotator_of(invocation.context.host) else SHOWN_FAILURES
