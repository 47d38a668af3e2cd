"""``onetest-ci doctor``."""

import io
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from onetest_ci.ci import detect
from onetest_ci.cli.app import show_errors
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_destination, missing_key
from onetest_ci.cli.doctor_comparison import comparison
from onetest_ci.cli.doctor_reports import read_reports
from onetest_ci.cli.invocation import Invocation, begin, working_directory
from onetest_ci.cli.options import format_option, settings_options
from onetest_ci.cli.output import echo, echo_command, echo_json
from onetest_ci.cli.written_files import summary_files, write_files
from onetest_ci.doctor import markdown
from onetest_ci.doctor.configuration import configuration, setting_rows
from onetest_ci.doctor.diagnosis import Diagnosis
from onetest_ci.doctor.finding import Area, Finding, Sign, note, warning
from onetest_ci.doctor.keys import keys
from onetest_ci.doctor.machine import ci_run, machine
from onetest_ci.errors import OnetestError, UsageProblem
from onetest_ci.outputs import github
from onetest_ci.outputs.styled import Styled
from onetest_ci.settings.option import variable_name
from onetest_ci.settings.sources import load
from onetest_ci.text.escape import one_line
from onetest_ci.text.plural import plural

_COLOURS: Final = {Sign.OK: "green", Sign.NOTE: "", Sign.WARNING: "yellow", Sign.ERROR: "red"}
_LIMIT: Final = "max-api-calls"


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci doctor
  onetest-ci doctor 'build/test-results/**/*.xml'
  onetest-ci doctor --offline reports/
  onetest-ci doctor --probe-import --format json
