"""Whether a request is retried, and how long to wait before.

A retry has the same bytes and the same ids, and is made only where it is safe
(docs/onetest-api.md#retrying-a-request, #paths-of-the-import). The pause grows exponentially with full
jitter, so that the jobs of a matrix do not retry in step, and never passes the deadline.
"""

import math
import re
import threading
import time
from collections.abc import Callable
from typing import Final

from onetest_ci.errors import ServiceError, Unreachable
from onetest_ci.onetest.client.deadline import LONGEST_PAUSE, Deadline
from onetest_ci.onetest.client.hints import PUSHING, Hints
from onetest_ci.onetest.client.responses import RawResponse, error_text
from onetest_ci.onetest.endpoints import Retry

MAX_REQUESTS: Final = 5
"""For one call, once the service has responded to a call of this run."""
MAX_FAILURES: Final = 20
"""Requests that fail in a row, over all threads, before the service counts as down.

Those that are under way at once count as one: a short outage fails them all.
"""
MAX_RATE_LIMITED: Final = 2
"""Pauses of one call for a 429. More only use up the job's time: the hourly limit may end in an hour."""
_MAX_RETRY_AFTER: Final = 60.0
"""Seconds."""

CONFLICT: Final = 409
_RATE_LIMITED: Final = 429
_FAULT: Final = 500
"""The service may have acted, so a retry must be safe."""
_BUSY: Final = frozenset({502, 503, 504})
_SAFE_TO_RETRY: Final = frozenset({Retry.SAFE, Retry.START, Retry.FINISH})
"""Acting twice changes nothing."""
_ALREADY_FINISHED: Final = frozenset({404, 406, 409})
_DUPLICATE: Final = re.compile("duplicate|exists|unique", re.IGNORECASE)


def is_duplicate(text: str) -> bool:
    """Return whether an error's text reports that something exists already."""
    return _DUPLICATE.search(text) is not None


