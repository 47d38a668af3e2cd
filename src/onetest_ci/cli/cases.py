"""``onetest-ci cases``: the test cases of a product. Each command is imported when it runs."""

import importlib
from typing import Final

import click

SUBCOMMANDS: Final = {
    "list": "List test cases.",
    "create": "Create a test case and print its id.",
    "update": "Change a test case.",
    "match": "Show which test cases the tests in reports belong to.",
    "sync": "Create the missing test cases of the tests in reports, and link existing ones.",
}
"""Each command's line in help; the command itself is ``onetest_ci.cli.cases_<name>.command``."""


class _LazyGroup(click.Group):
    """A group that imports a command's module on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in SUBCOMMANDS:
            return None
        command = importlib.import_module(f"onetest_ci.cli.cases_{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for mypy: the modules are ours
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    epilog="""\b
Examples:
  onetest-ci cases list --automated
  onetest-ci cases match 'build/**/TEST-*.xml'
  onetest-ci cases sync --apply 'build/**/TEST-*.xml'
""",
)
def command() -> None:
    """List, create, change, match and synchronize the product's test cases.

    OneTest shows a test's results on each test case whose automation_test_id contains its code_ref.
    """
