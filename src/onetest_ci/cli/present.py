"""Present an outcome: on the console, in files, and to the CI host."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from onetest_ci.cli.app import show_error
from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.output import echo, echo_command
from onetest_ci.cli.written_files import FileToWrite, write_files
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import annotations, console, files, github, log_groups, markdown
from onetest_ci.outputs.budget import size
from onetest_ci.outputs.console_tests import Fold
from onetest_ci.outputs.markdown_tests import PageOf
from onetest_ci.outputs.source_pages import source_page
from onetest_ci.text.escape import WorkflowCommand


def present(outcome: Outcome, invocation: Invocation, *, err: bool = False) -> int:
    """Write the outcome's files, print its summary, and return the exit code.

    Files come first: the reader of the console may be gone. A file that cannot be written becomes an error
    and does not hide the rest.

    Args:
        outcome: of the command.
        invocation: of the command.
        err: print on standard error, since standard output is for programs.
    """
    context = invocation.context
    on_github = context.host == "github"
    outcome = outcome.redacted(invocation.redact)
    not_written = write_files(_files(outcome, invocation, on_github), context.workspace)
    failed = [error.redacted(invocation.redact.text) for error in not_written]
    colour = _colour()
    for part in console.summary(outcome, folds=context.host in log_groups.HOSTS):
        if isinstance(part, Fold):
            _echo_fold(part, context.host, colour, err=err)
        else:
            echo(part, err=err, color=colour)
    for problem in _problems(outcome):
        show_error(problem)
    for error in failed:
        show_error(error)
    for command in _commands(outcome, failed, invocation):
        echo_command(command, err=err)
    if invocation.settings.comment:
        from onetest_ci.cli.comment import comment  # noqa: PLC0415 - off by default

        comment(outcome, invocation)
    if outcome.manifest.totals["tests"] or not outcome.problems:
        echo(console.result(outcome), err=err, color=colour)
    return outcome.exit_code or (failed[0].exit_code if failed else ExitCode.OK)


def _commands(outcome: Outcome, failed: list[OnetestError], invocation: Invocation) -> list[WorkflowCommand]:
    """Return the commands for the CI host: errors of the run, then failed tests as far as there is room."""
    host = invocation.context.host
    commands: list[WorkflowCommand] = []
    if host == "github":
        commands += github.annotations(outcome)
        commands += [github.error_annotation(error) for error in failed]
    if host in annotations.FOR_HOST and invocation.settings.annotate:
        commands += annotations.FOR_HOST[host](outcome, commands)
    return commands


def _echo_fold(fold: Fold, host: str, colour: bool | None, *, err: bool) -> None:
    """Print lines that the host folds; elsewhere they are below their title."""
    commands = log_groups.group_commands(host, fold.title)
    if commands:
        echo_command(commands[0], err=err)
    else:
        echo(f"{fold.title}:", err=err)
    for line in fold.lines:
        echo(line, err=err, color=colour)
    if commands:
        echo_command(commands[1], err=err)


def _colour() -> bool | None:
    """Return whether to use colour; None: on a terminal only. Empty variables do not count (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _problems(outcome: Outcome) -> list[OnetestError]:
    """Return the errors of set-up and reports, then the one that stopped the delivery."""
    error = outcome.delivery.error
    return [*outcome.problems, error] if error else outcome.problems


def _files(outcome: Outcome, invocation: Invocation, on_github: bool) -> Iterator[FileToWrite]:
    """Yield each file to write: those that the settings name, and GitHub's."""
    settings, values = invocation.settings, github.outputs(outcome)
    page_of = partial(source_page, invocation.context)
    if settings.json:
        yield settings.json, lambda path: files.write_json(path, outcome)
    if settings.summary:
        text = markdown.summary(outcome, page_of=page_of)
        yield settings.summary, lambda path: files.write_text(path, text)
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if on_github and step_summary:
        yield Path(step_summary), partial(_write_step_summary, outcome, page_of, invocation.output.notice)
    if settings.dotenv:
        yield settings.dotenv, lambda path: files.write_dotenv(path, values)
    outputs = os.environ.get("GITHUB_OUTPUT")
    if on_github and outputs:
        yield Path(outputs), lambda path: github.write_outputs(path, values)


def _write_step_summary(outcome: Outcome, page_of: PageOf, notice: Callable[[str], None], path: Path) -> None:
    """Append to the step summary what still fits: the runner drops a file that is too large as a whole."""
    room = markdown.STEP_SUMMARY - (path.stat().st_size if path.exists() else 0)
    text = markdown.summary(outcome, budget=room, page_of=page_of)
    if size(text) > room:
        notice(
            "warning: The step summary is full: GitHub drops more than 1 MiB of a step. Nothing was added."
        )
    else:
        github.write_step_summary(path, text)
