"""``onetest-ci run``: the test command, then what `report` does with the reports that it wrote."""

import os
from typing import Any

import click

from onetest_ci.cli.app import keep_exit_code
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import missing_key
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.present import present
from onetest_ci.cli.report import prepare, report
from onetest_ci.cli.results import BeforeTests
from onetest_ci.collect.collector import TestRun
from onetest_ci.collect.stale_reports import Snapshot
from onetest_ci.errors import UsageProblem
from onetest_ci.foreground import run_in_foreground
from onetest_ci.settings.config_paths import check_config_paths
from onetest_ci.settings.sources import without_keys
from onetest_ci.signals import note_stop

_SEPARATOR = "--"


class _WithCommand(Command):
    """A command with another command after the first ``--``, which is not parsed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index(_SEPARATOR) if _SEPARATOR in args else len(args)
        ctx.params["test_command"] = tuple(args[end + 1 :])
        return super().parse_args(ctx, args[:end])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), _SEPARATOR, "COMMAND", "[ARG]..."]


@click.command(
    cls=_WithCommand,
    epilog="""\b
Examples:
  onetest-ci run reports/ -- pytest --junitxml=reports/junit.xml
  onetest-ci run --environment staging 'build/**/TEST-*.xml' -- ./gradlew test --rerun
  onetest-ci run --fail-on any report.json -- sh -c 'go test -json ./... > report.json'
""",
)
@settings_options("run")
def command(test_command: tuple[str, ...], **flags: Any) -> int:
    """Run the tests, then read their reports and deliver them to OneTest.

    PATH names the reports that COMMAND writes, as for `report`. COMMAND shares the input, the output, the
    terminal and the signals of this process, and its environment except for the API key.

    If COMMAND fails although no report contains a failure, or if it writes no report, the results get a case
    in error. Reports that are older than its start are refused.

    A wrong or missing setting, the API key included, ends the run before COMMAND starts. Otherwise the exit
    code is that of COMMAND if it is not 0 (127: not found, 126: cannot be executed, 128+N: ended by signal
    N), else that of `report`. If COMMAND ends with 1 and all failed tests are in quarantine, it is that of
    `report`, too.
    """
    if not test_command:
        raise UsageProblem(
            "no-command",
            "The test command is missing.",
            "Put it after `--`, for example: onetest-ci run reports/ -- pytest --junitxml=reports/junit.xml",
        )
    invocation = begin("run", flags, masks_keys=True)
    before = BeforeTests.read(invocation)
    tests = _run_tests(test_command, invocation)
    keep_exit_code(tests.result.exit_code)
    stopped = note_stop(tests.result.stopped_by) if tests.result.stopped_by else None
    # The tests may have put links there.
    check_config_paths(invocation.settings, invocation.cwd)
    outcome = report(invocation, tests, stopped, before)
    if tests.result.exit_code:
        # Another one than that of the command if its failed tests are in quarantine.
        keep_exit_code(outcome.exit_code)
    return present(outcome, invocation)


def _run_tests(command: tuple[str, ...], invocation: Invocation) -> TestRun:
    """Check that the results can be reported, then run the test command without the keys.

    Args:
        command: the program and its arguments.
        invocation: of `run`.

    Raises:
        UsageProblem: a setting is wrong or missing; the command was not started.
        Refused: there is no API key; the command was not started.
        BundleError: the place for the bundle holds something else; the command was not started.
    """
    settings, context = invocation.settings, invocation.context
    prepare(invocation)
    if not (settings.dry_run or context.untrusted):
        _check_connection(invocation)
    before = None
    if not settings.allow_stale:
        before = Snapshot.take(settings.files, root=invocation.cwd, clock=invocation.clock)
    return TestRun(run_in_foreground(command, without_keys(os.environ, context)), before)


def _check_connection(invocation: Invocation) -> None:
    """Check that the settings make a connection. Nothing is sent."""
    if invocation.settings.api_key is None:
        raise missing_key(invocation.settings)
    # Late, since a dry run needs no HTTP library.
    from onetest_ci.connection import connect  # noqa: PLC0415

    with connect(invocation.settings, invocation.redact, debug=None):
        pass
