"""Everything that is printed goes through here, so that no text from outside can be more than text.

There are four kinds of output: lines, JSON, commands of the CI host, and the progress on a terminal. Nothing
else in the package prints; a rule of the linter and a test see to that. Printing never ends a run: what is
being done matters more than who listens.
"""

import os
import sys
from collections.abc import Sequence
from typing import IO, Any, Final

import click

from onetest_ci.outputs.styled import Styled
from onetest_ci.text.escape import WorkflowCommand, escape_json, escape_line

LONGEST: Final = 8000
"""Characters of a line that are printed."""

_lost: list[OSError] = []


def echo(line: str | Sequence[str | Styled], *, err: bool = False, color: bool | None = None) -> None:
    """Print one line of text.

    Args:
        line: what to print, in parts where some have a style. It may hold text from anywhere.
        err: print on standard error.
        color: whether styles are printed; None: on a terminal only.
    """
    parts = [line] if isinstance(line, str) else line
    plain = "".join(part if isinstance(part, str) else part.text for part in parts)
    safe = escape_line(plain)[:LONGEST]
    if safe == plain:
        safe = "".join(part if isinstance(part, str) else _with_style(part) for part in parts)
    _print(f"{safe}\n", err=err, color=color)


def echo_json(text: str) -> None:
    """Print a JSON document, or a piece of one, that has no line break inside of its strings."""
    # JSON is UTF-8 whatever the terminal is.
    _print(escape_json(text).encode())


def echo_command(command: WorkflowCommand, *, err: bool = False) -> None:
    """Print a command for the CI host."""
    _print(f"{command}\n", err=err)


def show_progress(sent: int, total: int) -> None:
    """Print one line that is written over, on standard error."""
    end = "\n" if sent == total else ""
    _print(f"\rsending {sent:,} of {total:,}{end}", err=True)


def lost_output() -> OSError | None:
    """Why something could not be printed, as on a full disk; None when all was."""
    return _lost[0] if _lost else None


def is_terminal(stream: IO[Any] | None) -> bool:
    """Whether people watch the stream; a closed one is None."""
    return stream is not None and stream.isatty()


def _with_style(part: Styled) -> str:
    return click.style(part.text, fg=part.colour or None, bold=part.bold or None)


def _print(text: str | bytes, *, err: bool = False, color: bool | None = None) -> None:
    """Print what is safe.

    A reader that went away (``| head``) has what it wanted. Any other failure is noted for ``lost_output``.
    """
    try:
        click.echo(text, err=err, color=color, nl=False)  # noqa: TID251 - the one place
    except OSError as problem:
        if not isinstance(problem, BrokenPipeError):
            _lost.append(problem)
        _silence(sys.stderr if err else sys.stdout)


def _silence(stream: IO[Any] | None) -> None:
    """Lead the stream to nowhere: what is buffered would fail again when the interpreter ends."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
