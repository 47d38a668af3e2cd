"""The commands, from click."""

import re
import textwrap
from collections.abc import Iterator
from typing import Final

import click

from onetest_ci.cli import app
from onetest_ci.cli.exits import exits_of
from onetest_ci.settings import options
from onetest_ci.settings.option import Group
from pages.markdown import table

_BLOCK: Final = "\b"


def commands() -> Iterator[str]:
    """Yield a section for each command."""
    root = app.group
    with click.Context(root, info_name="onetest-ci") as context:
        for name in root.list_commands(context):
            yield from _section(root.get_command(context, name), context, name)


def _section(command: click.Command | None, parent: click.Context, name: str) -> Iterator[str]:
    if command is None:
        raise ValueError(name)
    with click.Context(command, info_name=name, parent=parent) as context:
        yield from ("", f"## {context.command_path}", *_text(command.help or ""), "")
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                yield from _section(command.get_command(context, each), context, each)
            return
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
        yield from ("```text", usage, "```", "")
        yield from _options(command, context)
        yield from _text(command.epilog or "")


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    path = context.command_path.removeprefix("onetest-ci ")
    settings = options(path)
    own = []
    groups: dict[Group, list[str]] = {group: [] for group in Group}
    for parameter in command.get_params(context):
        name = (parameter.name or "").replace("_", "-")
        if name in settings:
            shown = "PATH" if settings[name].positional else name
            groups[settings[name].group].append(f"[`{shown}`](settings.md#{name})")
        elif (record := parameter.get_help_record(context)) and "--help" not in record[0]:
            own.append((f"`{record[0]}`", record[1]))
    if own:
        yield from (*table(("Option", "What for"), own), "")
    rows = [(group.value, ", ".join(names)) for group, names in groups.items() if names]
    if rows:
        yield from (*table(("To", "Settings"), rows), "")
    codes = ((code, text) for code, text in exits_of(context))
    yield from (*table(("Exit code", "Meaning"), codes), "")


def _text(text: str) -> Iterator[str]:
    """Yield help as Markdown: paragraphs, and blocks of examples as code."""
    for paragraph in re.split(r"\n\s*\n", textwrap.dedent(text).strip()):
        if _BLOCK not in paragraph:
            yield from ("", " ".join(paragraph.split()))
            continue
        lines = [line for line in paragraph.split("\n") if line.strip(f"{_BLOCK} ")]
        heading = [line for line in lines if not line.startswith(" ")]
        block = [line.strip() for line in lines if line.startswith(" ")]
        yield from ("", *heading, "", "```text", *block, "```")
