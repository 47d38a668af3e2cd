"""Deliver a bundle: as a launch with its items, or by importing documents; then the files of the run."""

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import LOG_LOST, DeliveryLog
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.connection import Connect
from onetest_ci.errors import (
    BudgetExhausted,
    BundleError,
    Interrupted,
    OnetestError,
    Refused,
    ServiceError,
    UsageProblem,
)
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.client.retry import CONFLICT, is_duplicate
from onetest_ci.onetest.membership import Membership
from onetest_ci.onetest.receiver import Receiver
from onetest_ci.outcome import Delivery, UploadStatus
from onetest_ci.push.artifacts import LaunchLogs, send_artifacts
from onetest_ci.push.context import PushContext
from onetest_ci.push.cost import Plan
from onetest_ci.push.interrupt import CURRENT_CALLS_SECONDS, FINISH_SECONDS, Notify, run_interruptible
from onetest_ci.push.launch import LaunchDelivery
from onetest_ci.push.launch_items import Progress
from onetest_ci.push.ordered_pool import OrderedPool
from onetest_ci.push.setup import LaunchLinks, set_up
from onetest_ci.push.target import Target
from onetest_ci.settings.delivery import DeliverySettings
from onetest_ci.signals import Stopped

_PLAN: Final = Step(Kind.PLAN)
_DELIVERED: Final = Step(Kind.DELIVERED)


def deliver(
    bundle: Bundle,
    log: DeliveryLog,
    plan: Plan,
    target: Target,
    settings: DeliverySettings,
    *,
    connect: Connect,
    resumed: bool,
    must_be_new: bool = False,
    notice: Notify,
    progress: Progress,
    stopped: Stopped | None = None,
) -> Delivery:
    """Deliver a bundle, or the steps of it that earlier pushes left.

    Args:
        bundle: what to deliver.
        log: its acknowledged steps.
        plan: the mode and its cost.
        target: whose launch it is.
        settings: of the delivery.
        connect: makes a connection.
        resumed: whether an earlier push may have sent steps that the log does not contain.
        must_be_new: whether a launch that exists is an error. It means that an earlier push's log is lost.
        notice: prints a line at once.
        progress: shows the cases sent.
        stopped: the signal that asked this run to stop earlier. Then little time is left.

    Returns:
        The delivery. An error or a signal that stopped it is in ``error``, so that an outcome can be shown.

    Raises:
        UsageProblem: the settings do not make a connection.
    """
    delivery = Delivery(mode=plan.mode, why=plan.why, estimate=plan.estimate, total=bundle.manifest.cases)
    context = PushContext(bundle, log, delivery)
    with connect(max_calls=settings.max_api_calls) as http:
        push = _Push(context, target, settings, http, progress, resumed=resumed, must_be_new=must_be_new)
        delivery.error = run_interruptible(
            push.send, push.stopping, shorten_deadline=http.shorten_deadline, notify=notice, stopped=stopped
        )
        calls = Counter(http.calls)
    if isinstance(delivery.error, Interrupted):
        # The deadline of the first connection has passed.
        with connect(seconds=FINISH_SECONDS, max_calls=settings.max_api_calls - calls.total()) as http:
            push.finish_interrupted(http)
            calls += Counter(http.calls)
    delivery.calls = dict(+calls)
    delivery.status = _status(delivery)
    return delivery


