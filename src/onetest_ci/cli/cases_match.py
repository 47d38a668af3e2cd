"""``onetest-ci cases match``."""

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any

import click

from onetest_ci.case_links import (
    OWN_WORDS,
    CaseLinks,
    ManagedCase,
    case_without_result_as_dict,
    link_as_dict,
    shared_reference_as_dict,
    unlinked_test_as_dict,
)
from onetest_ci.cases.matching import match
from onetest_ci.cli.app import show_errors
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_access
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import echo, echo_json
from onetest_ci.cli.written_files import summary_files, write_files
from onetest_ci.collect.report_problems import reading_problems
from onetest_ci.collect.run_tests import read_tests
from onetest_ci.errors import UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outputs.case_links import SHOWN, is_linkable, markdown, text_lines
from onetest_ci.outputs.json_lists import document
from onetest_ci.redaction import Redactor
from onetest_ci.settings import options


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci cases match 'build/**/TEST-*.xml'
  onetest-ci cases list --format json > cases.json
  onetest-ci cases match --cases cases.json --format json reports/
""",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table for people, or exactly one JSON document on standard output.",
)
@settings_options("cases match")
def command(form: str, **flags: Any) -> int:
    """Show which test cases the tests in reports belong to, and which tests and cases are left.

    A test is linked to each test case whose automation_test_id contains its code_ref, which is the rule of
    OneTest. For each other test the nearest case is shown, and why it does not match. Nothing is sent.

    Tests without a case do not change the exit code. It is 3 if a report could not be read to its end.
    """
    # The records of a run hold no cycles, and the search for them takes a fifth of the time.
    gc.disable()
    invocation = begin("cases match", flags, masks_keys=True, prints_data=True)
    settings, redact = invocation.settings, invocation.redact
    if not settings.files:
        raise UsageProblem("missing-files", "No reports are named.", options()["files"].hint)
    if settings.cases is None:
        check_access(settings)
    run = read_tests(settings, invocation.context, redact, cwd=invocation.cwd)
    problems = reading_problems(run.read, tests_needed=True)
    code: int = ExitCode.REPORTS if problems else ExitCode.OK
    if run.tests or not problems:
        links = match(_known_cases(invocation), run.tests)
        shown = links.bounded(SHOWN).redacted(redact)
        code = _write_summaries(shown, invocation) or code
        _print(links, shown, form, redact)
    show_errors(problems, redact.text)
    return code


def _known_cases(invocation: Invocation) -> list[ManagedCase]:
    """Return the test cases in the file of ``--cases``, else those that OneTest lists."""
    file = invocation.settings.cases
    # Late, since each way needs another library.
    if file is not None:
        from onetest_ci.cases.file import read_cases  # noqa: PLC0415

        return read_cases(invocation.cwd / file)
    from onetest_ci.cli.case_calls import connected, list_cases  # noqa: PLC0415

    with connected(invocation) as management:
        return list_cases(management, invocation)


def _print(links: CaseLinks, shown: CaseLinks, form: str, redact: Redactor) -> None:
    if form == "json":
        for piece in _document(links, redact):
            echo_json(piece)
        return
    for line in text_lines(shown, "--format json has all"):
        echo(line)
    if any(map(is_linkable, links.tests_without_case)):
        echo(
            "To create the missing test cases, see the plan of `onetest-ci cases sync` for the same reports."
        )


def _document(links: CaseLinks, redact: Redactor) -> Iterator[str]:
    rows: dict[str, Iterator[dict[str, Any]]] = {
        "linked": map(link_as_dict, links.linked),
        "tests_without_case": map(unlinked_test_as_dict, links.tests_without_case),
        "cases_without_result": map(case_without_result_as_dict, links.cases_without_result),
        "ambiguous": map(shared_reference_as_dict, links.ambiguous),
    }
    if redact:
        change = partial(redact.own_json, own_words=OWN_WORDS)
        rows = {name: map(change, of) for name, of in rows.items()}
    return document({"totals": links.totals._asdict()}, rows)


def _write_summaries(links: CaseLinks, invocation: Invocation) -> int:
    """Write the summary to the file of ``--summary``, and to GitHub's step summary. Return the exit code."""
    context = invocation.context
    files = summary_files(markdown(links), invocation.settings.summary, on_github=context.host == "github")
    failed = write_files(files, context.workspace)
    show_errors(failed, invocation.redact.text)
    return failed[0].exit_code if failed else ExitCode.OK
