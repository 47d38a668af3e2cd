"""How HTTP is read, from a server that sends exactly the bytes of a test."""

import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from onetest.scripted_server import Connections, Server
from onetest_ci.errors import NotOneTest, ServiceError, Unreachable

PRODUCT = {"product_id": "11111111-2222-4333-8444-555555555555"}
OK = b"HTTP/1.1 200 OK\r\n"
ONE = OK + b"Content-Length: 3\r\n\r\n[1]"
NINE = OK + b"Content-Length: 3\r\n\r\n[9]"
TWO = OK + b"Content-Length: 3\r\n\r\n[2]"


class Speaker:
    """Accepts one connection after the other, and sends the next response of its list to each request.

    Attributes:
        hung_up: set when the first connection has ended.
        speaks_unasked: when set, the first connection's surplus is sent.
        spoke_unasked: set when it has been sent.
    """

    def __init__(
        self,
        *connections: list[bytes],
        reads_bodies: bool = True,
        on_head: Callable[[], object] = lambda: None,
        surplus: bytes = b"",
    ) -> None:
        self._connections = connections
        self._surplus = surplus
        self.hung_up = threading.Event()
        self.speaks_unasked = threading.Event()
        self.spoke_unasked = threading.Event()
        self._reads_bodies = reads_bodies
        self._on_head = on_head
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(10)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for responses in self._connections:
            with suppress(OSError):
                connection, _ = self._socket.accept()
                with connection:
                    connection.settimeout(10)
                    for response in responses:
                        self._read(connection)
                        connection.sendall(response)
                    if self._surplus and not self.spoke_unasked.is_set():
                        self.speaks_unasked.wait(10)
                        connection.sendall(self._surplus)
                        self.spoke_unasked.set()
                        self._read(connection)
                        connection.sendall(NINE)
                self.hung_up.set()

    def _read(self, connection: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (byte := connection.recv(1)):
                raise ConnectionError
            head += byte
        self._on_head()
        length = re.search(rb"Content-Length: (\d+)", head)
        missing = int(length[1]) if length and self._reads_bodies else 0
        while missing > 0 and (data := connection.recv(65536)):
            missing -= len(data)

    def close(self) -> None:
        self._thread.join()
        self._socket.close()


@pytest.fixture
def speaker() -> Iterator[Callable[..., Speaker]]:
    made: list[Speaker] = []

    def make(*connections: list[bytes], **options: Any) -> Speaker:
        made.append(Speaker(*connections, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize(
    "response",
    [
        OK
        + b"Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n2;x=y\r\n1]\r\n0\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nContent-Type: text/html\r\n\r\n" + ONE,
        OK + b"content-length: 3\r\nContent-Type: application/json\r\ncontent-type: text/html\r\n\r\n[1]",
    ],
    ids=["chunked", "interim", "twice"],
)
def test_a_response_in_any_form_is_read_and_the_connection_kept(
    speaker: Callable[..., Speaker], connect: Connections, response: bytes
) -> None:
    server = speaker([response, TWO])
    http = connect(server.url)
    assert http.send("gateway.tools", values={}).body == [1]
    assert http.send("gateway.tools", values={}).body == [2]


@pytest.mark.parametrize(
    "responses",
    [
        [OK + b"\r\n[1]"],
        [ONE],
        [OK + b"Connection: close\r\nContent-Length: 3\r\n\r\n[1]", NINE],
        [b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n[1]", NINE],
        [b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n[1]"],
    ],
    ids=["until-close", "hung-up", "close", "HTTP/1.0", "HTTP/1.0-keep-alive"],
)
def test_an_ended_connection_is_replaced(
    speaker: Callable[..., Speaker], connect: Connections, responses: list[bytes]
) -> None:
    server = speaker(responses, [TWO])
    http = connect(server.url)
    assert http.send("receiver.import_junit", values=PRODUCT, content=b"x").body == [1]
    if len(responses) == 1:
        assert server.hung_up.wait(10)
    # A call that is not retried once it was sent.
    assert http.send("receiver.import_junit", values=PRODUCT, content=b"x").body == [2]
    assert http.total_calls == 2


@pytest.mark.parametrize("surplus", [NINE, b"HTTP/1.1 408 Request Timeout\r\n\r\n", b"garbage"])
def test_a_connection_with_an_unrequested_response_is_replaced(
    speaker: Callable[..., Speaker], connect: Connections, surplus: bytes
) -> None:
    server = speaker([ONE], [TWO], surplus=surplus)
    http = connect(server.url)
    assert http.send("receiver.import_junit", values=PRODUCT, content=b"x").body == [1]
    server.speaks_unasked.set()
    assert server.spoke_unasked.wait(10)
    assert http.send("receiver.import_junit", values=PRODUCT, content=b"x").body == [2]


@pytest.mark.parametrize(
    "response",
    [
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n[1]",
        OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1]",
        OK + b"Transfer-Encoding: chunked\r\n\r\nno length",
        OK + b"no header\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
    ids=["two-lengths", "lengths", "chunk", "header", "upgrade"],
)
def test_an_ambiguous_response_is_refused(
    speaker: Callable[..., Speaker], connect: Connections, response: bytes
) -> None:
    with pytest.raises(NotOneTest) as caught:
        connect(speaker([response]).url).send("gateway.tools", values={})
    assert caught.value.code == "not-http"


@pytest.mark.parametrize(
    "response",
    [
        OK + b"X: x\r\n" * 20_000,
        b"HTTP/1.1 100 Continue\r\nX: " + b"x" * 120_000,
        OK + b"X: " + b"x" * 120_000,
    ],
)
def test_an_endless_head_is_not_read_to_its_end(
    speaker: Callable[..., Speaker], connect: Connections, response: bytes
) -> None:
    with pytest.raises(Unreachable, match="buffer too long"):
        connect(speaker([response]).url).send("receiver.import_junit", values=PRODUCT, content=b"x")


def test_a_refusal_before_the_body_was_read_is_reported(
    speaker: Callable[..., Speaker], connect: Connections, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 9_000_000)
    server = speaker([b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"], reads_bodies=False)
    with pytest.raises(ServiceError) as caught:
        connect(server.url).send(
            "artifacts.put_object", values={**PRODUCT, "bucket": "b", "key": "k"}, content=path
        )
    assert caught.value.code == "too-large"


def test_a_file_that_shrinks_while_it_is_sent_is_an_error(
    speaker: Callable[..., Speaker], connect: Connections, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 9_000_000)
    server = speaker([ONE], on_head=lambda: os.truncate(path, 1000))
    with pytest.raises(ServiceError) as caught:
        connect(server.url).send(
            "artifacts.put_object", values={**PRODUCT, "bucket": "b", "key": "k"}, content=path
        )
    assert caught.value.code == "file-changed"


@pytest.mark.parametrize("value", ["a/b\r\nX-Evil: 1", "ä/b"])
def test_an_invalid_header_is_not_sent(server: Server, connect: Connections, value: str) -> None:
    http = connect(server.url)
    with pytest.raises(NotOneTest) as caught:
        http.send("receiver.import_junit", values=PRODUCT, content=b"x", content_type=value)
    assert caught.value.code == "unexpected-answer"
    assert (server.requests, http.total_calls) == ([], 0)
