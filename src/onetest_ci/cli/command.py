"""How each command parses its options and shows its help: options in groups, exit codes, then examples."""

from typing import Any

import click


class ExplainsOptions(click.Command):
    """A command that explains why it lacks an option that people expect."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments.

        Raises:
            UsageProblem: one of them is a key or a token.
        """
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as problem:
            # Late, since it ends the command.
            from onetest_ci.cli.missing_options import explained  # noqa: PLC0415

            raise (explained(problem.option_name, self) or problem) from None


class NoCommand(click.UsageError):
    """A group was called without arguments. Its help is the answer.

    Args:
        group: the group's context.
    """

    def __init__(self, group: click.Context) -> None:
        super().__init__("The command is missing.", group)
        self.group = group


class CommandGroup(ExplainsOptions, click.Group):
    """A group that answers no command with its help, and a misspelt one with the nearest."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments.

        Raises:
            NoCommand: there are none. Versions of click differ there.
            UsageProblem: one of them is a key or a token.
        """
        if not args and not ctx.resilient_parsing:
            raise NoCommand(ctx)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names.

        Raises:
            UsageError: there is none.
        """
        name, names = args[0], self.list_commands(ctx)
        if name in names or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        # Late, since it ends the command.
        from difflib import get_close_matches  # noqa: PLC0415

        near = get_close_matches(name, names)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise click.UsageError(f"No such command {name!r}.{meant}", ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Return the commands and options that begin so. Commands are not imported for that."""
        from onetest_ci.cli.completions import matching  # noqa: PLC0415 - as above

        of_options = click.Command.shell_complete(self, ctx, incomplete)
        return [*matching(self.list_commands(ctx), incomplete), *of_options]


class Command(ExplainsOptions):
    """A command whose help shows its own options, then its settings by group, then its exit codes."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the exit codes."""
        # Late, since only help needs them, and the start of `--version` would take a tenth longer.
        from onetest_ci.cli.exits import exits_of  # noqa: PLC0415
        from onetest_ci.cli.options import SettingOption  # noqa: PLC0415
        from onetest_ci.settings.option import Group  # noqa: PLC0415

        groups: dict[str, list[tuple[str, str]]] = {"": []}
        for one in self.get_params(ctx):
            record = one.get_help_record(ctx) if isinstance(one, click.Option) else None
            if record is not None:
                key = one.group if isinstance(one, SettingOption) else ""
                groups.setdefault(key, []).append(record)
        own = groups.pop("")
        parts = [(group.value, groups[group]) for group in Group if group in groups]
        # A command without options of its own has --help alone, which is of least interest.
        parts.insert(0 if len(own) > 1 else len(parts), ("Options", own))
        parts.append(("Exit codes", exits_of(ctx)))
        for title, rows in parts:
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
