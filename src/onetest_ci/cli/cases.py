"""``onetest-ci cases``: the test cases of a product. Each command is imported when it runs."""

from typing import Final

import click

from onetest_ci.cli.app import LazyGroup

SUBCOMMANDS: Final = {
    "list": "List test cases.",
    "create": "Create a test case and print its id.",
    "update": "Change a test case.",
    "match": "Show which test cases the tests in reports belong to.",
    "sync": "Create the missing test cases of the tests in reports, and link existing ones.",
}
"""Each command's line in help; the command itself is ``onetest_ci.cli.cases_<name>.command``."""


@click.group(
    cls=LazyGroup,
    lines=SUBCOMMANDS,
    modules="onetest_ci.cli.cases_",
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
