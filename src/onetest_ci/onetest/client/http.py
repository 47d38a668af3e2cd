"""The one way to the network: calls to one OneTest, with one key, under one deadline.

A call becomes one or more requests: redirects within the origin are followed, failures are retried where that
is safe, and every request is counted. Each failure becomes one of the client's errors.
"""

import json as jsonlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

from onetest_ci import __version__
from onetest_ci.errors import BudgetExhausted, ServiceError, UsageProblem
from onetest_ci.onetest.client.deadline import Deadline
from onetest_ci.onetest.client.hints import PUSHING, Hints
from onetest_ci.onetest.client.keys import KeyAdvisor
from onetest_ci.onetest.client.redirects import follow
from onetest_ci.onetest.client.responses import (
    RawResponse,
    Response,
    ResponseInterpreter,
    proves_absence,
)
from onetest_ci.onetest.client.retry import Circuit, NoResponse, Retries
from onetest_ci.onetest.client.trace import Trace
from onetest_ci.onetest.client.transport import Call, Part, Transport
from onetest_ci.onetest.endpoints import ENDPOINTS, Endpoint, Endpoints
from onetest_ci.redaction import Redactor, Secret

__all__ = ["Http", "Part", "Response", "encode_json"]

USER_AGENT: Final = f"onetest-ci/{__version__}"

