"""Launch mode: the launch, its tree of suites and cases, their logs and files (contract §7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from onetest_ci.bundle import DeliveryLog, Result
from onetest_ci.errors import BudgetExhausted, Refused, ServiceError
from onetest_ci.logs import logs_of, short_failure
from onetest_ci.model import BAD, PASSED, SKIPPED, Case, Suite
from onetest_ci.onetest.limits import ITEM_NAME, LOG_BATCH
from onetest_ci.onetest.receiver import (
    NOT_ISSUE,
    TO_INVESTIGATE,
    Issue,
    LogEntry,
    LogFile,
    Receiver,
    batches,
)
from onetest_ci.push.delivery import DeliveredLaunch, Delivery, Shipment
from onetest_ci.push.setup import LaunchLinks

_LAUNCH = "launch"
_FINISH = "launch-finish"
_TOO_MANY_LOST = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Started:
    """An item that the service knows, with the times that its children must keep to."""

    uuid: str
    start_ms: int


class LaunchDelivery:
    """Sends one bundle as a launch; what the delivery log holds already is not sent again.

    Args:
        shipment: what to send, what was acknowledged, what became of it.
        receiver: where to.
        item_type: ``STEP`` or ``TEST``, the Receiver's type of a case (contract §7.4).
        progress: called with cases sent and their total.
    """

    def __init__(self, shipment: Shipment, receiver: Receiver, *, item_type: str, progress: Progress) -> None:
        self._bundle, self._log, self._delivery = shipment
        self._manifest = self._bundle.manifest
        self._receiver = receiver
        self._item_type = item_type
        self._progress = progress
        self._suites: dict[int, Suite] = {}
        self._started: dict[int, _Started] = {}
        self._cursor_ms = self._manifest.start_ms
        self._end_ms = self._manifest.end_ms
        self._logs = _LogQueue(receiver, self._log, self._delivery)

    def start(self, links: LaunchLinks) -> None:
        """Start the launch."""
        manifest = self._manifest
        if not self._log.done(_LAUNCH):
            started = self._receiver.start_launch(
                uuid=manifest.launch_uuid,
                name=manifest.launch_name,
                start_ms=manifest.start_ms,
                description=manifest.launch_description,
                attributes=manifest.attributes,
                build_id=links.build_id or None,
                environment_id=links.environment_id or None,
                build_version=links.build_version or None,
            )
            self._log.record(_LAUNCH, id=started.id, number=started.number)
        answer = self._log.get(_LAUNCH)
        finish = self._log.get(_FINISH)
        self._delivery.launches[:] = [DeliveredLaunch(answer["id"], finish.get("link", ""), answer["number"])]

    def send_items(self) -> None:
        """Send suites and cases in order, a suite when its first case comes."""
        for item in self._bundle.results():
            if isinstance(item, Suite):
                self._suites[item.ordinal] = item
            else:
                self._send_case(item)
        self._logs.flush()
        for ordinal in reversed(self._started):
            self._finish_suite(ordinal)

    def finish(self) -> None:
        """Finish the launch; its status follows from its items."""
        if self._log.done(_FINISH):
            return
        link = self._receiver.finish_launch(uuid=self._manifest.launch_uuid, end_ms=self._end_ms)
        self._log.record(_FINISH, link=link)
        first = self._delivery.launches[0]
        self._delivery.launches[0] = DeliveredLaunch(first.id, link, first.number)

    def _send_case(self, result: Result) -> None:
        case = result.stored.case
        parent = self._ensure_suite(case.suite)
        start_ms, end_ms = self._times(case, parent)
        uuid = self._bundle.item_uuid("case", case.ordinal)
        try:
            self._send_verdict(result, uuid, parent, start_ms, end_ms)
        except ServiceError as error:
            self._lose(case, error)
            return
        self._logs.add(case.ordinal, list(self._entries(result, uuid, end_ms)))
        self._delivery.sent += 1
        self._progress(self._delivery.sent, self._delivery.total)

    def _send_verdict(
        self, result: Result, uuid: str, parent: _Started | None, start_ms: int, end_ms: int
    ) -> None:
        case = result.stored.case
        step = f"case/{case.ordinal}"
        if self._log.done(step):
            return
        self._receiver.start_item(
            launch_uuid=self._manifest.launch_uuid,
            uuid=uuid,
            parent_uuid=parent.uuid if parent else None,
            name=case.name,
            type=self._item_type,
            start_ms=start_ms,
            code_ref=result.stored.code_ref,
            description=_description(case),
            attributes=_attributes(result),
        )
        self._receiver.finish_item(
            launch_uuid=self._manifest.launch_uuid,
            uuid=uuid,
            end_ms=end_ms,
            status=_wire_status(case),
            issue=_issue(case),
        )
        self._log.record(step)

    def _times(self, case: Case, parent: _Started | None) -> tuple[int, int]:
        """Start and end of a case; a case without a time of its own follows the one before it."""
        floor = parent.start_ms if parent else self._manifest.start_ms
        start_ms = max(floor, self._cursor_ms if case.start is None else int(case.start * 1000))
        end_ms = start_ms + int((case.seconds or 0) * 1000)
        self._cursor_ms = end_ms
        self._end_ms = max(self._end_ms, end_ms)
        return start_ms, end_ms

    def _lose(self, case: Case, error: ServiceError) -> None:
        """Go on after an answer that concerns one case alone."""
        if not concerns_one_call(error) or len(self._delivery.lost) >= _TOO_MANY_LOST:
            raise error
        self._delivery.lost.append(f"{case.name[:200]}: {error.message}")

    def _ensure_suite(self, ordinal: int | None) -> _Started | None:
        if ordinal is None:
            return None
        if ordinal in self._started:
            return self._started[ordinal]
        suite = self._suites[ordinal]
        parent = self._ensure_suite(suite.parent)
        floor = parent.start_ms if parent else self._manifest.start_ms
        start_ms = max(floor, self._cursor_ms if suite.start is None else int(suite.start * 1000))
        uuid = self._bundle.item_uuid("suite", ordinal)
        step = f"suite/{ordinal}"
        if not self._log.done(step):
            self._receiver.start_item(
                launch_uuid=self._manifest.launch_uuid,
                uuid=uuid,
                parent_uuid=parent.uuid if parent else None,
                name=suite.name or "(unnamed suite)",
                type="SUITE",
                start_ms=start_ms,
            )
            self._log.record(step)
        started = _Started(uuid, start_ms)
        self._started[ordinal] = started
        return started

    def _finish_suite(self, ordinal: int) -> None:
        step = f"suite-finish/{ordinal}"
        if not self._log.done(step):
            started = self._started[ordinal]
            self._receiver.finish_item(
                launch_uuid=self._manifest.launch_uuid, uuid=started.uuid, end_ms=self._end_ms
            )
            self._log.record(step)

    def _entries(self, result: Result, uuid: str, time_ms: int) -> Iterator[LogEntry]:
        for log in logs_of(result):
            file = None
            if log.file:
                file = LogFile(log.file.name, self._bundle.path_of(log.file), log.file.content_type)
            yield LogEntry(self._manifest.launch_uuid, uuid, time_ms, log.level, log.message, file)


class _LogQueue:
    """Gathers log lines of several cases into full requests."""

    def __init__(self, receiver: Receiver, log: DeliveryLog, delivery: Delivery) -> None:
        self._receiver = receiver
        self._log = log
        self._delivery = delivery
        self._entries: list[LogEntry] = []
        self._cases: list[int] = []

    def add(self, ordinal: int, entries: list[LogEntry]) -> None:
        """Queue the lines of one case, and send when there are enough."""
        if not entries or self._log.done(f"logs/{ordinal}"):
            return
        self._entries.extend(entries)
        self._cases.append(ordinal)
        if len(self._entries) >= LOG_BATCH:
            self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        for batch in batches(self._entries):
            for entry, problem in zip(batch, self._send(batch), strict=True):
                if problem is not None:
                    what = f"the file {entry.file.name}" if entry.file else "a log line"
                    self._delivery.lost.append(f"{what}: {problem}")
        for ordinal in self._cases:
            self._log.record(f"logs/{ordinal}")
        self._entries.clear()
        self._cases.clear()

    def _send(self, batch: list[LogEntry]) -> list[str | None]:
        """Send one batch; each entry is looked at, since 201 proves nothing (contract §7.6)."""
        try:
            return self._receiver.log_batch(batch)
        except ServiceError as error:
            if not concerns_one_call(error):
                raise
            return [error.message] * len(batch)


def concerns_one_call(error: ServiceError) -> bool:
    """Whether other calls may still succeed: the service took offence at this one's content alone."""
    if isinstance(error, (Refused, BudgetExhausted)) or error.code == "rate-limited":
        return False
    return 400 <= error.status < 500  # noqa: PLR2004 - the client errors of HTTP


def _wire_status(case: Case) -> str:
    return "failed" if case.status in BAD else case.status


def _issue(case: Case) -> Issue | None:
    if case.status in BAD:
        return Issue(TO_INVESTIGATE, short_failure(case) or case.details[:2000])
    if case.status == SKIPPED:
        return Issue(NOT_ISSUE, case.message)
    return None


def _attributes(result: Result) -> list[tuple[str, str]]:
    attributes = [(key, value) for key, value in result.stored.case.properties if key and value]
    count = len(result.attempts)
    if count:
        attributes.append(("attempts", str(count + 1)))
    if result.flaky:
        attributes.append(("flaky", "true"))
    return attributes


def _description(case: Case) -> str:
    where = case.file if case.line is None else f"{case.file}:{case.line}"
    # The Receiver keeps 500 characters of a name (contract §7.4); the rest must not be lost.
    full_name = case.name if len(case.name) > ITEM_NAME else ""
    return "\n".join(
        text for text in (full_name, where if case.file and case.status != PASSED else "") if text
    )
