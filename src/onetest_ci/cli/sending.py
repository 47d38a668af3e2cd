"""Deliver a bundle for `report` and `push`, or return why nothing was sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.cli.destination import missing_key
from onetest_ci.cli.invocation import Invocation
from onetest_ci.late_imports import uncollected
from onetest_ci.outcome import Delivery, UploadStatus
from onetest_ci.push.cost import plan
from onetest_ci.push.target import target_of
from onetest_ci.signals import Stopped


class Sent(NamedTuple):
    """What became of a bundle, and notes on it for people."""

    delivery: Delivery
    notes: tuple[str, ...] = ()


def send(
    bundle: Bundle,
    log: DeliveryLog,
    invocation: Invocation,
    *,
    resumed: bool,
    must_be_new: bool = False,
    stopped: Stopped | None = None,
) -> Sent:
    """Deliver the steps that the log does not contain.

    Nothing is sent without tests, key or product, in a dry run, or over ``--max-api-calls``.

    Args:
        bundle: what to deliver.
        log: the steps that OneTest acknowledged.
        invocation: the run of the command.
        resumed: whether an earlier push may have sent steps that the log does not contain.
        must_be_new: whether a launch that exists is an error.
        stopped: the signal that asked the run to stop before the reports were read.
    """
    settings, context, output = invocation.settings, invocation.context, invocation.output
    if not bundle.manifest.cases:
        return Sent(Delivery(), ("There are no tests; nothing was sent.",))
    target = target_of(settings, context)
    chosen = plan(
        bundle, log, settings.mode, settings.max_api_calls, target=target, deployment=settings.deployment
    )
    unsent = Delivery(mode=chosen.mode, estimate=chosen.estimate, why=chosen.why, total=bundle.manifest.cases)
    if chosen.problem:
        return Sent(replace(unsent, error=chosen.problem, status=UploadStatus.REFUSED))
    if settings.dry_run:
        return Sent(unsent, ("A dry run: nothing was sent.",))
    if settings.api_key is None or not settings.product_id:
        if context.untrusted:
            return Sent(unsent, (_withheld_key(context.untrusted),))
        return Sent(replace(unsent, error=missing_key(settings), status=UploadStatus.REFUSED))
    # Late, since a dry run and a run without a key do not need the HTTP library, whose import is slow.
    with uncollected():
        from onetest_ci.connection import connect  # noqa: PLC0415
        from onetest_ci.push.deliver import deliver  # noqa: PLC0415

    delivery = deliver(
        bundle,
        log,
        chosen,
        target,
        settings,
        connect=partial(connect, settings, invocation.redact, output.debug),
        resumed=resumed,
        must_be_new=must_be_new,
        notice=output.notice,
        progress=output.progress,
        stopped=stopped,
    )
    return Sent(delivery)


def _withheld_key(run: str) -> str:
    return (
        f"No API key or product, since this is a {run}: the results are collected and not sent. Push the "
        "bundle from a trusted workflow."
    )


@contextmanager
def kept_when_cut_short(keep: Callable[[], str], notice: Callable[[str], None]) -> Iterator[None]:
    """On a signal or an internal error, keep the bundle and print how to deliver it.

    Args:
        keep: keeps the bundle, and returns the hint.
        notice: prints it.
    """
    try:
        yield
    except BaseException:
        notice(keep())
        raise
