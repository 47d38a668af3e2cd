"""Printing that never ends a run: what is being done matters more than who listens."""

import os
import sys
from typing import IO, Any

import click

_lost: list[OSError] = []


def echo(text: str | bytes, *, err: bool = False, color: bool | None = None, nl: bool = True) -> None:
    """Print a text; on standard error with ``err``.

    A reader that went away (``| head``) has what it wanted. Any other failure is noted for ``lost_output``.
    """
    try:
        click.echo(text, err=err, color=color, nl=nl)
    except OSError as problem:
        if not isinstance(problem, BrokenPipeError):
            _lost.append(problem)
        _silence(sys.stderr if err else sys.stdout)


def lost_output() -> OSError | None:
    """Why something could not be printed, as on a full disk; None when all was."""
    return _lost[0] if _lost else None


def is_terminal(stream: IO[Any] | None) -> bool:
    """Whether people watch the stream; a closed one is None."""
    return stream is not None and stream.isatty()


def _silence(stream: IO[Any] | None) -> None:
    """Lead the stream to nowhere: what is buffered would fail again when the interpreter ends."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
