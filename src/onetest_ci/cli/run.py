"""``onetest-ci run``."""

import os
import time
from dataclasses import replace
from typing import Any

import click

from onetest_ci.cli.app import keep_exit_code
from onetest_ci.cli.options import load_settings, takes_settings
from onetest_ci.cli.telling import hide_keys, surroundings, tell
from onetest_ci.errors import UsageProblem
from onetest_ci.report import report
from onetest_ci.run import run_tests
from onetest_ci.settings.file_paths import check_file_paths
from onetest_ci.signals import note_stop

_SEPARATOR = "--"


class _WithCommand(click.Command):
    """A command whose arguments after the first ``--`` are another command, which is not parsed."""

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
@takes_settings("run")
def command(test_command: tuple[str, ...], **flags: Any) -> int:
    """Run the tests, then read their reports and deliver them to OneTest.

    PATH names the reports that COMMAND writes, as for `report`. COMMAND has the input, the output, the
    terminal and the signals of this process, and its environment without the API key.

    If COMMAND fails although no report shows a failure, or if it writes no report, the results have a case in
    error that says so. Reports that are older than its start are refused.

    A setting that is wrong or missing, the API key included, ends the run before COMMAND starts. After that
    the exit code is the one of COMMAND if it is not 0 (127: not found, 126: cannot be executed, 128+N: ended
    by signal N), else the one of `report`.
    """
    if not test_command:
        raise UsageProblem(
            "no-command",
            "No test command is given.",
            "Put it after `--`, for example: onetest-ci run reports/ -- pytest --junitxml=reports/junit",
        )
    settings, context = load_settings("run", flags)
    hide_keys(settings, context)
    around = surroundings(settings, time.time)
    tests = run_tests(test_command, settings, context, around, os.environ)
    keep_exit_code(tests.result.exit_code)
    if tests.result.stopped_by:
        around = replace(around, stopped=note_stop(tests.result.stopped_by))
    # The tests may have put links there.
    check_file_paths(settings, around.cwd)
    outcome = report(settings, context, around, tests)
    return tell(outcome, settings, context)
