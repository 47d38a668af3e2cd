"""``onetest-ci cases create``."""

from collections.abc import Iterable
from typing import Any

import click

from onetest_ci.case_links import ManagedCase, canonical
from onetest_ci.cli.case_fields import FIELDS, field_options, fields_of
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_access, check_trust
from onetest_ci.cli.invocation import begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import echo
from onetest_ci.onetest.client.hints import WRITING


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci cases create --title 'Login works'
  onetest-ci cases create --title 'Login works' --unless-exists \\
    --execution-type automated --automation-test-id tests/test_login.py:TestLogin.test_valid
""",
)
@click.option("--title", required=True, metavar="TEXT", help="Title of the test case.")
@field_options
@click.option(
    "--unless-exists",
    is_flag=True,
    help="Create nothing if a test case has this title or one of these references: print its id. This "
    "costs the API calls of a list.",
)
@settings_options("cases create")
def command(*, unless_exists: bool, **flags: Any) -> None:
    """Create a test case and print its id."""
    values = {name: flags.pop(name) for name in FIELDS}
    invocation = begin("cases create", flags, masks_keys=True, prints_data=True)
    fields = fields_of(values)
    check_trust(invocation.context, "`cases create`")
    check_access(invocation.settings)
    # Late, since the checks do not need the HTTP library, whose import is slow.
    from onetest_ci.cli.case_calls import connected, list_cases  # noqa: PLC0415

    with connected(invocation, WRITING) as management:
        if unless_exists:
            same = existing(fields, list_cases(management, invocation))
            if same:
                more = f", and {len(same) - 1:,} more of this kind" if len(same) > 1 else ""
                invocation.output.notice(f"The test case {same[0].label} exists{more}; nothing was created.")
                echo(same[0].id)
                return
        created = management.create_test_case(**fields)
    echo(created.id)


def existing(fields: dict[str, str], cases: Iterable[ManagedCase]) -> list[ManagedCase]:
    """Return the test cases with the title or one of the references that a new one would have."""
    title = _folded(fields["title"])
    references = set(map(canonical, fields.get("automation_test_id", "").split()))
    return [
        case
        for case in cases
        if case.id and (_folded(case.title) == title or not references.isdisjoint(case.references))
    ]


def _folded(text: str) -> str:
    return " ".join(text.split())
