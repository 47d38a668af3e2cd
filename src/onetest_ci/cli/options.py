"""Click options, made from ``Settings``, the one list of options."""

from collections.abc import Callable
from typing import Any, Final

import click

from onetest_ci.cli.command import SettingArgument, SettingOption
from onetest_ci.settings import options
from onetest_ci.settings.option import Option, variable_name

format_option: Final = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or exactly one JSON document on standard output.",
)
"""Adds ``--format``, which the command receives as ``form``."""


def settings_options(command: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a command with its options. Their values stay texts, which ``settings.sources`` parses."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name, option in reversed(options(command).items()):
            if not option.secret:
                function = _decorator(command, name, option)(function)
        return function

    return decorate


def _decorator(command: str, name: str, option: Option) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    parameter = name.replace("-", "_")
    if option.positional:
        return click.argument(parameter, cls=SettingArgument, nargs=-1, metavar=f"[{option.metavar}]...")
    help_text = f"{option.described(command)} [{variable_name(name)}]"
    if option.flag:
        return click.option(
            f"--{name}/--no-{name}",
            parameter,
            cls=SettingOption,
            group=option.group,
            default=None,
            help=help_text,
        )
    return click.option(
        f"--{name}",
        parameter,
        cls=SettingOption,
        group=option.group,
        metavar=option.metavar,
        multiple=option.multiple,
        default=None,
        help=help_text,
    )
