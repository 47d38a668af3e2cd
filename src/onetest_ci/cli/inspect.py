"""``onetest-ci inspect``."""

import json
from pathlib import Path
from typing import Any

import click

from onetest_ci.cli.app import show_error
from onetest_ci.cli.options import load_settings, takes_settings
from onetest_ci.errors import UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outputs.console import counts, plural
from onetest_ci.outputs.escape import line
from onetest_ci.reports import FileReport, ReportSet, find, read_reports


@click.command(
    epilog="""\b
Examples:
  onetest-ci inspect build/test-results/
  onetest-ci inspect --format json 'build/**/*.xml' '!**/legacy/**'
"""
)
@takes_settings("inspect")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or exactly one JSON document on standard output.",
)
def command(form: str, **flags: Any) -> int:
    """Show what reports say: counts, warnings and errors of each file.

    Needs no key, no product and no network. Exits with 3 when a report could not be read to its end.
    """
    settings, _ = load_settings("inspect", flags)
    if not settings.files:
        raise UsageProblem(
            "missing-files", "No reports are named.", "For example: onetest-ci inspect reports/"
        )
    read = read_reports(find(settings.files, root=Path.cwd()))
    if form == "json":
        document = {"files": [row.as_dict() for row in read.files], "totals": read.totals.as_dict()}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(read)
    for problem in read.errors:
        show_error(problem)
    if read.skipped:
        click.echo(f"onetest-ci: skipped {plural(read.skipped, 'file')} of another kind", err=True)
    return ExitCode.REPORTS if read.problems else ExitCode.OK


def _show(read: ReportSet) -> None:
    for row in read.files:
        click.echo(_row(row))
        for warning in row.warnings:
            click.echo(f"    warning: {line(warning, 500)}")
        if row.error:
            click.echo(f"    error[{row.error.code}]: {line(row.error.message, 500)}")
            click.echo(f"    {line(row.error.hint, 500)}")
    if len(read.files) > 1:
        click.echo(f"{plural(len(read.files), 'report')}: {counts(read.totals.as_dict())}")


def _row(row: FileReport) -> str:
    if row.error and not row.dialect:
        return f"{line(row.path, 1000)}: not read"
    cut = ", cut short" if row.truncated else ""
    told = counts(row.counts.as_dict())
    attachments = f", {plural(row.counts.attachments, 'attachment')}" if row.counts.attachments else ""
    return f"{line(row.path, 1000)}: {row.dialect}, {told}{attachments} ({row.counts.seconds:,.1f} s){cut}"
