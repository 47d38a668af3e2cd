"""The items of a launch: suites and cases, in the order of the reports, with their logs and files.

See docs/onetest-api.md#receiver.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Final

from onetest_ci.bundle.logs import logs_of
from onetest_ci.bundle.records import Result
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.errors import ServiceError
from onetest_ci.model import Suite
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver
from onetest_ci.push import case_item
from onetest_ci.push.context import PushContext, refusal_of
from onetest_ci.push.launch_series import LaunchSeries
from onetest_ci.push.log_queue import LogQueue
from onetest_ci.push.ordered_pool import OrderedPool
from onetest_ci.push.suite_tree import CasePlace, ParentItem, SuiteNode, SuiteStart, SuiteTree

_NOT_ACCEPTABLE: Final = 406
_NAME_SHOWN: Final = 200

Progress = Callable[[int, int], None]
"""Shows the number of sent cases and their total."""


class LaunchItems:
    """Sends the items of one launch. Acknowledged ones are not sent again.

    Args:
        context: the bundle, its log and its delivery.
        receiver: client of the Receiver.
        series: the launches of the bundle; one that was finished too early is continued in another.
        item_type: ``STEP`` or ``TEST``, the Receiver's type of a case (docs/onetest-api.md#start-an-item).
        is_shared: whether other runners report to the launch as well.
        progress: shows the cases sent.

    Attributes:
        half_sent: ordinals of cases whose start was sent and whose finish was not acknowledged.
    """

    def __init__(
        self,
        context: PushContext,
        receiver: Receiver,
        series: LaunchSeries,
        *,
        item_type: str,
        is_shared: bool,
        progress: Progress,
    ) -> None:
        self._context = context
        self._bundle, self._log, self._delivery = context.bundle, context.log, context.delivery
        self._receiver = receiver
        self._series = series
        self._item_type = item_type
        self._is_shared = is_shared
        self._progress = progress
        self._tree = SuiteTree(self._bundle.manifest.start_ms)
        self.half_sent: set[int] = set()

    @property
    def end_ms(self) -> int:
        """End of the items so far."""
        return self._tree.launch.end_ms

    def send(self, pool: OrderedPool) -> None:
        """Send the suites and cases in order, each suite before its first case. Finish the suites at the end.

        Raises:
            Cancelled: the run was asked to stop.
        """
        logs = LogQueue(self._context, self._receiver, pool)
        for item in self._bundle.results():
            if isinstance(item, Suite):
                self._tree.add(item)
            else:
                self._send_case(item, pool, logs)
        logs.flush()
        pool.drain()
        self._finish_suites(pool)

    def _send_case(self, result: Result, pool: OrderedPool, logs: LogQueue) -> None:
        case = result.stored.case
        place = self._tree.place(case)
        part = self._series.part_of_case(case.ordinal)
        sent: Future[ServiceError | None] | None = None
        if part is None:
            self._ensure_started(place.suite, pool)
            sent = pool.submit(
                self._case_job(result, place), partial(self._settle_case, case.name[:_NAME_SHOWN])
            )
        else:
            self._delivery.sent += 1
        launch_uuid = self._series.uuid_of(part or self._series.current)
        for number, entry in enumerate(self._log_entries(result, launch_uuid, place.end_ms)):
            logs.add(Step(Kind.LOG, case.ordinal, number), entry, sent)

    def _case_job(self, result: Result, place: CasePlace) -> Callable[[], ServiceError | None]:
        """Return a job that starts and finishes a case, and returns the error if OneTest refuses that."""
        case, ordinal = result.stored.case, result.stored.case.ordinal
        uuid = self._uuid_of_case(ordinal)
        # Computed here and not in the job, which must not hold the case's output.
        start = partial(
            self._receiver.start_item,
            launch_uuid=self._series.uuid,
            uuid=uuid,
            type=self._item_type,
            name=case_item.name_of(case),
            code_ref=result.stored.code_ref,
            description=case_item.description_of(case),
            attributes=case_item.attributes_of(result),
            parameters=case_item.parameters_of(case),
        )
        finish = partial(
            self._receiver.finish_item,
            launch_uuid=self._series.uuid,
            uuid=uuid,
            status=case_item.status_of(case),
            issue=case_item.issue_of(case),
        )

        def job() -> ServiceError | None:
            parent = place.suite.item()
            start_ms, end_ms = place.start_ms + parent.shift_ms, place.end_ms + parent.shift_ms
            self.half_sent.add(ordinal)
            refused = refusal_of(lambda: start(parent_uuid=parent.uuid, start_ms=start_ms))
            if refused is None:
                refused = refusal_of(lambda: finish(end_ms=end_ms))
                if refused is not None:
                    return refused
                self._log.record(self._series.step(Kind.CASE, ordinal))
            self.half_sent.discard(ordinal)
            return refused

        return job

    def _settle_case(self, name: str, refused: ServiceError | None) -> None:
        self._context.record_refused(name, refused)
        if refused is None:
            self._delivery.sent += 1
            self._progress(self._delivery.sent, self._delivery.total)

    def _ensure_started(self, suite: SuiteNode, pool: OrderedPool) -> None:
        """Submit the start of a suite, after those around it, unless that was done."""
        if suite.is_started or suite.parent is None:
            return
        self._ensure_started(suite.parent, pool)
        if self._log.done(self._series.step(Kind.SUITE, suite.ordinal)):
            shift = self._log.get(Step(Kind.SHIFT, suite.ordinal))
            shift_ms = shift["ms"] if shift else suite.parent.item().shift_ms
            suite.set_item(ParentItem(self._uuid_of_suite(suite), shift_ms))
        else:
            suite.set_item(
                pool.submit(
                    partial(self._start_suite, suite, suite.parent), partial(self._settle_suite, suite)
                )
            )

    def _start_suite(self, suite: SuiteNode, parent: SuiteNode) -> SuiteStart:
        """Start a suite. If OneTest refuses it, its children go into the item around it.

        If a shared launch may have begun after the suite, the suite is moved to now, and the shift recorded.
        """
        around = parent.item()
        start = partial(
            self._receiver.start_item,
            launch_uuid=self._series.uuid,
            uuid=self._uuid_of_suite(suite),
            parent_uuid=around.uuid,
            name=suite.name.strip() or "(unnamed suite)",
            type="SUITE",
        )
        refused = refusal_of(lambda: start(start_ms=suite.start_ms + around.shift_ms))
        if refused is not None and self._may_begin_before_launch(around, refused):
            shift_ms = max(0, int(time.time() * 1000) - suite.start_ms)
            self._log.record(Step(Kind.SHIFT, suite.ordinal), ms=shift_ms)
            around = around._replace(shift_ms=shift_ms)
            refused = refusal_of(lambda: start(start_ms=suite.start_ms + shift_ms))
        if refused is not None:
            return SuiteStart(around, refused)
        self._log.record(self._series.step(Kind.SUITE, suite.ordinal))
        return SuiteStart(ParentItem(self._uuid_of_suite(suite), around.shift_ms))

    def _may_begin_before_launch(self, around: ParentItem, refused: ServiceError) -> bool:
        """Return whether the suite may be refused since another runner started the shared launch later.

        The Receiver takes nothing that starts before its launch (docs/onetest-api.md#start-an-item).
        """
        return self._is_shared and around.uuid is None and refused.status == _NOT_ACCEPTABLE

    def _settle_suite(self, suite: SuiteNode, start: SuiteStart) -> None:
        suite.set_item(start.item)
        self._context.record_refused(f"the suite {suite.name[:_NAME_SHOWN]}", start.refused)

    def _finish_suites(self, pool: OrderedPool) -> None:
        """Finish the suites that were started, the innermost first."""
        levels = list(self._tree.levels())
        for suite in (suite for level in levels for suite in level):
            # Started by an earlier push, which did not finish it.
            if self._log.done(self._series.step(Kind.SUITE, suite.ordinal)):
                self._ensure_started(suite, pool)
        for level in levels:
            for suite in level:
                if suite.is_started:
                    self._finish_suite(suite, pool)
            pool.drain()

    def _finish_suite(self, suite: SuiteNode, pool: OrderedPool) -> None:
        step = self._series.step(Kind.SUITE_FINISH, suite.ordinal)
        uuid, item = self._uuid_of_suite(suite), suite.item()
        was_refused = item.uuid != uuid
        if was_refused or self._log.done(step):
            return

        def finish() -> None:
            end_ms = suite.end_ms + item.shift_ms
            self._receiver.finish_item(launch_uuid=self._series.uuid, uuid=uuid, end_ms=end_ms)
            self._log.record(step)

        pool.submit(
            partial(refusal_of, finish),
            partial(self._context.record_refused, f"the end of the suite {suite.name[:_NAME_SHOWN]}"),
        )

    def _log_entries(self, result: Result, launch_uuid: str, time_ms: int) -> Iterator[LogEntry]:
        uuid = self._uuid_of_case(result.stored.case.ordinal)
        for log in logs_of(result):
            file = None
            if log.file:
                file = LogFile(log.file.name, self._bundle.path_of(log.file), log.file.content_type)
            yield LogEntry(launch_uuid, uuid, time_ms, log.level, log.message, file)

    def _uuid_of_case(self, ordinal: int) -> str:
        # A case is in one launch of the series, so its UUID does not depend on which.
        return self._bundle.item_uuid(Step(Kind.CASE, ordinal).key)

    def _uuid_of_suite(self, suite: SuiteNode) -> str:
        return self._bundle.item_uuid(self._series.step(Kind.SUITE, suite.ordinal).key)