""",
)
@settings_options("doctor")
@click.option("--offline", is_flag=True, help="Leave out all checks that need the network.")
@click.option(
    "--probe-import",
    is_flag=True,
    help="Find the path of the JUnit import by an import without a file, which OneTest has to refuse.",
)
@click.option(
    "--issue",
    is_flag=True,
    help="Print the answers for an issue about OneTest's API too. After an error they are always printed.",
)
@format_option
def command(form: str, *, offline: bool, probe_import: bool, issue: bool, **flags: Any) -> int:
    """Check whether a report would be delivered from here, and why not.

    Shows settings with their sources, the way to OneTest, which services accept the key, and for PATHs what
    the reports contain and what their delivery would cost. It changes nothing in OneTest.

    Exits with 0 if `report` would not fail here, else with the exit code of `report` or `push`. Warnings do
    not change it.
    """
    maximum = flags.pop(_LIMIT.replace("-", "_"))
    try:
        invocation = begin("report", flags, masks_keys=True, prints_data=True)
        max_calls = _max_calls(maximum)
    except UsageProblem as problem:
        # The redactor comes with the settings. These texts do not come from outside.
        diagnosis = Diagnosis(findings=(*machine(), Finding.of_error(Area.SETTINGS, problem)))
        _print(diagnosis, form, issue=issue)
        _present_on_github(diagnosis, None, None, on_github=detect(os.environ, Path()).host == "github")
        return diagnosis.exit_code
    diagnosis = _diagnose(invocation, max_calls, offline=offline, probe_import=probe_import)
    redacted = diagnosis.redacted(invocation.redact)
    _print(redacted, form, issue=issue)
    context = invocation.context
    failed = _present_on_github(
        redacted, invocation.settings.summary, context.workspace, on_github=context.host == "github"
    )
    return redacted.exit_code or (failed[0].exit_code if failed else 0)


def _max_calls(flag: str | None) -> int:
    """Return the maximum number of this command's own requests; `report` has another default.

    Raises:
        UsageProblem: the value is not allowed.
    """
    variable = variable_name(_LIMIT)
    cwd = working_directory()
    settings, _ = load(
        "doctor",
        {_LIMIT: flag},
        environ={variable: os.environ.get(variable, "")},
        cwd=cwd,
        context=detect({}, cwd),
        stdin=io.StringIO(),
    )
    return settings.max_api_calls


def _diagnose(invocation: Invocation, max_calls: int, *, offline: bool, probe_import: bool) -> Diagnosis:
    settings, context = invocation.settings, invocation.context
    rows = setting_rows(settings, "report", context.host_name, invocation.redact)
    unusable = list(_unusable(invocation))
    findings = [
        *machine(),
        *configuration(rows, settings),
        *comparison(invocation),
        *unusable,
        *_unsent(invocation),
        *ci_run(context),
        *keys(settings),
    ]
    reports, of_reports = read_reports(invocation)
    if offline or any(finding.code != "missing-option" for finding in unusable):
        why = "--offline was set" if offline else "the settings do not name a destination"
        text = f"The network was not checked: {why}."
        findings.append(note(Area.CONNECTION, "not-checked", text))
        return Diagnosis(
            findings=_in_order([*findings, *of_reports]),
            settings=rows,
            reports=reports,
            max_calls=max_calls,
        )
    # Late, since the other checks do not need the HTTP library, whose import is slow.
    from onetest_ci.doctor.network import examine  # noqa: PLC0415

    network = examine(
        settings,
        invocation.redact,
        max_calls=max_calls,
        probe_import=probe_import,
        debug=invocation.output.debug,
        clock=invocation.clock,
    )
    return Diagnosis(
        findings=_in_order([*findings, *network.findings, *of_reports]),
        settings=rows,
        requests=network.requests,
        paths=network.paths,
        reports=reports,
        calls=network.calls,
        max_calls=max_calls,
        for_issue=network.for_issue,
    )


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    areas = list(Area)
    return tuple(sorted(findings, key=lambda finding: areas.index(finding.area)))


def _unusable(invocation: Invocation) -> Iterator[Finding]:
    """Yield an error if the settings do not name a destination."""
    settings, context = invocation.settings, invocation.context
    try:
        check_destination(settings, context, needs_product=not (settings.dry_run or context.untrusted))
    except UsageProblem as problem:
        yield Finding.of_error(Area.SETTINGS, problem)


def _unsent(invocation: Invocation) -> Iterator[Finding]:
    """Yield why `report` would send nothing: no key, or a dry run."""
    settings, context = invocation.settings, invocation.context
    if settings.dry_run:
        yield warning(Area.SETTINGS, "dry-run", "--dry-run is set: `report` sends nothing.", "Remove it.")
    if settings.api_key is None and not (settings.dry_run or context.untrusted):
        yield Finding.of_error(Area.KEYS, missing_key(settings))


def _print(diagnosis: Diagnosis, form: str, *, issue: bool) -> None:
    if form == "json":
        echo_json(json.dumps(diagnosis.as_dict(), ensure_ascii=False, indent=2) + "\n")
        return
    area = None
    for finding in diagnosis.findings:
        if finding.area is not area:
            echo([Styled(finding.area.value, bold=True)])
        area = finding.area
        sign = Styled(f"{finding.sign.value:<8}", _COLOURS[finding.sign], bold=finding.sign is Sign.ERROR)
        echo(["  ", sign, one_line(finding.text, 1000)])
        if finding.hint:
            echo(f"            {one_line(finding.hint, 1000)}")
        if finding.sign is Sign.ERROR:
            echo(f"            More: onetest-ci help {finding.code}")
    if diagnosis.for_issue and (issue or diagnosis.exit_code):
        echo([Styled("for an issue about OneTest's API", bold=True)])
        for line in diagnosis.for_issue.splitlines():
            echo(line)
    echo([Styled(_verdict(diagnosis), "red" if diagnosis.exit_code else "green", bold=True)])
    maximum = f" (--max-api-calls allows {diagnosis.max_calls:,})" if diagnosis.max_calls else ""
    echo(f"{plural(diagnosis.calls, 'API call')}{maximum}.")


def _verdict(diagnosis: Diagnosis) -> str:
    counts = (
        f"{plural(diagnosis.count(Sign.ERROR), 'error')}, {plural(diagnosis.count(Sign.WARNING), 'warning')}"
    )
    if diagnosis.exit_code:
        return f"A report would not be delivered from here ({counts}; exit code {int(diagnosis.exit_code)})."
    return f"Nothing here keeps a report from being delivered ({counts})."


def _present_on_github(
    diagnosis: Diagnosis, chosen: Path | None, workspace: Path | None, *, on_github: bool
) -> list[OnetestError]:
    """Write the summary, and annotate the run's page on GitHub. Return the errors of files."""
    text = markdown.summary(diagnosis, _verdict(diagnosis))
    failed = write_files(summary_files(text, chosen, on_github=on_github), workspace)
    show_errors(failed)
    if on_github:
        for finding in _errors(diagnosis.findings):
            title = f"onetest-ci doctor: {finding.code}"
            echo_command(
                github.annotation("error", title, f"{finding.text}\n{finding.hint}".rstrip()), err=True
            )
    return failed


def _errors(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.sign is Sign.ERROR)
