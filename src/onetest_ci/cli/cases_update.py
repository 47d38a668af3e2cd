"""``onetest-ci cases update``."""

from typing import Any, Final

import click

from onetest_ci.cli.case_fields import FIELDS, field_options, fields_of
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_access, check_trust
from onetest_ci.cli.invocation import begin
from onetest_ci.cli.options import settings_options
from onetest_ci.errors import ServiceError, UsageProblem
from onetest_ci.onetest.client.hints import WRITING
from onetest_ci.onetest.ids import usable_id

_FIND_THE_ID: Final = "ID is the id of a test case, not its number: `onetest-ci cases list` shows both."


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci cases update 3fa1c2d4-7d1e-4c0a-9b7e-2f6a5d1c8e90 --priority p1
  onetest-ci cases update 3fa1c2d4-7d1e-4c0a-9b7e-2f6a5d1c8e90 \\
    --automation-test-id 'tests/test_a.py:TestA.test_b tests/test_c.py:TestC.test_d'
""",
)
@click.argument("case_id", metavar="ID")
@click.option("--title", metavar="TEXT", help="Title of the test case.")
@field_options
@settings_options("cases update")
def command(*, case_id: str, **flags: Any) -> None:
    """Change those fields of a test case that options set. ID is what `cases create` printed.

    --automation-test-id replaces all references. OneTest keeps the earlier version.
    """
    values = {name: flags.pop(name) for name in FIELDS}
    invocation = begin("cases update", flags, masks_keys=True, prints_data=True)
    fields = fields_of(values)
    if not fields:
        raise UsageProblem(
            "missing-option", "No field of the test case is set.", "Give --title, --priority or another one."
        )
    if not usable_id(case_id).strip():
        raise UsageProblem("bad-option", "ID is not an id of a test case.", _FIND_THE_ID)
    check_trust(invocation.context, "`cases update`")
    check_access(invocation.settings)
    # Late, since the checks do not need the HTTP library, whose import is slow.
    from onetest_ci.cli.case_calls import connected  # noqa: PLC0415

    with connected(invocation, WRITING) as management:
        try:
            management.update_test_case(case_id, **fields)
        except ServiceError as error:
            if error.code == "not-found":
                error.hint = _FIND_THE_ID
            raise
        names = ", ".join(f"--{name.replace('_', '-')}" for name in fields)
        invocation.output.notice(f"Changed {names} of the test case {case_id}.")
