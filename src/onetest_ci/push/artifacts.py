"""Files of the run: to the Artifacts service, else with the launch (contract §6)."""

from collections.abc import Sequence
from typing import Final

from onetest_ci.bundle.format import Bundle
from onetest_ci.bundle.records import StoredFile
from onetest_ci.errors import NotOneTest, ServiceError
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver
from onetest_ci.push.delivery import Shipment, concerns_one_call

BUCKET: Final = "onetest-ci"

_NO_BUCKET: Final = 404
_NOT_FOR_US: Final = frozenset({401, 403, 404, 405})


def send_artifacts(shipment: Shipment, artifacts: Artifacts, receiver: Receiver | None) -> None:
    """Upload the files of the run under ``test-runs/{launch_uuid}/``; what is refused does not cost the rest.

    Args:
        shipment: what holds the files.
        artifacts: where they go.
        receiver: takes them as logs of the launch where the Artifacts service refuses; None in import mode,
            which knows no launch to attach to.

    Raises:
        ServiceError: the service is out of reach or has no coins left.
    """
    bundle, log, delivery = shipment
    waiting = [file for file in bundle.manifest.artifacts if not log.done(_step(file))]
    delivery.artifacts = len(bundle.manifest.artifacts) - len(waiting)
    for number, file in enumerate(waiting):
        try:
            _put(bundle, artifacts, file, may_lack_bucket=number == 0)
        except ServiceError as error:
            if number == 0 and _is_not_for_us(error):
                _send_elsewhere(shipment, waiting, receiver, error)
                return
            if error.status >= 500:  # noqa: PLR2004 - it may be back later: neither elsewhere nor again now
                names = ", ".join(one.name for one in waiting[number:])
                delivery.lost.append(f"files of the run ({names[:500]}): {error.message}")
                return
            delivery.lose(f"the file {file.name}", error)
        else:
            _sent(file, shipment)


def _put(bundle: Bundle, artifacts: Artifacts, file: StoredFile, *, may_lack_bucket: bool) -> None:
    """Upload one file; the bucket is made only when it is missing, since each call may cost a coin."""
    key = f"test-runs/{bundle.manifest.launch_uuid}/{file.name}"
    try:
        artifacts.put(BUCKET, key, bundle.path_of(file), file.content_type)
    except ServiceError as error:
        if not may_lack_bucket or error.status != _NO_BUCKET or isinstance(error, NotOneTest):
            raise
        artifacts.ensure_bucket(BUCKET)
        artifacts.put(BUCKET, key, bundle.path_of(file), file.content_type)


def _send_elsewhere(
    shipment: Shipment, files: Sequence[StoredFile], receiver: Receiver | None, reason: ServiceError
) -> None:
    bundle, _, delivery = shipment
    if receiver is None:
        delivery.warnings.append(f"The files of the run were not uploaded: {reason.message}")
        return
    holder = _Holder(bundle, receiver)
    for file in files:
        try:
            holder.send(file)
        except ServiceError as error:
            delivery.lose(f"the file {file.name}", error)
        else:
            _sent(file, shipment)
    try:
        holder.finish()
    except ServiceError as error:
        delivery.lose("the end of the item that holds the files", error)


class _Holder:
    """What files are attached to: the launch, or, where it may have no logs (contract §7.6), an item.

    Args:
        bundle: what holds the files.
        receiver: where they go.
    """

    def __init__(self, bundle: Bundle, receiver: Receiver) -> None:
        self._bundle = bundle
        self._receiver = receiver
        self._item: str | None = None

    def send(self, file: StoredFile) -> None:
        """Send one file.

        Raises:
            ServiceError: it was not taken.
        """
        problem = self._log(file)
        if problem is not None and self._item is None:
            self._start_item()
            problem = self._log(file)
        if problem is not None:
            raise problem

    def finish(self) -> None:
        """Finish the item, if there is one."""
        if self._item is not None:
            manifest = self._bundle.manifest
            # Without a status of its own it would have none: nothing in it has one (contract §7.5).
            self._receiver.finish_item(
                launch_uuid=manifest.launch_uuid, uuid=self._item, end_ms=manifest.end_ms, status="passed"
            )

    def _start_item(self) -> None:
        manifest = self._bundle.manifest
        uuid = self._bundle.item_uuid("files", 0)
        self._receiver.start_item(
            launch_uuid=manifest.launch_uuid,
            uuid=uuid,
            parent_uuid=None,
            name="Files of the run",
            type="SUITE",
            start_ms=manifest.start_ms,
            has_stats=False,
        )
        self._item = uuid

    def _log(self, file: StoredFile) -> ServiceError | None:
        """Send one file as a log; returns why it was not taken."""
        manifest = self._bundle.manifest
        attached = LogFile(file.name, self._bundle.path_of(file), file.content_type)
        entry = LogEntry(manifest.launch_uuid, self._item, manifest.end_ms, "INFO", file.name, attached)
        try:
            problem = self._receiver.log_batch([entry])[0]
        except ServiceError as error:
            if not concerns_one_call(error):
                raise
            return error
        return None if problem is None else ServiceError("not-taken", problem, status=400)


def _is_not_for_us(error: ServiceError) -> bool:
    """Whether the service is not there, or not for this key, while the Receiver took the results."""
    return isinstance(error, NotOneTest) or error.status in _NOT_FOR_US


def _step(file: StoredFile) -> str:
    return f"artifact/{file.name}"


def _sent(file: StoredFile, shipment: Shipment) -> None:
    shipment.log.record(_step(file))
    shipment.delivery.artifacts += 1
