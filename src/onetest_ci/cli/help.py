"""``onetest-ci help``: explain an error code, an exit code, a setting or a command."""

import difflib
import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

import click

from onetest_ci.cli.command import Command
from onetest_ci.cli.output import echo
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outputs.styled import Line, Styled

ALL_CODES: Final = "errors"
"""The topic that lists all codes."""

_WIDEST: Final = 100


def _offered(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> Any:
    # Late, since only the script of a shell needs it.
    from onetest_ci.cli.completions import topics  # noqa: PLC0415

    return topics(ctx, incomplete, ALL_CODES)


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci help broken-xml
  onetest-ci help errors
  onetest-ci help 3
  onetest-ci help fail-on
  onetest-ci help cases sync
""",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("topic", nargs=-1, metavar="[CODE|SETTING|COMMAND|errors]...", shell_complete=_offered)
@click.pass_context
def command(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Explain an error code, an exit code, a setting or a command.

    CODE is a code as in `error[broken-xml]`: shows what happened, why, what to do, and the exit code. With an
    exit code, such as 3, shows its meaning and the errors that end so. SETTING is a name as in `--fail-on` or
    ONETEST_FAIL_ON: shows what it does, and the commands that have it. With `errors`, lists all codes. With a
    COMMAND, shows its help.
    """
    _refuse_secrets(ctx, topic)
    for line in _lines(ctx, topic):
        echo(line)


def _lines(ctx: click.Context, topic: tuple[str, ...]) -> Iterator[Line]:
    """Yield the help on a topic.

    Raises:
        UsageError: there is no such topic.
    """
    top = ctx.find_root()
    if not topic:
        yield from top.get_help().splitlines()
        yield ""
        yield "Explain a command: onetest-ci help COMMAND"
        yield "Explain an error: onetest-ci help CODE"
        yield f"List all error codes: onetest-ci help {ALL_CODES}"
        return
    if topic == (ALL_CODES,):
        yield from _all_codes()
        return
    shown = _help_of_command(top, topic)
    if shown:
        yield from shown.splitlines()
    elif len(topic) == 1 and re.fullmatch(r"[0-9]{1,4}", topic[0], re.ASCII):
        yield from _exit_code(int(topic[0]))
    elif len(topic) == 1 and (name := _setting_name(topic[0])):
        yield from _setting(name)
    else:
        yield from _entry(" ".join(topic), top)


def _refuse_secrets(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Refuse a key or a token behind its option, as every command does: an error would quote it.

    Raises:
        UsageProblem: there is one.
    """
    from onetest_ci.cli.missing_options import explained  # noqa: PLC0415 - few topics need it

    for word in topic:
        problem = explained(word.partition("=")[0], ctx.find_root().command)
        if problem and (len(topic) > 1 or "=" in word):
            raise problem


def _help_of_command(top: click.Context, names: Iterable[str]) -> str:
    """Return the help of a command, or of one inside of its group. Empty if there is none of these names."""
    ctx = top
    for name in names:
        group = ctx.command
        found = group.get_command(ctx, name) if isinstance(group, click.Group) else None
        if found is None:
            return ""
        ctx = click.Context(found, info_name=name, parent=ctx)
    return ctx.get_help()


def _all_codes() -> Iterator[Line]:
    from onetest_ci.error_codes import ERROR_CODES  # noqa: PLC0415 - few topics need them

    widest = max(map(len, ERROR_CODES))
    for area, entries in groupby(ERROR_CODES.values(), key=lambda entry: entry.area):
        yield [Styled(area.title, bold=True)]
        for entry in entries:
            yield f"  {entry.code:<{widest}}  {entry.title}"
        yield ""
    yield "Explain one of them: onetest-ci help CODE"


def _entry(topic: str, top: click.Context) -> Iterator[Line]:
    """Yield the entry of a code, which may be written as an error shows it: ``error[broken-xml]``."""
    from onetest_ci.error_codes import ERROR_CODES  # noqa: PLC0415 - as above

    words = topic.strip().lower()
    bracketed = re.search(r"\[([a-z-]+)\]", words)
    code = bracketed[1] if bracketed else words.strip(":.,")
    entry = ERROR_CODES.get(code)
    if entry is None:
        from onetest_ci.settings import options  # noqa: PLC0415 - as above

        settings = [*options()]
        if code.startswith("--"):
            settings = [f"--{name}" for name, option in options().items() if not option.secret]
        raise click.UsageError(_unknown(topic, code, [*ERROR_CODES, *_command_names(top), *settings]))
    yield [Styled(entry.code, bold=True), f": {entry.title}"]
    yield f"  ({entry.area.title})"
    for title, text in (
        ("What happened", entry.what),
        ("Why", entry.why),
        ("What to do", entry.what_to_do),
    ):
        if text:
            yield [Styled(title, bold=True)]
            yield from _wrapped(text)
    if entry.exit_codes:
        yield [Styled("Exit code", bold=True)]
    for number in entry.exit_codes:
        yield from _wrapped(f"{number}: {ExitCode(number).meaning}")
    if entry.area.note:
        yield [Styled("Note", bold=True)]
        yield from _wrapped(entry.area.note)


def _exit_code(number: int) -> Iterator[Line]:
    """Yield the meaning of an exit code, and the errors that end a command with it.

    Raises:
        UsageError: no command ends so.
    """
    from onetest_ci.error_codes import ERROR_CODES  # noqa: PLC0415 - as above

    if number not in set(ExitCode):
        known = ", ".join(str(int(one)) for one in ExitCode)
        raise click.UsageError(
            f"There is no exit code {number} of onetest-ci: it has {known}. `run` ends with that of the test "
            "command if it is not 0, and with 128+N after the signal N."
        )
    yield [Styled(f"Exit code {number}", bold=True)]
    yield from _wrapped(ExitCode(number).meaning)
    entries = [entry for entry in ERROR_CODES.values() if number in entry.exit_codes]
    if entries:
        yield [Styled("Errors that end so", bold=True)]
    widest = max((len(entry.code) for entry in entries), default=0)
    for entry in entries:
        yield f"  {entry.code:<{widest}}  {entry.title}"
    yield "What it means in a command: onetest-ci help COMMAND"


def _setting_name(topic: str) -> str:
    """Return the name of the setting that a topic is: ``--fail-on``, ``fail-on``, ``ONETEST_FAIL_ON``."""
    from onetest_ci.error_codes import ERROR_CODES  # noqa: PLC0415 - as above
    from onetest_ci.settings import options  # noqa: PLC0415 - as above

    name = topic.lower().removeprefix("onetest_").removeprefix("--").replace("_", "-")
    found = options()
    switch = name.removeprefix("no-")
    if switch in found and found[switch].flag:
        name = switch
    return name if name in found and topic not in ERROR_CODES else ""


def _setting(name: str) -> Iterator[Line]:
    """Yield what a setting does, how it is set, and the commands that have it."""
    from onetest_ci.settings import options  # noqa: PLC0415 - as above
    from onetest_ci.settings.option import variable_name  # noqa: PLC0415 - as above

    option = options()[name]
    yield [Styled(name, bold=True), f" ({option.group.value})"]
    yield from _wrapped(option.described())
    if option.hint:
        yield from _wrapped(option.hint)
    yield [Styled("How to set it", bold=True)]
    if option.positional:
        yield f"  Argument: {option.metavar}"
    elif not option.secret:
        value = f" {option.metavar}" if option.metavar else ""
        yield f"  Option: --{name} or --no-{name}" if option.flag else f"  Option: --{name}{value}"
    yield f"  Variable: {variable_name(name)}"
    yield [Styled("Commands", bold=True)]
    yield from _wrapped(", ".join(sorted(option.commands)))


def _command_names(top: click.Context) -> list[str]:
    return top.command.list_commands(top) if isinstance(top.command, click.Group) else []


def _unknown(topic: str, wanted: str, names: list[str]) -> str:
    near = difflib.get_close_matches(wanted, dict.fromkeys(names), n=3, cutoff=0.6)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return (
        f"There is no error code, setting or command named {topic[:100]!r}. {meant}"
        f"`onetest-ci help {ALL_CODES}` lists all codes, `onetest-ci help` all commands."
    )


def _wrapped(text: str) -> list[str]:
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
