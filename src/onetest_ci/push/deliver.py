"""A bundle's way through the services."""

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DELIVERED, LOG_LOST, PLAN, DeliveryLog
from onetest_ci.errors import BudgetExhausted, BundleError, OnetestError, Refused, ServiceError, UsageProblem
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.client.retry import CONFLICT, is_duplicate
from onetest_ci.onetest.junit_import import JUnitImport
from onetest_ci.onetest.membership import Membership
from onetest_ci.onetest.receiver import Receiver
from onetest_ci.push.artifacts import LaunchLogs, send_artifacts
from onetest_ci.push.connection import Connect
from onetest_ci.push.context import Delivery, PushContext, UploadStatus
from onetest_ci.push.cost import Plan
from onetest_ci.push.importing import import_results
from onetest_ci.push.interrupt import CURRENT_CALLS_SECONDS, Say, run_interruptible
from onetest_ci.push.launch import LaunchDelivery, Progress
from onetest_ci.push.ordered_pool import OrderedPool
from onetest_ci.push.setup import LaunchLinks, set_up
from onetest_ci.push.target import Target
from onetest_ci.settings.delivery import DeliverySettings
from onetest_ci.signals import Stopped


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
    notice: Say,
    progress: Progress,
    stopped: Stopped | None = None,
) -> Delivery:
    """Deliver a bundle, or what earlier pushes left of it.

    Args:
        bundle: what to deliver.
        log: what was acknowledged of it.
        plan: how.
        target: into which launch.
        settings: of the delivery.
        connect: makes a connection for a number of seconds and requests.
        resumed: an earlier push may have sent what the log does not hold.
        must_be_new: the log is new, so a launch that exists is an error: an earlier push's log is lost.
        notice: takes what people must learn at once.
        progress: called with cases sent and their total.
        stopped: the signal that asked this run to stop before; then little time is left.

    Returns:
        What became of it. An error that stopped it is in ``error`` and not raised, so that the outcome can
        be told in any case; so is a signal.

    Raises:
        UsageProblem: the settings do not make a connection.
    """
    delivery = Delivery(mode=plan.mode, why=plan.why, estimate=plan.estimate, total=bundle.manifest.cases)
    stopping = threading.Event()
    with connect(max_calls=settings.max_api_calls) as http:
        context = PushContext(bundle, log, delivery)
        sending = _Sending(context, target, settings, http, stopping, progress, resumed, must_be_new)

        def last_words(seconds: float) -> None:
            left = settings.max_api_calls - http.total_calls
            with connect(seconds=seconds, max_calls=left) as other:
                sending.interrupt(other)
                spent.update(other.calls)

        spent: Counter[str] = Counter()
        delivery.error = run_interruptible(
            sending.send,
            stopping,
            hurry=http.shorten_deadline,
            last_words=last_words,
            say=notice,
            stopped=stopped,
        )
        delivery.calls = dict(spent + Counter(http.calls))
    delivery.status = _status(delivery)
    return delivery


@dataclass(slots=True)
class _Sending:
    """One push on its way.

    Attributes:
        context: what is sent.
        target: into which launch.
        settings: how.
        http: by what.
        stopping: set when the run was asked to stop.
        progress: called with cases sent and their total.
        resumed: an earlier push may have sent what the log does not hold.
        must_be_new: a launch that exists is an error.
        launch: in launch mode, once that far.
    """

    context: PushContext
    target: Target
    settings: DeliverySettings
    http: Http
    stopping: threading.Event
    progress: Progress
    resumed: bool
    must_be_new: bool
    launch: LaunchDelivery | None = None

    def send(self) -> None:
        """Send all that is left.

        Raises:
            OnetestError: something stopped it.
            Cancelled: it was asked to stop.
        """
        _, log, delivery = self.context
        begun = self._begin()
        resumed = begun or self.resumed
        artifacts = Artifacts(self.http, self.settings.product_id)
        if delivery.mode == "import":
            junit_import = JUnitImport(self.http, self.settings.product_id)
            import_results(self.context, junit_import, self.stopping, self.settings.unanswered_import)
            send_artifacts(self.context, artifacts, None)
        else:
            self._send_launch(artifacts, resumed=resumed, must_be_new=self.must_be_new and not resumed)
        if not (delivery.lost or log.done(DELIVERED)):
            log.record(DELIVERED)

    def interrupt(self, http: Http) -> None:
        """Finish the launch as interrupted, by a connection that still may; what fails is left to a push."""
        if self.launch is not None:
            with suppress(OnetestError):
                self.launch.finish("interrupted", Receiver(http, self.settings.product_id, resumed=True))

    def _log_is_lost(self) -> BundleError:
        """Return the error for a launch that exists without a log. Forget that it was begun."""
        bundle, log, _ = self.context
        log.forget()
        return BundleError(
            LOG_LOST,
            f"OneTest has the launch {bundle.manifest.launch_uuid} of this bundle already, and its delivery "
            f"log is not in {log.directory}. Nothing was sent",
            "Restore that directory (--state, a cache of the workflow). If the launch lacks tests, push with "
            "--damaged-log resend, which may double what tests printed.",
        )

    def _begin(self) -> bool:
        """Note what is begun; whether it was begun before."""
        log, settings = self.context.log, self.settings
        told = log.get(PLAN)
        if told.get("product_id") != settings.product_id or told.get("launch", "") != self.target.uuid:
            if log.done("launch") or log.count("import"):
                raise UsageProblem(
                    "other-product",
                    f"This bundle was begun for the product {told.get('product_id')}"
                    + (f" and the launch {told['launch']}" if told.get("launch") else "")
                    + ".",
                    "Push it there, or collect the reports again.",
                )
            log.record(
                PLAN,
                mode=self.context.delivery.mode,
                product_id=settings.product_id,
                launch=self.target.uuid,
            )
        return bool(told)

    def _send_launch(self, artifacts: Artifacts, *, resumed: bool, must_be_new: bool) -> None:
        settings, target = self.settings, self.target
        receiver = Receiver(self.http, settings.product_id, resumed=resumed)
        self.launch = LaunchDelivery(
            self.context,
            receiver,
            target,
            item_type=settings.item_type.upper(),
            progress=self.progress,
            must_be_new=must_be_new,
        )
        links = LaunchLinks()
        if target.starts:
            membership = Membership(
                self.http, settings.product_id, warn=partial(self.context.delivery.warn, "membership")
            )
            links = set_up(self.context, membership, deployment=settings.deployment)
        try:
            self.launch.start(links)
        except ServiceError as error:
            if must_be_new and (error.status == CONFLICT or is_duplicate(error.message)):
                raise self._log_is_lost() from None
            raise
        with OrderedPool(
            settings.connections, self.stopping, lambda: self.http.shorten_deadline(CURRENT_CALLS_SECONDS)
        ) as pool:
            self.launch.send_items(pool)
        try:
            send_artifacts(self.context, artifacts, LaunchLogs(receiver, self.launch.uuid))
        except ServiceError:
            # The files can follow later; the results are not to wait for them.
            self.launch.finish()
            raise
        self.launch.finish()


def _status(delivery: Delivery) -> UploadStatus:
    if delivery.error is None:
        return UploadStatus.PARTIAL if delivery.lost else UploadStatus.DELIVERED
    if delivery.launches:
        return UploadStatus.PARTIAL
    refused = isinstance(delivery.error, (Refused, BudgetExhausted))
    return UploadStatus.REFUSED if refused else UploadStatus.FAILED
