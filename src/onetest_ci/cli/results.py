"""Read the tests that people are shown from a bundle, after its delivery, which no failure here changes."""

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.errors import OnetestError
from onetest_ci.outcome import Delivery
from onetest_ci.results.bundle_tests import tests_of
from onetest_ci.results.run_results import RunResults
from onetest_ci.results.summarize import summarize


def results_of(bundle: Bundle, delivery: Delivery) -> RunResults | None:
    """Return the tests that people look at. None if the bundle is damaged, with a warning of the delivery.

    Args:
        bundle: that was delivered, or not.
        delivery: the state of its delivery.
    """
    try:
        return summarize(tests_of(bundle))
    except OnetestError as error:
        delivery.warn("results", f"The summary lacks the tests: {error.message} {error.hint}")
    return None