_JSON: Final = jsonlib.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Http:
    """Makes calls to one OneTest, for any number of threads. A context manager that closes the connections.

    Args:
        base_url: scheme and host, perhaps a port and a path prefix; no user, query or fragment.
        key: sent as Bearer token, to the origin of ``base_url`` only.
        redact: removes secrets from messages and debug lines.
        receiver_key: used for the Receiver in place of ``key``; some keys are valid only there
            (docs/onetest-api.md#api-keys).
        endpoints: the path of each call.
        connect_timeout: seconds.
        read_timeout: seconds without a byte, for reading and writing.
        deadline_seconds: for all calls together, from now.
        first_wait: total seconds to wait for a service that has not responded yet.
        max_calls: maximum number of requests, with retries and redirects; None for no limit.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.
        debug: prints a line; called for each request and its response.
        hints: what to do after a failure.
        user_agent: this client's name.
        clock: monotonic seconds.
        sleep: waits for a number of seconds; ``shorten_deadline`` ends the default one.
        jitter: a random number from 0 to 1.
        now: epoch seconds.

    Raises:
        UsageProblem: ``bad-base-url``, ``bad-key``, ``bad-ca-bundle``, ``bad-proxy``.
    """

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        redact: Redactor,
        receiver_key: Secret | None = None,
        endpoints: Endpoints | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 60.0,
        deadline_seconds: float = 900.0,
        first_wait: float = 30.0,
        max_calls: int | None = None,
        ca_bundle: Path | None = None,
        debug: Callable[[str], None] | None = None,
        hints: Hints = PUSHING,
        user_agent: str = USER_AGENT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._endpoints = endpoints or Endpoints()
        self.redact: Final = redact
        self._trace = Trace(debug, redact) if debug else None
        self._clock = clock
        self._headers = request_headers(key, user_agent)
        self._receiver_headers = request_headers(receiver_key or key, user_agent)
        self._hints = hints
        self._deadline = Deadline(
            deadline_seconds, clock=clock, sleep=sleep, jitter=jitter, now=now, hints=hints
        )
        self._transport = Transport(
            base_url,
            deadline=self._deadline,
            redact=redact.text,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            ca_bundle=ca_bundle,
            hints=hints,
        )
        self.address: Final = self._transport.base
        self._interpreter = ResponseInterpreter(
            self.address, redact, hints, KeyAdvisor(key, receiver_key, now=now)
        )
        self._circuit = Circuit(self.address, self._deadline, clock, first_wait=first_wait, hints=hints)
        self._chosen: dict[str, int] = {}
        self._max_calls = max_calls
        self._calls: Counter[str] = Counter()
        self._counting = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def shorten_deadline(self, seconds: float) -> None:
        """Shorten the deadline to ``seconds`` from now, for current and later calls. Thread-safe."""
        self._deadline.shorten(seconds)
        self._transport.deadline_shortened()

    @property
    def calls(self) -> dict[str, int]:
        """Requests sent, by service. Retries and redirects count, since they may cost coins."""
        with self._counting:
            return dict(self._calls)

    @property
    def total_calls(self) -> int:
        """Requests sent to all services."""
        return sum(self.calls.values())

    def paths(self, name: str, **values: str) -> list[str]:
        """Return the possible paths of a call, in the order of ``candidate``."""
        return [
            self._endpoints.path(name, candidate, **values)
            for candidate in range(self._endpoints.candidates(name))
        ]

    def send(
        self,
        name: str,
        *,
        values: Mapping[str, str],
        candidate: int | None = None,
        json: Any = None,
        multipart: Sequence[Part] = (),
        content: bytes | Path | None = None,
        content_type: str = "application/octet-stream",
        query: Mapping[str, str] | None = None,
        sent_before: bool = False,
        first_run: bool = False,
    ) -> Response:
        """Make a call. At most one of ``json``, ``multipart`` and ``content`` is its body.

        Args:
            name: a name in ``ENDPOINTS``.
            values: the values of the path's placeholders.
            candidate: the number of one of several possible paths. By default each is requested until one
                exists; later calls to the service begin with that number.
            json: a JSON body.
            multipart: parts of a form; files are streamed.
            content: a raw body; a file is streamed.
            content_type: MIME type of ``content``.
            query: query parameters.
            sent_before: an earlier run may have sent the call, so "exists already" is success.
            first_run: no earlier run can have sent the call, so a conflict at the first request is an error.

        Raises:
            Unreachable: ``no-server``, ``timeout``, ``name-not-resolved``, ``tls-error``, ``proxy-error``,
                ``connection-lost``, ``deadline-exceeded``, ``service-down``.
            NotOneTest: ``html-answer``, ``bad-json``, ``redirected``, ``not-http``, ``unexpected-answer``.
            Refused: ``key-refused``, ``forbidden``, ``unknown-product``.
            BudgetExhausted: ``budget-exhausted``, ``max-api-calls-reached``.
            ServiceError: ``unknown-endpoint``, ``not-found``, ``conflict``, ``too-large``, ``rate-limited``,
                ``server-error``, ``rejected``, ``unreadable-file``, ``file-changed``, ``bad-path-value``.
        """
        endpoint = ENDPOINTS[name]
        call = self._call(endpoint, json, multipart, content, content_type)
        suffix = "?" + urlencode(query) if query else ""

        def request(number: int) -> Response:
            path = self._endpoints.path(name, number, **values)
            retries = Retries(
                endpoint.retry, self._deadline, self._circuit, sent_before=sent_before, first_run=first_run
            )
            return self._respond(endpoint, call, path, suffix, retries)

        return self._first_existing(endpoint, candidate, request)

    def exchange(
        self,
        endpoint: Endpoint,
        path: str,
        *,
        query: str = "",
        headers: Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
        may_be_html: bool = False,
    ) -> tuple[RawResponse, ServiceError | None]:
        """Make a call of a path that ``ENDPOINTS`` need not contain. Return its response of any status.

        Args:
            endpoint: its method, service and retries.
            path: below the base URL, checked.
            query: the encoded query.
            headers: further headers; one of the client's own name replaces that one.
            content: the body.
            may_be_html: a success may be a web page.

        Returns:
            The response, and the error that it means if it is not a success.

        Raises:
            ServiceError: there is no response; as ``send``.
        """
        own = self._headers_of(endpoint)
        replaced = {name.lower() for name, _ in headers}
        kept = [(name, value) for name, value in own if name.lower() not in replaced]
        call = Call(endpoint.method, [*kept, *headers], content)
        retries = Retries(endpoint.retry, self._deadline, self._circuit)
        response = self._final_response(endpoint, call, path, f"?{query}" if query else "", retries)
        return response, self._interpreter.error_of(endpoint, path, response, may_be_html=may_be_html)

    def _headers_of(self, endpoint: Endpoint) -> list[tuple[str, str]]:
        return self._receiver_headers if endpoint.service == "receiver" else self._headers

    def _call(
        self,
        endpoint: Endpoint,
        json: Any,
        multipart: Sequence[Part],
        content: bytes | Path | None,
        content_type: str,
    ) -> Call:
        headers = self._headers_of(endpoint)
        if json is not None:
            content, content_type = encode_json(json), "application/json"
        if content is not None:
            headers = [*headers, ("Content-Type", content_type)]
        return Call(endpoint.method, headers, content, multipart)

    def _first_existing(
        self, endpoint: Endpoint, candidate: int | None, request: Callable[[int], Response]
    ) -> Response:
        """Request the possible paths in turn until one exists, and keep its number for the service."""
        *others, last = self._candidates(endpoint, candidate)
        for number in others:
            try:
                response = request(number)
            except ServiceError as error:
                if not proves_absence(error):
                    raise
            else:
                self._chosen[endpoint.service] = number
                return response
        response = request(last)
        if others:
            self._chosen[endpoint.service] = last
        return response

    def _candidates(self, endpoint: Endpoint, candidate: int | None) -> list[int]:
        """Return the numbers of the paths to request, beginning with the service's known one."""
        if candidate is not None:
            return [candidate]
        chosen = self._chosen.get(endpoint.service, 0)
        return sorted(range(self._endpoints.candidates(endpoint.name)), key=lambda number: number != chosen)

    def _respond(self, endpoint: Endpoint, call: Call, path: str, suffix: str, retries: Retries) -> Response:
        """Return the successful response of one path."""
        response = self._final_response(endpoint, call, path, suffix, retries)
        if retries.arrived_before(response):
            return Response(response.status, None)
        return self._interpreter.interpret(endpoint, path, response)

    def _final_response(
        self, endpoint: Endpoint, call: Call, path: str, suffix: str, retries: Retries
    ) -> RawResponse:
        """Return the last response of one path, retrying while that is safe."""
        url = self._transport.base + path + suffix
        while True:
            started = self._circuit.check()
            self._deadline.check()
            try:
                response = follow(self._transport, url, partial(self._request, endpoint.service, call))
            except NoResponse as failure:
                self._circuit.record(None, started)
                retries.wait_after_no_response(failure)
                continue
            self._circuit.record(response, started)
            if retries.arrived_before(response) or not retries.should_retry(response):
                return response

    def _request(self, service: str, call: Call, url: str) -> RawResponse:
        """Make one request, counted and traced."""
        target = url.removeprefix(self._transport.origin)
        started = self._clock()
        # Counted before it is sent, so that threads together never exceed the maximum.
        self._count(service)
        sent = False
        try:
            exchange = self._transport.exchange(call, url)
            sent = True
        except NoResponse as failure:
            sent = failure.sent
            if self._trace:
                self._trace.failed(call, target, failure.error.code, self._milliseconds_since(started))
            raise
        finally:
            if not sent:
                self._count(service, -1)
        if self._trace:
            self._trace.exchanged(exchange, target, self._milliseconds_since(started))
        return exchange.response

    def _milliseconds_since(self, started: float) -> float:
        return (self._clock() - started) * 1000

    def _count(self, service: str, calls: int = 1) -> None:
        with self._counting:
            if self._max_calls is not None and self._calls.total() + calls > self._max_calls:
                raise BudgetExhausted(
                    "max-api-calls-reached",
                    f"{self._calls.total():,} API calls were made, the maximum that --max-api-calls allows; "
                    "retries count too",
                    self._hints.calls,
                )
            self._calls[service] += calls


def encode_json(value: Any) -> bytes:
    """Return compact UTF-8 JSON. A lone surrogate, which UTF-8 cannot encode, becomes a question mark."""
    return _JSON.encode(value).encode("utf-8", "replace")


def request_headers(key: Secret, user_agent: str = USER_AGENT) -> list[tuple[str, str]]:
    """Return the headers of every request.

    Raises:
        UsageProblem: ``bad-key``.
    """
    value = key.reveal()
    # Checked here, since errors of lower layers would show the header with the key.
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise UsageProblem(
            "bad-key",
            "the API key is empty, or contains a space, a line break or a non-ASCII letter",
            "Copy the key again from OneTest.",
        )
    return [("Authorization", f"Bearer {value}"), ("Accept", "application/json"), ("User-Agent", user_agent)]
