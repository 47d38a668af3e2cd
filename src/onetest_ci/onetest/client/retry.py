"""When a call is made again, and how long to wait before.

Only what is safe is repeated (docs/onetest-api.md#retrying-a-request, #paths-of-the-import), with the same
bytes and the same ids. Waiting is exponential with full jitter, so that the jobs of a matrix do not come back
in step; never past the deadline.
"""

import math
import re
import threading
import time
from collections.abc import Callable
from typing import Final

from onetest_ci.errors import ServiceError, Unreachable
from onetest_ci.onetest.client.deadline import LONGEST_PAUSE, Deadline
from onetest_ci.onetest.client.responses import RawResponse, error_text
from onetest_ci.onetest.endpoints import Retry

MAX_REQUESTS: Final = 5
"""Attempts of one call, once the service has answered a call of this run."""
MAX_FAILURES: Final = 20
"""Requests that fail in a row, over all threads, before the service counts as down.

Those that are under way at once count as one: a short outage fails them all.
"""
LONGEST_RETRY_AFTER: Final = 60.0
MAX_RATE_LIMITED: Final = 2
"""Waits for a 429; the hourly limit may be an hour away, so a long loop only burns the job's time."""

BUSY: Final = frozenset({502, 503, 504})
_FAULT: Final = 500
"""May have acted; repeated only where acting twice changes nothing."""
_TWICE_IS_ONCE: Final = frozenset({Retry.SAFE, Retry.START, Retry.FINISH})
_RATE_LIMITED: Final = 429
CONFLICT: Final = 409
_ALREADY_FINISHED: Final = frozenset({404, 406, 409})
_DUPLICATE: Final = re.compile("duplicate|exists|unique", re.IGNORECASE)


def is_duplicate(text: str) -> bool:
    """Return whether an error's text reports that something exists already."""
    return _DUPLICATE.search(text) is not None


