"""``onetest-ci push``."""

import time
from pathlib import Path
from typing import Any

import click

from onetest_ci.cli.options import load_settings, takes_settings
from onetest_ci.cli.telling import hide_keys, surroundings, tell
from onetest_ci.report import push


@click.command(
    epilog="""\b
Examples:
  onetest-ci push onetest-bundle-5f0c2a7b9d31
  onetest-ci push --timeout 300 bundle/
"""
)
@click.argument("bundle", type=click.Path(path_type=Path))
@takes_settings("push")
def command(bundle: Path, **flags: Any) -> int:
    """Deliver a bundle that `collect` or `report` left.

    What OneTest has acknowledged is not sent again, so this can be run until all is delivered. Exits with 4
    while something is left.
    """
    settings, context = load_settings("push", flags)
    hide_keys(settings, context)
    outcome = push(bundle, settings, context, surroundings(settings, time.time))
    return tell(outcome, settings, context)
