"""``onetest-ci completion``: the script by which a shell completes the command."""

from typing import Final

import click
from click.shell_completion import get_completion_class

from onetest_ci.cli.command import Command
from onetest_ci.cli.output import echo

SHELLS: Final = ("bash", "zsh", "fish")
_VARIABLE: Final = "_ONETEST_CI_COMPLETE"


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci completion bash > ~/.local/share/bash-completion/completions/onetest-ci
  onetest-ci completion fish > ~/.config/fish/completions/onetest-ci.fish
""",
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script by which a shell completes commands, options and their values.

    The script calls `onetest-ci` for each word that it completes.
    """
    script = get_completion_class(shell)
    assert script is not None  # noqa: S101 - for mypy: click has these shells
    top = ctx.find_root()
    for line in script(top.command, {}, "onetest-ci", _VARIABLE).source().splitlines():
        echo(line)
