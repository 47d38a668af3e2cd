"""Present an outcome: on the console, in files, and to the CI host."""

from onetest_ci.cli.app import show_errors
from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.output import echo, echo_command
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import console
from onetest_ci.outputs.console_tests import Fold
from onetest_ci.outputs.host_logs import annotator_of, folds
from onetest_ci.text.escape import WorkflowCommand


def present(outcome: Outcome, invocation: Invocation, *, err: bool = False) -> int:
    """Write the outcome's files, print its summary, and return the exit code.

    Files come first: the reader of the console may be gone. A file that cannot be written becomes an error
    and does not hide the rest.

    Args:
        outcome: of the command.
        invocation: of the command.
        err: print on standard error, since standard output is for programs.
    """
    host = invocation.context.host
    outcome = outcome.redacted(invocation.redact)
    failed = _write_files(outcome, invocation)
    for part in console.summary(outcome, folds=folds(host)):
        if isinstance(part, Fold):
            _echo_fold(part, host, err=err)
        else:
            echo(part, err=err)
    show_errors([*_problems(outcome), *failed])
    for command in _commands(outcome, failed, invocation):
        echo_command(command, err=err)
    if invocation.settings.comment:
        from onetest_ci.cli.comment import comment  # noqa: PLC0415 - off by default

        comment(outcome, invocation)
    if outcome.manifest.totals["tests"] or not outcome.problems:
        echo(console.result(outcome), err=err)
    return outcome.exit_code or (failed[0].exit_code if failed else ExitCode.OK)


def _write_files(outcome: Outcome, invocation: Invocation) -> list[OnetestError]:
    """Write the files of the outcome, and return an error for each that cannot be written."""
    settings, on_github = invocation.settings, invocation.context.host == "github"
    if not (on_github or settings.json or settings.summary or settings.dotenv):
        return []
    # Many runs write no file.
    from onetest_ci.cli.outcome_files import outcome_files  # noqa: PLC0415
    from onetest_ci.cli.written_files import write_files  # noqa: PLC0415

    named = outcome_files(outcome, invocation, on_github=on_github)
    not_written = write_files(named, invocation.context.workspace)
    return [error.redacted(invocation.redact.text) for error in not_written]


def _commands(outcome: Outcome, failed: list[OnetestError], invocation: Invocation) -> list[WorkflowCommand]:
    """Return the commands for the CI host: errors of the run, then failed tests as far as there is room."""
    host = invocation.context.host
    commands: list[WorkflowCommand] = []
    if host == "github":
        from onetest_ci.outputs import github  # noqa: PLC0415 - for this host only

        commands += github.annotations(outcome)
        commands += [github.error_annotation(error) for error in failed]
    elif host == "azure":
        from onetest_ci.outputs.annotations import azure_run  # noqa: PLC0415 - as above

        commands += azure_run(outcome, failed)
    annotate = annotator_of(host) if invocation.settings.annotate else None
    if annotate:
        commands += annotate(outcome, commands)
    return commands


def _echo_fold(fold: Fold, host: str, *, err: bool) -> None:
    """Print lines that the host folds; elsewhere they are below their title."""
    commands = _group_commands(host, fold.title)
    if commands:
        echo_command(commands[0], err=err)
    else:
        echo(f"{fold.title}:", err=err)
    for line in fold.lines:
        echo(line, err=err)
    if commands:
        echo_command(commands[1], err=err)


def _group_commands(host: str, title: str) -> tuple[WorkflowCommand, WorkflowCommand] | None:
    if not folds(host):
        return None
    from onetest_ci.outputs.log_groups import group_commands  # noqa: PLC0415 - for hosts only

    return group_commands(host, title)


def _problems(outcome: Outcome) -> list[OnetestError]:
    """Return the errors of set-up and reports, then the one that stopped the delivery."""
    error = outcome.delivery.error
    return [*outcome.problems, error] if error else list(outcome.problems)
