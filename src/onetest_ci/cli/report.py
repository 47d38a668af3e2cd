"""``onetest-ci report``."""

import time
from typing import Any

import click

from onetest_ci.cli.options import load_settings, takes_settings
from onetest_ci.cli.telling import hide_keys, surroundings, tell
from onetest_ci.report import report


@click.command(
    epilog="""\b
Examples:
  onetest-ci report 'build/test-results/**/*.xml' '!**/TEST-legacy-*.xml'
  onetest-ci report --environment staging --build-version 1.4.2 junit.xml
  onetest-ci report --mode import --json outcome.json reports/
  onetest-ci report --dry-run reports/
"""
)
@takes_settings("report")
def command(**flags: Any) -> int:
    """Read reports and deliver them to OneTest.

    PATH is a file, a directory or a glob (`**` goes down any number of directories); a leading `!` excludes.

    A run whose upload fails still exits with 0 unless --fail-on-upload-error is given; the results are kept
    in a bundle, and the message names the command that delivers it.
    """
    settings, context = load_settings("report", flags)
    hide_keys(settings, context)
    outcome = report(settings, context, surroundings(settings, time.time))
    return tell(outcome, settings, context)
