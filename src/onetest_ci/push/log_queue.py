"""Log entries of many cases in full requests, each entry a step of its own (docs/onetest-api.md#logs)."""

from concurrent.futures import Future
from functools import partial
from typing import NamedTuple

from onetest_ci.bundle.steps import Step
from onetest_ci.errors import ServiceError
from onetest_ci.limits import LOG_BATCH
from onetest_ci.onetest.receiver import LogEntry, Receiver, batches
from onetest_ci.push.context import PushContext, is_refusal_of_call
from onetest_ci.push.ordered_pool import OrderedPool


class _Queued(NamedTuple):
    step: Step
    entry: LogEntry
    case: "Future[ServiceError | None] | None"


class _Refused(NamedTuple):
    what: str
    error: ServiceError


class LogQueue:
    """Gathers entries in the order of their cases and has the pool send them.

    Args:
        context: the bundle, its log and its delivery.
        receiver: the service.
        pool: sends the requests.
    """

    def __init__(self, context: PushContext, receiver: Receiver, pool: OrderedPool) -> None:
        self._context = context
        self._receiver = receiver
        self._pool = pool
        self._waiting: list[_Queued] = []

    def add(self, step: Step, entry: LogEntry, case: "Future[ServiceError | None] | None") -> None:
        """Queue an entry. Send a request when it is full.

        Args:
            step: of the entry. An acknowledged one is not sent again.
            entry: the entry.
            case: returns the error if the case is refused. None if an earlier push sent the case.
        """
        if self._context.log.done(step):
            return
        self._waiting.append(_Queued(step, entry, case))
        if len(self._waiting) >= LOG_BATCH:
            self._submit_next()

    def flush(self) -> None:
        """Have all queued entries sent."""
        while self._waiting:
            self._submit_next()

    def _submit_next(self) -> None:
        size = len(next(batches(one.entry for one in self._waiting)))
        batch = self._waiting[:size]
        del self._waiting[:size]
        weight = sum(len(one.entry.message) for one in batch)
        self._pool.submit(partial(self._send_of_taken_cases, batch), self._settle, weight)

    def _send_of_taken_cases(self, batch: list[_Queued]) -> list[_Refused]:
        """Send the entries of cases that were not refused. A later push sends the others with their cases."""
        return self._send([one for one in batch if one.case is None or one.case.result() is None])

    def _settle(self, refused: list[_Refused]) -> None:
        for what, error in refused:
            self._context.record_refused(what, error)

    def _send(self, batch: list[_Queued]) -> list[_Refused]:
        """Send one request and return the refused entries. A status of 201 alone does not prove success."""
        if not batch:
            return []
        try:
            problems = self._receiver.log_batch([one.entry for one in batch])
        except ServiceError as error:
            if not is_refusal_of_call(error):
                raise
            if len(batch) > 1 and error.status < 500:  # noqa: PLR2004 - the server's own errors
                # One refused entry must not cost the others.
                half = len(batch) // 2
                return self._send(batch[:half]) + self._send(batch[half:])
            return [_Refused(_label(one.entry), error) for one in batch]
        refused = []
        for one, problem in zip(batch, problems, strict=True):
            if problem is None:
                self._context.log.record(one.step)
            else:
                refused.append(_Refused(_label(one.entry), ServiceError("not-taken", problem, status=400)))
        return refused


def _label(entry: LogEntry) -> str:
    return f"the file {entry.file.name}" if entry.file else f"the log line {entry.message[:80]!r}"
