"""``onetest-ci report``: collect and push in one."""

from contextlib import closing
from typing import Any

import click

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.lock import locked
from onetest_ci.bundle.verification import verify_sizes
from onetest_ci.cli.bundle_location import BundleLocation, kept_hint, location_for_report
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_destination
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.matched_cases import match_cases
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.present import present
from onetest_ci.cli.results import BeforeTests, results_of
from onetest_ci.cli.sending import Sent, kept_when_cut_short, send
from onetest_ci.cli.shown_tests import show_in, tested_checkout
from onetest_ci.collect.collector import Collected, TestRun, collect
from onetest_ci.collect.test_command import BY_SIGNAL
from onetest_ci.errors import BundleError, OnetestError, output_not_written
from onetest_ci.gate import Figures, Limits, exit_code, judge, why_not_judged
from onetest_ci.notices import NOTE, Notice
from onetest_ci.outcome import Delivery, Outcome, UploadStatus
from onetest_ci.ownership import workspace_owned
from onetest_ci.signals import Stopped
from onetest_ci.text.plural import plural


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci report 'build/test-results/**/*.xml' '!**/TEST-legacy-*.xml'
  onetest-ci report --environment staging --build-version 1.4.2 junit.xml
  onetest-ci report --mode import --json outcome.json reports/
  onetest-ci report --dry-run reports/
  onetest-ci report --max-failures 0 --min-pass-rate 99.5 reports/
