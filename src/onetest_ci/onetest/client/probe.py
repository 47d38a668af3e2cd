"""Single requests that show what is there. None is retried, and none may change anything.

``Http`` makes calls: it retries and turns responses into results. A probe is for requests whose refusal is
the result, such as a GET of a path that only accepts a POST.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from onetest_ci.errors import BudgetExhausted, ServiceError
from onetest_ci.onetest.client.deadline import Deadline
from onetest_ci.onetest.client.hints import READING
from onetest_ci.onetest.client.http import request_headers
from onetest_ci.onetest.client.keys import KeyAdvisor
from onetest_ci.onetest.client.redirects import follow
from onetest_ci.onetest.client.responses import RawResponse, ResponseInterpreter
from onetest_ci.onetest.client.retry import NoResponse
from onetest_ci.onetest.client.trace import Trace
from onetest_ci.onetest.client.transport import Call, Transport
from onetest_ci.onetest.endpoints import Endpoint
from onetest_ci.redaction import Redactor, Secret

CALLS_USED: Final = "max-api-calls-reached"

_CONNECT_SECONDS: Final = 10.0
_READ_SECONDS: Final = 20.0


class Probed(NamedTuple):
    """The result of one request.

    Attributes:
        error: what the client makes of the result; None if the response is a success.
        response: None if there was none.
        body: the parsed JSON of a success without secrets; None if there is none.
        before: epoch seconds when the request was sent.
        after: epoch seconds when its result was there.
    """

    error: ServiceError | None
    response: RawResponse | None
    body: object
    before: float
    after: float

    @property
    def status(self) -> int:
        """The HTTP status, or 0 without a response."""
        if self.response is not None:
            return self.response.status
        return self.error.status if self.error else 0

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Names in lower case and values of the response's headers."""
        raw = self.response.headers if self.response else ()
        return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw]


class Probe:
    """Makes single requests to one OneTest. A context manager that closes its connection.

    Args:
        base_url: the address of OneTest.
        key: sent to the origin of ``base_url`` only.
        receiver_key: used for the Receiver in place of ``key``.
        redact: removes secrets from messages.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.
        seconds: for all requests together.
        max_calls: maximum number of requests.
        debug: prints a line for each request and response.
        clock: epoch seconds.

    Attributes:
        calls: requests that may have arrived.

    Raises:
        UsageProblem: the settings do not make a connection.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        receiver_key: Secret | None,
        redact: Redactor,
        ca_bundle: Path | None,
        seconds: float,
        max_calls: int,
        debug: Callable[[str], None] | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.calls = 0
        self._max_calls = max_calls
        self._headers = request_headers(key)
        self._receiver_headers = request_headers(receiver_key or key)
        self._transport = Transport(
            base_url,
            deadline=Deadline(seconds, hints=READING),
            redact=redact.text,
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            ca_bundle=ca_bundle,
            hints=READING,
        )
        self._interpreter = ResponseInterpreter(
            self._transport.base, redact, READING, KeyAdvisor(key, receiver_key, now=clock)
        )
        self._trace = Trace(debug, redact) if debug else None
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def request(
        self, endpoint: Endpoint, path: str, query: str = "", content: bytes = b"", content_type: str = ""
    ) -> Probed:
        """Make one request, and further ones if the server redirects it within the same origin.

        Args:
            endpoint: its method and service count, not its templates.
            path: with values in place of the placeholders.
            query: without the question mark.
            content: the body.
            content_type: of the body; empty for none.
        """
        headers = self._receiver_headers if endpoint.service == "receiver" else self._headers
        if content_type:
            headers = [*headers, ("Content-Type", content_type)]
        call = Call(endpoint.method, headers, content)
        before = self._clock()
        try:
            url = self._transport.base + path + (f"?{query}" if query else "")
            response = follow(self._transport, url, partial(self._exchange, call))
        except NoResponse as failure:
            return Probed(failure.error, None, None, before, self._clock())
        except ServiceError as error:
            return Probed(error, None, None, before, self._clock())
        after = self._clock()
        try:
            body = self._interpreter.interpret(endpoint, path, response).body
        except ServiceError as error:
            return Probed(error, response, None, before, after)
        return Probed(None, response, body, before, after)

    def _exchange(self, call: Call, url: str) -> RawResponse:
        target = url.removeprefix(self._transport.origin)
        started = time.monotonic()
        if self.calls >= self._max_calls:
            raise BudgetExhausted(CALLS_USED, f"{self.calls:,} API calls were made, the maximum")
        self.calls += 1
        try:
            exchange = self._transport.exchange(call, url)
        except NoResponse as failure:
            self.calls -= not failure.sent
            if self._trace:
                self._trace.failed(call, target, failure.error.code, (time.monotonic() - started) * 1000)
            raise
        if self._trace:
            self._trace.exchanged(exchange, target, (time.monotonic() - started) * 1000)
        return exchange.response
