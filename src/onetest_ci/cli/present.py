"""Present an outcome: on the console, in files, and to the CI host."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from onetest_ci.cli.app import show_error
from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.output import echo, echo_command
from onetest_ci.errors import OnetestError, output_not_written
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import console, files, github, markdown
from onetest_ci.ownership import workspace_owned

_Write = Callable[[Path], None]


def present(outcome: Outcome, invocation: Invocation) -> int:
    """Write the outcome's files, print its summary, and return the exit code.

    Files come first: the reader of the console may be gone. A file that cannot be written becomes an error
    and does not hide the rest.
    """
    context = invocation.context
    on_github = context.host == "github"
    outcome = outcome.redacted(invocation.redact)
    written = [
        _write_file(path, write, context.workspace) for path, write in _files(outcome, invocation, on_github)
    ]
    failed = [error.redacted(invocation.redact.text) for error in written if error]
    colour = _colour()
    for line in console.summary(outcome):
        echo(line, color=colour)
    for problem in _problems(outcome):
        show_error(problem)
    if on_github:
        for command in github.annotations(outcome):
            echo_command(command)
    for error in failed:
        show_error(error)
        if on_github:
            echo_command(github.error_annotation(error))
    return outcome.exit_code or (failed[0].exit_code if failed else ExitCode.OK)


def _colour() -> bool | None:
    """Return whether to use colour; None: on a terminal only. Empty variables do not count (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _problems(outcome: Outcome) -> list[OnetestError]:
    """Return the errors of set-up and reports, then the one that stopped the delivery."""
    error = outcome.delivery.error
    return [*outcome.problems, error] if error else outcome.problems


def _files(outcome: Outcome, invocation: Invocation, on_github: bool) -> Iterator[tuple[Path, _Write]]:
    """Yield each file to write with its writer: those that the settings name, then GitHub's."""
    settings, text, values = invocation.settings, markdown.summary(outcome), github.outputs(outcome)
    if settings.json:
        yield settings.json, lambda path: files.write_json(path, outcome)
    if settings.summary:
        yield settings.summary, lambda path: files.write_text(path, text)
    if settings.dotenv:
        yield settings.dotenv, lambda path: files.write_dotenv(path, values)
    step_summary, outputs = os.environ.get("GITHUB_STEP_SUMMARY"), os.environ.get("GITHUB_OUTPUT")
    if on_github and step_summary:
        yield Path(step_summary), lambda path: github.write_step_summary(path, text)
    if on_github and outputs:
        yield Path(outputs), lambda path: github.write_outputs(path, values)


def _write_file(path: Path, write: _Write, workspace: Path | None) -> OnetestError | None:
    """Write a file; return the error if it cannot be written."""
    try:
        with workspace_owned(path, workspace):
            write(path)
    except OSError as problem:
        return output_not_written(path, problem)
    return None
