"""A project with a report, and servers that are not OneTest."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

REPORT = """<testsuite name="checkout">
  <testcase classname="tests.test_cart" file="tests/test_cart.py" name="test_adds" time="0.25"/>
  <testcase classname="tests.test_cart" file="tests/test_cart.py" name="test_total">
    <failure message="1 != 2"/>
  </testcase>
</testsuite>
"""

Answering = Callable[[int, str, str], str]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A checkout, in a folder with a space in its name as Jenkins makes them, with one report."""
    place = tmp_path / "nightly job"
    place.mkdir()
    (place / "r.xml").write_text(REPORT, encoding="utf-8")
    return place


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Start a server that returns one response to every request, and return its address."""
    with ExitStack() as running:

        def start(status: int, content_type: str, body: str) -> str:
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(status, content_type, body.encode()))
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            running.callback(server.server_close)
            running.callback(thread.join)
            running.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


def _handler(status: int, content_type: str, body: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature
            """Log nothing."""

    return Handler
