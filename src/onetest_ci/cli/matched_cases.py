"""Match a run with the product's test cases after its delivery, which no failure here changes."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.cli.invocation import Invocation
from onetest_ci.errors import OnetestError
from onetest_ci.notices import NOTE, Notice
from onetest_ci.outcome import Delivery, UploadStatus

if TYPE_CHECKING:
    from onetest_ci.case_links import CaseLinks, ManagedCase


def match_cases(bundle: Bundle, delivery: Delivery, invocation: Invocation) -> "CaseLinks | None":
    """Return how the tests of a bundle and the test cases belong together. None if the cases are not known.

    The API calls of a list are added to those of the delivery, and a failure to its warnings.

    Args:
        bundle: that was delivered, or not.
        delivery: the state of its delivery.
        invocation: of the command.
    """
    settings = invocation.settings
    if settings.cases is None and not settings.match_cases:
        return None
    # Late, since few runs know the test cases.
    from onetest_ci.cases.bundle_tests import tests_of  # noqa: PLC0415
    from onetest_ci.cases.matching import match  # noqa: PLC0415

    try:
        cases = _known_cases(delivery, invocation)
        return None if cases is None else match(cases, tests_of(bundle))
    except OnetestError as error:
        delivery.warn("cases", f"The tests were not matched with test cases: {error.message} {error.hint}")
    return None


def _known_cases(delivery: Delivery, invocation: Invocation) -> "Sequence[ManagedCase] | None":
    """Return the test cases in the file of ``--cases``, else those that OneTest lists. None if it must not.

    Raises:
        UsageProblem: the file cannot be used.
        ServiceError: as ``TestManagement.test_cases``.
    """
    file = invocation.settings.cases
    if file is not None:
        from onetest_ci.cases.file import read_cases  # noqa: PLC0415

        return read_cases(invocation.cwd / file)
    reason = _reason_not_to_list(delivery, invocation)
    if reason:
        delivery.notices.append(Notice("cases", f"The test cases were not listed: {reason}.", level=NOTE))
        return None
    return _listed_cases(delivery, invocation)


def _reason_not_to_list(delivery: Delivery, invocation: Invocation) -> str:
    """Return why no API call is made for a list of test cases. Empty if it may be made."""
    settings = invocation.settings
    if settings.api_key is None or not settings.product_id:
        return "the API key or the product is missing"
    if delivery.status is UploadStatus.SKIPPED:
        return "nothing was sent"
    if delivery.error is not None:
        return "the delivery stopped early"
    if delivery.total_calls >= settings.max_api_calls:
        return "the delivery made all API calls that --max-api-calls allows"
    return ""


def _listed_cases(delivery: Delivery, invocation: Invocation) -> "list[ManagedCase]":
    from onetest_ci.cli.case_calls import list_cases  # noqa: PLC0415
    from onetest_ci.connection import connect  # noqa: PLC0415
    from onetest_ci.onetest.client.hints import READING  # noqa: PLC0415
    from onetest_ci.onetest.test_management import TestManagement  # noqa: PLC0415

    settings = invocation.settings
    left = settings.max_api_calls - delivery.total_calls
    debug = invocation.output.debug
    with connect(settings, invocation.redact, debug, max_calls=left, hints=READING) as http:
        try:
            return list_cases(TestManagement(http, settings.product_id), invocation, left)
        finally:
            delivery.calls = dict(Counter(delivery.calls) + Counter(http.calls))
