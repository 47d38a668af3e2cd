"""A bundle's way through the services."""

from collections.abc import Callable

from onetest_ci.bundle.delivery_log import DELIVERED, PLAN, DeliveryLog
from onetest_ci.bundle.format import Bundle
from onetest_ci.errors import BudgetExhausted, OnetestError, Refused, ServiceError, UsageProblem
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.onetest.http import Http
from onetest_ci.onetest.junit_import import JUnitImport
from onetest_ci.onetest.membership import Membership
from onetest_ci.onetest.receiver import Receiver
from onetest_ci.push.artifacts import send_artifacts
from onetest_ci.push.cost import Plan
from onetest_ci.push.delivery import Delivery, Shipment, UploadStatus
from onetest_ci.push.importing import import_results
from onetest_ci.push.launch import LaunchDelivery, Progress
from onetest_ci.push.setup import set_up
from onetest_ci.redaction import Secret
from onetest_ci.settings import Settings


def deliver(
    bundle: Bundle,
    log: DeliveryLog,
    plan: Plan,
    settings: Settings,
    *,
    debug: Callable[[str], None] | None,
    progress: Progress,
) -> Delivery:
    """Deliver a bundle, or what earlier pushes left of it.

    Args:
        bundle: what to deliver.
        log: what was acknowledged of it.
        plan: how.
        settings: where to, with which key.
        debug: takes a line for each request and answer.
        progress: called with cases sent and their total.

    Returns:
        What became of it. An error that stopped it is in ``error`` and not raised, so that the outcome can
        be told in any case.

    Raises:
        UsageProblem: the settings do not make a connection.
    """
    delivery = Delivery(mode=plan.mode, why=plan.why, estimate=plan.estimate, total=bundle.manifest.cases)
    with _connect(settings, debug) as http:
        try:
            _send(Shipment(bundle, log, delivery), settings, http, progress)
            if not (delivery.lost or log.done(DELIVERED)):
                log.record(DELIVERED)
        except OnetestError as error:
            delivery.error = error
        delivery.calls = http.calls
    delivery.status = _status(delivery)
    return delivery


def _connect(settings: Settings, debug: Callable[[str], None] | None) -> Http:
    return Http(
        settings.base_url,
        settings.api_key or Secret(""),
        receiver_key=settings.receiver_api_key,
        redact=settings.redact,
        endpoints=Endpoints(dict(settings.endpoint)),
        ca_bundle=settings.ca_bundle,
        deadline_seconds=settings.timeout,
        debug=debug,
    )


def _send(shipment: Shipment, settings: Settings, http: Http, progress: Progress) -> None:
    log, mode = shipment.log, shipment.delivery.mode
    resumed = log.done(PLAN)
    begun_for = log.get(PLAN).get("product_id")
    if begun_for != settings.product_id:
        if log.done("launch") or log.count("import"):
            raise UsageProblem(
                "other-product",
                f"This bundle was begun for the product {begun_for}.",
                "Push it to that product, or collect the reports again for another one.",
            )
        log.record(PLAN, mode=mode, product_id=settings.product_id)
    artifacts = Artifacts(http, settings.product_id)
    if mode == "import":
        import_results(shipment, JUnitImport(http, settings.product_id))
        send_artifacts(shipment, artifacts, None)
        return
    # Of a stranger's bundle nobody knows whether it was pushed before.
    receiver = Receiver(http, settings.product_id, resumed=resumed or settings.untrusted)
    membership = Membership(http, settings.product_id, warn=shipment.delivery.warnings.append)
    links = set_up(shipment, membership, deployment=settings.deployment)
    launch = LaunchDelivery(shipment, receiver, item_type=settings.item_type.upper(), progress=progress)
    launch.start(links)
    launch.send_items()
    try:
        send_artifacts(shipment, artifacts, receiver)
    except ServiceError:
        # The files can follow later; the results are not to wait for them.
        launch.finish()
        raise
    launch.finish()


def _status(delivery: Delivery) -> UploadStatus:
    if delivery.error is None:
        return UploadStatus.PARTIAL if delivery.lost else UploadStatus.DELIVERED
    if delivery.launches:
        return UploadStatus.PARTIAL
    refused = isinstance(delivery.error, (Refused, BudgetExhausted))
    return UploadStatus.REFUSED if refused else UploadStatus.FAILED
