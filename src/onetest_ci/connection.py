"""Connect to OneTest by the settings."""

from collections.abc import Callable
from typing import Protocol

from onetest_ci.onetest.client.hints import PUSHING, Hints
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.settings.connection import ConnectionSettings


class Connect(Protocol):
    """Makes a connection by settings that are bound already."""

    def __call__(self, *, seconds: float | None = None, max_calls: int | None = None) -> Http:
        """Connect for a number of seconds and requests."""


def connect(
    settings: ConnectionSettings,
    redact: Redactor,
    debug: Callable[[str], None] | None,
    *,
    seconds: float | None = None,
    max_calls: int | None = None,
    hints: Hints = PUSHING,
) -> Http:
    """Connect.

    Args:
        settings: address, keys and time limits.
        redact: removes the run's secrets.
        debug: prints a line for each request and response.
        seconds: in place of the settings' time limit.
        max_calls: maximum number of requests.
        hints: what to do after a failure.

    Raises:
        UsageProblem: the settings do not make a connection.
    """
    return Http(
        settings.base_url,
        settings.api_key or Secret(""),
        receiver_key=settings.receiver_api_key,
        redact=redact,
        endpoints=Endpoints(dict(settings.endpoint)),
        ca_bundle=settings.ca_bundle,
        deadline_seconds=seconds or settings.timeout,
        first_wait=settings.wait_for_service,
        max_calls=max_calls,
        debug=debug,
        hints=hints,
    )
