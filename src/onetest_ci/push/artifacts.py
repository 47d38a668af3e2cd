"""Files of the run: to the Artifacts service, else with the launch (contract §6)."""

from typing import Final

from onetest_ci.bundle import Bundle, StoredFile
from onetest_ci.errors import NotOneTest, Refused, ServiceError
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver
from onetest_ci.push.delivery import Shipment
from onetest_ci.push.launch import concerns_one_call

BUCKET: Final = "onetest-ci"

_NOT_THERE: Final = frozenset({403, 404, 405})


def send_artifacts(shipment: Shipment, artifacts: Artifacts, receiver: Receiver | None) -> None:
    """Upload the files of the run under ``test-runs/{launch_uuid}/``.

    Args:
        shipment: what holds the files.
        artifacts: where they go.
        receiver: takes them as logs of the launch where the Artifacts service refuses; None in import mode,
            which knows no launch to attach to.

    Raises:
        ServiceError: the service is out of reach, refuses the key, or has no coins left.
    """
    bundle, log, delivery = shipment
    waiting = [file for file in bundle.manifest.artifacts if not log.done(_step(file))]
    delivery.artifacts = len(bundle.manifest.artifacts) - len(waiting)
    if not waiting:
        return
    try:
        _put(shipment, artifacts, waiting[0], make_bucket=True)
    except ServiceError as error:
        if not _unavailable(error):
            raise
        _send_with_launch(shipment, waiting, receiver, error)
        return
    for file in waiting[1:]:
        _put(shipment, artifacts, file)


def _put(shipment: Shipment, artifacts: Artifacts, file: StoredFile, *, make_bucket: bool = False) -> None:
    """Upload one file; the bucket is made only when it is missing, since each call may cost a coin."""
    bundle, _, delivery = shipment
    key = f"test-runs/{bundle.manifest.launch_uuid}/{file.name}"
    try:
        artifacts.put(BUCKET, key, bundle.path_of(file), file.content_type)
    except ServiceError as error:
        if make_bucket and _unavailable(error):
            artifacts.ensure_bucket(BUCKET)
            _put(shipment, artifacts, file)
            return
        if not concerns_one_call(error):
            raise
        delivery.lost.append(f"the file {file.name}: {error.message}")
        return
    _sent(file, shipment)


def _send_with_launch(
    shipment: Shipment, files: list[StoredFile], receiver: Receiver | None, reason: ServiceError
) -> None:
    bundle, _, delivery = shipment
    if receiver is None:
        delivery.warnings.append(f"The files of the run were not uploaded: {reason.message}")
        return
    launch, time_ms = bundle.manifest.launch_uuid, bundle.manifest.end_ms
    holder: str | None = None
    for file in files:
        problem = _log_file(bundle, receiver, file, holder)
        if problem is not None and holder is None:
            # A launch may have no logs of its own (contract §7.6): an item without statistics holds them.
            holder = bundle.item_uuid("files", 0)
            receiver.start_item(
                launch_uuid=launch,
                uuid=holder,
                parent_uuid=None,
                name="Files of the run",
                type="SUITE",
                start_ms=bundle.manifest.start_ms,
                has_stats=False,
            )
            problem = _log_file(bundle, receiver, file, holder)
        if problem is None:
            _sent(file, shipment)
        else:
            delivery.lost.append(f"the file {file.name}: {problem}")
    if holder is not None:
        receiver.finish_item(launch_uuid=launch, uuid=holder, end_ms=time_ms)


def _log_file(bundle: Bundle, receiver: Receiver, file: StoredFile, item: str | None) -> str | None:
    """Send one file as a log; returns why it was not taken, None when it was."""
    entry = LogEntry(
        bundle.manifest.launch_uuid,
        item,
        bundle.manifest.end_ms,
        "INFO",
        file.name,
        LogFile(file.name, bundle.path_of(file), file.content_type),
    )
    try:
        return receiver.log_batch([entry])[0]
    except ServiceError as error:
        if not concerns_one_call(error):
            raise
        return error.message


def _unavailable(error: ServiceError) -> bool:
    """Whether the service is not there, or not for this key, while others may be."""
    if isinstance(error, NotOneTest):
        return True
    if isinstance(error, Refused) and error.code == "unknown-product":
        return False
    return error.status in _NOT_THERE


def _step(file: StoredFile) -> str:
    return f"artifact/{file.name}"


def _sent(file: StoredFile, shipment: Shipment) -> None:
    shipment.log.record(_step(file))
    shipment.delivery.artifacts += 1
