"""Follow redirects. The key never goes to another origin (docs/onetest-api.md#base-url-and-services)."""

from collections.abc import Callable
from typing import Final

from onetest_ci.errors import NotOneTest
from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.onetest.client.transport import Transport

_MAX_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})


def follow(transport: Transport, url: str, request: Callable[[str], RawResponse]) -> RawResponse:
    """Return the response after all redirects. Only the same origin, method and body are followed.

    Args:
        transport: knows the origin.
        url: the first URL.
        request: makes one request of a URL.

    Raises:
        NotOneTest: ``redirected``.
    """
    for _ in range(_MAX_REDIRECTS + 1):
        response = request(url)
        if response.status not in _REDIRECTS or not response.location:
            return response
        origin, target = transport.redirected(url, response.location)
        if response.status not in _KEEPS_METHOD or not target:
            raise NotOneTest(
                "redirected",
                f"{transport.base} redirects (status {response.status}) to {origin}; nothing was sent there",
                "If that is the address of OneTest, use it as the base URL.",
                status=response.status,
            )
        url = target
    raise NotOneTest("redirected", f"{transport.base} redirects without end", "Check the base URL.")
