"""Read the tests that people are shown from a bundle, after its delivery, which no failure here changes."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.cli.app import internal_error
from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.quarantine import QuarantineOf, not_in_quarantine, quarantine_of, read_list
from onetest_ci.errors import OnetestError
from onetest_ci.outcome import Delivery
from onetest_ci.outputs.console_tests import SHOWN_FAILURES
from onetest_ci.outputs.host_logs import annotator_of
from onetest_ci.results.bundle_tests import notable_tests, tests_of, tests_on
from onetest_ci.results.notable_lines import NotableLines
from onetest_ci.results.run_results import RunResults
from onetest_ci.results.summarize import KEPT, Show, summarize

if TYPE_CHECKING:
    from onetest_ci.results.quarantine import Quarantine

Fingerprints = Mapping[Path, bytes]
"""Files of a baseline and hashes of their content."""


class BeforeTests(NamedTuple):
    """What the tests must not change, as it was before they ran.

    Attributes:
        baseline: its files.
        quarantine: the entries that count for the run; None without a list.
    """

    baseline: Fingerprints
    quarantine: "Quarantine | None"

    @classmethod
    def read(cls, invocation: Invocation) -> Self:
        """Return what there is now."""
        return cls(_fingerprints_of(invocation), read_list(invocation))


def _fingerprints_of(invocation: Invocation) -> Fingerprints:
    if not invocation.settings.baseline:
        return {}
    # As below.
    from onetest_ci.results.baseline_files import fingerprints  # noqa: PLC0415

    return fingerprints(invocation.settings.baseline, invocation.cwd)


def results_of(
    bundle: Bundle,
    delivery: Delivery,
    invocation: Invocation,
    before: BeforeTests | None = None,
    *,
    notable: NotableLines | None = None,
    is_whole: bool = True,
    show: Show | None = None,
    judges: bool = False,
) -> RunResults | None:
    """Return the tests that people look at. Compare them with the baseline and save them, if that is set.

    Args:
        bundle: that was delivered, or not.
        delivery: the state of its delivery. It receives warnings and notes.
        invocation: of the command.
        before: what the tests must not change. None if this process did not run them.
        notable: where the bundle holds the tests that people look at. None if that is not known.
        is_whole: False if tests may be missing, as after a signal.
        show: makes the entry of a test in a list.
        judges: whether the command has gates and a quarantine.

    Returns:
        The tests. None if they cannot be read; a warning explains why.
    """
    settings = invocation.settings
    try:
        held: QuarantineOf = not_in_quarantine
        if judges:
            listed = before.quarantine if before else read_list(invocation)
            held = quarantine_of(lambda: tests_of(bundle), delivery, listed)
        kept = _kept(invocation)
        chosen = partial(summarize, show=show, quarantine_of=held, kept=kept)
        if settings.baseline or settings.save_results:
            # Few runs have a baseline or save their results.
            from onetest_ci.cli.compared_results import ComparedResults, source_of  # noqa: PLC0415

            source = source_of(bundle, is_whole=is_whole)
            return ComparedResults(source, bundle.manifest, delivery, invocation, chosen).read(
                before.baseline if before else None
            )
        if held is not_in_quarantine:
            few = tests_on(bundle, notable.first(kept)) if notable else notable_tests(bundle, kept)
            return chosen(few).with_totals(bundle.manifest.totals)
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
