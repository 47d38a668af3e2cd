"""The one way to the network: a connection to one OneTest, with one key, under one deadline.

Follows what may be followed, repeats what may be repeated, counts all of it, and turns every failure into one
of the client's errors.
"""

import json as jsonlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

from onetest_ci import __version__
from onetest_ci.errors import BudgetExhausted, NotOneTest, ServiceError, UsageProblem
from onetest_ci.onetest.client.deadline import Deadline
from onetest_ci.onetest.client.responses import RawResponse, Response, ResponseInterpreter, proves_absence
from onetest_ci.onetest.client.retry import Circuit, NoResponse, Retries
from onetest_ci.onetest.client.trace import exchanged
from onetest_ci.onetest.client.transport import Call, Exchange, Part, Transport
from onetest_ci.onetest.endpoints import ENDPOINTS, Endpoint, Endpoints
from onetest_ci.redaction import Redactor, Secret

__all__ = ["Http", "Part", "Response", "encode_json"]

_MAX_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})
_JSON: Final = jsonlib.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Http:
    """A connection to one OneTest, for any number of threads; a context manager that closes it.

    Args:
        base_url: scheme and host, perhaps a port and a path prefix; no user, query or fragment.
        key: sent as Bearer token, to ``base_url``'s origin only.
        redact: removes secrets from messages and debug lines.
        receiver_key: used for the Receiver in place of ``key`` (docs/onetest-api.md#api-keys: some keys are
            valid only there).
        endpoints: the paths in force.
        connect_timeout: seconds.
        read_timeout: seconds without a byte, for reading and writing.
        deadline_seconds: for all calls together, from now.
        first_wait: seconds to wait in all for a service that has not answered yet.
        max_calls: most requests that are put on the wire, repeats and redirects included; None for no limit.
        ca_bundle: PEM file of the authorities to trust, in place of the default ones.
        debug: takes lines that tell of each request and its answer.
        user_agent: how this client names itself.
        clock: a clock that never goes back, seconds.
        sleep: waits so many seconds; by default such that ``shorten_deadline`` wakes it.
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
        user_agent: str = f"onetest-ci/{__version__}",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._endpoints = endpoints or Endpoints()
        self.redact: Final = redact
        self._debug = debug
        self._clock = clock
        self._headers = _headers(key, user_agent)
        self._receiver_headers = _headers(receiver_key or key, user_agent)
        self._deadline = Deadline(deadline_seconds, clock=clock, sleep=sleep, jitter=jitter, now=now)
        self._transport = Transport(
            base_url,
            deadline=self._deadline,
            redact=redact.text,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            ca_bundle=ca_bundle,
        )
        self.address: Final = self._transport.base
        self._interpreter = ResponseInterpreter(self.address, redact)
        self._circuit = Circuit(self.address, self._deadline, clock, first_wait=first_wait)
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
        """Leave so many seconds to what is under way and to what comes; then cut it. For any thread."""
        self._deadline.shorten(seconds)
        self._transport.deadline_shortened()

    @property
    def calls(self) -> dict[str, int]:
        """Requests put on the wire per service; repeats and redirects count, as they may cost coins."""
        with self._counting:
            return dict(self._calls)

    @property
    def total_calls(self) -> int:
        """Requests put on the wire over all services."""
        return sum(self.calls.values())

    def paths(self, name: str, **values: str) -> list[str]:
        """The paths that the named call may have, in the order of ``candidate``."""
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
        repeated: bool = False,
        first: bool = False,
    ) -> Response:
        """Make the named call; at most one of ``json``, ``multipart`` and ``content`` is its body.

        Args:
            name: a name in ``ENDPOINTS``.
            values: what stands in the path's placeholders.
            candidate: which of several possible paths; by default each in turn until one exists, which the
                service is then known by.
            json: a JSON body.
            multipart: parts of a form; files are streamed.
            content: a raw body; a file is streamed.
            content_type: of ``content``.
            query: query parameters.
            repeated: the call may have arrived in an earlier run, so an answer that says so is success.
            first: no earlier run can have made the call, so a conflict at the first request is an error.

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
        headers = self._receiver_headers if endpoint.service == "receiver" else self._headers
        if json is not None:
            content, content_type = encode_json(json), "application/json"
        if content is not None:
            headers = [*headers, ("Content-Type", content_type)]
        call = Call(endpoint.method, headers, content, multipart)
        encoded = "?" + urlencode(query) if query else ""
        *others, last = self._order(endpoint, candidate)

        def tried(number: int) -> Response:
            path = self._endpoints.path(name, number, **values)
            return self._tried(endpoint, call, path, encoded, repeated=repeated, first=first)

        for number in others:
            try:
                reply = tried(number)
            except ServiceError as error:
                if not proves_absence(error):
                    raise
            else:
                self._chosen[endpoint.service] = number
                return reply
        reply = tried(last)
        if others:
            self._chosen[endpoint.service] = last
        return reply

    def _order(self, endpoint: Endpoint, candidate: int | None) -> list[int]:
        """Which paths to try; the one that a service is known to have first."""
        if candidate is not None:
            return [candidate]
        chosen = self._chosen.get(endpoint.service, 0)
        return sorted(range(self._endpoints.candidates(endpoint.name)), key=lambda number: number != chosen)

    def _tried(
        self, endpoint: Endpoint, call: Call, path: str, query: str, *, repeated: bool, first: bool
    ) -> Response:
        """The reply from one path, after as many tries as are safe."""
        url = self._transport.base + path + query
        tries = Retries(endpoint.retry, self._deadline, self._circuit, repeated=repeated, first=first)
        while True:
            begun = self._circuit.check()
            self._deadline.check()
            try:
                answer = self._followed(endpoint.service, call, url)
            except NoResponse as failure:
                self._circuit.note(None, begun)
                tries.wait_after_no_response(failure)
                continue
            self._circuit.note(answer, begun)
            if tries.arrived_before(answer):
                return Response(answer.status, None)
            if tries.should_retry(answer):
                continue
            return self._interpreter.reply(endpoint, path, answer)

    def _followed(self, service: str, call: Call, url: str) -> RawResponse:
        """The answer at the end of the redirects that may be followed: same origin, same method and body."""
        for _ in range(_MAX_REDIRECTS + 1):
            answer, location = self._counted(service, call, url)
            if answer.status not in _REDIRECTS or not location:
                return answer
            origin, target = self._transport.redirected(url, location)
            if answer.status not in _KEEPS_METHOD or not target:
                raise NotOneTest(
                    "redirected",
                    f"{self.address} redirects (status {answer.status}) to {origin}; nothing was sent there",
                    "If that is where OneTest is, give it as the base URL.",
                    status=answer.status,
                )
            url = target
        raise NotOneTest("redirected", f"{self.address} redirects without end", "Check the base URL.")

    def _counted(self, service: str, call: Call, url: str) -> Exchange:
        began = self._clock()
        # Counted before it goes out, so that threads together never exceed what is allowed.
        self._count(service)
        sent = False
        try:
            outcome = self._transport.exchange(call, url)
            sent = True
        except NoResponse as failure:
            sent = failure.sent
            self._trace(call, url, began, failure.error.code)
            raise
        finally:
            if not sent:
                self._count(service, -1)
        self._trace(call, url, began, f"{outcome.answer.status}, {len(outcome.answer.body)} bytes")
        if self._debug is not None:
            for line in exchanged(call, outcome, self.redact):
                self._debug(line)
        return outcome

    def _count(self, service: str, calls: int = 1) -> None:
        with self._counting:
            if self._max_calls is not None and self._calls.total() + calls > self._max_calls:
                raise BudgetExhausted(
                    "max-api-calls-reached",
                    f"{self._calls.total():,} API calls were made, as many as --max-api-calls allows; "
                    "repeats of calls that failed count too",
                    "Push the bundle again to send the rest, or allow more calls.",
                )
            self._calls[service] += calls

    def _trace(self, call: Call, url: str, began: float, outcome: str) -> None:
        if self._debug is None:
            return
        took = (self._clock() - began) * 1000
        target = url.removeprefix(self._transport.origin)
        self._debug(f"{call.method} {self.redact.text(target)} ({_body(call)}): {outcome}, {took:.0f} ms")


def encode_json(value: Any) -> bytes:
    """Compact UTF-8 JSON; a lone surrogate, which UTF-8 cannot carry, becomes a question mark."""
    return _JSON.encode(value).encode("utf-8", "replace")


def _body(call: Call) -> str:
    """The body in a word or two, for the debug line."""
    if call.parts:
        return f"form of {len(call.parts)} parts"
    if isinstance(call.content, bytes):
        return f"{len(call.content)} bytes"
    return "file" if call.content else "no body"


def _headers(key: Secret, user_agent: str) -> list[tuple[str, str]]:
    value = key.reveal()
    # Checked here, since the errors of lower layers would show the header with the key in it.
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise UsageProblem(
            "bad-key",
            "the API key is empty or holds what no key has: a space, a line break or a non-ASCII letter",
            "Copy the key again from OneTest.",
        )
    return [("Authorization", f"Bearer {value}"), ("Accept", "application/json"), ("User-Agent", user_agent)]
