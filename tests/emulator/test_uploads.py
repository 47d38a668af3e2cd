"""Uploads over the limit: they are refused while the client still sends, and nothing is stored."""

import select
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from emulator.conftest import Running
from support.waiting import GIVE_UP

MB = 1024 * 1024
BOUNDARY = "frontier"
PART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{{name}}"\r\n'
    "Content-Type: text/plain\r\n\r\n"
)


@pytest.mark.parametrize(
    ("method", "path", "is_form", "limit"),
    [
        ("PUT", "/api/artifacts/api/v1/products/{}/buckets/attachments/objects/a.txt", False, 10 * MB),
        ("POST", "/api/artifacts/api/v1/products/{}/buckets/attachments/objects", True, 10 * MB),
        ("POST", "/api/receiver/api/v1/products/{}/import/junit/upload", True, 10 * MB),
        ("POST", "/api/v1/products/{}/import/junit", True, 10 * MB),
        ("POST", "/api/receiver/api/v2/{}/log", True, 64 * MB),
        ("POST", "/api/membership/api/v1/products/{}/releases", False, 16 * MB),
    ],
)
def test_an_endless_upload_is_refused_while_it_is_sent(
    *, start: Callable[..., Running], tmp_path: Path, method: str, path: str, is_form: bool, limit: int
) -> None:
    running = start("--database", str(tmp_path / "o.db"))
    address = urlsplit(running.url)
    content_type = f"multipart/form-data; boundary={BOUNDARY}" if is_form else "text/plain"
    head = (
        f"{method} {path.format(running.product)} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {running.announced['api_key']}\r\n"
        f"Content-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=GIVE_UP) as connection:
        connection.sendall(head.encode())
        if is_form:
            send_chunk(connection, PART.format(name="../../etc/passwd").encode())
        sent = 0
        # More than the limit and all buffers in between: only an upload that is not refused gets this far.
        while sent < limit + 24 * MB:
            if select.select([connection], [], [], 0)[0]:
                break
            send_chunk(connection, b"x" * 65536)
            sent += 65536
        response = connection.recv(4096)
    assert response.startswith(b"HTTP/1.1 413 "), response
    assert limit <= sent < limit + 24 * MB
    kept = [each for each in (tmp_path / "o.db.files").rglob("*") if each.is_file()]
    assert kept == []
    with running.client(running.announced["session_token"]) as session:
        objects = f"/api/artifacts/api/v1/products/{running.product}/buckets/attachments/objects"
        assert session.get(objects).json() == {"items": []}
        assert session.get(f"/api/receiver/api/v1/products/{running.product}/launches").json()["items"] == []


def send_chunk(connection: socket.socket, content: bytes) -> None:
    connection.sendall(b"%x\r\n%b\r\n" % (len(content), content))