@dataclass(slots=True)
class _Push:
    """One push over one connection.

    Attributes:
        context: the bundle, its log and its delivery.
        target: whose launch it is.
        settings: of the delivery.
        http: the connection.
        progress: shows the cases sent.
        resumed: whether an earlier push may have sent steps that the log does not contain.
        must_be_new: whether a launch that exists is an error.
        stopping: set when the run is asked to stop.
        launch: in launch mode, once it is needed.
    """

    context: PushContext
    target: Target
    settings: DeliverySettings
    http: Http
    progress: Progress
    resumed: bool
    must_be_new: bool
    stopping: threading.Event = field(default_factory=threading.Event)
    launch: LaunchDelivery | None = None

    def send(self) -> None:
        """Send all steps that are left.

        Raises:
            OnetestError: an error stopped the push.
            Cancelled: the run was asked to stop.
        """
        log, delivery, product_id = self.context.log, self.context.delivery, self.settings.product_id
        resumed = self._record_plan() or self.resumed
        artifacts = Artifacts(self.http, product_id)
        if delivery.mode == "import":
            # Late, since most deliveries are launches.
            from onetest_ci.onetest.junit_import import JUnitImport  # noqa: PLC0415
            from onetest_ci.push.importing import import_results  # noqa: PLC0415

            junit_import = JUnitImport(self.http, product_id)
            import_results(self.context, junit_import, self.stopping, self.settings.unanswered_import)
            send_artifacts(self.context, artifacts, None)
        else:
            self._send_launch(artifacts, resumed=resumed, must_be_new=self.must_be_new and not resumed)
        if not (delivery.lost or log.done(_DELIVERED)):
            log.record(_DELIVERED)

    def finish_interrupted(self, http: Http) -> None:
        """Finish the launch as interrupted, over another connection. If that fails, a later push does it."""
        if self.launch is not None:
            with suppress(OnetestError):
                self.launch.finish("interrupted", Receiver(http, self.settings.product_id, resumed=True))

    def _record_plan(self) -> bool:
        """Record mode, product and launch. Return whether an earlier push recorded them.

        Raises:
            UsageProblem: ``other-product``, since an earlier push sent results elsewhere.
        """
        log, product_id = self.context.log, self.settings.product_id
        earlier = log.get(_PLAN)
        if (earlier.get("product_id"), earlier.get("launch", "")) == (product_id, self.target.uuid):
            return True
        if log.done(Step(Kind.LAUNCH)) or log.count(Kind.IMPORT):
            launch = f" and the launch {earlier['launch']}" if earlier.get("launch") else ""
            raise UsageProblem(
                "other-product",
                f"This bundle was begun for the product {earlier.get('product_id')}{launch}.",
                "Push it there, or collect the reports again.",
            )
        log.record(_PLAN, mode=self.context.delivery.mode, product_id=product_id, launch=self.target.uuid)
        return bool(earlier)

    def _send_launch(self, artifacts: Artifacts, *, resumed: bool, must_be_new: bool) -> None:
        receiver = Receiver(self.http, self.settings.product_id, resumed=resumed)
        launch = self.launch = LaunchDelivery(
            self.context,
            receiver,
            self.target,
            item_type=self.settings.item_type.upper(),
            progress=self.progress,
            must_be_new=must_be_new,
        )
        links = self._set_up() if self.target.starts else LaunchLinks()
        try:
            launch.start(links)
        except ServiceError as error:
            if must_be_new and (error.status == CONFLICT or is_duplicate(error.message)):
                raise self._log_is_lost() from None
            raise
        shorten_deadline = partial(self.http.shorten_deadline, CURRENT_CALLS_SECONDS)
        with OrderedPool(self.settings.connections, self.stopping, shorten_deadline) as pool:
            launch.send_items(pool)
        try:
            send_artifacts(self.context, artifacts, LaunchLogs(receiver, launch.uuid))
        except ServiceError:
            # A later push sends the files. The results must not wait for them.
            launch.finish()
            raise
        launch.finish()

    def _set_up(self) -> LaunchLinks:
        warn = partial(self.context.delivery.warn, "membership")
        membership = Membership(self.http, self.settings.product_id, warn=warn)
        return set_up(self.context, membership, deployment=self.settings.deployment)

    def _log_is_lost(self) -> BundleError:
        """Return the error for a launch that exists without a delivery log. Remove the log of this push."""
        log = self.context.log
        log.forget()
        return BundleError(
            LOG_LOST,
            f"OneTest has the launch {self.context.bundle.manifest.launch_uuid} of this bundle already, and "
            f"its delivery log is not in {log.directory}. Nothing was sent",
            "Restore that directory (--state, a cache of the workflow). If the launch lacks tests, push with "
            "--damaged-log resend, which may double what tests printed.",
        )


def _status(delivery: Delivery) -> UploadStatus:
    if delivery.error is None:
        return UploadStatus.PARTIAL if delivery.lost else UploadStatus.DELIVERED
    if delivery.launches:
        return UploadStatus.PARTIAL
    refused = isinstance(delivery.error, (Refused, BudgetExhausted))
    return UploadStatus.REFUSED if refused else UploadStatus.FAILED
