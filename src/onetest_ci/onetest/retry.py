"""When a call is made again, and how long to wait before.

Only what the contract calls safe is repeated (§7.9, §8.2), with the same bytes and the same ids. Waiting is
exponential with full jitter, so that the jobs of a matrix do not come back in step; never past the deadline.
"""

import random
import re
import time
from collections.abc import Callable
from typing import Final

from onetest_ci.errors import ServiceError, Unreachable
from onetest_ci.onetest.answers import Answer, error_text
from onetest_ci.onetest.endpoints import Repeat

MAX_TRIES: Final = 3
BASE_SECONDS: Final = 0.5
LONGEST_PAUSE: Final = 8.0
LONGEST_RETRY_AFTER: Final = 60.0
MAX_RATE_LIMITED: Final = 2
"""Waits for a 429; the hourly limit may be an hour away, so a long loop only burns the job's time."""

BUSY: Final = frozenset({502, 503, 504})
_RATE_LIMITED: Final = 429
_ALREADY_FINISHED: Final = frozenset({404, 406, 409})
_DUPLICATE: Final = re.compile("duplicate|exists|unique", re.IGNORECASE)


class NoAnswer(Exception):  # noqa: N818, RUF100 - says what happened, and never leaves the client
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


class Deadline:
    """The one time limit over all calls.

    Args:
        seconds: from now.
        clock: a clock that never goes back.
        sleep: waits so many seconds.
        jitter: a random number from 0 to 1.
    """

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds left; zero or less when it has passed."""
        return self._end - self._clock()

    def check(self) -> None:
        """Return while there is time.

        Raises:
            Unreachable: ``deadline-exceeded``.
        """
        if self.remaining() <= 0:
            raise self.error()

    def error(self) -> Unreachable:
        """The error for what the deadline cut off."""
        return Unreachable(
            "deadline-exceeded",
            f"not all was sent within the {self._seconds:g} seconds allowed in total",
            "Push the bundle again to send the rest.",
        )

    def back_off(self, tried: int) -> bool:
        """Wait as long as suits after ``tried`` tries; as ``wait``."""
        return self.wait(self._jitter() * min(LONGEST_PAUSE, BASE_SECONDS * 2 ** (tried - 1)))

    def wait(self, seconds: float) -> bool:
        """Wait; False, at once, when the deadline would pass meanwhile."""
        if seconds >= self.remaining():
            return False
        self._sleep(seconds)
        return True


class Tries:
    """The tries of one call.

    Args:
        repeat: what is safe for this call.
        deadline: limits the waiting.
        repeated: the call may have arrived in an earlier run.
    """

    def __init__(self, repeat: Repeat, deadline: Deadline, *, repeated: bool = False) -> None:
        self._repeat = repeat
        self._deadline = deadline
        self._repeated = repeated
        self._made = 0
        self._rate_limited = 0

    def after_no_answer(self, failure: NoAnswer) -> None:
        """Wait before the next try.

        Raises:
            ServiceError: there is to be none.
        """
        self._made += 1
        safe = not failure.sent or self._repeat in {Repeat.SAFE, Repeat.START, Repeat.FINISH}
        if failure.lasting or not safe or self._made >= MAX_TRIES:
            raise failure.error
        self._repeated |= failure.sent
        if not self._deadline.back_off(self._made):
            raise failure.error

    def again(self, answer: Answer) -> bool:
        """Whether the call is to be made again after this answer; waits before saying yes."""
        if answer.status == _RATE_LIMITED:
            return not answer.speaks_of_coins and self._wait_for_rate(answer)
        if answer.status not in BUSY or self._repeat is Repeat.NEVER:
            return False
        self._made += 1
        if self._made >= MAX_TRIES or not self._deadline.back_off(self._made):
            return False
        self._repeated = True
        return True

    def arrived_before(self, answer: Answer) -> bool:
        """Whether the answer to a repeat says that an earlier try had arrived (contract §7.3, §7.9)."""
        if not self._repeated or answer.is_html:
            return False
        if self._repeat is Repeat.FINISH:
            return answer.status in _ALREADY_FINISHED
        if self._repeat is Repeat.START:
            return answer.status == 409 or (  # noqa: PLR2004
                answer.status >= 400 and _DUPLICATE.search(error_text(answer)) is not None  # noqa: PLR2004
            )
        return False

    def _wait_for_rate(self, answer: Answer) -> bool:
        self._rate_limited += 1
        if self._rate_limited > MAX_RATE_LIMITED:
            return False
        try:
            seconds = float(answer.retry_after)
        except ValueError:
            return self._deadline.back_off(self._rate_limited)
        return 0 <= seconds <= LONGEST_RETRY_AFTER and self._deadline.wait(seconds)
