"""A bundle's way through the services."""

from collections.abc import Callable

from onetest_ci.bundle import DELIVERED, Bundle, DeliveryLog
from onetest_ci.errors import BudgetExhausted, OnetestError, Refused
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

_PLAN = "plan"


def deliver(
    bundle: Bundle,
    plan: Plan,
    settings: Settings,
    *,
    debug: Callable[[str], None] | None,
    progress: Progress,
) -> Delivery:
    """Deliver a bundle, or what earlier pushes left of it.

    Args:
        bundle: what to deliver.
        plan: how; a bundle that was begun goes on in the mode that it was begun in.
        settings: where to, with which key, and how.
        debug: takes a line for each request and answer.
        progress: called with cases sent and their total.

    Returns:
        What became of it. An error that stopped it is in ``error`` and not raised, so that the outcome can
        be told in any case.

    Raises:
        UsageProblem: the settings do not make a connection.
    """
    with _connect(settings, debug) as http:
        return _deliver(bundle, plan, settings, http, progress)


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


def _deliver(bundle: Bundle, plan: Plan, settings: Settings, http: Http, progress: Progress) -> Delivery:
    log = DeliveryLog(bundle.directory)
    resumed = log.done(_PLAN)
    mode = log.get(_PLAN).get("mode", plan.mode)
    delivery = Delivery(mode=mode, why=plan.why, estimate=plan.estimate, total=bundle.manifest.cases)
    shipment = Shipment(bundle, log, delivery)
    try:
        if not resumed:
            log.record(_PLAN, mode=mode)
        receiver = Receiver(http, settings.product_id, resumed=resumed) if mode == "launch" else None
        if receiver:
            _deliver_launch(shipment, settings, http, receiver, progress)
        else:
            import_results(shipment, JUnitImport(http, settings.product_id))
            send_artifacts(shipment, Artifacts(http, settings.product_id), None)
    except OnetestError as error:
        delivery.error = error
    finally:
        delivery.calls = http.calls
        delivery.status = _status(delivery)
        if delivery.status is UploadStatus.DELIVERED:
            log.record(DELIVERED)
        log.close()
    return delivery


def _deliver_launch(
    shipment: Shipment, settings: Settings, http: Http, receiver: Receiver, progress: Progress
) -> None:
    membership = Membership(http, settings.product_id, warn=shipment.delivery.warnings.append)
    links = set_up(shipment, membership, deployment=settings.deployment)
    launch = LaunchDelivery(shipment, receiver, item_type=settings.item_type.upper(), progress=progress)
    launch.start(links)
    launch.send_items()
    send_artifacts(shipment, Artifacts(http, settings.product_id), receiver)
    launch.finish()


def _status(delivery: Delivery) -> UploadStatus:
    if delivery.error is None:
        return UploadStatus.PARTIAL if delivery.lost else UploadStatus.DELIVERED
    if delivery.launches:
        return UploadStatus.PARTIAL
    refused = isinstance(delivery.error, (Refused, BudgetExhausted))
    return UploadStatus.REFUSED if refused else UploadStatus.FAILED
