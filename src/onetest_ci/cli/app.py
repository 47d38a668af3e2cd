"""The ``onetest-ci`` group, and how errors become messages and exit codes."""

import importlib
import signal
import sys
from typing import Final, Never

import click

import onetest_ci
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode

# Command name to its line in --help; the command itself is ``onetest_ci.cli.<name>.command``.
COMMANDS: Final = {
    "report": "Read reports and deliver them to OneTest (collect and push in one).",
    "collect": "Read reports and write a bundle; needs no key and no network.",
    "push": "Deliver a bundle; run it again until all is delivered.",
    "inspect": "Show what reports say; needs no key and no network.",
    "emulator": "Run a local OneTest, for trials, tests and offline work.",
}

EPILOG: Final = """\b
Examples:
  onetest-ci report 'build/**/TEST-*.xml'
  onetest-ci inspect reports/
  onetest-ci report --dry-run junit.xml

Every option can be given as an environment variable: --launch-name is ONETEST_LAUNCH_NAME.
"""


class _LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"onetest_ci.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for mypy: the modules are ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(onetest_ci.__version__, prog_name="onetest-ci", message="%(prog)s %(version)s")
def group() -> None:
    """Get test results from CI into OneTest: one command, nothing lost, nothing twice."""


class Terminated(BaseException):
    """SIGTERM arrived; not an ``Exception``, so that no handler below swallows it."""


def main() -> Never:
    """Run the command line and exit with a code of ``ExitCode``."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(_run())


def _run() -> int:
    try:
        result = group.main(prog_name="onetest-ci", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("onetest-ci: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except Terminated:
        click.echo("onetest-ci: terminated", err=True)
        return ExitCode.TERMINATED
    except OnetestError as error:
        show_error(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (``| head``); what it wanted it has.
        sys.stdout = None
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - the last net: a person gets a sentence, never a traceback
        click.echo(f"onetest-ci: internal error: {type(error).__name__}; {_INTERNAL}", err=True)
        return ExitCode.NOT_DELIVERED
    return result if isinstance(result, int) else ExitCode.OK


_INTERNAL: Final = (
    "this is a fault of onetest-ci. Results that were read are kept in the bundle; please report the command "
    "that you ran and this line."
)


def _terminate(signum: int, frame: object) -> Never:
    del signum, frame
    raise Terminated


def show_error(error: OnetestError) -> None:
    """Print an error to standard error in the one form that all have."""
    click.echo(f"onetest-ci: error[{error.code}]: {error.message}", err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)
