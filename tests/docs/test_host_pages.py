"""The pages on CI hosts have the same sections, and the options and variables that they name exist."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from onetest_ci.ci import OVERRIDABLE
from onetest_ci.cli.app import group
from onetest_ci.outputs.github import OUTPUTS
from onetest_ci.settings import Settings
from onetest_ci.settings.option import variable_name
from support.snippets import DOCS, blocks

PAGES = sorted((DOCS / "how-to" / "ci").glob("*.md"))
SECTIONS = [
    "Store the key and the product id",
    "Report the results",
    "Report when the tests failed, too",
    "Keep what was not delivered",
    "Pull requests from forks",
    "Matrix and parallel jobs",
    "Where the results are shown",
    "Compare with the base branch",
    "Comment on the pull request",
    "Exit codes",
    "When it does not work",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_sections_of_a_page(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == SECTIONS


def options(command: click.Command) -> Iterator[str]:
    """Return the options of a command and of its subcommands."""
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from options(below)


KNOWN_OPTIONS = frozenset(options(group))
KNOWN_VARIABLES = frozenset(
    {
        *(variable_name(field.name) for field in dataclasses.fields(Settings)),
        *(variable_name(f"ci-{field}") for field in OVERRIDABLE),
        *(variable_name(output) for output in OUTPUTS),
        "ONETEST_CI",
        "ONETEST_CACHE",  # the page's own, for the policy of GitLab's cache
    }
)


def unknown(text: str) -> set[str]:
    """Return the options and variables of onetest-ci in a page that it does not have."""
    variables = {match.rstrip("_") for match in re.findall(r"ONETEST_[A-Z_]+", text)} - {"ONETEST"}
    commands = [
        line.partition(" -- ")[0]
        for block in blocks(text, "page")
        for line in block.text.replace("\\\n", " ").splitlines()
        if re.search(r"onetest-ci (?:report|run|push|collect|launch|doctor)\b|^ *args: ", line)
    ]
    used = {option for line in commands for option in re.findall(r"(?<![\w-])--[a-z-]+", line)}
    return (variables - KNOWN_VARIABLES) | ({*used, *re.findall(r"`(--[a-z-]+)", text)} - KNOWN_OPTIONS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_options_and_variables_of_a_page_exist(page: Path) -> None:
    assert not unknown(page.read_text(encoding="utf-8"))


def test_an_unknown_name_is_found() -> None:
    command = "onetest-ci report --file a -- pytest --junit-xml=x"
    text = f"ONETEST_MODES `--modes x`\n```sh\n{command}\npip --quiet\n```\n"
    assert unknown(text) == {"ONETEST_MODES", "--modes", "--file"}
