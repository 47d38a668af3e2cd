"""``onetest-ci inspect``."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import click

from onetest_ci.cli.app import show_errors
from onetest_ci.cli.command import Command
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import format_option, settings_options
from onetest_ci.cli.output import echo, echo_json
from onetest_ci.collect.report_problems import absence_notices, read_options, reading_problems
from onetest_ci.errors import UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.notices import NOTE, WARNING
from onetest_ci.outputs.descriptions import MERGED, describe_skipped, describe_totals
from onetest_ci.outputs.notice_lines import notice_lines
from onetest_ci.outputs.styled import Line
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FileReport, FoundFile, ReadOptions, ReportSet, find, read_reports
from onetest_ci.reports.confined import confined
from onetest_ci.settings import options
from onetest_ci.text.durations import duration
from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

_ROWS_AT_A_TIME: Final = 500
_MERGED_SHOWN: Final = 50
_REST: Final = "--format json has all"


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci inspect build/test-results/
  onetest-ci inspect --format json 'build/**/*.xml' '!**/legacy/**'
""",
)
@settings_options("inspect")
@format_option
def command(form: str, **flags: Any) -> int:
    """Show what reports contain: counts, failed tests, warnings and errors of each file.

    Needs no key, no product and no network. Exits with 3 when a report could not be read to its end.
    """
    invocation = begin("inspect", flags)
    settings, redact = invocation.settings, invocation.redact
    if not settings.files:
        raise UsageProblem("missing-files", "No reports are named.", options()["files"].hint)
    found = confined(find(settings.files, root=invocation.cwd), settings.root_of("files"))
    reading = read_options(settings)
    shown = None if form == "json" else invocation.output.reading
    read = read_reports(found, options=reading, shown=shown)
    named = [redact.row(file.as_dict()) for file in read.named]
    if form == "json":
        for text in _document(read, named, redact):
            echo_json(text)
    else:
        _show(read, _failures(read, found.files, reading, invocation), redact)
    for text in describe_skipped(read.skipped, named, read.left_out):
        echo(f"onetest-ci: {text}", err=True)
    problems = reading_problems(read)
    absent = [notice.redacted(redact, redact.text) for notice in absence_notices(read, problems)]
    for text in notice_lines(absent, WARNING, _REST):
        echo(f"onetest-ci: warning: {one_line(text, 1000)}", err=True)
    show_errors(problems, redact.text)
    return ExitCode.REPORTS if problems else ExitCode.OK


def _document(read: ReportSet, named: list[dict[str, Any]], redact: Redactor) -> Iterator[str]:
    """Yield the JSON document in pieces, since the document of 100,000 files would take much memory."""
    before = '{\n  "files": ['
    for start in range(0, len(read.files), _ROWS_AT_A_TIME):
        for row in read.files[start : start + _ROWS_AT_A_TIME]:
            before += "\n    " + _indented(redact.row(row.as_dict()), "    ") + ","
        # The last row has no comma after it.
        last = start + _ROWS_AT_A_TIME >= len(read.files)
        yield before.removesuffix(",") + "\n  " if last else before
        before = ""
    rest = {
        "totals": read.totals.as_dict(),
        "skipped_files": read.skipped,
        "not_reports": named,
        "left_out_directories": read.left_out,
    }
    yield f"{before}],\n  {_indented(rest, '')[1:-1].strip()}\n}}\n"


def _indented(value: dict[str, Any], margin: str) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", f"\n{margin}")


def _failures(
    read: ReportSet, files: Iterable[FoundFile], options: ReadOptions, invocation: Invocation
) -> Mapping[str, list[Line]]:
    """Return the lines on failed tests by the path of their report."""
    if not read.totals.failures + read.totals.errors:
        return {}
    from onetest_ci.cli.inspected_failures import lines_by_report  # noqa: PLC0415 - see the module

    context = invocation.context
    checkout = context.checkout or context.workspace_or(invocation.cwd)
    return lines_by_report(files, read.files, options, invocation.redact, checkout)


def _show(read: ReportSet, failures: Mapping[str, list[Line]], redact: Redactor) -> None:
    for row in read.files:
        echo(_row(row, redact(row.path)))
        for line in failures.get(row.path, ()):
            echo(line)
        if row.merged:
            echo(f"    {plural(len(row.merged), 'test')} {MERGED}:")
            for name in row.merged[:_MERGED_SHOWN]:
                echo(f"      {one_line(redact(name), 500)}")
            if len(row.merged) > _MERGED_SHOWN:
                echo(f"      … {len(row.merged) - _MERGED_SHOWN:,} more; --format json has them")
    notices = [notice.about(row.path) for row in read.files for notice in row.notices]
    redacted = [notice.redacted(redact, redact.text) for notice in notices]
    for level in (WARNING, NOTE):
        for text in notice_lines(redacted, level, _REST):
            echo(f"{level}: {one_line(text, 1000)}")
    if len(read.files) > 1:
        echo(f"{plural(len(read.files), 'report')}: {describe_totals(read.totals.as_dict())}")


def _row(row: FileReport, path: str) -> str:
    if row.error and not row.format:
        return f"{one_line(path, 1000)}: not read"
    cut = ", cut short" if row.truncated else ""
    totals = describe_totals(row.counts.as_dict())
    attachments = f", {plural(row.counts.attachments, 'attachment')}" if row.counts.attachments else ""
    return (
        f"{one_line(path, 1000)}: {row.format}, {totals}{attachments} ({duration(row.counts.seconds)}){cut}"
    )
