import base64
import contextlib
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onetest.scripted_server import KEY, Connections, Server
from onetest_ci.errors import NotOneTest, ServiceError, Unreachable, UsageProblem
from onetest_ci.onetest.client.http import Http
from onetest_ci.redaction import Redactor, Secret

PRODUCT = {"product_id": "11111111-2222-4333-8444-555555555555"}
TLS = Path(__file__).parents[1] / "tls"
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n[]"
)


class RawServer:
    """Reads a request, sends the same bytes to every client, and closes the connection."""

    def __init__(self, response: bytes, *, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.connections = 0
        self._response = response
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._closing.is_set():
                    return
                self.connections += 1
                with contextlib.suppress(OSError):
                    self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        if self._tls is None:
            read_request(connection)
            connection.sendall(self._response)
            return
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            read_request(secured)
            secured.sendall(self._response)

    def close(self) -> None:
        self._closing.set()
        with socket.create_connection(("127.0.0.1", self.port)):
            self._thread.join()
        self._socket.close()


def read_request(connection: socket.socket) -> None:
    data = b""
    while not (head := re.match(rb"(?s).*?\r\n\r\n", data)):
        if not (more := connection.recv(65536)):
            return
        data += more
    length = re.search(rb"(?i)content-length: (\d+)", head[0])
    missing = int(length[1]) - (len(data) - head.end()) if length else 0
    while missing > 0 and (more := connection.recv(65536)):
        missing -= len(more)


@pytest.fixture
def raw_server() -> Iterator[Callable[..., RawServer]]:
    made: list[RawServer] = []

    def make(response: bytes, **options: Any) -> RawServer:
        made.append(RawServer(response, **options))
        return made[-1]

    yield make
    for server in made:
        server.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert isinstance(port, int)
        return port


# --- no connection: nothing was sent, so every call is retried


@pytest.mark.parametrize("name", ["receiver.start_launch", "receiver.import_junit"])
def test_a_refused_connection_is_retried_for_half_a_minute(connect: Connections, name: str) -> None:
    http = connect(f"http://127.0.0.1:{free_port()}/one/test/")
    with pytest.raises(Unreachable) as caught:
        http.send(name, values=PRODUCT, content=b"x")
    assert caught.value.code == "no-server"
    assert f"{http.address}: " in caught.value.message
    assert http.address.endswith("/one/test")
    assert "refused" in caught.value.message
    assert "ONETEST_BASE_URL" in caught.value.hint
    assert sum(connect.clock.pauses) == 30.0
    assert http.total_calls == 0


def test_a_server_that_starts_meanwhile_receives_the_call(
    connect: Connections, raw_server: Callable[..., RawServer]
) -> None:
    port = free_port()
    http = connect(f"http://127.0.0.1:{port}", sleep=lambda _: raw_server(RESPONSE, port=port))
    assert http.send("receiver.start_launch", values=PRODUCT, json={}).body == []
    assert http.total_calls == 1


def test_a_name_that_does_not_resolve_is_named(connect: Connections) -> None:
    with pytest.raises(Unreachable) as caught:
        connect("http://no-such-host.invalid").send("gateway.tools", values={})
    assert caught.value.code == "name-not-resolved"
    assert "http://no-such-host.invalid" in caught.value.message


# --- TLS


def tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    return context


def test_an_untrusted_authority_is_a_tls_error_at_once(
    connect: Connections, raw_server: Callable[..., RawServer]
) -> None:
    server = raw_server(RESPONSE, tls=tls_context())
    with pytest.raises(Unreachable) as caught:
        connect(f"https://127.0.0.1:{server.port}").send("gateway.tools", values={})
    assert caught.value.code == "tls-error"
    assert "--ca-bundle" in caught.value.hint
    assert server.connections == 1


def test_an_authority_of_the_ca_bundle_is_trusted(
    connect: Connections, raw_server: Callable[..., RawServer]
) -> None:
    server = raw_server(RESPONSE, tls=tls_context())
    http = connect(f"https://127.0.0.1:{server.port}", ca_bundle=TLS / "certificate.pem")
    assert http.send("gateway.tools", values={}).body == []


def test_a_trusted_certificate_for_another_host_is_a_tls_error(
    connect: Connections, raw_server: Callable[..., RawServer]
) -> None:
    server = raw_server(RESPONSE, tls=tls_context())
    http = connect(f"https://localhost:{server.port}", ca_bundle=TLS / "certificate.pem")
    with pytest.raises(Unreachable) as caught:
        http.send("gateway.tools", values={})
    assert caught.value.code == "tls-error"


def test_https_where_plain_http_is_spoken_is_a_tls_error(server: Server, connect: Connections) -> None:
    with pytest.raises(Unreachable) as caught:
        connect(server.url.replace("http:", "https:")).send("gateway.tools", values={})
    assert caught.value.code == "tls-error"


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_ca_bundle_that_cannot_be_loaded_is_a_usage_problem(tmp_path: Path, content: bytes | None) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(UsageProblem) as caught:
        Http("https://127.0.0.1:9", Secret(KEY), redact=Redactor(), ca_bundle=bundle)
    assert caught.value.code == "bad-ca-bundle"
    assert str(bundle) in caught.value.message


# --- settings of the environment, in a process of its own

PROGRAM = """
import json, sys
from onetest_ci.errors import OnetestError
from onetest_ci.onetest.client.http import Http
from onetest_ci.redaction import Redactor, Secret
try:
    with Http(sys.argv[1], Secret(sys.argv[2]), redact=Redactor()) as http:
        print(json.dumps(http.send("gateway.tools", values={}).body))
except OnetestError as error:
    print(json.dumps(error.as_dict()))
"""


def run_with(base_url: str, **environ: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, base_url, KEY],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_proxy_of_the_environment_is_used(server: Server) -> None:
    server.responds(200, ["tool"])
    assert run_with("http://onetest.example", HTTP_PROXY=server.url, http_proxy=server.url) == ["tool"]
    assert server.requests[0].path == "http://onetest.example/api/gateway/api/v1/tools"


def test_a_forwarding_proxy_receives_its_password(server: Server) -> None:
    server.responds(200, ["tool"])
    proxy = server.url.replace("http://", "http://ci:pass%20word@")
    assert run_with("http://onetest.example:81", HTTP_PROXY=proxy, http_proxy=proxy) == ["tool"]
    (request,) = server.requests
    assert request.path == "http://onetest.example:81/api/gateway/api/v1/tools"
    assert request.headers["host"] == "onetest.example:81"
    assert request.headers["proxy-authorization"] == "Basic " + base64.b64encode(b"ci:pass word").decode()


def test_the_certificates_of_the_environment_are_used(raw_server: Callable[..., RawServer]) -> None:
    server = raw_server(RESPONSE, tls=tls_context())
    bundle = str(TLS / "certificate.pem")
    assert run_with(f"https://127.0.0.1:{server.port}", SSL_CERT_FILE=bundle, NO_PROXY="*") == []


def test_a_proxy_variable_that_is_not_a_url_is_a_usage_problem_and_not_shown() -> None:
    proxy = "gopher://me:secretword@proxy"
    error = run_with("http://onetest.example", HTTP_PROXY=proxy, http_proxy=proxy)
    assert isinstance(error, dict)
    assert error["code"] == "bad-proxy"
    assert "secretword" not in json.dumps(error)


# --- the request may have arrived


def test_a_lost_response_leads_to_a_retry_where_that_is_safe(server: Server, connect: Connections) -> None:
    server.hangs_up().hangs_up().responds(201, {"id": "u"})
    http = connect(server.url)
    assert http.send("receiver.start_launch", values=PRODUCT, json={"uuid": "u"}).body == {"id": "u"}
    assert {request.body for request in server.requests} == {b'{"uuid":"u"}'}
    assert http.total_calls == 3


@pytest.mark.parametrize("name", ["receiver.import_junit", "membership.create_environment", "receiver.log"])
def test_a_lost_response_is_final_where_a_retry_could_act_twice(
    server: Server, connect: Connections, name: str
) -> None:
    server.hangs_up()
    http = connect(server.url)
    with pytest.raises(Unreachable) as caught:
        http.send(name, values=PRODUCT, content=b"x")
    assert caught.value.code == "connection-lost"
    assert http.total_calls == 1


def test_an_incomplete_response_is_a_lost_connection(
    connect: Connections, raw_server: Callable[..., RawServer]
) -> None:
    server = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[")
    with pytest.raises(Unreachable) as caught:
        connect(f"http://127.0.0.1:{server.port}").send("receiver.import_junit", values=PRODUCT, content=b"x")
    assert caught.value.code == "connection-lost"


def test_a_server_that_does_not_respond_in_time(server: Server, connect: Connections) -> None:
    may_respond = threading.Event()
    server.before_response = may_respond.wait
    http = connect(server.url, read_timeout=0.05)
    try:
        with pytest.raises(Unreachable) as caught:
            http.send("receiver.import_junit", values=PRODUCT, content=b"x")
    finally:
        may_respond.set()
    assert caught.value.code == "timeout"
    # The server itself may see the request only later.
    assert http.total_calls == 1


# --- a server that is not OneTest, and unreadable files


@pytest.mark.parametrize("response", [b"SSH-2.0-OpenSSH_9.9\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46"])
def test_a_server_that_does_not_speak_http_gets_no_retry(
    connect: Connections, raw_server: Callable[..., RawServer], response: bytes
) -> None:
    server = raw_server(response)
    with pytest.raises(NotOneTest) as caught:
        connect(f"http://127.0.0.1:{server.port}").send("gateway.tools", values={})
    assert caught.value.code == "not-http"
    assert server.connections == 1


def test_a_response_that_is_too_long_is_not_read_to_its_end(server: Server, connect: Connections) -> None:
    server.responds(200, b"[" + b" " * 17_000_000 + b"]")
    with pytest.raises(NotOneTest) as caught:
        connect(server.url).send("gateway.tools", values={})
    assert caught.value.code == "unexpected-answer"


@pytest.mark.parametrize("make", [Path.mkdir, lambda _: None])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_sent(
    server: Server, connect: Connections, tmp_path: Path, make: object
) -> None:
    assert callable(make)
    path = tmp_path / "shot.png"
    make(path)
    http = connect(server.url)
    with pytest.raises(ServiceError, match=r"shot\.png") as caught:
        http.send("artifacts.put_object", values={**PRODUCT, "bucket": "b", "key": "k"}, content=path)
    assert caught.value.code == "unreadable-file"
    assert (server.requests, http.total_calls) == ([], 0)


def test_a_value_that_is_too_long_for_a_request_is_an_error_of_the_service(
    server: Server, connect: Connections
) -> None:
    http = connect(server.url)
    with pytest.raises(NotOneTest) as caught:
        http.send("membership.sprints", values={**PRODUCT, "release_id": "r" * 70_000})
    assert caught.value.code == "unexpected-answer"
    assert (server.requests, http.total_calls) == ([], 0)
