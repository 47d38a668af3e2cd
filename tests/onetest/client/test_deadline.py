import contextlib
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onetest.scripted_server import KEY, Connections
from onetest_ci.errors import Unreachable

TLS = Path(__file__).parents[1] / "tls"
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BEAT = 0.05


class Dribbler:
    """Sends some bytes at once and more at each beat, until the client closes the connection."""

    def __init__(self, first: bytes, more: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._first, self._more, self._tls = first, more, tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with contextlib.suppress(OSError), connection:
            if self._tls is None:
                self._dribble(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._dribble(secured)

    def _dribble(self, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(self._first)
        while not self._closing.wait(BEAT):
            connection.sendall(self._more)

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def dribbler() -> Iterator[Callable[..., Dribbler]]:
    made: list[Dribbler] = []

    def make(first: bytes, more: bytes, tls: ssl.SSLContext | None = None) -> Dribbler:
        made.append(Dribbler(first, more, tls))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (b"HTTP/1.1 200 ", b"x"),
        (OK + b"X-Long: ", b"x"),
        (OK, b"X-Many: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (CHUNKED + b"1;", b"x"),
        (CHUNKED + b"2\r\n[]\r\n0\r\nX-Trailer: ", b"x"),
        (OK + b"Content-Length: 100000\r\n\r\n[", b" "),
        (OK + b"\r\n[]", b" "),
    ],
    ids=["status", "header", "headers", "continue", "hints", "extension", "trailer", "body", "until-close"],
)
def test_the_deadline_ends_a_response_that_arrives_byte_by_byte(
    connect: Connections, dribbler: Callable[..., Dribbler], first: bytes, more: bytes
) -> None:
    server = dribbler(first, more)
    http = connect(f"http://127.0.0.1:{server.port}", clock=time.monotonic, deadline_seconds=1)
    with pytest.raises(Unreachable) as caught:
        http.send("gateway.tools", values={})
    assert caught.value.code == "deadline-exceeded"


def test_the_deadline_ends_such_a_response_over_tls(
    connect: Connections, dribbler: Callable[..., Dribbler]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    server = dribbler(OK, b"X-Many: x\r\n", context)
    http = connect(
        f"https://127.0.0.1:{server.port}",
        clock=time.monotonic,
        deadline_seconds=1,
        ca_bundle=TLS / "certificate.pem",
    )
    with pytest.raises(Unreachable) as caught:
        http.send("gateway.tools", values={})
    assert caught.value.code == "deadline-exceeded"


PROGRAM = """
import sys
from onetest_ci.errors import OnetestError
from onetest_ci.onetest.client.http import Http
from onetest_ci.redaction import Redactor, Secret
try:
    with Http(sys.argv[1], Secret(sys.argv[2]), redact=Redactor(), deadline_seconds=1) as http:
        http.send("gateway.tools", values={})
except OnetestError as error:
    print(error.code)
"""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_deadline_ends_such_a_response_of_a_proxy(dribbler: Callable[..., Dribbler], scheme: str) -> None:
    proxy = f"http://127.0.0.1:{dribbler(OK, b'X-Many: x' + bytes((13, 10))).port}"
    named = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), proxy)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"{scheme}://onetest.example", KEY],
        env=os.environ | named | {"NO_PROXY": "", "no_proxy": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "deadline-exceeded\n"
