"""A few threads that send requests at once, and settle their results in order."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TypeVar

from onetest_ci.errors import ServiceError

_T = TypeVar("_T")

_AHEAD: Final = 4
"""Jobs that wait or are done for each thread, while an older one is still running."""
_MAX_WEIGHT: Final = 8 * 1024 * 1024
"""Bytes that jobs hold together. A heavier job runs alone."""


class Cancelled(Exception):
    """The run was asked to stop, so jobs that had not begun were not done."""


class _Submitted(NamedTuple):
    future: Future[Any]
    settle: Callable[[Any], None]
    weight: int


class OrderedPool:
    """Runs jobs in threads. Jobs begin, and are settled, in the order of their submission.

    So a job may wait for the result of an earlier one, and the order of reported results does not depend on
    the speed of jobs. The number and weight of waiting jobs are bounded.

    Args:
        size: number of threads.
        stopping: no job begins once it is set.
        shorten_deadline: called if an error ends the work, so that running jobs end soon.
    """

    def __init__(self, size: int, stopping: threading.Event, shorten_deadline: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="push")
        self._max_jobs = size * _AHEAD
        self._stopping = stopping
        self._shorten_deadline = shorten_deadline
        self._submitted: deque[_Submitted] = deque()
        self._weight = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cancel the jobs that have not begun, wait for the others, and settle those that succeeded."""
        if kind is not None:
            self._shorten_deadline()
        self._pool.shutdown(cancel_futures=True)
        for job in self._submitted:
            if not (job.future.cancelled() or job.future.exception()):
                # An error here matters less than the one that ended the work.
                with suppress(ServiceError):
                    job.settle(job.future.result())
        self._submitted.clear()

    def submit(self, job: Callable[[], _T], settle: Callable[[_T], None], weight: int = 0) -> "Future[_T]":
        """Submit a job. Wait while there are too many.

        Args:
            job: runs in a thread of the pool.
            settle: receives the job's result, in the submitting thread, after the results of earlier jobs.
            weight: bytes that the job holds.

        Raises:
            Cancelled: the run was asked to stop.
            Exception: an error of an earlier job.
        """
        if len(self._submitted) >= self._max_jobs:
            self._make_room()
        while self._submitted and self._weight + weight > _MAX_WEIGHT:
            self._settle_next()
        if self._stopping.is_set():
            raise Cancelled
        future = self._pool.submit(job)
        self._submitted.append(_Submitted(future, settle, weight))
        self._weight += weight
        return future

    def drain(self) -> None:
        """Wait for all jobs.

        Raises:
            Cancelled: the run was asked to stop.
            Exception: an error of a job.
        """
        while self._submitted:
            self._settle_next()

    def _make_room(self) -> None:
        """Wait for the middle job, then settle all done ones in front of it.

        Waking up for each job would cost as much as the job.
        """
        with suppress(CancelledError):
            self._submitted[len(self._submitted) // 2].future.exception()
        self._settle_next()
        while self._submitted and self._submitted[0].future.done():
            self._settle_next()

    def _settle_next(self) -> None:
        job = self._submitted[0]
        try:
            result = job.future.result()
        except CancelledError:
            raise Cancelled from None
        self._submitted.popleft()
        self._weight -= job.weight
        job.settle(result)
