from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import ServiceError
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.onetest.artifacts import Artifacts
from support.onetest import LocalOneTest


def test_a_file_is_uploaded_and_read_back(
    onetest: LocalOneTest, connect: Connections, tmp_path: Path
) -> None:
    path = tmp_path / "report.xml"
    path.write_bytes(b"<testsuites/>" * 50_000)
    artifacts = Artifacts(connect(onetest.url, onetest.api_key), onetest.product_id)
    artifacts.ensure_bucket("ci")
    artifacts.ensure_bucket("ci")
    key = f"test-runs/{uuid4()}/naïve report.xml"
    artifacts.put("ci", key, path, "application/xml")
    objects = f"{onetest.url}/api/artifacts/api/v1/products/{onetest.product_id}/buckets/ci/objects"
    assert onetest.download(f"{objects}/{quote(key)}") == path.read_bytes()


def test_an_address_in_the_response_is_returned(server: Server, connect: Connections, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    server.responds(201, {"url": "https://files.example/a.txt"})
    url = Artifacts(connect(server.url), PRODUCT).put("b", "k/a.txt", path, "text/plain")
    assert url == "https://files.example/a.txt"


def test_an_empty_file_is_a_file(server: Server, connect: Connections, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    server.responds(201, {"url": "javascript:alert(1)"})
    assert Artifacts(connect(server.url), PRODUCT).put("b", "k", path, "text/plain\r\nX: y") is None
    (request,) = server.requests
    assert (request.headers["content-length"], request.body) == ("0", b"")
    assert request.headers["content-type"] == "application/octet-stream"
    assert "x" not in request.headers


def test_a_file_over_the_limit_is_not_sent(server: Server, connect: Connections, tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(ServiceError) as caught:
        Artifacts(connect(server.url), PRODUCT).put("b", "k", path, "video/mp4")
    assert caught.value.code == "too-large"
    assert server.requests == []


def test_a_bucket_that_is_refused_is_an_error(server: Server, connect: Connections) -> None:
    server.responds(507, {"detail": "Storage is full"})
    with pytest.raises(ServiceError, match="Storage is full"):
        Artifacts(connect(server.url), PRODUCT).ensure_bucket("b")
