"""Launch mode: the launch, its tree of suites and cases, their logs and files.

See docs/onetest-api.md#receiver.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Final

from onetest_ci.bundle.logs import logs_of
from onetest_ci.bundle.records import Result
from onetest_ci.errors import ServiceError
from onetest_ci.model import Suite
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver
from onetest_ci.push import case_item
from onetest_ci.push.context import DeliveredLaunch, PushContext, is_refusal_of_call
from onetest_ci.push.launch_series import LaunchSeries
from onetest_ci.push.log_queue import LogQueue
from onetest_ci.push.ordered_pool import OrderedPool
from onetest_ci.push.setup import LaunchLinks
from onetest_ci.push.suite_tree import TOP, ParentItem, SuiteNode, UniqueStarts, resolved
from onetest_ci.push.target import Target

_NOT_ACCEPTABLE: Final = 406
_NAME_SHOWN: Final = 200

Progress = Callable[[int, int], None]


class LaunchDelivery:
    """Sends one bundle as a launch; what the delivery log holds already is not sent again.

    Args:
        context: what to send, what was acknowledged, what became of it.
        receiver: where to.
        target: which launch.
        item_type: ``STEP`` or ``TEST``, the Receiver's type of a case (docs/onetest-api.md#start-an-item).
        progress: called with cases sent and their total.
        must_be_new: a launch that exists is an error.
    """

    def __init__(
        self,
        context: PushContext,
        receiver: Receiver,
        target: Target,
        *,
        item_type: str,
        progress: Progress,
        must_be_new: bool = False,
    ) -> None:
        self._bundle, self._log, self._delivery = context
        self._manifest = self._bundle.manifest
        self._receiver = receiver
        self._target = target
        self._parts = LaunchSeries(self._manifest, self._log, target)
        self._item_type = item_type
        self._progress = progress
        self._must_be_new = must_be_new
        self._launch = SuiteNode(None, "", self._manifest.start_ms, self._manifest.start_ms, place=TOP)
        self._suites: dict[int, Suite] = {}
        self._spans: dict[int, SuiteNode] = {}
        self._starts = UniqueStarts()
        self._half_sent: set[int] = set()
        self._noting = threading.Lock()

    @property
    def uuid(self) -> str:
        """The launch that items go to."""
        return self._parts.uuid

    def start(self, links: LaunchLinks) -> None:
        """Start the launch, unless that was done or is not ours to do."""
        manifest, parts = self._manifest, self._parts
        if not self._log.done(parts.launch):
            if self._target.starts:
                started = self._receiver.start_launch(
                    uuid=parts.uuid,
                    name=manifest.launch_name,
                    start_ms=manifest.start_ms,
                    description=manifest.launch_description,
                    attributes=[*parts.attributes, *manifest.attributes],
                    build_id=links.build_id or None,
                    environment_id=links.environment_id or None,
                    build_version=links.build_version or None,
                    may_exist=self._target.shared,
                    must_be_new=self._must_be_new,
                )
                self._log.record(parts.launch, id=started.id, number=started.number, **asdict(links))
            else:
                self._log.record(parts.launch, id=parts.uuid, number=None)
        self._tell_launches()

    def send_items(self, pool: OrderedPool) -> None:
        """Send suites and cases in order, a suite when its first case comes.

        Raises:
            Cancelled: the run was asked to stop.
        """
        logs = LogQueue(self._receiver, self._log, self._delivery, pool)
        for item in self._bundle.results():
            if isinstance(item, Suite):
                # Its properties are not sent; those of many suites would fill the memory.
                self._suites[item.ordinal] = item._replace(properties=())
            else:
                self._send_case(item, pool, logs)
        logs.flush()
        pool.drain()
        self._finish_suites(pool)

    def finish(self, status: str | None = None, receiver: Receiver | None = None) -> None:
        """Finish the launch, if it is ours to finish; its status follows from its items.

        Args:
            status: ``interrupted``, when not all was sent.
            receiver: to be used in place of the own one.
        """
        parts = self._parts
        done = self._log.done(parts.finish) or not self._log.done(parts.launch)
        # A finished launch would have the verdict of a case that was started only.
        if done or not self._target.finishes or self._half_sent:
            return
        end_ms = max(self._manifest.end_ms, self._launch.end_ms)
        link = (receiver or self._receiver).finish_launch(
            uuid=parts.uuid, end_ms=end_ms, status=status, may_be_finished=self._target.shared
        )
        self._log.record(parts.finish, link=link)
        self._tell_launches()

    def _tell_launches(self) -> None:
        self._delivery.launches[:] = [
            DeliveredLaunch(answer["id"], self._log.get(finish).get("link", ""), answer["number"])
            for launch, finish in self._parts.all_steps()
            if (answer := self._log.get(launch))
        ]

    def _send_case(self, result: Result, pool: OrderedPool, logs: LogQueue) -> None:
        case = result.stored.case
        span = self._span(case.suite)
        start_ms = span.start_child(case.start, self._starts)
        end_ms = start_ms + int((case.seconds or 0) * 1000)
        span.reach(end_ms)
        part = self._parts.of_case(case.ordinal)
        sent: Future[ServiceError | None] | None = None
        if part is None:
            sent = pool.submit(
                self._case_job(result, self._place(span, pool), start_ms, end_ms),
                lambda refused: self._settle(case.name[:_NAME_SHOWN], refused),
            )
        else:
            self._delivery.sent += 1
        for number, entry in enumerate(self._entries(result, end_ms, part)):
            logs.add(f"log/{case.ordinal}/{number}", entry, sent)

    def _settle(self, name: str, refused: ServiceError | None) -> None:
        if refused is not None:
            self._delivery.record_refused(name, refused)
            return
        self._delivery.sent += 1
        self._progress(self._delivery.sent, self._delivery.total)

    def _case_job(
        self, result: Result, place: ParentItem | Future[ParentItem], start_ms: int, end_ms: int
    ) -> Callable[[], ServiceError | None]:
        case = result.stored.case
        uuid = self._bundle.item_uuid("case", case.ordinal)
        # Made here and not in the job, which shall not hold what the test printed.
        start = partial(
            self._receiver.start_item,
            uuid=uuid,
            type=self._item_type,
            name=case_item.name_of(case),
            code_ref=result.stored.code_ref,
            description=case_item.description_of(case),
            attributes=case_item.attributes_of(result),
            parameters=case_item.parameters_of(case),
        )
        status, issue, ordinal = case_item.status_of(case), case_item.issue_of(case), case.ordinal

        def job() -> ServiceError | None:
            parent = resolved(place)
            try:
                self._note_half(ordinal)
                self._start_item(start, parent, start_ms)
            except ServiceError as error:
                if not is_refusal_of_call(error):
                    raise
                self._note_whole(ordinal)
                return error
            try:
                self._receiver.finish_item(
                    launch_uuid=self.uuid,
                    uuid=uuid,
                    end_ms=end_ms + parent.shift_ms,
                    status=status,
                    issue=issue,
                )
            except ServiceError as error:
                if not is_refusal_of_call(error):
                    raise
                return error
            self._log.record(f"{self._parts.case}/{ordinal}")
            self._note_whole(ordinal)
            return None

        return job

    def _start_item(self, start: Callable[..., None], parent: ParentItem, start_ms: int) -> None:
        start(launch_uuid=self.uuid, parent_uuid=parent.uuid, start_ms=start_ms + parent.shift_ms)

    def _note_half(self, ordinal: int) -> None:
        with self._noting:
            self._half_sent.add(ordinal)

    def _note_whole(self, ordinal: int) -> None:
        with self._noting:
            self._half_sent.discard(ordinal)

    def _span(self, ordinal: int | None) -> SuiteNode:
        """The times of the suite of that number; of the launch for None."""
        if ordinal is None:
            return self._launch
        if ordinal not in self._spans:
            suite = self._suites[ordinal]
            parent = self._span(suite.parent)
            start_ms = parent.start_child(suite.start, self._starts)
            self._spans[ordinal] = SuiteNode(
                ordinal, suite.name, start_ms, start_ms, parent, parent.depth + 1
            )
        return self._spans[ordinal]

    def _place(self, span: SuiteNode, pool: OrderedPool) -> ParentItem | Future[ParentItem]:
        """Where what is in a suite goes; it is started when it was not yet, after the one around it."""
        if span.place is not None or span.parent is None or span.ordinal is None:
            return span.place or TOP
        around = self._place(span.parent, pool)
        uuid = self._bundle.item_uuid(self._parts.suite, span.ordinal)
        if self._log.done(f"{self._parts.suite}/{span.ordinal}"):
            span.place = ParentItem(
                uuid, self._log.get(f"shift/{span.ordinal}").get("ms", resolved(around).shift_ms)
            )
        else:
            span.place = pool.submit(
                lambda: self._start_suite(span, uuid, resolved(around)),
                lambda place: self._settle_suite(span, place),
            )
        return span.place

    def _settle_suite(self, span: SuiteNode, place: ParentItem) -> None:
        span.place = place._replace(refused=None)
        if place.refused is not None:
            self._delivery.record_refused(f"the suite {span.name[:_NAME_SHOWN]}", place.refused)

    def _start_suite(self, span: SuiteNode, uuid: str, around: ParentItem) -> ParentItem:
        """Start a suite; when the service refuses it, what is in it goes where the suite would stand."""
        name = span.name.strip() or "(unnamed suite)"
        start = partial(self._receiver.start_item, uuid=uuid, type="SUITE", name=name)
        try:
            try:
                self._start_item(start, around, span.start_ms)
            except ServiceError as error:
                around = self._later(span, around, error)
                self._start_item(start, around, span.start_ms)
        except ServiceError as error:
            if not is_refusal_of_call(error):
                raise
            return ParentItem(around.uuid, around.shift_ms, error)
        self._log.record(f"{self._parts.suite}/{span.ordinal}")
        return ParentItem(uuid, around.shift_ms)

    def _later(self, span: SuiteNode, around: ParentItem, error: ServiceError) -> ParentItem:
        """The place, with times from now on: others may have started a shared launch after these tests began.

        The Receiver takes nothing that starts before its launch (docs/onetest-api.md#start-an-item).

        Raises:
            ServiceError: ``error``, where that cannot be its reason.
        """
        if not (self._target.shared and around.uuid is None and error.status == _NOT_ACCEPTABLE):
            raise error
        shift_ms = max(0, int(time.time() * 1000) - span.start_ms)
        self._log.record(f"shift/{span.ordinal}", ms=shift_ms)
        return around._replace(shift_ms=shift_ms)

    def _finish_suites(self, pool: OrderedPool) -> None:
        """Finish what was started, the innermost first."""
        depths: dict[int, list[SuiteNode]] = {}
        for span in self._spans.values():
            if span.place is None and self._log.done(f"{self._parts.suite}/{span.ordinal}"):
                self._place(span, pool)
            if span.place is not None:
                depths.setdefault(span.depth, []).append(span)
        for depth in sorted(depths, reverse=True):
            for span in depths[depth]:
                self._finish_suite(span, pool)
            pool.drain()

    def _finish_suite(self, span: SuiteNode, pool: OrderedPool) -> None:
        if span.place is None or span.ordinal is None:
            return
        place, step = resolved(span.place), f"{self._parts.suite_finish}/{span.ordinal}"
        uuid = self._bundle.item_uuid(self._parts.suite, span.ordinal)
        if place.uuid != uuid or self._log.done(step):
            return
        end_ms = span.end_ms + place.shift_ms

        def job() -> ServiceError | None:
            try:
                self._receiver.finish_item(launch_uuid=self.uuid, uuid=uuid, end_ms=end_ms)
            except ServiceError as error:
                if not is_refusal_of_call(error):
                    raise
                return error
            self._log.record(step)
            return None

        def settle(refused: ServiceError | None) -> None:
            if refused is not None:
                self._delivery.record_refused(f"the end of the suite {span.name[:_NAME_SHOWN]}", refused)

        pool.submit(job, settle)

    def _entries(self, result: Result, time_ms: int, part: int | None) -> Iterator[LogEntry]:
        for log in logs_of(result):
            launch_uuid = self.uuid if part is None else self._parts.uuid_of(part)
            uuid = self._bundle.item_uuid("case", result.stored.case.ordinal)
            file = None
            if log.file:
                file = LogFile(log.file.name, self._bundle.path_of(log.file), log.file.content_type)
            yield LogEntry(launch_uuid, uuid, time_ms, log.level, log.message, file)