class NoResponse(Exception):
    """A request got no response.

    Args:
        error: what to raise if there is no retry.
        sent: the request may have arrived.
        lasting: a retry would end the same way.
    """

    def __init__(self, error: ServiceError, *, sent: bool, lasting: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.sent = sent
        self.lasting = lasting


class Circuit:
    """The state of the service, shared by all threads: whether it responds, and whether it asked for a pause.

    Args:
        address: the base URL, for messages.
        deadline: limits the waiting.
        clock: monotonic seconds.
        first_wait: seconds from the first failure during which calls are retried while the service has not
            responded to any. A restart of the service takes about half a minute.
        hints: what to do after a failure.
    """

    def __init__(
        self,
        address: str,
        deadline: Deadline,
        clock: Callable[[], float] = time.monotonic,
        *,
        first_wait: float = 30.0,
        hints: Hints = PUSHING,
    ) -> None:
        self._address = address
        self._deadline = deadline
        self._clock = clock
        self._failures = 0
        self._failed_at = -math.inf
        self._responded = False
        self._first_wait = first_wait
        self._hints = hints
        self._first_failed_at: float | None = None
        self._pause_ends = 0.0
        self._lock = threading.Lock()

    def longest_pause(self, failed: int) -> float:
        """Return the maximum seconds to wait before the next request of a call; 0 if there is to be none.

        Args:
            failed: number of the call's requests so far, all of which failed.
        """
        with self._lock:
            if self._responded:
                return LONGEST_PAUSE if failed < MAX_REQUESTS else 0.0
            waited = 0.0 if self._first_failed_at is None else self._clock() - self._first_failed_at
        return max(0.0, self._first_wait - waited)

    def check(self) -> float:
        """Wait until the pause that the service asked for is over, and return the time by the clock.

        Raises:
            Unreachable: ``service-down``.
        """
        if self._failures >= MAX_FAILURES:
            raise Unreachable(
                "service-down",
                f"{self._address} failed {MAX_FAILURES} times in a row; no more calls were made",
                self._hints.later,
            )
        pause = self._pause_ends - self._clock()
        if pause > 0:
            self._deadline.wait(pause)
        return self._clock()

    def record(self, response: RawResponse | None, started: float) -> None:
        """Record a request's result. Anything but a server fault counts as healthy.

        Args:
            response: None if there was none.
            started: when the request started, by the clock.
        """
        healthy = response is not None and response.status < _FAULT
        with self._lock:
            self._responded |= healthy
            if not healthy and self._first_failed_at is None:
                self._first_failed_at = started
            if healthy:
                self._failures = 0
            elif started >= self._failed_at:
                self._failures += 1
                self._failed_at = self._clock()

    def pause(self, seconds: float) -> None:
        """Make the next requests of all threads wait this long."""
        with self._lock:
            self._pause_ends = max(self._pause_ends, self._clock() + seconds)


class Retries:
    """Decides about the retries of one call.

    Args:
        retry: whether a retry of this call is safe, and when.
        deadline: limits the waiting.
        circuit: the state of the service.
        sent_before: an earlier run may have sent the call.
        first_run: no earlier run can have sent the call, so a conflict at the first request is an error.
    """

    def __init__(
        self,
        retry: Retry,
        deadline: Deadline,
        circuit: Circuit,
        *,
        sent_before: bool = False,
        first_run: bool = False,
    ) -> None:
        self._retry = retry
        self._deadline = deadline
        self._circuit = circuit
        self._sent_before = sent_before
        self._first_run = first_run
        self._failed = 0
        self._rate_limited = 0

    def wait_after_no_response(self, failure: NoResponse) -> None:
        """Wait before the next request.

        Raises:
            ServiceError: there is to be none.
        """
        self._failed += 1
        safe = not failure.sent or self._retry in _SAFE_TO_RETRY
        longest = self._circuit.longest_pause(self._failed)
        if failure.lasting or not safe or not longest:
            raise failure.error
        self._sent_before |= failure.sent
        if not self._deadline.back_off(self._failed, longest):
            raise failure.error

    def should_retry(self, response: RawResponse) -> bool:
        """Decide whether to make the request again. Wait before returning True."""
        if response.status == _RATE_LIMITED:
            self._rate_limited += 1
            if response.is_about_coins or self._rate_limited > MAX_RATE_LIMITED:
                return False
            return self._wait(response, self._rate_limited)
        if not self._may_retry_after(response.status):
            return False
        self._failed += 1
        longest = self._circuit.longest_pause(self._failed)
        if not longest or not self._wait(response, self._failed, longest):
            return False
        self._sent_before = True
        return True

    def arrived_before(self, response: RawResponse) -> bool:
        """Return whether the response means that the same request has arrived before.

        See docs/onetest-api.md#finish-a-launch, #retrying-a-request.

        A conflict about an id that this client made means that, since a proxy on the way may have sent the
        request twice; but not at the first request of a first run. Other responses mean it only if this
        client, or an earlier run, has sent the request before.
        """
        if response.is_html:
            return False
        if self._retry is Retry.START and response.status == CONFLICT and not self._first_run:
            return True
        if not self._sent_before:
            return False
        if self._retry is Retry.FINISH:
            return response.status in _ALREADY_FINISHED
        if self._retry is Retry.START:
            return response.status == CONFLICT or (
                response.status >= 400 and is_duplicate(error_text(response))  # noqa: PLR2004
            )
        return False

    def _may_retry_after(self, status: int) -> bool:
        if status == _FAULT:
            return self._retry in _SAFE_TO_RETRY
        return status in _BUSY and self._retry is not Retry.NEVER

    def _wait(self, response: RawResponse, failed: int, longest: float = LONGEST_PAUSE) -> bool:
        """Wait as the service asks, else longer after each failure. Return whether there was time."""
        seconds = self._deadline.seconds_until(response.retry_after)
        if seconds is None:
            return self._deadline.back_off(failed, longest)
        if not 0 <= seconds <= _MAX_RETRY_AFTER:
            return False
        self._circuit.pause(seconds)
        return self._deadline.wait(seconds)
