"""FormatFeatures an outcome to everyone who asked: the console, files, and the CI host."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from onetest_ci.ci.context import CIContext
from onetest_ci.cli.app import show_error
from onetest_ci.cli.output import echo, echo_command, is_terminal, show_progress
from onetest_ci.errors import OnetestError, output_not_written
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import console, escape, files, github, markdown
from onetest_ci.ownership import given_back
from onetest_ci.report import Surroundings
from onetest_ci.settings import Settings


def surroundings(settings: Settings, clock: Callable[[], float]) -> Surroundings:
    """This process's surroundings."""

    def say(text: str) -> None:
        echo(f"onetest-ci: {escape.line(settings.redact.text(text), 4000)}", err=True)

    return Surroundings(
        cwd=Path.cwd(),
        clock=clock,
        notice=say,
        debug=say if settings.debug else None,
        progress=show_progress if is_terminal(sys.stderr) else _no_progress,
    )


def hide_keys(settings: Settings, context: CIContext) -> None:
    """Have the CI host hide the keys, before anything else is printed."""
    if context.host == "github":
        for command in github.masks((settings.api_key, settings.receiver_api_key)):
            echo_command(command)


def tell(outcome: Outcome, settings: Settings, context: CIContext) -> int:
    """Tell the outcome; returns the exit code.

    Files come first: nobody may be listening on the console. What cannot be written is told as an error and
    does not hide the rest.
    """
    outcome = outcome.redacted(settings.redact)
    jobs = _jobs(outcome, settings, context)
    failed = [error for error in (_attempt(*job, context.workspace) for job in jobs) if error]
    colour = _colour()
    for line in console.summary(outcome):
        echo(line, color=colour)
    for problem in _problems(outcome):
        show_error(problem)
    if context.host == "github":
        for command in github.annotations(outcome):
            echo_command(command)
    for error in (one.redacted(settings.redact.text) for one in failed):
        show_error(error)
        if context.host == "github":
            text = f"{error.message}\n{error.hint}"
            echo_command(github.annotation("error", f"onetest-ci: {error.code}", text))
    return outcome.exit_code or (failed[0].exit_code if failed else ExitCode.OK)


def _colour() -> bool | None:
    """Whether to use colour; None: on a terminal only. An empty variable says nothing (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _problems(outcome: Outcome) -> list[OnetestError]:
    error = outcome.delivery.error
    return [*outcome.problems, error] if error else outcome.problems


def _jobs(
    outcome: Outcome, settings: Settings, context: CIContext
) -> list[tuple[Path, Callable[[Path], None]]]:
    """The files to write; the step summary and outputs come last, so that they are written in any case."""
    text = markdown.summary(outcome)
    jobs: list[tuple[Path, Callable[[Path], None]]] = []
    if settings.json:
        jobs.append((settings.json, lambda path: files.write_json(path, outcome)))
    if settings.summary:
        jobs.append((settings.summary, lambda path: files.write_text(path, text)))
    values = github.outputs(outcome)
    if settings.dotenv:
        jobs.append((settings.dotenv, lambda path: files.write_dotenv(path, values)))
    if context.host == "github":
        step_summary, outputs = os.environ.get("GITHUB_STEP_SUMMARY"), os.environ.get("GITHUB_OUTPUT")
        if step_summary:
            jobs.append((Path(step_summary), lambda path: github.write_step_summary(path, text)))
        if outputs:
            jobs.append((Path(outputs), lambda path: github.write_outputs(path, values)))
    return jobs


def _attempt(path: Path, write: Callable[[Path], None], workspace: Path | None) -> OnetestError | None:
    try:
        with given_back(path, workspace):
            write(path)
    except OSError as problem:
        return output_not_written(path, problem)
    return None


def _no_progress(sent: int, total: int) -> None:
    """Logs are not written over; they get the summary alone."""
