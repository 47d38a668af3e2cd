"""``onetest-ci launch start`` and ``onetest-ci launch finish``."""

import os
import time
from pathlib import Path
from typing import Any

import click

from onetest_ci.ci.context import CIContext
from onetest_ci.cli.options import load_settings, takes_settings
from onetest_ci.cli.output import echo
from onetest_ci.cli.telling import hide_keys, surroundings
from onetest_ci.errors import output_not_written
from onetest_ci.outputs import github
from onetest_ci.settings.texts import variable_name
from onetest_ci.shared_launch import finish_launch, start_launch


@click.group()
def command() -> None:
    """Start and finish a launch that many runners report to.

    In between, each runner pushes its results into it: `report --launch ID`, or `push --launch ID`.
    """


@command.command(
    epilog="""\b
Examples:
  onetest-ci launch start --launch-name Nightly
  onetest-ci launch start --environment staging --dotenv launch.env
"""
)
@takes_settings("launch start")
@click.option(
    "--dotenv",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Write {variable_name('launch')}=ID to a file, such as GitLab hands on to later jobs.",
)
def start(dotenv: Path | None, **flags: Any) -> None:
    """Start a launch and print its id.

    On GitHub Actions the id is the output `launch-id` of the step, too.
    """
    settings, context = load_settings("launch start", flags)
    hide_keys(settings, context)
    launch_id = start_launch(settings, context, surroundings(settings, time.time))
    if dotenv is not None:
        _write(dotenv, f"{variable_name('launch')}={launch_id}\n")
    _tell_github(context, launch_id)
    echo(launch_id)


@command.command(
    epilog="""\b
Examples:
  onetest-ci launch finish 0d5f5a5e-7c0c-4a52-9e0b-1f1c36a0f6a3
  onetest-ci launch finish --launch-key unit
"""
)
@click.argument("launch_id", required=False, default="", metavar="[ID]")
@takes_settings("launch finish")
def finish(launch_id: str, **flags: Any) -> None:
    """Finish a launch; its status follows from what was reported.

    ID is what `launch start` printed, by default that in ONETEST_LAUNCH; or give --launch-key.
    """
    if launch_id:
        flags["launch"] = launch_id
    settings, context = load_settings("launch finish", flags)
    hide_keys(settings, context)
    told = surroundings(settings, time.time)
    link = finish_launch(settings, context, told)
    if link:
        echo(link)


def _tell_github(context: CIContext, launch_id: str) -> None:
    place = os.environ.get("GITHUB_OUTPUT")
    if context.host != "github" or not place:
        return
    try:
        github.write_outputs(Path(place), {"launch-id": launch_id})
    except OSError as problem:
        raise output_not_written(place, problem) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise output_not_written(path, problem) from None
