"""``onetest-ci help``: explain an error code or a command."""

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
  onetest-ci help cases sync
""",
)
@click.argument("topic", nargs=-1, metavar="[CODE|COMMAND|errors]...", shell_complete=_offered)
@click.pass_context
def command(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Explain an error code or a command.

    CODE is a code as in `error[broken-xml]`: shows what happened, why, what to do, and the exit code. With
    `errors`, lists all codes. With a COMMAND, shows its help.
    """
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
    yield from shown.splitlines() if shown else _entry(" ".join(topic), top)


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
        raise click.UsageError(_unknown(topic, code, [*ERROR_CODES, *_command_names(top)]))
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


def _command_names(top: click.Context) -> list[str]:
    return top.command.list_commands(top) if isinstance(top.command, click.Group) else []


def _unknown(topic: str, wanted: str, names: list[str]) -> str:
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return (
        f"There is no error code and no command named {topic[:100]!r}. {meant}"
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
