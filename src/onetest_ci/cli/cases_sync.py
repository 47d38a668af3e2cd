"""``onetest-ci cases sync``."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from onetest_ci.cases.sync_plan import Selection, SyncPlan, plan
from onetest_ci.cases.sync_report import Calls, SyncReport, head_as_dict, own_words, rows, text_lines
from onetest_ci.cases.sync_steps import Step
from onetest_ci.cases.title_template import DEFAULT, FIELDS, TitleTemplate
from onetest_ci.cli.app import show_errors
from onetest_ci.cli.case_fields import fields_of
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_access, check_trust
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import format_option, settings_options
from onetest_ci.cli.output import echo, echo_json
from onetest_ci.collect.report_problems import reading_problems
from onetest_ci.collect.run_tests import RunTests, read_tests
from onetest_ci.errors import BudgetExhausted, UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outputs.json_lists import document
from onetest_ci.ownership import workspace_owned
from onetest_ci.redaction import Redactor
from onetest_ci.settings import options

_FIELDS: Final = ", ".join(f"{{{name}}} ({meaning})" for name, meaning in FIELDS.items())


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci cases sync 'build/**/TEST-*.xml'
  onetest-ci cases sync --apply --priority p2 --test-category functional reports/
  onetest-ci cases sync --title '{class}: {name}' --include 'tests/shop/*' junit.xml
""",
)
@click.option("--apply", is_flag=True, help="Carry out the plan. Without it the plan is only printed.")
@click.option(
    "--title",
    metavar="TEMPLATE",
    default=DEFAULT,
    show_default=True,
    help=f"Title of a new test case. Fields: {_FIELDS}.",
)
@click.option("--priority", metavar="TEXT", help="Priority of new test cases, as the product spells it.")
@click.option("--test-category", metavar="TEXT", help="Category of new test cases, as the product spells it.")
@click.option(
    "--execution-type",
    metavar="TEXT",
    default="automated",
    show_default=True,
    help="Execution type of new test cases.",
)
@click.option(
    "--include",
    multiple=True,
    metavar="GLOB",
    help="Only tests whose code_ref matches; `*` matches any characters, `/` too. May be repeated.",
)
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="No tests whose code_ref matches. May be repeated."
)
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --apply: file that records what was begun, so that a further run continues after a kill. By "
    "default below CI's temporary directory, else in the user's state directory.",
)
@format_option
@settings_options("cases sync")
def command(
    *,
    apply: bool,
    title: str,
    priority: str | None,
    test_category: str | None,
    execution_type: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    journal: Path | None,
    form: str,
    **flags: Any,
) -> int:
    """Create the missing test cases of the tests in reports, and link those of the same title.

    Prints the plan and the number of API calls. With --apply it also carries the plan out.

    A test case without references is linked if its title is that of one test; nothing else of it is changed.
    A test whose case is not certain is listed and left. Nothing is deleted.

    After a kill, run the command again: it continues, and creates no test case twice. Exits with 4 if not
    everything was done, 5 or 6 if OneTest refused the key or the calls, 3 if a report could not be read.
    """
    invocation = begin("cases sync", flags, masks_keys=True, prints_data=True)
    settings = invocation.settings
    template, selection = TitleTemplate.parse(title), Selection.of(include, exclude)
    fields = fields_of(
        {"priority": priority, "test_category": test_category, "execution_type": execution_type}
    )
    if not settings.files:
        raise UsageProblem("missing-files", "No reports are named.", options()["files"].hint)
    check_trust(invocation.context, "`cases sync`")
    check_access(settings)
    run = read_tests(settings, invocation.context, invocation.redact, cwd=invocation.cwd)
    problems = reading_problems(run.read, tests_needed=True)
    if not run.tests and problems:
        show_errors(problems, invocation.redact.text)
        return ExitCode.REPORTS
    sync = _Sync(invocation, run, template, selection, fields)
    report = replace(sync.applied(journal) if apply else sync.planned(), problems=tuple(problems))
    _print(report, form, invocation)
    return report.exit_code


