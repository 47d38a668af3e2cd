"""Write the files of a command; one that cannot be written becomes an error and does not hide the rest."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from onetest_ci.errors import OnetestError, output_not_written
from onetest_ci.outputs.files import write_text
from onetest_ci.outputs.github import write_step_summary
from onetest_ci.ownership import workspace_owned

FileToWrite = tuple[Path, Callable[[Path], None]]
"""A path, and what writes the file."""


def write_files(files: Iterable[FileToWrite], workspace: Path | None) -> list[OnetestError]:
    """Write files, and return an error for each that cannot be written.

    Args:
        files: to write.
        workspace: its owner becomes that of the files in it. None outside of CI.
    """
    failed: list[OnetestError] = []
    for path, write in files:
        try:
            with workspace_owned(path, workspace):
                write(path)
        except OSError as problem:
            failed.append(output_not_written(path, problem))
    return failed


def summary_files(text: str, chosen: Path | None, *, on_github: bool) -> Iterator[FileToWrite]:
    """Yield the files of a summary: the one of ``--summary``, and GitHub's step summary."""
    if chosen:
        yield chosen, lambda path: write_text(path, text)
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if on_github and step_summary:
        yield Path(step_summary), lambda path: write_step_summary(path, text)
