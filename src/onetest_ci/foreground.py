"""Run the test command with the input, the output, the terminal and the signals of this process."""

import shutil
import subprocess
import sys
from collections.abc import Mapping

from onetest_ci.collect.test_command import CommandResult, ended_by, ended_with, stopped_early
from onetest_ci.exit_codes import ExitCode


def run_in_foreground(command: tuple[str, ...], environ: Mapping[str, str]) -> CommandResult:
    """Run a command to its end; exit codes follow POSIX (Shell Command Language, "Exit Status for Commands").

    Args:
        command: the program, looked for in PATH, and its arguments.
        environ: the environment of the command.
    """
    try:
        return _run(command, environ)
    except FileNotFoundError:
        return CommandResult(exit_code=ExitCode.NOT_FOUND, end="was not found", command=command)
    except OSError as problem:
        end = f"cannot be executed ({problem.strerror or type(problem).__name__})"
        return CommandResult(exit_code=ExitCode.NOT_EXECUTABLE, end=end, command=command)


def _run(command: tuple[str, ...], environ: Mapping[str, str]) -> CommandResult:
    if not command[0]:
        # From a variable that is not set, for example. The system's own call does not accept the name.
        raise FileNotFoundError
    if sys.platform == "win32":
        # Only which finds programs that are scripts there (npm.cmd).
        program = shutil.which(command[0]) or command[0]
        code = subprocess.call([program, *command[1:]], env=dict(environ))  # noqa: S603 - the user's command
        return ended_with(code, command=command)
    # Signals and terminals of this kind do not exist on Windows.
    from onetest_ci.job_control import run_job  # noqa: PLC0415

    end = run_job(command, environ)
    if end.code < 0:
        result = ended_by(-end.code, command=command)
    elif end.code == 0 and end.stopped_by:
        result = stopped_early(end.stopped_by, command=command)
    else:
        result = ended_with(end.code, command=command)
    return result._replace(stopped_by=end.stopped_by)
