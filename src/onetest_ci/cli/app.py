"""The ``onetest-ci`` group of commands. It turns every error into a message and an exit code."""

import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

import onetest_ci
from onetest_ci.cli.command import CommandGroup, NoCommand
from onetest_ci.cli.output import echo, lost_output
from onetest_ci.errors import OnetestError, UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.late_imports import uncollected
from onetest_ci.signals import Stopped, raise_stopped
from onetest_ci.text.escape import one_line

COMMANDS: Final = {
    "report": "Read reports and deliver them to OneTest (collect and push in one).",
    "run": "Run the tests, then do what `report` does.",
    "collect": "Read reports and write a bundle; needs no key and no network.",
    "push": "Deliver a bundle; run it again until everything is delivered.",
    "launch": "Start and finish a launch that many runners report to.",
    "inspect": "Show what reports contain; needs no key and no network.",
    "cases": "List, create, change, match and synchronize the product's test cases.",
    "api": "Make any call of OneTest and print its response.",
    "doctor": "Check settings, key, network and reports; changes nothing.",
    "init": "Write the file by which CI runs the tests and reports them.",
    "emulator": "Run a local OneTest, for trials, tests and offline work.",
    "help": "Explain an error code, an exit code, a setting or a command.",
    "completion": "Print the script by which a shell completes the command.",
}
"""Each command's line in help; the command itself is ``onetest_ci.cli.<name>.command``."""

EPILOG: Final = """\b
Examples:
  onetest-ci report 'build/**/TEST-*.xml'
  onetest-ci inspect reports/
  onetest-ci report --dry-run junit.xml

Environment variables work too: ONETEST_LAUNCH_NAME sets --launch-name.
The help of each command shows its exit codes; in `cases` and `launch`, each of their commands has its own.
`onetest-ci help CODE` explains an error, an exit code or a setting: help broken-xml, help 3, help fail-on.
"""


class RunState:
    """State of the running command for the handler of its last error; click's context carries it.

    Attributes:
        redact: removes the run's secrets; changes nothing until the settings are loaded.
        exit_code: of the test command, which no later error replaces; 0 until the command has ended.
    """

    def __init__(self) -> None:
        self.redact: Callable[[str], str] = str
        self.exit_code: int = ExitCode.OK


class LazyGroup(CommandGroup):
    """A group that imports a command's module on first use.

    Args:
        lines: each command's line in help.
        modules: what the name of a command's module begins with; its own name follows.
    """

    def __init__(self, *args: Any, lines: Mapping[str, str], modules: str, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self._lines = lines
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of help."""
        del ctx
        return list(self._lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command. None if there is none of this name."""
        del ctx
        if cmd_name not in self._lines:
            return None
        with uncollected():
            command = importlib.import_module(f"{self._modules}{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for mypy: the modules are ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self._lines.items()))


@click.group(
    cls=LazyGroup,
    lines=COMMANDS,
    modules="onetest_ci.cli.",
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(onetest_ci.__version__, prog_name="onetest-ci", message="%(prog)s %(version)s")
def group() -> None:
    """Get test results from CI into OneTest: one command, no result lost, no test twice."""


@raise_stopped()
def run() -> int:
    """Run the command line, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may contain characters that the encoding lacks.
            stream.reconfigure(encoding=_encoding(stream.encoding), errors="backslashreplace")
    code = _run()
    lost = lost_output()
    if lost and code == ExitCode.OK:
        problem = f"Standard output cannot be written: {lost.strerror or lost}."
        show_errors([UsageProblem("output-not-written", problem, "Free some space at its destination.")])
        return ExitCode.USAGE
    return code


def _encoding(own: str) -> str:
    """Return UTF-8 on Windows and for GitHub's runner, which expect it; else the stream's own encoding."""
    return "utf-8" if os.name == "nt" or os.environ.get("GITHUB_ACTIONS") == "true" else own


def _run() -> int:
    state = RunState()
    try:
        result = group.main(prog_name="onetest-ci", standalone_mode=False, obj=state)
    except SystemExit:
        # click exits this way if the reader of its help has gone.
        return ExitCode.OK
    except (Exception, KeyboardInterrupt, Stopped) as problem:  # noqa: BLE001 - no traceback reaches a user
        code = _explain(problem, state.redact)
        return state.exit_code or code
    return result if isinstance(result, int) else ExitCode.OK


def keep_exit_code(code: int) -> None:
    """Let the running command end with this exit code, unless it is 0; no later error changes it."""
    running = click.get_current_context().find_object(RunState)
    if running:
        running.exit_code = code


def _explain(problem: BaseException, redact: Callable[[str], str]) -> int:
    """Print why the run ended, and return the exit code."""
    match problem:
        case OnetestError():
            show_errors([problem], redact)
            _show_on_host(problem, redact)
            code = problem.exit_code
        case click.Abort() | KeyboardInterrupt():
            echo("onetest-ci: interrupted", err=True)
            code = ExitCode.INTERRUPTED
        case Stopped():
            code = problem.exit_code
            echo(f"onetest-ci: {code.name.lower()}", err=True)
        case click.ClickException():
            _show_usage(problem, redact)
            _show_on_host(UsageProblem("bad-command-line", problem.format_message()), redact)
            code = ExitCode.USAGE
        case _:
            fault = internal_error(problem)
            show_errors([fault])
            _show_on_host(fault, redact)
            code = ExitCode.NOT_DELIVERED
    return code


def _show_usage(problem: click.ClickException, redact: Callable[[str], str]) -> None:
    """Print an error of the command line: how the command is called, then the error as any other one."""
    running = problem.ctx if isinstance(problem, click.UsageError) else None
    if isinstance(problem, NoCommand):
        for text in problem.group.get_help().splitlines():
            echo(text, err=True)
        return
    for text in running.get_usage().splitlines() if running else ():
        echo(text, err=True)
    hint = f"See the help: {running.command_path} --help" if running else ""
    show_errors([UsageProblem("bad-command-line", problem.format_message(), hint)], redact)


def _show_on_host(error: OnetestError, redact: Callable[[str], str]) -> None:
    # Late, since only a run that ends early needs it.
    from onetest_ci.cli.early_end import show_on_host  # noqa: PLC0415

    show_on_host(error, redact)


def internal_error(problem: BaseException) -> OnetestError:
    """Return the error for a bug: its type and line, without its text, which may contain a secret."""
    trace = problem.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "unknown place"
    return OnetestError(
        "internal-error",
        f"A bug in onetest-ci {onetest_ci.__version__}: {type(problem).__name__} at {where}.",
        "Please report this line and the command that you ran.",
    )


def show_errors(errors: Sequence[OnetestError], redact: Callable[[str], str] = str) -> None:
    """Print errors to standard error, and the command that explains their codes.

    An error is a line with its code and message, and the hint on a line of its own.
    """
    for error in errors:
        echo(f"onetest-ci: error[{error.code}]: {one_line(redact(error.message), 2000)}", err=True)
        if error.hint:
            echo(f"  {one_line(redact(error.hint), 2000)}", err=True)
    for code in dict.fromkeys(error.code for error in errors):
        echo(f"  More: onetest-ci help {code}", err=True)
