"""Why there is no option for a key or a token, and what to use."""

from typing import Final

import click

from onetest_ci.errors import UsageProblem
from onetest_ci.settings.option import variable_name

_KEYS: Final = frozenset(
    {"--api-key", "--apikey", "--api-token", "--key", "--token", "--auth-token", "--password"}
)
_TOKENS: Final = {
    "--receiver-api-key": ("receiver-api-key",),
    "--receiver-key": ("receiver-api-key",),
    "--github-token": ("github-token",),
    "--gitlab-token": ("gitlab-token",),
    "--comment-token": ("github-token", "gitlab-token"),
}


def explained(name: str, command: click.Command) -> UsageProblem | None:
    """Return the error for an option that would hold a key or a token; None for any other one."""
    name = name.lower().replace("_", "-")
    if name in _KEYS:
        instead = _instead_of_key(command)
    elif name in _TOKENS:
        instead = f"Set {' or '.join(map(variable_name, _TOKENS[name]))} from a secret of the CI."
    else:
        return None
    return UsageProblem(
        "secret-on-command-line",
        f"There is no option {name}: other processes, the log of CI and the history of the shell show a "
        "command line.",
        f"{instead} If you typed a key, replace it.",
    )


def _instead_of_key(command: click.Command) -> str:
    names = {one.name for one in command.params}
    if "api_key_file" not in names and not isinstance(command, click.Group):
        return "This command needs no key."
    if "base_url" not in names and not isinstance(command, click.Group):
        return "Name a file that holds the key with --api-key-file."
    return (
        f"Set {variable_name('api-key')} from a secret of the CI, or name a file that holds the key with "
        f"--api-key-file ({variable_name('api-key-file')})."
    )