class NoResponse(Exception):  # noqa: N818, RUF100 - says what happened, and never leaves the client
    """A try without an answer.

    Args:
        error: what to raise when it is not tried again.
        sent: whether the request may have arrived.
        lasting: whether another try would end the same way.
    """

    def __init__(self, error: ServiceError, *, sent: bool, lasting: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.sent = sent
        self.lasting = lasting


class Circuit:
    """What all threads know of the service: whether it answers, and whether it asked for a pause.

    Args:
        address: the base URL, for messages.
        deadline: limits the waiting.
        clock: a clock that never goes back, seconds.
        first_wait: seconds from the first failure during which calls are retried while the service has
            answered none yet. A restart of the service takes about half a minute.
    """

    def __init__(
        self,
        address: str,
        deadline: Deadline,
        clock: Callable[[], float] = time.monotonic,
        *,
        first_wait: float = 30.0,
    ) -> None:
        self._address = address
        self._deadline = deadline
        self._clock = clock
        self._failures = 0
        self._failed_at = -math.inf
        self._answered = False
        self._first_wait = first_wait
        self._first_failed_at: float | None = None
        self._pause_ends = 0.0
        self._lock = threading.Lock()

    def longest_pause(self, made: int) -> float:
        """Return the most seconds to wait before a call is retried; 0 when it is not to be retried.

        Args:
            made: attempts of the call so far, all of which failed.
        """
        with self._lock:
            if self._answered:
                return LONGEST_PAUSE if made < MAX_REQUESTS else 0.0
            waited = 0.0 if self._first_failed_at is None else self._clock() - self._first_failed_at
        return max(0.0, self._first_wait - waited)

    def check(self) -> float:
        """Return when a call may be made, by the clock; waits while the service has asked for a pause.

        Raises:
            Unreachable: ``service-down``.
        """
        if self._failures >= MAX_FAILURES:
            raise Unreachable(
                "service-down",
                f"{self._address} failed {MAX_FAILURES} times in a row; no more calls were made",
                "Nothing is lost: push the bundle again later.",
            )
        pause = self._pause_ends - self._clock()
        if pause > 0:
            self._deadline.wait(pause)
        return self._clock()

    def note(self, answer: RawResponse | None, begun: float) -> None:
        """Note how a try that began then has ended: what is no fault of the server's counts as working."""
        works = answer is not None and answer.status < _FAULT
        with self._lock:
            self._answered |= works
            if not works and self._first_failed_at is None:
                self._first_failed_at = begun
            if works:
                self._failures = 0
            elif begun >= self._failed_at:
                self._failures += 1
                self._failed_at = self._clock()

    def pause(self, seconds: float) -> None:
        """Have other threads wait too."""
        with self._lock:
            self._pause_ends = max(self._pause_ends, self._clock() + seconds)


class Retries:
    """The tries of one call.

    Args:
        repeat: what is safe for this call.
        deadline: limits the waiting.
        circuit: what is known of the service.
        repeated: the call may have arrived in an earlier run.
        first: this run is taken to be the first, so a conflict at the first request is an error.
    """

    def __init__(
        self,
        repeat: Retry,
        deadline: Deadline,
        circuit: Circuit,
        *,
        repeated: bool = False,
        first: bool = False,
    ) -> None:
        self._repeat = repeat
        self._deadline = deadline
        self._circuit = circuit
        self._repeated = repeated
        self._first = first
        self._made = 0
        self._rate_limited = 0

    def wait_after_no_response(self, failure: NoResponse) -> None:
        """Wait before the next try.

        Raises:
            ServiceError: there is to be none.
        """
        self._made += 1
        safe = not failure.sent or self._repeat in _TWICE_IS_ONCE
        longest = self._circuit.longest_pause(self._made)
        if failure.lasting or not safe or not longest:
            raise failure.error
        self._repeated |= failure.sent
        if not self._deadline.back_off(self._made, longest):
            raise failure.error

    def should_retry(self, answer: RawResponse) -> bool:
        """Whether the call is to be made again after this answer; waits before saying yes."""
        if answer.status == _RATE_LIMITED:
            return not answer.speaks_of_coins and self._wait_for_rate(answer)
        if not self._may_repeat(answer.status):
            return False
        self._made += 1
        longest = self._circuit.longest_pause(self._made)
        if not longest or not self._wait_for_service(answer, longest):
            return False
        self._repeated = True
        return True

    def arrived_before(self, answer: RawResponse) -> bool:
        """Whether the response means that the same request has arrived before.

        See docs/onetest-api.md#finish-a-launch, #retrying-a-request.

        A conflict about an id that this client made means that at any time: a proxy on the way may have sent
        the request twice. All else means it only where this client, or an earlier push, sent it before.
        """
        if answer.is_html:
            return False
        if self._repeat is Retry.START and answer.status == CONFLICT and not self._first:
            return True
        if not self._repeated:
            return False
        if self._repeat is Retry.FINISH:
            return answer.status in _ALREADY_FINISHED
        if self._repeat is Retry.START:
            return answer.status == CONFLICT or (answer.status >= 400 and is_duplicate(error_text(answer)))  # noqa: PLR2004
        return False

    def _may_repeat(self, status: int) -> bool:
        if status == _FAULT:
            return self._repeat in _TWICE_IS_ONCE
        return status in BUSY and self._repeat is not Retry.NEVER

    def _wait_for_service(self, answer: RawResponse, longest: float) -> bool:
        seconds = self._deadline.retry_after_seconds(answer.retry_after)
        if seconds is None:
            return self._deadline.back_off(self._made, longest)
        return self._wait_as_told(seconds)

    def _wait_for_rate(self, answer: RawResponse) -> bool:
        self._rate_limited += 1
        if self._rate_limited > MAX_RATE_LIMITED:
            return False
        seconds = self._deadline.retry_after_seconds(answer.retry_after)
        if seconds is None:
            return self._deadline.back_off(self._rate_limited)
        return self._wait_as_told(seconds)

    def _wait_as_told(self, seconds: float) -> bool:
        if not 0 <= seconds <= LONGEST_RETRY_AFTER:
            return False
        self._circuit.pause(seconds)
        return self._deadline.wait(seconds)
