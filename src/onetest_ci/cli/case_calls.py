"""Calls to Test Management for the commands about test cases.

It imports the HTTP library, which is slow, so commands import it once their settings are checked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from onetest_ci.case_links import ManagedCase
from onetest_ci.cli.invocation import Invocation
from onetest_ci.connection import connect
from onetest_ci.onetest.client.hints import READING, Hints
from onetest_ci.onetest.test_management import ListedCases, TestManagement
from onetest_ci.text.plural import plural


@contextmanager
def connected(invocation: Invocation, hints: Hints = READING) -> Iterator[TestManagement]:
    """Connect to Test Management, and print the number of API calls at the end.

    Args:
        invocation: of the command, whose settings have a key and a product.
        hints: what to do after a failure.

    Raises:
        UsageProblem: the settings do not make a connection.
    """
    settings, output = invocation.settings, invocation.output
    with connect(
        settings, invocation.redact, output.debug, max_calls=settings.max_api_calls, hints=hints
    ) as http:
        try:
            yield TestManagement(http, settings.product_id)
        finally:
            output.notice(f"{plural(http.total_calls, 'API call')}.")


def list_cases(
    management: TestManagement, invocation: Invocation, max_calls: int | None = None
) -> list[ManagedCase]:
    """Return all test cases, as ``list_pages`` does."""
    return list_pages(management, invocation, max_calls).cases


def list_pages(
    management: TestManagement, invocation: Invocation, max_calls: int | None = None
) -> ListedCases:
    """Return all test cases and their last page, after a line on the cost of a list of several pages.

    Args:
        management: the service.
        invocation: of the command.
        max_calls: maximum number of requests. None for that of ``--max-api-calls``.

    Raises:
        ServiceError: as ``TestManagement.listed``.
    """

    def planned(total: int, calls: int) -> None:
        invocation.output.notice(f"The list of {total:,} test cases takes about {plural(calls, 'API call')}.")

    if max_calls is None:
        max_calls = invocation.settings.max_api_calls
    return management.listed(max_calls=max_calls, planned=planned)
