"""Launch mode: the launch, its tree of suites and cases, their logs and files (contract §7)."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.logs import logs_of, short_failure
from onetest_ci.bundle.records import Result
from onetest_ci.errors import ServiceError
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
from onetest_ci.push.delivery import DeliveredLaunch, Delivery, Shipment, concerns_one_call
from onetest_ci.push.setup import LaunchLinks
from onetest_ci.refs import parameters_of

_LAUNCH: Final = "launch"
_FINISH: Final = "launch-finish"

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Span:
    """The launch or a suite as the service knows it, with the times that what is in it must keep to.

    Attributes:
        uuid: of the suite's item, None for the launch.
        start_ms: nothing in it starts earlier.
        end_ms: end of what is in it so far; what has no time of its own starts here.
        parent: what it stands in.
    """

    uuid: str | None
    start_ms: int
    end_ms: int
    parent: "_Span | None" = None

    def start_of(self, start: float | None) -> int:
        """When something in it starts that says to start then, in epoch seconds, or does not say."""
        return max(self.start_ms, self.end_ms if start is None else int(start * 1000))

    def reach(self, end_ms: int) -> None:
        """Last at least until then, and so do those around it."""
        span: _Span | None = self
        while span is not None:
            span.end_ms = max(span.end_ms, end_ms)
            span = span.parent


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
        self._launch = _Span(None, self._manifest.start_ms, self._manifest.start_ms)
        self._spans: dict[int, _Span] = {}
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
            self._log.record(_LAUNCH, id=started.id, number=started.number, **asdict(links))
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
        for ordinal in reversed(self._spans):
            self._finish_suite(ordinal)

    def finish(self) -> None:
        """Finish the launch; its status follows from its items."""
        if self._log.done(_FINISH):
            return
        end_ms = max(self._manifest.end_ms, self._launch.end_ms)
        link = self._receiver.finish_launch(uuid=self._manifest.launch_uuid, end_ms=end_ms)
        self._log.record(_FINISH, link=link)
        first = self._delivery.launches[0]
        self._delivery.launches[0] = DeliveredLaunch(first.id, link, first.number)

    def _send_case(self, result: Result) -> None:
        case = result.stored.case
        span = self._span(case.suite)
        start_ms = span.start_of(case.start)
        end_ms = start_ms + int((case.seconds or 0) * 1000)
        span.reach(end_ms)
        uuid = self._bundle.item_uuid("case", case.ordinal)
        try:
            self._send_verdict(result, uuid, span, start_ms, end_ms)
        except ServiceError as error:
            self._delivery.lose(case.name[:200], error)
            return
        for number, entry in enumerate(self._entries(result, uuid, end_ms)):
            self._logs.add(f"log/{case.ordinal}/{number}", entry)
        self._delivery.sent += 1
        self._progress(self._delivery.sent, self._delivery.total)

    def _send_verdict(self, result: Result, uuid: str, span: _Span, start_ms: int, end_ms: int) -> None:
        case = result.stored.case
        step = f"case/{case.ordinal}"
        if self._log.done(step):
            return
        self._receiver.start_item(
            launch_uuid=self._manifest.launch_uuid,
            uuid=uuid,
            parent_uuid=span.uuid,
            name=case.name.strip() or "(unnamed test)",
            type=self._item_type,
            start_ms=start_ms,
            code_ref=result.stored.code_ref,
            description=_description(case),
            attributes=_attributes(result),
            parameters=_parameters(case),
        )
        self._receiver.finish_item(
            launch_uuid=self._manifest.launch_uuid,
            uuid=uuid,
            end_ms=end_ms,
            status=_wire_status(case),
            issue=_issue(case),
        )
        self._log.record(step)

    def _span(self, ordinal: int | None) -> _Span:
        """The suite of that number, started when it was not yet; the launch for None."""
        if ordinal is None:
            return self._launch
        if ordinal not in self._spans:
            suite = self._suites[ordinal]
            # The one around it first, also in the order of ``_spans``: finishing goes backwards.
            self._spans[ordinal] = self._start_suite(suite, self._span(suite.parent))
        return self._spans[ordinal]

    def _start_suite(self, suite: Suite, parent: _Span) -> _Span:
        """Start a suite; when the service refuses it, what is in it goes where the suite would stand."""
        start_ms = parent.start_of(suite.start)
        uuid = self._bundle.item_uuid("suite", suite.ordinal)
        step = f"suite/{suite.ordinal}"
        if not self._log.done(step):
            try:
                self._receiver.start_item(
                    launch_uuid=self._manifest.launch_uuid,
                    uuid=uuid,
                    parent_uuid=parent.uuid,
                    name=suite.name.strip() or "(unnamed suite)",
                    type="SUITE",
                    start_ms=start_ms,
                )
            except ServiceError as error:
                self._delivery.lose(f"the suite {suite.name[:200]}", error)
                return parent
            self._log.record(step)
        return _Span(uuid, start_ms, start_ms, parent)

    def _finish_suite(self, ordinal: int) -> None:
        span, step = self._spans[ordinal], f"suite-finish/{ordinal}"
        uuid = self._bundle.item_uuid("suite", ordinal)
        if span.uuid != uuid or self._log.done(step):
            return
        try:
            self._receiver.finish_item(launch_uuid=self._manifest.launch_uuid, uuid=uuid, end_ms=span.end_ms)
        except ServiceError as error:
            self._delivery.lose(f"the end of the suite {self._suites[ordinal].name[:200]}", error)
            return
        self._log.record(step)

    def _entries(self, result: Result, uuid: str, time_ms: int) -> Iterator[LogEntry]:
        for log in logs_of(result):
            file = None
            if log.file:
                file = LogFile(log.file.name, self._bundle.path_of(log.file), log.file.content_type)
            yield LogEntry(self._manifest.launch_uuid, uuid, time_ms, log.level, log.message, file)


class _LogQueue:
    """Gathers log entries of several cases into full requests; each entry is a step of its own.

    Args:
        receiver: where to.
        log: what was acknowledged.
        delivery: takes what was refused.
    """

    def __init__(self, receiver: Receiver, log: DeliveryLog, delivery: Delivery) -> None:
        self._receiver = receiver
        self._log = log
        self._delivery = delivery
        self._steps: list[str] = []
        self._entries: list[LogEntry] = []

    def add(self, step: str, entry: LogEntry) -> None:
        """Queue an entry, and send a request when there are enough for one."""
        if self._log.done(step):
            return
        self._steps.append(step)
        self._entries.append(entry)
        if len(self._entries) >= LOG_BATCH:
            self._send_next()

    def flush(self) -> None:
        """Send what is queued."""
        while self._entries:
            self._send_next()

    def _send_next(self) -> None:
        batch = next(batches(self._entries))
        self._send(self._steps[: len(batch)], batch)
        del self._steps[: len(batch)], self._entries[: len(batch)]

    def _send(self, steps: list[str], batch: list[LogEntry]) -> None:
        """Send one request; each entry's answer is looked at, since 201 proves nothing (contract §7.6)."""
        try:
            problems = self._receiver.log_batch(batch)
        except ServiceError as error:
            if len(batch) > 1 and concerns_one_call(error):
                # One entry that is refused must not cost the others.
                half = len(batch) // 2
                self._send(steps[:half], batch[:half])
                self._send(steps[half:], batch[half:])
                return
            self._delivery.lose(_called(batch[0]), error)
            return
        for step, entry, problem in zip(steps, batch, problems, strict=True):
            if problem is None:
                self._log.record(step)
            else:
                self._delivery.lose(_called(entry), ServiceError("not-taken", problem, status=400))


