"""``onetest-ci cases list``."""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from onetest_ci.case_links import AUTOMATED, ManagedCase
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_access
from onetest_ci.cli.invocation import begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import echo, echo_json
from onetest_ci.outputs.case_table import csv_lines, text_table
from onetest_ci.outputs.json_lists import document
from onetest_ci.redaction import Redactor
from onetest_ci.text.plural import plural


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci cases list
  onetest-ci cases list --automated --unlinked
  onetest-ci cases list --format json > cases.json
  onetest-ci cases list --text login --format csv
""",
)
@click.option(
    "--automated/--manual",
    "automated",
    default=None,
    help="Only automated test cases, or only the others.",
)
@click.option(
    "--linked/--unlinked",
    "linked",
    default=None,
    help="Only test cases with a reference to a test in automation_test_id, or only the others.",
)
@click.option(
    "--text",
    metavar="TEXT",
    default="",
    help="Only test cases whose title, number or references contain TEXT.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="A table for people, one JSON document for programs and --cases, or CSV for a spreadsheet.",
)
@settings_options("cases list")
def command(form: str, automated: bool | None, linked: bool | None, text: str, **flags: Any) -> None:
    """List the product's test cases.

    Each page of the list is an API call. If the first page shows that the list needs more calls than
    --max-api-calls allows, it is the only one.
    """
    invocation = begin("cases list", flags, masks_keys=True, prints_data=True)
    check_access(invocation.settings)
    # Late, since the checks do not need the HTTP library, whose import is slow.
    from onetest_ci.cli.case_calls import connected, list_cases  # noqa: PLC0415

    with connected(invocation) as management:
        cases = list_cases(management, invocation)
    chosen = [case for case in cases if _is_chosen(case, automated, linked, text.casefold())]
    shown = redacted(chosen, invocation.redact)
    if form == "json":
        for piece in document({}, {"cases": (case._asdict() for case in shown)}):
            echo_json(piece)
        return
    for line in csv_lines(shown) if form == "csv" else text_table(shown):
        echo(line)
    if form == "table":
        all_cases = plural(len(cases), "test case")
        echo(all_cases if len(chosen) == len(cases) else f"{len(chosen):,} of {all_cases}")


def redacted(cases: Sequence[ManagedCase], redact: Redactor) -> Sequence[ManagedCase]:
    """Return test cases without the run's secrets."""
    if not redact:
        return cases
    return [case._replace(**{name: redact.text(text) for name, text in _texts(case)}) for case in cases]


def _texts(case: ManagedCase) -> Iterable[tuple[str, str]]:
    return list(case._asdict().items())[1:]


def _is_chosen(case: ManagedCase, automated: bool | None, linked: bool | None, text: str) -> bool:
    if automated is not None and automated != (case.execution_type == AUTOMATED):
        return False
    if linked is not None and linked != bool(case.automation_test_id.strip()):
        return False
    return not text or any(
        text in part.casefold() for part in (case.title, case.identifier, case.automation_test_id)
    )
