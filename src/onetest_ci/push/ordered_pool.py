"""A few threads that send what may be on its way at once."""

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
"""Jobs that wait or are done for each thread, while an older one is still on its way."""
_MOST_WEIGHT: Final = 8 * 1024 * 1024
"""Bytes that jobs hold together; a heavier one goes when it is alone."""


class Cancelled(Exception):
    """The run was asked to stop; jobs that had not begun were not done."""


class _Given(NamedTuple):
    future: Future[Any]
    settle: Callable[[Any], None]
    weight: int


class OrderedPool:
    """Does jobs at once, begun in the order that they are given in, and settles them in that order.

    So a job may wait for the result of an earlier one, and what is told of jobs does not depend on their
    pace. How much waits is bounded, in number and in weight.

    Args:
        size: threads.
        stopping: no job is begun once it is set.
        hurry: called when an error ends the work, so that jobs which are under way do not linger.
    """

    def __init__(self, size: int, stopping: threading.Event, hurry: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="push")
        self._most = size * _AHEAD
        self._stopping = stopping
        self._hurry = hurry
        self._given: deque[_Given] = deque()
        self._weight = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave out what has not begun, wait for the rest, and settle what went well."""
        if kind is not None:
            self._hurry()
        self._pool.shutdown(cancel_futures=True)
        for given in self._given:
            if not (given.future.cancelled() or given.future.exception()):
                # What it would raise is less than what ended the work.
                with suppress(ServiceError):
                    given.settle(given.future.result())
        self._given.clear()

    def submit(self, job: Callable[[], _T], settle: Callable[[_T], None], weight: int = 0) -> "Future[_T]":
        """Give a job; waits while there are too many.

        Args:
            job: runs in a thread of the pool.
            settle: takes its result, in the thread that gives, after those of earlier jobs.
            weight: bytes that the job holds.

        Raises:
            Cancelled: the run was asked to stop.
            Exception: what an earlier job raised.
        """
        if len(self._given) >= self._most:
            self._make_room()
        while self._given and self._weight + weight > _MOST_WEIGHT:
            self._settle_next()
        if self._stopping.is_set():
            raise Cancelled
        future = self._pool.submit(job)
        self._given.append(_Given(future, settle, weight))
        self._weight += weight
        return future

    def drain(self) -> None:
        """Wait for all jobs.

        Raises:
            Cancelled: the run was asked to stop.
            Exception: what one of them raised.
        """
        while self._given:
            self._settle_next()

    def _make_room(self) -> None:
        """Wait once for many jobs: to be woken for each would cost as much as the job."""
        with suppress(CancelledError):
            self._given[len(self._given) // 2].future.exception()
        self._settle_next()
        while self._given and self._given[0].future.done():
            self._settle_next()

    def _settle_next(self) -> None:
        given = self._given[0]
        try:
            result = given.future.result()
        except CancelledError:
            raise Cancelled from None
        self._given.popleft()
        self._weight -= given.weight
        given.settle(result)
