"""``onetest-ci init``."""

import difflib
import os
import shlex
import sys
from collections.abc import Iterable

import click

from onetest_ci.ci.credentials import credentials_in_urls
from onetest_ci.cli.app import RunState
from onetest_ci.cli.command import Command
from onetest_ci.cli.invocation import working_directory
from onetest_ci.cli.output import ask_text, echo, is_terminal
from onetest_ci.errors import UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.init.existing import Existing, read_existing
from onetest_ci.init.plan import SECRETS, Plan, make_plan, whole_file
from onetest_ci.init.project import Project, read_project, read_text
from onetest_ci.init.repository import HOSTS, Repository, read_repository
from onetest_ci.init.runner import Found
from onetest_ci.init.runners import MAX_RUNNERS, find_runners, left_out
from onetest_ci.init.writing import check_path, file_exists, write_new
from onetest_ci.outputs.styled import Line, Styled
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.settings import options
from onetest_ci.settings.option import variable_name
from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

_MAX_SHOWN = 10
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci init
  onetest-ci init gitlab --print
""",
)
@click.argument("host", required=False, type=click.Choice(HOSTS), metavar=f"[{'|'.join(HOSTS)}]")
@click.option(
    "--print", "printed", is_flag=True, help="Print the file on standard output, and write nothing."
)
@click.option(
    "--force",
    is_flag=True,
    help="Write the whole file although CI files exist. A file that it replaces is kept as FILE.bak.",
)
def command(*, host: str | None, printed: bool, force: bool) -> int:
    """Write the file by which CI runs the tests of this project and reports them to OneTest.

    The command looks for test runners in the checkout and two levels of directories. It runs nothing of the
    project, and changes no file that exists. Without HOST, the address of the remote chooses the host.
    """
    redact = _redactor()
    repository = read_repository(working_directory(), os.environ)
    host = host or repository.host or _asked_host(repository)
    project = read_project(repository.root)
    runners, remarks = _runners(project), left_out(project)
    whole = whole_file(host, runners, repository, remarks)
    if printed:
        for row in whole.text.splitlines():
            echo(row)
        return ExitCode.OK
    _show_found(project, runners, remarks)
    existing = read_existing(repository.root, host)
    if read_text(repository.root, whole.path) == whole.text:
        echo(f"{whole.path} is up to date.")
    elif existing.reporting and not force:
        line = existing.reporting
        echo(f"{_place(line.path, line.number)} already reports to OneTest. Nothing was written.")
        echo("--force writes the whole file all the same; --print shows it.")
    else:
        plan = make_plan(host, runners, repository, existing, remarks=remarks, force=force)
        if plan.path:
            _write(plan, repository, redact, force=force)
        _show_lines(plan, runners, existing, redact)
    _show_next(host)
    return ExitCode.OK


def _redactor() -> Redactor:
    """Return what removes the secrets of the environment from lines of files and from errors."""
    keys = (os.environ.get(variable_name(name), "") for name, option in options().items() if option.secret)
    in_urls = credentials_in_urls(os.environ)
    redact = Redactor((*(Secret(key) for key in keys if key), *in_urls.secrets), in_urls.logins)
    running = click.get_current_context().find_object(RunState)
    if running:
        running.redact = redact.text
    return redact


def _asked_host(repository: Repository) -> str:
    remote = (
        f"the remote {one_line(repository.remote)}"
        if repository.remote
        else "this checkout has no remote, which"
    )
    if is_terminal(sys.stdin) and is_terminal(sys.stderr):
        answer = ask_text(f"CI host ({', '.join(HOSTS)}):")
        if answer in HOSTS:
            return answer
    raise UsageProblem(
        "unknown-ci-host",
        f"The CI host is not known: {remote} does not show it.",
        f"Name it: onetest-ci init {'|'.join(HOSTS)}",
    )


def _runners(project: Project) -> list[Found]:
    runners = find_runners(project)
    if not runners:
        also = "".join(f" {text}" for text in left_out(project)[:_MAX_SHOWN])
        raise UsageProblem(
            "no-test-runner",
            f"No test runner was found in the root and two levels of directories.{also}",
            "Write the file by the documentation of the CI host, with the files of your reports",
        )
    if len(runners) > MAX_RUNNERS:
        raise UsageProblem(
            "too-many-test-runners",
            f"{len(runners)} test runners were found; one file has at most {MAX_RUNNERS}.",
            "Write the file by the documentation of the CI host, for example with a matrix",
        )
    return runners


def _show_found(project: Project, runners: Iterable[Found], remarks: Iterable[str]) -> None:
    for found in runners:
        echo(f"Found {found.runner} in {found.folder or 'the root'} ({found.marker}).")
        if found.note:
            echo(f"  {found.note}")
    for text in remarks:
        echo(f"onetest-ci: warning: {text}", err=True)
    if len(project.unusable) > _MAX_SHOWN:
        number = plural(len(project.unusable), "name")
        echo(f"onetest-ci: warning: CI hosts would misread {number}; the first are:", err=True)
    for path in project.unusable[:_MAX_SHOWN]:
        echo(
            f"onetest-ci: warning: {one_line(path)} was not searched: CI hosts would misread its name.",
            err=True,
        )


def _show_lines(plan: Plan, runners: Iterable[Found], existing: Existing, redact: Redactor) -> None:
    """Show what a person adds to a file of their own."""
    if not plan.lines:
        return
    if existing.testing:
        line = existing.testing
        echo(f"{_place(line.path, line.number)} already runs tests: {one_line(redact.text(line.text), 200)}")
        echo("No second job is written for them.")
        _show_commands(runners)
    if plan.job_lines:
        echo("Let that job keep the exit code of its command, which takes the place of COMMAND:")
        _show_block(plan.job_lines, "")
    elif not plan.path:
        echo("COMMAND below is the command of the tests; these lines take its place.")
    if plan.replaces:
        echo(f"Replace {plan.replaces} in {one_line(plan.where)} by:")
    else:
        echo(f"Add to {one_line(plan.where)}{', after the tests' if not plan.path else ''}:")
    _show_block(map(redact.text, plan.lines), "")


def _show_commands(runners: Iterable[Found]) -> None:
    """Show the command that writes the report, of each runner that needs an option for it."""
    for found in runners:
        if found.reports_by_default:
            where = f" in {found.folder}" if found.folder else ""
            echo(
                f"{found.runner}{where} writes its reports by default, so its command stays. Let it "
                "begin with clean where files of the build before are kept."
            )
            continue
        echo(f"Let {found.runner} write its report:")
        folder = (f"cd {shlex.quote(found.folder)}",) if found.folder else ()
        _show_block((*folder, *found.prepare, *found.command.split("\n")), "    ")


def _show_block(lines: Iterable[str], indent: str) -> None:
    echo("")
    for line in lines:
        echo(f"{indent}{line}")
    echo("")


def _write(plan: Plan, repository: Repository, redact: Redactor, *, force: bool) -> None:
    check_path(repository.root, plan.path)
    before = read_text(repository.root, plan.path)
    if before == plan.text:
        echo(f"{plan.path} is up to date.")
        return
    for line in _difference(redact.text(before or ""), plan.text, plan.path):
        echo(line)
    if before is not None and not force:
        raise file_exists(plan.path)
    kept = write_new(repository.root, plan.path, plan.text, backup=force)
    echo(f"Wrote {plan.path}.")
    if kept:
        echo(f"The former file is kept as {kept}.")


def _difference(before: str, after: str, path: str) -> Iterable[Line]:
    """Yield the difference. The two lines of file names are one of our own: hosts read them as groups."""
    old, new = before.splitlines(), after.splitlines()
    rows = list(difflib.unified_diff(old, new, lineterm=""))[2:]
    added = sum(row.startswith("+") for row in rows)
    removed = sum(row.startswith("-") for row in rows)
    yield f"{path}: {plural(added, 'line')} added, {plural(removed, 'line')} removed"
    for row in rows:
        yield [Styled(row, _COLOURS.get(row[:1], ""))]


def _show_next(host: str) -> None:
    echo("Next:")
    for text in SECRETS[host]:
        echo(f"  {text}")
    echo("Check the key, the product and the way to OneTest from here:")
    echo("  onetest-ci doctor --product-id PRODUCT-ID --api-key-file KEY-FILE")


def _place(path: str, number: int) -> str:
    return f"{one_line(path)}, line {number},"
