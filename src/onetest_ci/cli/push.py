"""``onetest-ci push``: deliver a bundle, or what earlier pushes left of it."""

from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any

import click

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import BAD_LOG, DeliveryLog, forget_delivery
from onetest_ci.bundle.lock import locked
from onetest_ci.bundle.state_directory import locked_state_directory
from onetest_ci.bundle.untrusted import sanitize
from onetest_ci.bundle.verification import verify
from onetest_ci.cli.bundle_location import repeat_hint
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_destination
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.matched_cases import match_cases
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.present import present
from onetest_ci.cli.results import results_of
from onetest_ci.cli.sending import Sent, kept_when_cut_short, send
from onetest_ci.cli.shown_tests import same_checkout, show_in
from onetest_ci.errors import BundleError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import Gate, Outcome, UploadStatus
from onetest_ci.ownership import workspace_owned
from onetest_ci.push.target import tested_run


def _offered(*args: Any) -> Any:
    # Late, since only the script of a shell needs it.
    from onetest_ci.cli.completions import bundles  # noqa: PLC0415

    return bundles(*args)


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci push onetest-bundle-5f0c2a7b9d31
  onetest-ci push --timeout 300 bundle/
""",
)
@click.argument("bundle", type=click.Path(path_type=Path), shell_complete=_offered)
@settings_options("push")
def command(bundle: Path, **flags: Any) -> int:
    """Deliver a bundle that `collect` or `report` left.

    Results that OneTest has acknowledged are not sent again, so repeat the command until everything is
    delivered. Exits with 4 until then.
    """
    invocation = begin("push", flags, masks_keys=True)
    return present(push(bundle, invocation), invocation)


def push(directory: Path, invocation: Invocation) -> Outcome:
    """Deliver a bundle, or what earlier pushes left of it.

    Raises:
        UsageProblem: something needed is not set.
        BundleError: there is no bundle, or it is damaged.
    """
    settings, context = invocation.settings, invocation.context
    check_destination(settings, context, needs_product=True)
    bundle = Bundle.open(invocation.cwd / directory, invocation.redact)
    with workspace_owned(bundle.directory, context.workspace), locked(bundle.directory):
        verify(bundle)
        if settings.untrusted:
            bundle = sanitize(bundle, tested_run(context, settings.product_id))
        with _log_directory(bundle, invocation) as log_directory:
            sent = _send(bundle, log_directory, directory, invocation)
        cases = match_cases(bundle, sent.delivery, invocation)
        results = results_of(
            bundle, sent.delivery, invocation, show=show_in(same_checkout(bundle, invocation), invocation)
        )
    notes = list(sent.notes)
    code = ExitCode.OK
    if bundle.manifest.cases and sent.delivery.status is not UploadStatus.DELIVERED:
        error = sent.delivery.error
        code = error.exit_code if error else ExitCode.NOT_DELIVERED
        notes.append(repeat_hint(directory, context))
    return Outcome(
        manifest=bundle.manifest,
        delivery=sent.delivery,
        gate=Gate("never"),
        results=results,
        notes=notes,
        cases=cases,
        bundle_path=directory,
        exit_code=code,
    )


def _log_directory(bundle: Bundle, invocation: Invocation) -> AbstractContextManager[Path]:
    """Return the directory of the delivery log: the bundle, or for an untrusted one a directory of ours."""
    settings = invocation.settings
    if not settings.untrusted:
        return nullcontext(bundle.directory)
    chosen = invocation.cwd / settings.state if settings.state else None
    return locked_state_directory(bundle, chosen, invocation.context.temp_dir)


def _send(bundle: Bundle, log_directory: Path, directory: Path, invocation: Invocation) -> Sent:
    """Deliver what the delivery log does not hold.

    Args:
        bundle: verified.
        log_directory: holds its delivery log.
        directory: the bundle as the user named it.
        invocation: of the command.

    Raises:
        BundleError: the log is damaged.
    """
    settings = invocation.settings
    log, is_new = _open_log(log_directory, bundle, resends=settings.damaged_log == "resend")
    resends = settings.untrusted and settings.damaged_log == "resend"

    def hint() -> str:
        return repeat_hint(directory, invocation.context)

    with closing(log), kept_when_cut_short(hint, invocation.output.notice):
        return send(
            bundle,
            log,
            invocation,
            resumed=is_new or resends,
            # The log of a trusted bundle lies inside of it: it is not lost alone.
            must_be_new=settings.untrusted and not resends,
        )


def _open_log(directory: Path, bundle: Bundle, *, resends: bool) -> tuple[DeliveryLog, bool]:
    """Open the delivery log.

    Args:
        directory: holds the log.
        bundle: that it belongs to.
        resends: replace a damaged log by an empty one, so that all is sent again.

    Returns:
        The log, and whether it replaces a damaged one.

    Raises:
        BundleError: the log is damaged and not to be replaced.
    """
    try:
        return DeliveryLog(directory, bundle.digest), False
    except BundleError as problem:
        if problem.code != BAD_LOG or not resends:
            raise
    forget_delivery(directory)
    return DeliveryLog(directory, bundle.digest), True
