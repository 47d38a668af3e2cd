"""The end of a test command, and the case in error for a failure that the reports do not contain."""

import shlex
import signal
from typing import Final, NamedTuple

from onetest_ci.collect.report_problems import ABSENT
from onetest_ci.model import COMMAND_CASE, ERROR, Case
from onetest_ci.redaction import Redactor
from onetest_ci.reports import ReportSet
from onetest_ci.text.characters import replace_lone_surrogates

CASE_NAME: Final = COMMAND_CASE
"""Name of the case and its suite: the same in each run, so that OneTest shows its history."""

_COMMAND_SHOWN: Final = 200
BY_SIGNAL: Final = 128
"""Shells add the number of the signal that ended a command to this."""


class CommandResult(NamedTuple):
    """How the test command ended.

    Attributes:
        exit_code: the exit code, as a shell returns it.
        end: the end in words that complete "The test command …".
        command: the command and its arguments. Empty if it ran in an earlier step.
        stopped_by: the first signal that asked this process to stop while the command ran, else None.
    """

    exit_code: int
    end: str
    command: tuple[str, ...] = ()
    stopped_by: int | None = None


def ended_with(exit_code: int, *, command: tuple[str, ...] = ()) -> CommandResult:
    """Return the result of a command that ended with this exit code."""
    name = signal_name(exit_code - BY_SIGNAL) if exit_code > BY_SIGNAL else ""
    end = f"ended with exit code {exit_code}" + (f" ({name})" if name.startswith("SIG") else "")
    return CommandResult(exit_code=exit_code, end=end, command=command)


def ended_by(number: int, *, command: tuple[str, ...] = ()) -> CommandResult:
    """Return the result of a command that this signal ended."""
    return CommandResult(
        exit_code=BY_SIGNAL + number, end=f"was ended by {signal_name(number)}", command=command
    )


def stopped_early(number: int, *, command: tuple[str, ...]) -> CommandResult:
    """Return the result of a command that this signal asked to stop, and that ended with exit code 0.

    It may have left out tests, so its exit code does not count as a success.
    """
    end = f"was asked to stop by {signal_name(number)} and ended with exit code 0"
    return CommandResult(exit_code=BY_SIGNAL + number, end=end, command=command)


def signal_name(number: int) -> str:
    """Return ``SIGTERM`` for 15, and ``signal 77`` for a number without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def case_of(result: CommandResult, read: ReportSet, redact: Redactor, *, allow_empty: bool) -> Case | None:
    """Return the case in error for a command whose end and reports do not fit; None if they do.

    Args:
        result: how the command ended.
        read: what the reports contain.
        redact: removes the run's keys from the command line.
        allow_empty: accept that a command which succeeded wrote no report.
    """
    totals = read.totals
    written = any(row.format for row in read.files)
    accepted = result.exit_code == 0 and (written or allow_empty)
    if accepted or totals.failures or totals.errors:
        return None
    shown = f" `{_command_line(result.command, redact)}`" if result.command else ""
    message = f"The test command{shown} {result.end}, {_contrast(result, read, written=written)}."
    return Case(0, None, CASE_NAME, status=ERROR, message=message, method=CASE_NAME)


def _contrast(result: CommandResult, read: ReportSet, *, written: bool) -> str:
    """Return what the reports show instead of the command's failure."""
    if written:
        return "although no report contains a failed test"
    absent = all(row.error is not None and row.error.code in ABSENT for row in read.files)
    what = "no report was written" if absent else "no report can be read"
    return f"and {what}" if result.exit_code else f"but {what}"


def _command_line(command: tuple[str, ...], redact: Redactor) -> str:
    """Return the command as one line that can be pasted into a shell, without keys and of bounded length."""
    # Quotes could split a key, so each argument is redacted before.
    line = " ".join(shlex.join(redact.text(argument) for argument in command).split())
    text = replace_lone_surrogates(redact.text(line))
    return text if len(text) <= _COMMAND_SHOWN else text[: _COMMAND_SHOWN - 1] + "…"
