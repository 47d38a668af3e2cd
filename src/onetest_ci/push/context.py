"""The bundle that is pushed, its delivery log and its delivery; and what a refused call costs."""

from collections.abc import Callable
from typing import Final, NamedTuple

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.errors import BudgetExhausted, Refused, ServiceError
from onetest_ci.outcome import Delivery

_TOO_MANY_LOST: Final = 20


class PushContext(NamedTuple):
    """A bundle that is being pushed.

    Attributes:
        bundle: what is sent.
        log: its acknowledged steps.
        delivery: its state, for the outcome.
    """

    bundle: Bundle
    log: DeliveryLog
    delivery: Delivery

    def record_refused(self, what: str, refused: ServiceError | None) -> None:
        """Record a refused call as a loss, so that the rest is still sent.

        Args:
            what: the result or file that is lost.
            refused: the error. None if nothing was refused.

        Raises:
            ServiceError: ``refused``, if other calls would meet it as well.
        """
        if refused is None:
            return
        nothing_passes = len(self.delivery.lost) >= _TOO_MANY_LOST > self.delivery.sent
        if nothing_passes or not is_refusal_of_call(refused):
            raise refused
        self.delivery.lost.append(f"{what}: {refused.message}")


def refusal_of(call: Callable[[], object]) -> ServiceError | None:
    """Make a call. Return the error if OneTest refused this call alone.

    Raises:
        ServiceError: an error that other calls would meet as well.
    """
    try:
        call()
    except ServiceError as error:
        if not is_refusal_of_call(error):
            raise
        return error
    return None


def is_refusal_of_call(error: ServiceError) -> bool:
    """Return whether an error concerns the content of one call, so that other calls may still succeed.

    A server fault (500) may be of that kind too. If all calls meet one, the circuit breaker ends delivery.
    """
    if isinstance(error, (Refused, BudgetExhausted)) or error.code == "rate-limited":
        return False
    return 400 <= error.status <= 500  # noqa: PLR2004 - the client errors of HTTP, and the plain fault
