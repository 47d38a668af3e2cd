"""Click options, made from ``Settings``, the one list of options."""

from collections.abc import Callable
from typing import Any, Final

import click

from onetest_ci.settings import options
from onetest_ci.settings.option import Group, Option, variable_name

format_option: Final = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or exactly one JSON document on standard output.",
)
"""Adds ``--format``, which the command receives as ``form``."""


class SettingOption(click.Option):
    """An option that is a setting.

    Args:
        group: of the setting.
    """

    def __init__(self, *args: Any, group: Group, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.group = group

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Return what the shell offers for the value."""
        del ctx
        return _of_setting(self, incomplete)


class SettingArgument(click.Argument):
    """An argument that is a setting."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Return what the shell offers for the value."""
        del ctx
        return _of_setting(self, incomplete)


def _of_setting(parameter: click.Parameter, incomplete: str) -> list[Any]:
    # Late, since only the script of a shell needs it.
    from onetest_ci.cli.completions import of_setting  # noqa: PLC0415

    return of_setting((parameter.name or "").replace("_", "-"), incomplete)


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
