"""A scripted server on a real socket, and connections with a clock and a --debug output for tests."""

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from onetest_ci.onetest.client.http import Http
from onetest_ci.redaction import Redactor, Secret

KEY = "ak_0123456789ABCDEFGHIJKLMNOPQRSTUV"
PRODUCT = "11111111-2222-4333-8444-555555555555"


class Request(NamedTuple):
    """A request as the server received it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    raw: bytes
    port: int

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """Sends scripted responses in order, and keeps the requests. Status 0 closes the connection."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.script: list[tuple[int, dict[str, str], bytes]] = []
        self.before_response: Callable[[], object] = lambda: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def responds(self, status: int, body: object = None, **headers: str) -> Self:
        """Add a response: bytes unchanged, other values as JSON. In a header's name ``_`` means ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):
            self.script.append((status, named, body))
        else:
            content = b"" if body is None else json.dumps(body).encode()
            self.script.append((status, {"Content-Type": "application/json"} | named, content))
        return self

    def hangs_up(self) -> Self:
        self.script.append((0, {}, b""))
        return self

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _respond(self) -> None:
            if "chunked" in self.headers.get("Transfer-Encoding", ""):
                raise AssertionError("the request declares no length")
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            received = {name.lower(): value for name, value in self.headers.items()}
            raw = self.requestline.encode() + b"\r\n" + self.headers.as_bytes().replace(b"\n", b"\r\n") + body
            port = self.client_address[1]
            server.requests.append(Request(self.command, self.path, received, body, raw, port))
            server.before_response()
            status, headers, content = server.script.pop(0) if server.script else (599, {}, b"end of script")
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the client may have gone
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_HEAD = do_OPTIONS = do_PATCH = do_DELETE = _respond  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            pass

    return Handler


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Connections:
    """Makes clients that wait on a clock of their own and keep their --debug output."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.debug: list[str] = []
        self.opened: list[Http] = []

    def __call__(self, url: str, key: str = KEY, **options: Any) -> Http:
        waiting: dict[str, Any] = {"clock": self.clock, "sleep": self.clock.sleep, "jitter": lambda: 1.0}
        secrets = [Secret(key), *(secret for name, secret in options.items() if name == "receiver_key")]
        http = Http(
            url, Secret(key), redact=Redactor(secrets), debug=self.debug.append, **(waiting | options)
        )
        self.opened.append(http)
        return http

    def close(self) -> None:
        for http in self.opened:
            http.close()
