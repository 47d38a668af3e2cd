"""``onetest-ci cases match``."""

import gc
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click
from msgspec.json import Encoder

from onetest_ci.case_links import (
    CaseLinks,
    ManagedCase,
    case_without_result_as_dict,
    link_as_dict,
    shared_reference_as_dict,
    unlinked_test_as_dict,
    without_secrets,
)
from onetest_ci.cases.matching import match
from onetest_ci.cli.app import show_error
from onetest_ci.cli.destination import check_access
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import echo, echo_json
from onetest_ci.collect.report_problems import reading_problems
from onetest_ci.collect.run_tests import read_tests
from onetest_ci.errors import UsageProblem, output_not_written
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outputs.case_links import SHOWN, is_linkable, markdown, text_lines
from onetest_ci.outputs.files import write_text
from onetest_ci.outputs.github import write_step_summary
from onetest_ci.ownership import workspace_owned
from onetest_ci.redaction import Redactor
from onetest_ci.settings import options

_AT_A_TIME: Final = 500
_ENCODER: Final = Encoder()


@click.command(
    epilog="""\b
Examples:
  onetest-ci cases match 'build/**/TEST-*.xml'
  onetest-ci cases list --format json > cases.json
  onetest-ci cases match --cases cases.json --format json reports/
"""
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
    for problem in problems:
        show_error(problem, redact.text)
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
    """Yield the JSON document in pieces, since that of 100,000 tests would take much memory."""
    yield f'{{"totals": {json.dumps(links.totals._asdict())}'
    lists: tuple[tuple[str, Iterable[Any], Callable[[Any], dict[str, Any]]], ...] = (
        ("linked", links.linked, link_as_dict),
        ("tests_without_case", links.tests_without_case, unlinked_test_as_dict),
        ("cases_without_result", links.cases_without_result, case_without_result_as_dict),
        ("ambiguous", links.ambiguous, shared_reference_as_dict),
    )
    for name, rows, as_dict in lists:
        before = f',\n"{name}": [\n'
        waiting = iter(rows)
        while chosen := list(islice(waiting, _AT_A_TIME)):
            yield before + _rows([as_dict(row) for row in chosen], redact)
            before = ",\n"
        yield "]" if before == ",\n" else f"{before.rstrip()}]"
    yield "}\n"


def _rows(rows: Sequence[dict[str, Any]], redact: Redactor) -> str:
    """Return JSON rows, a line for each, with commas between them."""
    if redact:
        rows = [_redacted(row, redact) for row in rows]
    try:
        # A string holds no line break in JSON.
        return _ENCODER.encode_lines(rows).removesuffix(b"\n").replace(b"\n", b",\n").decode()
    except UnicodeEncodeError:
        # A row contains a lone surrogate, which is not valid in UTF-8.
        return ",\n".join(map(json.dumps, rows))


def _redacted(value: Any, redact: Redactor) -> Any:
    """Return a value of JSON without the secrets in its texts. The names of its members are our own."""
    if isinstance(value, str):
        return without_secrets(redact, value)
    if isinstance(value, dict):
        return {name: _redacted(member, redact) for name, member in value.items()}
    return [_redacted(member, redact) for member in value] if isinstance(value, list) else value


def _write_summaries(links: CaseLinks, invocation: Invocation) -> int:
    """Write the summary to the file of ``--summary``, and to GitHub's step summary. Return the exit code."""
    settings, workspace = invocation.settings, invocation.context.workspace
    text = markdown(links)
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY")
    files: list[tuple[Path, Callable[[Path, str], None]]] = []
    if settings.summary:
        files.append((invocation.cwd / settings.summary, write_text))
    if invocation.context.host == "github" and step_summary:
        files.append((Path(step_summary), write_step_summary))
    code: int = ExitCode.OK
    for path, write in files:
        try:
            with workspace_owned(path, workspace):
                write(path, text)
        except OSError as problem:
            error = output_not_written(path, problem)
            show_error(error, invocation.redact.text)
            code = error.exit_code
    return code
