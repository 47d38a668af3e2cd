"""``onetest-ci collect``."""

from typing import Any

import click

from onetest_ci.bundle.bundle import MANIFEST
from onetest_ci.cli.app import show_errors
from onetest_ci.cli.bundle_location import location_for_collect
from onetest_ci.cli.command import Command
from onetest_ci.cli.invocation import begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import echo
from onetest_ci.collect.collector import collect
from onetest_ci.exit_codes import ExitCode
from onetest_ci.notices import NOTE, WARNING
from onetest_ci.outputs.descriptions import describe_skipped, describe_totals
from onetest_ci.outputs.notice_lines import notice_lines
from onetest_ci.ownership import workspace_owned
from onetest_ci.text.escape import one_line


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci collect --bundle bundle/ 'build/**/TEST-*.xml'
  onetest-ci push bundle/
""",
)
@settings_options("collect")
def command(**flags: Any) -> int:
    """Read reports and write a bundle, to be delivered later or elsewhere with `push`.

    Needs no key, no product and no network. Prints the bundle's directory on standard output. Exits with the
    code of --test-exit-code if that is not 0.
    """
    invocation = begin("collect", flags)
    settings, context, redact = invocation.settings, invocation.context, invocation.redact
    location = location_for_collect(settings.bundle, context, invocation.cwd)
    with workspace_owned(location.directory, context.workspace):
        collected = collect(
            settings,
            context,
            redact,
            location.directory,
            cwd=invocation.cwd,
            clock=invocation.clock,
            shown=invocation.output.reading,
        )
    show_errors(collected.problems, redact.text)
    manifest = collected.bundle.manifest
    rest = f"{location.directory / MANIFEST} has all"
    for level in (WARNING, NOTE):
        for text in notice_lines(manifest.notices, level, rest):
            echo(f"onetest-ci: {level}: {one_line(text, 1000)}", err=True)
    for text in describe_skipped(manifest.skipped_files, manifest.not_reports, manifest.left_out_directories):
        echo(f"onetest-ci: {text}", err=True)
    echo(f"onetest-ci: {describe_totals(manifest.totals)}", err=True)
    echo(str(location.directory))
    code = next((problem.exit_code for problem in collected.problems), ExitCode.OK)
    return collected.test_exit_code or code