def _called(entry: LogEntry) -> str:
    return f"the file {entry.file.name}" if entry.file else f"the log line {entry.message[:80]!r}"


def _wire_status(case: Case) -> str:
    return "failed" if case.status in BAD else case.status


def _issue(case: Case) -> Issue | None:
    if case.status in BAD:
        return Issue(TO_INVESTIGATE, short_failure(case) or case.details[:2000])
    if case.status == SKIPPED:
        return Issue(NOT_ISSUE, case.message or case.details[:2000])
    return None


def _attributes(result: Result) -> list[tuple[str, str]]:
    """What is told of attempts, then the case's own properties: the service keeps the first 256."""
    attributes = [("flaky", "true")] if result.flaky else []
    if count := len(result.attempts):
        attributes.append(("attempts", str(count + 1)))
    return attributes + [(key, value) for key, value in result.stored.case.properties if key and value]


def _parameters(case: Case) -> list[tuple[str, str]]:
    """What tells a parametrised test from its siblings, which have its code_ref too (contract §9.2)."""
    parameters = parameters_of(case.name, PurePosixPath(case.file).suffix.lower())
    return [("parameters", parameters)] if parameters else []


def _description(case: Case) -> str:
    where = case.file if case.line is None else f"{case.file}:{case.line}"
    # The Receiver keeps 500 characters of a name (contract §7.4); the rest must not be lost.
    full_name = case.name if len(case.name) > ITEM_NAME else ""
    return "\n".join(
        text for text in (full_name, where if case.file and case.status != PASSED else "") if text
    )
