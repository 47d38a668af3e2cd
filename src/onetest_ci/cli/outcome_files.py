"""The files that an outcome is written to. Only runs that write one need this module."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.written_files import FileToWrite
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import files, github, markdown
from onetest_ci.outputs.budget import size
from onetest_ci.outputs.markdown_tests import PageOf
from onetest_ci.outputs.source_pages import source_page


def outcome_files(outcome: Outcome, invocation: Invocation, *, on_github: bool) -> Iterator[FileToWrite]:
    """Yield each file to write: those that the settings name, and GitHub's.

    Args:
        outcome: of the command, without secrets.
        invocation: of the command.
        on_github: whether GitHub's runner reads its files.
    """
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
