"""A reverse proxy before a OneTest that answers chosen calls itself, breaks off, waits, and remembers."""

import http.client
import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

HTML = b"<!doctype html><title>Sign in</title>"
_PATIENCE = 60.0
_PASSED_ON = ("Content-Type", "Location", "Retry-After")


class Request(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def without_authorization(self) -> bytes:
        """All that came but the one header that may hold the key."""
        head = [f"{self.method} {self.path}"]
        head += [f"{name}: {value}" for name, value in self.headers.items() if name != "Authorization"]
        return "\n".join(head).encode() + b"\n\n" + self.body


class Answer(NamedTuple):
    """What the proxy answers by itself."""

    status: int
    body: bytes = b'{"detail": "the proxy says so"}'
    content_type: str = "application/json"


class HangUp(NamedTuple):
    """No answer: before OneTest sees the request, or after it has acted."""

    after_acting: bool = False


Fault = Answer | HangUp
Rule = Callable[[Request], Fault | None]


class Proxy:
    """Listens on loopback; a rule sees each request and may answer it, the rest goes to OneTest.

    Args:
        target: the URL of the OneTest behind it.

    Attributes:
        url: what to report to.
        requests: all that came, in order.
        rule: None lets everything pass.
    """

    def __init__(self, target: str) -> None:
        self.requests: list[Request] = []
        self.rule: Rule | None = None
        self.target = urlsplit(target).netloc
        self._lock = threading.Lock()
        self._stop_at: int | None = None
        self._stopped = threading.Event()
        self._go_on = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, part: str, fault: Fault, method: str = "") -> None:
        """Give this answer to each call whose path holds ``part``."""

        def rule(request: Request) -> Fault | None:
            return fault if part in request.path and method in {"", request.method} else None

        self.rule = rule

    def hang_up_from(self, number: int, *, after_acting: bool = False) -> None:
        """Break off from that request on, counted from now."""
        before = len(self.requests)

        def rule(_: Request) -> Fault | None:
            return HangUp(after_acting) if len(self.requests) - before >= number else None

        self.rule = rule

    def stop_at(self, number: int) -> None:
        """Hold the request of that number, counted from now."""
        self._stopped.clear()
        self._go_on.clear()
        self._stop_at = len(self.requests) + number

    def wait_until_stopped(self) -> None:
        assert self._stopped.wait(_PATIENCE)

    def go_on(self) -> None:
        self._stop_at = None
        self._go_on.set()

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
            fault = self.rule(request) if self.rule else None
        if number == self._stop_at:
            self._stopped.set()
            self._go_on.wait(_PATIENCE)
        return fault


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            request = Request(self.command, self.path, dict(self.headers.items()), body)
            fault = proxy.take(request)
            if isinstance(fault, Answer):
                self._answer(fault.status, {"Content-Type": fault.content_type}, fault.body)
                return
            if isinstance(fault, HangUp) and not fault.after_acting:
                self.close_connection = True
                return
            upstream = http.client.HTTPConnection(proxy.target, timeout=_PATIENCE)
            try:
                upstream.request(self.command, self.path, body, dict(self.headers.items()))
                response = upstream.getresponse()
                content = response.read()
            finally:
                upstream.close()
            if fault:
                self.close_connection = True
                return
            kept = {name: value for name in _PASSED_ON if (value := response.headers.get(name))}
            self._answer(response.status, kept, content)

        def _answer(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                # Whoever asked was killed meanwhile.
                self.close_connection = True

        do_GET = do_POST = do_PUT = _pass  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            pass

    return Handler