""",
)
@settings_options("report")
def command(**flags: Any) -> int:
    """Read reports and deliver them to OneTest.

    PATH is a file, a directory or a glob (`**` goes down any number of directories); a leading `!` excludes.

    If the upload fails, the exit code is still 0 unless --fail-on-upload-error is set. The results are then
    kept in a bundle, and a message shows the command that delivers it.
    """
    invocation = begin("report", flags, masks_keys=True)
    return present(report(invocation), invocation)


def report(
    invocation: Invocation,
    tests: TestRun | None = None,
    stopped: Stopped | None = None,
    before: BeforeTests | None = None,
) -> Outcome:
    """Read the reports, deliver them, and keep the bundle if not all was delivered.

    Args:
        invocation: of `report` or `run`.
        tests: the command that wrote the reports, if this process ran it.
        stopped: the signal that asked the run to stop while that command ran.
        before: what that command must not change. None if this process did not run it.

    Raises:
        UsageProblem: something needed is not set; nothing was read yet.
        BundleError: the bundle cannot be written.
    """
    location = prepare(invocation)
    with workspace_owned(location.directory, invocation.context.workspace):
        return _report(location, invocation, tests, stopped, before)


def prepare(invocation: Invocation) -> BundleLocation:
    """Check the settings, and return the place for the bundle.

    A run that gets no secrets from CI needs neither the key nor the product.

    Raises:
        UsageProblem: something needed is not set.
        BundleError: the place for the bundle holds something else.
    """
    settings, context = invocation.settings, invocation.context
    check_destination(settings, context, needs_product=not (settings.dry_run or context.untrusted))
    return location_for_report(settings.bundle, context, invocation.cwd)


def _report(
    location: BundleLocation,
    invocation: Invocation,
    tests: TestRun | None,
    stopped: Stopped | None,
    before: BeforeTests | None,
) -> Outcome:
    settings, context = invocation.settings, invocation.context
    collected = _collect(location, invocation, tests)
    bundle = collected.bundle
    with kept_when_cut_short(lambda: kept_hint(location, location.keep(), context), invocation.output.notice):
        not_written = _write_junit(bundle, invocation)
        with locked(bundle.directory):
            sent = _send_collected(bundle, invocation, stopped)
            cases = match_cases(bundle, sent.delivery, invocation)
            is_whole = _is_whole(collected, stopped)
            results = results_of(
                bundle,
                sent.delivery,
                invocation,
                before,
                notable=collected.notable,
                is_whole=is_whole,
                show=show_in(tested_checkout(invocation), invocation),
                judges=True,
            )
    notes = list(sent.notes)
    if sent.delivery.status is UploadStatus.DELIVERED or settings.dry_run or not sent.delivery.total:
        bundle_path = location.discard()
    else:
        bundle_path = location.keep()
        notes.append(kept_hint(location, bundle_path, context))
    problems = [*collected.problems, *not_written]
    figures = results and Figures.of(
        bundle.manifest.totals, results, not_tests=int(collected.has_command_case)
    )
    test_exit_code, notice = _test_exit_code(collected, figures, tests, results.absent if results else 0)
    notes += [notice.text] if notice and notice.level == NOTE else []
    sent.delivery.notices.extend([notice] if notice and notice.level != NOTE else [])
    limits = Limits.of(settings)
    gate = judge(limits, figures, unjudged=_unjudged(collected, limits, figures))
    return Outcome(
        manifest=bundle.manifest,
        delivery=sent.delivery,
        gate=gate,
        results=results,
        problems=problems,
        notes=notes,
        cases=cases,
        bundle_path=bundle_path,
        exit_code=test_exit_code
        or exit_code(problems, sent.delivery, gate, fail_on_upload_error=settings.fail_on_upload_error),
    )


def _unjudged(collected: Collected, limits: Limits, figures: Figures | None) -> str:
    """Return why the figures may lack a failure, so that they pass no gate; empty if they lack none."""
    if collected.problems:
        return "not all reports could be read"
    return why_not_judged(limits, figures, collected.bundle.manifest.notices) if figures else ""


def _is_whole(collected: Collected, stopped: Stopped | None) -> bool:
    """Return whether the reports are those of a test command that came to its own end."""
    return stopped is None and collected.test_exit_code <= BY_SIGNAL


def _test_exit_code(
    collected: Collected, figures: Figures | None, tests: TestRun | None, absent: int
) -> tuple[int, Notice | None]:
    """Return the exit code of the test command, 0 if quarantine excuses it, and a notice on it."""
    code = collected.test_exit_code
    if not code:
        return 0, None
    own = f"The exit code {code} is that of the test command."
    if not figures or not figures.quarantined:
        return code, Notice("test-command", own, level=NOTE)
    # Few commands fail by tests in quarantine.
    from onetest_ci.excuse import CommandEnd, why_not_excused  # noqa: PLC0415

    end = CommandEnd(
        exit_code=code,
        stopped=bool(tests and tests.result.stopped_by),
        unread=bool(collected.problems),
        any_age=bool(tests and tests.before is None),
        empty=any(not row.get("tests") for row in collected.bundle.manifest.reports),
        has_case=collected.has_command_case,
        unaccounted=collected.unaccounted,
        absent=absent,
        notices=collected.bundle.manifest.notices,
    )
    why = why_not_excused(end, figures)
    if why:
        return code, Notice("test-command", f"{own} The quarantine does not change it: {why}.", level=NOTE)
    held = plural(figures.quarantined, "failed test")
    account = f"The test command ended with exit code {code}, for which {held} in quarantine account."
    limits = "Reasons that no report contains, such as a coverage limit, are not seen."
    return 0, Notice("test-command", f"{account} It does not fail this run. {limits}")


def _collect(location: BundleLocation, invocation: Invocation, tests: TestRun | None) -> Collected:
    try:
        return collect(
            invocation.settings,
            invocation.context,
            invocation.redact,
            location.directory,
            cwd=invocation.cwd,
            clock=invocation.clock,
            tests=tests,
            shown=invocation.output.reading,
        )
    except BaseException:
        # An incomplete bundle is of no use; the reports are still there.
        location.discard()
        raise


def _write_junit(bundle: Bundle, invocation: Invocation) -> list[OnetestError]:
    """Write the JUnit document if ``--junit`` names a file; return the error if it cannot be written."""
    if invocation.settings.junit is None:
        return []
    # Only --junit needs junitparser.
    from onetest_ci.outputs.junit import write_junit  # noqa: PLC0415
    from onetest_ci.outputs.junit_files import folder_of  # noqa: PLC0415

    path = invocation.cwd / invocation.settings.junit
    workspace = invocation.context.workspace
    try:
        with workspace_owned(path, workspace), workspace_owned(folder_of(path), workspace):
            write_junit(path, bundle, invocation.context.workspace_or(invocation.cwd))
    except OSError as problem:
        return [output_not_written(path, problem)]
    except BundleError as problem:
        return [problem]
    return []


def _send_collected(bundle: Bundle, invocation: Invocation, stopped: Stopped | None) -> Sent:
    """Deliver the bundle that this process has just written.

    Its digests are not computed again. Names and sizes are checked, and the tests are counted while they are
    read. Damage must not hide the results, so it becomes the delivery's error.
    """
    try:
        verify_sizes(bundle)
        log = DeliveryLog(bundle.directory, bundle.digest)
    except BundleError as problem:
        total = bundle.manifest.cases
        return Sent(Delivery(total=total, error=problem, status=UploadStatus.FAILED))
    with closing(log):
        return send(bundle, log, invocation, resumed=False, stopped=stopped)
