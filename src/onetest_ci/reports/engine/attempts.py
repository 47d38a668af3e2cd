"""Attempts of tests: those that a report counts, and results that are further attempts of earlier ones."""

from onetest_ci.model import BAD, FAILED, PASSED, Attempt
from onetest_ci.reports.engine.limits import MOST_ATTEMPTS


class FailedAttempts:
    """The cases of a report whose latest attempt is bad: only these can be retried.

    A test is identified by a key, a hash of all that identifies it in the report.
    """

    __slots__ = ("_ordinals",)

    def __init__(self) -> None:
        self._ordinals: dict[int, int] = {}

    def retried_by(self, key: int, status: str, ordinal: int) -> int | None:
        """Return the ordinal of the bad case that a new case of the same key retries, else None.

        A bad case can itself be retried from now on. A pass ends the attempts of its test. A skip is not an
        attempt.

        Args:
            key: the key of the new case.
            status: its status.
            ordinal: its ordinal.
        """
        if status == PASSED:
            return self._ordinals.pop(key, None)
        if status not in BAD:
            return None
        earlier = self._ordinals.get(key)
        self._ordinals[key] = ordinal
        return earlier


def counted_attempts(number: int) -> list[Attempt]:
    """Return failed attempts without texts, for a report that contains only their number."""
    return [Attempt(FAILED)] * min(number, MOST_ATTEMPTS)
