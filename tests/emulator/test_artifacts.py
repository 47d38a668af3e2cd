import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from support.waiting import GIVE_UP

MB = 1024 * 1024


@pytest.fixture
def bucket(api: httpx.Client, artifacts: str) -> str:
    assert api.post(artifacts, json={"name": "results", "retention_days": 30}).status_code == 201
    return f"{artifacts}/results/objects"


def test_buckets_are_created_once_and_listed(api: httpx.Client, artifacts: str, bucket: str) -> None:
    assert bucket
    assert api.post(artifacts, json={"name": "results"}).status_code == 409
    listed = api.get(artifacts).json()["items"]
    assert [(entry["name"], entry["retention_days"]) for entry in listed] == [
        ("attachments", None),
        ("results", 30),
    ]
    for name in ("", "n" * 64, "Upper", "../x", "a/b"):
        assert api.post(artifacts, json={"name": name}).status_code == 422


def test_an_object_is_returned_unchanged(api: httpx.Client, bucket: str) -> None:
    content = bytes(range(256)) * 1000
    path = f"{bucket}/test-runs/some-uuid/bild ä.png"
    for _ in range(2):
        response = api.put(path, content=content, headers={"content-type": "image/png"})
        assert response.status_code == 200
        assert response.json()["key"] == "test-runs/some-uuid/bild ä.png"
        assert response.json()["size_bytes"] == len(content)
    read = api.get(path)
    assert read.content == content
    assert read.headers["content-type"] == "image/png"
    (listed,) = api.get(bucket).json()["items"]
    assert listed["key"] == "test-runs/some-uuid/bild ä.png"


def test_a_second_put_replaces_the_content(api: httpx.Client, bucket: str) -> None:
    api.put(f"{bucket}/a.txt", content=b"old")
    api.put(f"{bucket}/a.txt", content=b"new")
    assert api.get(f"{bucket}/a.txt").content == b"new"


def test_a_multipart_object_is_stored(api: httpx.Client, bucket: str) -> None:
    response = api.post(
        bucket, data={"key": "logs/a.txt"}, files={"file": ("ignored.txt", b"hello", "text/x-log")}
    )
    assert response.status_code == 201
    read = api.get(f"{bucket}/logs/a.txt")
    assert read.content == b"hello"
    assert read.headers["content-type"].startswith("text/x-log")
    for data, files in (({}, {"file": ("a", b"")}), ({"key": "k"}, {"other": ("a", b"")})):
        assert api.post(bucket, data=data, files=files).status_code == 422
    assert api.post(bucket, content=b"no multipart").status_code == 422


@pytest.mark.parametrize(
    "key",
    ["..%2f..%2fetc%2fpasswd", "a/%2e%2e/b", "%2fetc%2fpasswd", "a%5cb", "a%00b", "a//b", "k" * 1025],
)
def test_a_key_that_is_not_a_plain_relative_path_is_refused(api: httpx.Client, bucket: str, key: str) -> None:
    assert api.put(f"{bucket}/{key}", content=b"x").status_code == 422
    assert api.get(bucket).json()["items"] == []


def test_a_missing_bucket_or_object_is_not_found(api: httpx.Client, artifacts: str, bucket: str) -> None:
    assert api.put(f"{artifacts}/none/objects/a", content=b"x").json() == {"detail": "Bucket not found"}
    assert api.get(f"{bucket}/none").json() == {"detail": "Object not found"}


def test_ten_megabytes_fit_and_one_byte_more_does_not(api: httpx.Client, bucket: str) -> None:
    assert api.put(f"{bucket}/fits", content=b"x" * (10 * MB)).status_code == 200
    assert api.put(f"{bucket}/over", content=b"x" * (10 * MB + 1)).status_code == 413
    assert [entry["key"] for entry in api.get(bucket).json()["items"]] == ["fits"]


def test_an_upload_of_unknown_length_is_refused_while_it_streams(api: httpx.Client, bucket: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 100_000

    response = api.put(f"{bucket}/over", content=endless())
    assert response.status_code == 413
    assert set(response.json()) == {"detail"}


def test_an_upload_that_announces_too_much_is_refused_before_its_body(api: httpx.Client, bucket: str) -> None:
    address = urlsplit(str(api.base_url))
    request = (
        f"PUT {bucket}/over HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {10**12}\r\n"
        f"Authorization: {api.headers['authorization']}\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=GIVE_UP) as connection:
        connection.sendall(request.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_presigned_url_works_without_a_key_and_only_unchanged(
    api: httpx.Client, anonymous: httpx.Client, bucket: str
) -> None:
    api.put(f"{bucket}/page.html", content=b"<script>", headers={"content-type": "text/html"})
    signed = api.get(f"{bucket}/page.html/presigned-url").json()
    read = anonymous.get(signed["url"])
    assert read.content == b"<script>"
    assert read.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in read.headers["content-security-policy"]
    assert read.headers["x-content-type-options"] == "nosniff"
    url = httpx.URL(signed["url"])
    for wrong in (
        url.copy_set_param("expires", "99999999999999999"),
        url.copy_set_param("signature", "0" * 64),
        url.copy_remove_param("signature"),
        url.copy_set_param("expires", "٣"),
    ):
        assert anonymous.get(wrong).status_code == 403


def test_objects_of_another_product_are_not_found(
    api: httpx.Client, session: httpx.Client, bucket: str
) -> None:
    api.put(f"{bucket}/a.txt", content=b"x")
    other = session.post("/api/membership/api/v1/products", json={"name": "Other"}).json()["id"]
    base = f"/api/artifacts/api/v1/products/{other}/buckets"
    assert api.get(f"{base}/results/objects/a.txt").status_code == 404
    assert api.get(f"{base}/attachments/objects").json() == {"items": []}


@pytest.mark.parametrize(
    "content_type", ["text/plain\r\nSet-Cookie: a=b", "text/plän", "text", "a/b; \x00", "a/" + "b" * 99]
)
def test_a_content_type_that_does_not_fit_into_a_header_is_refused(
    api: httpx.Client, bucket: str, content_type: str
) -> None:
    data, files = {"key": "a.txt", "content_type": content_type}, {"file": ("a.txt", b"hello")}
    assert api.post(bucket, data=data, files=files).status_code == 422
    assert api.get(bucket).json()["items"] == []


def test_a_content_type_may_have_parameters(api: httpx.Client, bucket: str) -> None:
    data = {"key": "a.txt", "content_type": 'text/plain; charset="utf-8"; a=b'}
    assert api.post(bucket, data=data, files={"file": ("a.txt", b"hello")}).status_code == 201
    assert api.get(f"{bucket}/a.txt").headers["content-type"] == data["content_type"]
