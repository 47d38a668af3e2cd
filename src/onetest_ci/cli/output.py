"""Print lines, JSON, bytes, commands for the CI host and progress. No other module of the package prints.

Every text is escaped here, so that text from outside cannot act as anything else. A rule of the linter and a
test hold this. A failure to print never ends a run.
"""

import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import IO, Any, Final, NamedTuple

import click

from onetest_ci.outputs.styled import Styled
from onetest_ci.text.escape import WorkflowCommand, escape_json, escape_line

LONGEST: Final = 8000
"""Maximum characters printed per line."""

_BETWEEN_LINES: Final = 30.0
"""Seconds."""

_lost: list[OSError] = []


def echo(line: str | Sequence[str | Styled], *, err: bool = False, color: bool | None = None) -> None:
    """Print one line of text.

    Args:
        line: the text, or parts of it of which some have a style. It may contain text from anywhere.
        err: print on standard error.
        color: whether to print styles; None: as the environment asks, else on a terminal only.
    """
    if color is None:
        color = _colour()
    parts = [line] if isinstance(line, str) else line
    plain = "".join(part if isinstance(part, str) else part.text for part in parts)
    safe = escape_line(plain)[:LONGEST]
    if safe == plain:
        safe = "".join(part if isinstance(part, str) else _with_style(part) for part in parts)
    _print(f"{safe}\n", err=err, color=color)


def echo_json(text: str) -> None:
    """Print a JSON document, or a piece of one, that has no line break inside of its strings."""
    # JSON is UTF-8, also where the terminal is not.
    _print(escape_json(text).encode())


def echo_bytes(content: bytes) -> None:
    """Print bytes unchanged. Only for a file, or for a pipe that is not the log of a CI host."""
    if is_terminal(sys.stdout):
        raise AssertionError("bytes on a terminal")
    _print(content)


def ask(question: str) -> bool:
    """Ask on standard error, and return whether the answer on standard input is yes."""
    _print(f"{escape_line(question)[:LONGEST]} [y/N] ", err=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def ask_text(question: str) -> str:
    """Ask on standard error, and return the line on standard input, without white space around it."""
    _print(f"{escape_line(question)[:LONGEST]} ", err=True)
    return sys.stdin.readline(LONGEST).strip()


def echo_command(command: WorkflowCommand, *, err: bool = False) -> None:
    """Print a command for the CI host. Some contain a sequence for a terminal, which is not a style."""
    _print(f"{command}\n", err=err, color=True)


class Work(NamedTuple):
    """Work that may take long.

    Attributes:
        label: what is done now.
        done: what was done.
        unit: behind the numbers, with a space before it. Empty for a plain count.
        size: how many are one of this unit.
    """

    label: str
    done: str
    unit: str = ""
    size: int = 1


SENDING: Final = Work("sending", "sent")
READING: Final = Work("reading", "read", " MB", 1_000_000)

Progress = Callable[[int, int], None]
"""Shows how many of how many are done."""


def progress_of(work: Work) -> Progress:
    """Return what shows the progress of work on standard error: a bar on a terminal, else some lines."""
    return ProgressBar(work) if is_terminal(sys.stderr) else ProgressLines(work)


class ProgressBar:
    """A bar on standard error, which must be a terminal. Any other line ends it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show how many of how many are done."""
        if self._bar is None:
            _end_bars()
            # With a context manager an exception would be needed to end it.
            self._bar = click.progressbar(
                length=total, label=self._work.label, file=sys.stderr, show_pos=not self._work.unit
            )
            _open_bars.append(self)
        try:
            self._bar.update(done - self._bar.pos)
        except OSError as problem:
            _lost.append(problem)
        if done >= total:
            _end_bars()

    def end(self) -> None:
        """Go to the next line, and show the cursor, which the bar hides."""
        bar, self._bar = self._bar, None
        bar.render_progress()
        bar.render_finish()


class ProgressLines:
    """A line on standard error now and then, for the log of long work.

    Args:
        work: that is done.
        clock: returns seconds.
    """

    def __init__(self, work: Work, clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._clock = clock
        self._next = math.inf

    def __call__(self, done: int, total: int) -> None:
        """Print how many of how many are done, if the last line, or the first call, is long ago."""
        now = self._clock()
        if self._next == math.inf:
            self._next = now + _BETWEEN_LINES
        elif now >= self._next and done < total:
            self._next = now + _BETWEEN_LINES
            work = self._work
            figures = f"{done // work.size:,} of {total // work.size:,}{work.unit}"
            echo(f"onetest-ci: {work.done} {figures}", err=True)


_open_bars: list[ProgressBar] = []


def _end_bars() -> None:
    while _open_bars:
        try:
            _open_bars.pop().end()
        except OSError as problem:
            _lost.append(problem)


def lost_output() -> OSError | None:
    """Return the first failure to print, as on a full disk; None without one."""
    return _lost[0] if _lost else None


def is_terminal(stream: IO[Any] | None) -> bool:
    """Return whether the stream is a terminal. A closed stream is None."""
    return stream is not None and stream.isatty()


def _with_style(part: Styled) -> str:
    return click.style(part.text, fg=part.colour or None, bold=part.bold or None)


def _colour() -> bool | None:
    """Return whether to use colour; None: on a terminal only. Empty variables do not count (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def _print(text: str | bytes, *, err: bool = False, color: bool | None = None) -> None:
    """Print an escaped text.

    A reader that has gone (``| head``) is not a failure. Any other error is kept for ``lost_output``.
    """
    _end_bars()
    try:
        click.echo(text, err=err, color=color, nl=False)  # noqa: TID251 - the only place that prints
    except OSError as problem:
        if not isinstance(problem, BrokenPipeError):
            _lost.append(problem)
        _silence(sys.stderr if err else sys.stdout)


def _silence(stream: IO[Any] | None) -> None:
    """Point the stream to the null device, else its buffer would fail again when the interpreter ends."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
