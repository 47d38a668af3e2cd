"""One run of a command, with everything that its parts share."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from onetest_ci.ci import detect
from onetest_ci.ci.context import CIContext
from onetest_ci.cli.app import RunState
from onetest_ci.cli.output import READING, SENDING, Progress, echo, echo_command, progress_of
from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import Redactor
from onetest_ci.settings import Settings
from onetest_ci.settings.no_effect import check_effects
from onetest_ci.settings.sources import load
from onetest_ci.text.escape import one_line

_SHOW_WARNINGS: Final = frozenset({"report", "run", "collect", "doctor"})
"""Commands whose own outputs contain the warnings of the settings."""


class Output(NamedTuple):
    """Where messages go while a command works.

    Attributes:
        notice: prints a line at once, even if the run is cut short.
        debug: prints a line for each request and response; None without ``--debug``.
        progress: shows how many tests of how many were sent.
        reading: shows how many bytes of how many were read.
    """

    notice: Callable[[str], None]
    debug: Callable[[str], None] | None
    progress: Progress
    reading: Progress


class Invocation(NamedTuple):
    """One run of a command.

    Attributes:
        settings: of the command.
        context: what CI provides.
        redact: removes the run's secrets from texts and files.
        output: for messages while the command works.
        cwd: the directory that relative paths start from.
        clock: returns epoch seconds.
    """

    settings: Settings
    context: CIContext
    redact: Redactor
    output: Output
    cwd: Path
    clock: Callable[[], float]


def begin(
    command: str, flags: dict[str, Any], *, masks_keys: bool = False, prints_data: bool = False
) -> Invocation:
    """Return the invocation of a command in this process.

    Args:
        command: its name.
        flags: click's values by parameter name.
        masks_keys: print the commands that have GitHub's runner hide the keys, before anything else.
        prints_data: standard output is for programs: an id, JSON or the bytes of a response. The masks go to
            standard error then; GitHub's runner reads both.

    Raises:
        UsageProblem: a value is not allowed, or an option that matters has no effect.
    """
    cwd = working_directory()
    context = detect(os.environ, cwd)
    values = {name.replace("_", "-"): value for name, value in flags.items()}
    settings, redact = load(command, values, environ=os.environ, cwd=cwd, context=context, stdin=sys.stdin)
    running = click.get_current_context().find_object(RunState)
    if running:
        running.redact = redact.text
    if masks_keys and context.host == "github":
        from onetest_ci.outputs.github import masks  # noqa: PLC0415 - only GitHub's runner needs it

        for mask in masks(settings.secrets):
            echo_command(mask, err=prints_data)

    def notice(text: str) -> None:
        echo(f"onetest-ci: {one_line(redact.text(text), 4000)}", err=True)

    ignored = tuple(check_effects(command, settings, values, os.environ))
    settings = replace(settings, warnings=(*settings.warnings, *ignored))
    if command not in _SHOW_WARNINGS:
        for text in settings.warnings:
            notice(f"warning: {text}")
    output = Output(
        notice=notice,
        debug=notice if settings.debug else None,
        progress=progress_of(SENDING),
        reading=progress_of(READING),
    )
    return Invocation(
        settings=settings, context=context, redact=redact, output=output, cwd=cwd, clock=time.time
    )


def working_directory() -> Path:
    """Return the directory that the command runs in.

    Raises:
        UsageProblem: ``no-working-directory``, it was removed.
    """
    try:
        return Path.cwd()
    except OSError as problem:
        raise UsageProblem(
            "no-working-directory",
            f"The working directory cannot be used: {problem.strerror}.",
            "Run the command in a directory that exists.",
        ) from None
