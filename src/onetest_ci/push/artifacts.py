"""Files of the run: to the Artifacts service, else to the launch (docs/onetest-api.md#artifacts).

Each content is sent once, even if it has several names. Each file is a step of its own, so that a push that
was cut short continues with the next one.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from onetest_ci.bundle.records import StoredFile
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.errors import NotOneTest, ServiceError
from onetest_ci.onetest.artifacts import Artifacts
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver
from onetest_ci.push.context import PushContext, refusal_of

BUCKET: Final = "onetest-ci"

_NO_BUCKET: Final = 404
_NOT_FOR_US: Final = frozenset({401, 403, 404, 405})
_NO_ROOM: Final = frozenset({403, 413, 507})
"""Statuses that may refuse one upload because the storage is full. No document lists them.

See docs/onetest-api.md#refusals-for-coins-or-size.
"""
_SERVER_ERROR: Final = 500
_OF_THE_FILE: Final = frozenset({"too-large", "unreadable-file", "file-changed", "bad-path-value"})
_HOLDER: Final = Step(Kind.ARTIFACTS_ITEM)
_HOLDER_FINISH: Final = Step(Kind.ARTIFACTS_ITEM_FINISH)
_SHOWN_NAMES: Final = 500


class LaunchLogs(NamedTuple):
    """A launch that accepts files as its logs.

    Attributes:
        receiver: the service that has it.
        uuid: of the launch.
    """

    receiver: Receiver
    uuid: str


def send_artifacts(context: PushContext, artifacts: Artifacts, launch: LaunchLogs | None) -> None:
    """Upload the files of the run under ``test-runs/{launch_uuid}/``. A refused file costs no other.

    Args:
        context: the bundle, its log and its delivery.
        artifacts: the service.
        launch: accepts the files as its logs if the Artifacts service refuses them. None in import mode, in
            which there is no such launch.

    Raises:
        ServiceError: the service cannot be reached, refuses the key or has no coins left.
    """
    waiting = _first_of_each_content(context)
    context.delivery.artifacts = sum(
        context.log.done(_step(file)) for file in context.bundle.manifest.artifacts
    )
    if context.log.done(_HOLDER) and launch is not None:
        # An earlier push found that this key may not use the Artifacts service.
        _send_as_logs(context, waiting, launch)
    else:
        _upload_all(context, waiting, artifacts, launch)
    _record_same_contents(context)


def _upload_all(
    context: PushContext, waiting: Sequence[StoredFile], artifacts: Artifacts, launch: LaunchLogs | None
) -> None:
    delivery = context.delivery
    no_room_for: int | None = None
    for number, file in enumerate(waiting):
        if no_room_for is not None and file.size >= no_room_for:
            delivery.lost.append(f"the file {file.name}: there was no room for a smaller one.")
            continue
        try:
            _put(context, artifacts, file, may_lack_bucket=number == 0)
        except ServiceError as error:
            if number == 0 and _is_not_for_us(error):
                if launch is None:
                    delivery.warn("artifacts", f"The files of the run were not uploaded: {error.message}")
                else:
                    _send_as_logs(context, waiting, launch)
                return
            if error.status in _NO_ROOM:
                no_room_for = file.size
            elif error.status >= _SERVER_ERROR:
                # The service may work again later, so the files are not sent elsewhere.
                names = ", ".join(one.name for one in waiting[number:])
                delivery.lost.append(f"files of the run ({names[:_SHOWN_NAMES]}): {error.message}")
                return
            _record_refused(context, file, error)
        else:
            _record_sent(context, file)


def _put(context: PushContext, artifacts: Artifacts, file: StoredFile, *, may_lack_bucket: bool) -> None:
    """Upload one file. The bucket is only made if it is missing, since each call may cost a coin."""
    bundle = context.bundle
    key = f"test-runs/{bundle.manifest.launch_uuid}/{file.name}"
    try:
        artifacts.put(BUCKET, key, bundle.path_of(file), file.content_type)
    except ServiceError as error:
        if not may_lack_bucket or error.status != _NO_BUCKET or isinstance(error, NotOneTest):
            raise
        artifacts.ensure_bucket(BUCKET)
        artifacts.put(BUCKET, key, bundle.path_of(file), file.content_type)


def _first_of_each_content(context: PushContext) -> list[StoredFile]:
    """Return the first file of each content that was not sent. A stored file is named by its content."""
    first: dict[str, StoredFile] = {}
    for file in context.bundle.manifest.artifacts:
        first.setdefault(file.file, file)
    return [file for file in first.values() if not context.log.done(_step(file))]


def _record_same_contents(context: PushContext) -> None:
    """Record the files whose content was uploaded under another name."""
    first: dict[str, StoredFile] = {}
    same: list[str] = []
    for file in context.bundle.manifest.artifacts:
        other = first.setdefault(file.file, file)
        if other is file or not context.log.done(_step(other)):
            continue
        same.append(f"{file.name} (as {other.name})")
        if not context.log.done(_step(file)):
            _record_sent(context, file)
    if same:
        names = ", ".join(same)
        context.delivery.warn(
            "same-content", f"Files of the same content were uploaded once: {names[:_SHOWN_NAMES]}."
        )


def _send_as_logs(context: PushContext, files: Sequence[StoredFile], launch: LaunchLogs) -> None:
    """Send the files as logs of the launch. The item that may hold them is finished in any case."""
    holder = _Holder(context, launch)
    for file in files:
        try:
            holder.send(file)
        except ServiceError as error:
            _record_refused(context, file, error)
        else:
            _record_sent(context, file)
    context.record_refused("the end of the item that holds the files", refusal_of(holder.finish))


class _Holder:
    """The launch that files are attached to, or an item in it if the launch may have no logs.

    See docs/onetest-api.md#logs.

    Args:
        context: the bundle, its log and its delivery.
        launch: the launch.
    """

    def __init__(self, context: PushContext, launch: LaunchLogs) -> None:
        self._bundle, self._log = context.bundle, context.log
        self._receiver, self._launch_uuid = launch
        self._uuid = self._bundle.item_uuid("files/0")
        self._item = self._uuid if self._log.done(_HOLDER) else None

    def send(self, file: StoredFile) -> None:
        """Send one file.

        Raises:
            ServiceError: the file was refused.
        """
        refused = self._send(file)
        if refused is not None and self._item is None:
            self._start_item()
            refused = self._send(file)
        if refused is not None:
            raise refused

    def finish(self) -> None:
        """Finish the item, if there is one."""
        if self._item is None or self._log.done(_HOLDER_FINISH):
            return
        # The item has no children with a status, so it needs one of its own
        # (docs/onetest-api.md#finish-an-item).
        self._receiver.finish_item(
            launch_uuid=self._launch_uuid,
            uuid=self._item,
            end_ms=self._bundle.manifest.end_ms,
            status="passed",
        )
        self._log.record(_HOLDER_FINISH)

    def _start_item(self) -> None:
        self._receiver.start_item(
            launch_uuid=self._launch_uuid,
            uuid=self._uuid,
            parent_uuid=None,
            name="Files of the run",
            type="SUITE",
            start_ms=self._bundle.manifest.start_ms,
            has_stats=False,
        )
        self._log.record(_HOLDER)
        self._item = self._uuid

    def _send(self, file: StoredFile) -> ServiceError | None:
        """Send one file as a log. Return the error if it was refused."""
        attached = LogFile(file.name, self._bundle.path_of(file), file.content_type)
        time_ms = self._bundle.manifest.end_ms
        entry = LogEntry(self._launch_uuid, self._item, time_ms, "INFO", file.name, attached)

        def send() -> None:
            problem = self._receiver.log_batch([entry])[0]
            if problem is not None:
                raise ServiceError("not-taken", problem, status=400)

        return refusal_of(send)


def _is_not_for_us(error: ServiceError) -> bool:
    """Return whether the service is missing or refuses this key, although the Receiver accepted results."""
    return isinstance(error, NotOneTest) or error.status in _NOT_FOR_US


def _record_refused(context: PushContext, file: StoredFile, error: ServiceError) -> None:
    """Record a refused file as a loss.

    Raises:
        ServiceError: ``error``, if other files would meet it as well.
    """
    if error.code in _OF_THE_FILE or error.status in _NO_ROOM:
        context.delivery.lost.append(f"the file {file.name}: {error.message}")
    else:
        context.record_refused(f"the file {file.name}", error)


def _record_sent(context: PushContext, file: StoredFile) -> None:
    context.log.record(_step(file))
    context.delivery.artifacts += 1


def _step(file: StoredFile) -> Step:
    return Step(Kind.ARTIFACT, name=file.name)
