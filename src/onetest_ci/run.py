"""Run: the test command, then what ``report`` does with the reports that it wrote."""

from collections.abc import Mapping

from onetest_ci.ci.context import CIContext
from onetest_ci.collect.collector import TestRun
from onetest_ci.collect.stale_reports import Snapshot
from onetest_ci.foreground import run_in_foreground
from onetest_ci.report import Surroundings, prepare
from onetest_ci.settings import Settings
from onetest_ci.settings.needed import missing_key
from onetest_ci.settings.sources import without_keys


def run_tests(
    command: tuple[str, ...],
    settings: Settings,
    context: CIContext,
    surroundings: Surroundings,
    environ: Mapping[str, str],
) -> TestRun:
    """Check that the results can be reported, then run the test command.

    Args:
        command: the program and its arguments.
        settings: those of ``run``.
        context: what CI says.
        surroundings: what the run meets outside of itself.
        environ: the environment of this process; the command gets it without the keys.

    Raises:
        UsageProblem: a setting is wrong or missing; the command was not started.
        Refused: there is no API key; the command was not started.
        BundleError: the place for the bundle holds something else; the command was not started.
    """
    prepare(settings, context, surroundings.cwd)
    if not (settings.dry_run or context.untrusted):
        _check_connection(settings)
    before = None
    if not settings.allow_stale:
        before = Snapshot.take(settings.files, root=surroundings.cwd, clock=surroundings.clock)
    return TestRun(run_in_foreground(command, without_keys(environ, context)), before)


def _check_connection(settings: Settings) -> None:
    """Check that the settings make a connection; nothing is sent."""
    if settings.api_key is None:
        raise missing_key(settings)
    # A dry run does without the HTTP library.
    from onetest_ci.push.connection import connect  # noqa: PLC0415

    with connect(settings, debug=None):
        pass
