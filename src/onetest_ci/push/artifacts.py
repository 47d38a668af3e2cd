"""Files of the run: to the Artifacts service, else with the launch (docs/onetest-api.md#artifacts).

One content travels once, however many names it has; each file is a step of its own, so that a push that was
cut short goes on with the next one.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.records import StoredFile
from onetest_ci.errors import NotOneTest, ServiceError
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver
from onetest_ci.push.context import PushContext, is_refusal_of_call

BUCKET: Final = "onetest-ci"

_NO_BUCKET: Final = 404
_NOT_FOR_US: Final = frozenset({401, 403, 404, 405})
_NO_ROOM: Final = frozenset({403, 413, 507})
"""How a full storage may refuse one upload: nobody documents it.

See docs/onetest-api.md#refusals-for-coins-or-size.
"""
_OF_THE_FILE: Final = frozenset({"too-large", "unreadable-file", "file-changed", "bad-path-value"})
_HOLDER: Final = "artifacts-item"
_HOLDER_FINISH: Final = "artifacts-item-finish"
_SHOWN_NAMES: Final = 500


class LaunchLogs(NamedTuple):
    """A launch that takes files as its logs.

    Attributes:
        receiver: where it is.
        uuid: the launch.
    """

    receiver: Receiver
    uuid: str


def send_artifacts(context: PushContext, artifacts: Artifacts, launch: LaunchLogs | None) -> None:
    """Upload the files of the run under ``test-runs/{launch_uuid}/``; what is refused does not cost the rest.

    Args:
        context: what holds the files.
        artifacts: where they go.
        launch: takes them as its logs where the Artifacts service refuses; None in import mode,
            which knows no launch to attach to.

    Raises:
        ServiceError: the service is out of reach, refuses the key or has no coins left.
    """
    bundle, log, delivery = context
    waiting = _first_of_each_content(context)
    delivery.artifacts = sum(log.done(_step(file)) for file in bundle.manifest.artifacts)
    if log.done(_HOLDER) and launch is not None:
        # An earlier push found that Artifacts is not for us.
        _send_elsewhere(context, waiting, launch)
    else:
        _upload_all(context, waiting, artifacts, launch)
    _same_as_others(context)


def _upload_all(
    context: PushContext, waiting: Sequence[StoredFile], artifacts: Artifacts, launch: LaunchLogs | None
) -> None:
    bundle, _, delivery = context
    no_room_for: int | None = None
    for number, file in enumerate(waiting):
        if no_room_for is not None and file.size >= no_room_for:
            delivery.lost.append(f"the file {file.name}: there was no room for a smaller one.")
            continue
        try:
            _put(bundle, artifacts, file, may_lack_bucket=number == 0)
        except ServiceError as error:
            if number == 0 and _is_not_for_us(error):
                if launch is None:
                    delivery.warn("artifacts", f"The files of the run were not uploaded: {error.message}")
                    return
                _send_elsewhere(context, waiting, launch)
                return
            if error.status in _NO_ROOM:
                no_room_for = file.size
            elif error.status >= 500:  # noqa: PLR2004 - it may be back later: neither elsewhere nor again now
                names = ", ".join(one.name for one in waiting[number:])
                delivery.lost.append(f"files of the run ({names[:_SHOWN_NAMES]}): {error.message}")
                return
            _lose(context, file, error)
        else:
            _sent(file, context)


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


def _first_of_each_content(context: PushContext) -> list[StoredFile]:
    """The files that are still to be sent: a place in the bundle is named by what is in it."""
    bundle, log, _ = context
    first: dict[str, StoredFile] = {}
    for file in bundle.manifest.artifacts:
        first.setdefault(file.file, file)
    return [file for file in first.values() if not log.done(_step(file))]


def _same_as_others(context: PushContext) -> None:
    """Note the files whose content has arrived under another name."""
    bundle, log, delivery = context
    first: dict[str, StoredFile] = {}
    same: list[str] = []
    for file in bundle.manifest.artifacts:
        other = first.setdefault(file.file, file)
        if other is file or not log.done(_step(other)):
            continue
        same.append(f"{file.name} (as {other.name})")
        if not log.done(_step(file)):
            _sent(file, context)
    if same:
        names = ", ".join(same)
        delivery.warn(
            "same-content", f"Files of the same content were uploaded once: {names[:_SHOWN_NAMES]}."
        )


def _send_elsewhere(context: PushContext, files: Sequence[StoredFile], launch: LaunchLogs) -> None:
    """Send the files as logs of the launch; the item that may hold them is finished in any case."""
    holder = _Holder(context.bundle, context.log, launch)
    for file in files:
        try:
            holder.send(file)
        except ServiceError as error:
            _lose(context, file, error)
        else:
            _sent(file, context)
    try:
        holder.finish()
    except ServiceError as error:
        context.delivery.record_refused("the end of the item that holds the files", error)


class _Holder:
    """What files are attached to: the launch, or, where it may have no logs, an item.

    See docs/onetest-api.md#logs.

    Args:
        bundle: what holds the files.
        log: what was acknowledged.
        launch: where they go.
    """

    def __init__(self, bundle: Bundle, log: DeliveryLog, launch: LaunchLogs) -> None:
        self._bundle = bundle
        self._log = log
        self._receiver, self._launch_uuid = launch
        self._uuid = bundle.item_uuid("files", 0)
        self._item = self._uuid if log.done(_HOLDER) else None

    def send(self, file: StoredFile) -> None:
        """Send one file.

        Raises:
            ServiceError: it was not taken.
        """
        problem = self._send(file)
        if problem is not None and self._item is None:
            self._start_item()
            problem = self._send(file)
        if problem is not None:
            raise problem

    def finish(self) -> None:
        """Finish the item, if there is one."""
        if self._item is None or self._log.done(_HOLDER_FINISH):
            return
        manifest = self._bundle.manifest
        # Without a status of its own it would have none: nothing in it has one
        # (docs/onetest-api.md#finish-an-item).
        self._receiver.finish_item(
            launch_uuid=self._launch_uuid, uuid=self._item, end_ms=manifest.end_ms, status="passed"
        )
        self._log.record(_HOLDER_FINISH)

    def _start_item(self) -> None:
        manifest = self._bundle.manifest
        self._receiver.start_item(
            launch_uuid=self._launch_uuid,
            uuid=self._uuid,
            parent_uuid=None,
            name="Files of the run",
            type="SUITE",
            start_ms=manifest.start_ms,
            has_stats=False,
        )
        self._log.record(_HOLDER)
        self._item = self._uuid

    def _send(self, file: StoredFile) -> ServiceError | None:
        """Send one file as a log; returns why it was not taken."""
        manifest = self._bundle.manifest
        attached = LogFile(file.name, self._bundle.path_of(file), file.content_type)
        entry = LogEntry(self._launch_uuid, self._item, manifest.end_ms, "INFO", file.name, attached)
        try:
            problem = self._receiver.log_batch([entry])[0]
        except ServiceError as error:
            if not is_refusal_of_call(error):
                raise
            return error
        return None if problem is None else ServiceError("not-taken", problem, status=400)


def _is_not_for_us(error: ServiceError) -> bool:
    """Whether the service is not there, or not for this key, while the Receiver took the results."""
    return isinstance(error, NotOneTest) or error.status in _NOT_FOR_US


def _lose(context: PushContext, file: StoredFile, error: ServiceError) -> None:
    """Note a file that was not taken.

    Raises:
        ServiceError: ``error``, when the others would fare no better.
    """
    if error.code in _OF_THE_FILE or error.status in _NO_ROOM:
        context.delivery.lost.append(f"the file {file.name}: {error.message}")
    else:
        context.delivery.record_refused(f"the file {file.name}", error)


def _step(file: StoredFile) -> str:
    return f"artifact/{file.name}"


def _sent(file: StoredFile, context: PushContext) -> None:
    context.log.record(_step(file))
    context.delivery.artifacts += 1