class _Sync:
    """One run of the command, after its options were checked.

    Args:
        invocation: of the command.
        run: the tests.
        template: of titles.
        selection: of tests.
        fields: of new test cases, by name.
    """

    def __init__(
        self,
        invocation: Invocation,
        run: RunTests,
        template: TitleTemplate,
        selection: Selection,
        fields: dict[str, str],
    ) -> None:
        self._invocation = invocation
        self._run = run
        self._template = template
        self._selection = selection
        self._fields = fields

    def planned(self) -> SyncReport:
        """List the test cases and plan.

        Raises:
            ServiceError: the list cannot be read.
        """
        # Late, since the checks do not need the HTTP library, whose import is slow.
        from onetest_ci.cases.sync import estimate  # noqa: PLC0415
        from onetest_ci.cli.case_calls import connected, list_pages  # noqa: PLC0415

        with connected(self._invocation) as management:
            listed = list_pages(management, self._invocation)
            made = self._plan(listed.cases)
            return SyncReport(
                plan=made,
                steps=[Step(part) for part in made.parts],
                applied=False,
                calls=self._calls(listed.pages, estimate(made, listed.pages), management.calls),
            )

    def applied(self, chosen: Path | None) -> SyncReport:
        """List the test cases, plan, and carry the plan out.

        Args:
            chosen: the journal, as the user named it.

        Raises:
            ServiceError: the list cannot be read.
            BudgetExhausted: the plan needs more requests than allowed. Nothing was changed.
            JournalError: another run synchronizes the product, or the journal cannot be used.
        """
        from onetest_ci.cases.journal import open_journal  # noqa: PLC0415
        from onetest_ci.cases.lookup import Lookup  # noqa: PLC0415
        from onetest_ci.cases.sync import Fields, Sync, estimate  # noqa: PLC0415
        from onetest_ci.cli.case_calls import connected, list_pages  # noqa: PLC0415
        from onetest_ci.onetest.client.hints import SYNCING  # noqa: PLC0415

        invocation = self._invocation
        settings = invocation.settings
        seed = f"{settings.base_url} {settings.product_id}"
        path = invocation.cwd / chosen if chosen else _default_journal(seed, invocation)
        with ExitStack() as stack:
            stack.enter_context(workspace_owned(path, invocation.context.workspace))
            # Locked before the list is read: no other run of this machine changes the product meanwhile.
            journal = stack.enter_context(open_journal(path, seed))
            management = stack.enter_context(connected(invocation, SYNCING))
            listed = list_pages(management, invocation)
            made = self._plan(listed.cases)
            most = estimate(made, listed.pages)
            _check_cost(most, settings.max_api_calls)
            lookup = Lookup(management, listed)
            sync = Sync(management, lookup, journal, Fields(**self._fields), invocation.output.progress)
            try:
                steps, error = sync.carry_out(made)
            except BaseException:
                # A signal, or a bug: the journal is kept.
                invocation.output.notice(_repeat_hint(path))
                raise
            return SyncReport(
                plan=made,
                steps=steps,
                applied=True,
                calls=self._calls(listed.pages, most, management.calls),
                journal=path,
                resumed=len(journal.earlier),
                error=error,
            )

    def _plan(self, cases: Any) -> SyncPlan:
        return plan(cases, self._run.tests, self._selection, self._template)

    def _calls(self, listing: int, most: int, total: int) -> Calls:
        limit = self._invocation.settings.max_api_calls
        return Calls(listing=listing, estimate=most, limit=limit, total=total)


def _default_journal(seed: str, invocation: Invocation) -> Path:
    from onetest_ci.bundle.state_directory import default_state_directory  # noqa: PLC0415 - only for --apply

    name = hashlib.sha256(seed.encode()).hexdigest()[:16]
    return default_state_directory(invocation.context.temp_dir) / f"cases-sync-{name}.jsonl"


def _repeat_hint(journal: Path) -> str:
    return f"Run the command again to continue. The journal is {journal}."


def _check_cost(most: int, limit: int) -> None:
    """Refuse a plan that may need more requests than allowed.

    Raises:
        BudgetExhausted: ``over-max-api-calls``.
    """
    if most > limit:
        raise BudgetExhausted(
            "over-max-api-calls",
            f"The sync may take {most:,} API calls; --max-api-calls allows {limit:,}. Nothing was changed.",
            "Raise --max-api-calls, or synchronize a part of the tests with --include.",
        )


def _print(report: SyncReport, form: str, invocation: Invocation) -> None:
    redact = invocation.redact
    if form == "json":
        for piece in _document(report, redact):
            echo_json(piece)
    else:
        for line in text_lines(report):
            echo(redact.text(line))
    show_errors([one for one in (report.error, *report.problems) if one is not None], redact.text)
    if report.resumed:
        invocation.output.notice(
            f"An earlier run was cut short; the journal holds {report.resumed:,} of its test cases."
        )
    if report.applied and report.journal and report.exit_code not in {ExitCode.OK, ExitCode.REPORTS}:
        invocation.output.notice(_repeat_hint(report.journal))


def _document(report: SyncReport, redact: Redactor) -> Iterator[str]:
    head, lists = head_as_dict(report), rows(report)
    if redact:
        change = partial(redact.own_json, own_words=own_words(report))
        head, lists = change(head), {name: map(change, of) for name, of in lists.items()}
    return document(head, lists)
