"""Log entries of many cases in full requests, each entry a step of its own (docs/onetest-api.md#logs)."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.errors import ServiceError
from onetest_ci.onetest.limits import LOG_BATCH
from onetest_ci.onetest.receiver import LogEntry, Receiver, batches
from onetest_ci.push.context import Delivery, is_refusal_of_call
from onetest_ci.push.ordered_pool import OrderedPool

Refused = list[tuple[str, ServiceError]]
"""What was not taken, and why."""


class _Queued(NamedTuple):
    step: str
    entry: LogEntry
    case: "Future[ServiceError | None] | None"


class LogQueue:
    """Gathers entries in the order of their cases and has the pool send them.

    Args:
        receiver: where to.
        log: what was acknowledged.
        delivery: takes what was refused.
        pool: sends.
    """

    def __init__(self, receiver: Receiver, log: DeliveryLog, delivery: Delivery, pool: OrderedPool) -> None:
        self._receiver = receiver
        self._log = log
        self._delivery = delivery
        self._pool = pool
        self._waiting: list[_Queued] = []

    def add(self, step: str, entry: LogEntry, case: "Future[ServiceError | None] | None") -> None:
        """Queue an entry, and have a request sent when there are enough for one.

        Args:
            step: its name in the log.
            entry: what to send.
            case: gives why the case was not taken, if it was not; None when an earlier push sent it.
        """
        if self._log.done(step):
            return
        self._waiting.append(_Queued(step, entry, case))
        if len(self._waiting) >= LOG_BATCH:
            self._send_next()

    def flush(self) -> None:
        """Have sent what is queued."""
        while self._waiting:
            self._send_next()

    def _send_next(self) -> None:
        size = len(next(batches(one.entry for one in self._waiting)))
        batch = self._waiting[:size]
        del self._waiting[:size]
        weight = sum(len(one.entry.message) for one in batch)
        self._pool.submit(self._job(batch), self._settle, weight)

    def _job(self, batch: list[_Queued]) -> Callable[[], Refused]:
        def job() -> Refused:
            # An entry of a case that was not taken has nowhere to go; a later push sends both.
            return self._send([one for one in batch if one.case is None or one.case.result() is None])

        return job

    def _settle(self, refused: Refused) -> None:
        for what, why in refused:
            self._delivery.record_refused(what, why)

    def _send(self, batch: list[_Queued]) -> Refused:
        """Send one request; each entry's answer is looked at, since 201 proves nothing."""
        if not batch:
            return []
        try:
            problems = self._receiver.log_batch([one.entry for one in batch])
        except ServiceError as error:
            if not is_refusal_of_call(error):
                raise
            if len(batch) > 1 and error.status < 500:  # noqa: PLR2004
                # One entry that is refused must not cost the others.
                half = len(batch) // 2
                return self._send(batch[:half]) + self._send(batch[half:])
            return [(_called(one.entry), error) for one in batch]
        refused: Refused = []
        for one, problem in zip(batch, problems, strict=True):
            if problem is None:
                self._log.record(one.step)
            else:
                refused.append((_called(one.entry), ServiceError("not-taken", problem, status=400)))
        return refused


def _called(entry: LogEntry) -> str:
    return f"the file {entry.file.name}" if entry.file else f"the log line {entry.message[:80]!r}"
