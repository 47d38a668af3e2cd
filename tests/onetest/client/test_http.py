import traceback
from pathlib import Path
from typing import Any

import pytest

from onetest.scripted_server import KEY, Connections, Server
from onetest_ci.errors import NotOneTest, ServiceError, Unreachable, UsageProblem
from onetest_ci.onetest.client.http import Http, Part, encode_json
from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.redaction import Redactor, Secret

RECEIVER_KEY = "octo_abcdefghijklmnopqrstuvwxyz"
PRODUCT = {"product_id": "11111111-2222-4333-8444-555555555555"}
LAUNCH = "/api/receiver/api/v2/11111111-2222-4333-8444-555555555555/launch"


# --- requests


def test_a_request_contains_the_key_its_json_and_the_clients_name(
    server: Server, connect: Connections
) -> None:
    server.responds(201, {"id": "u"})
    response = connect(server.url).send("receiver.start_launch", values=PRODUCT, json={"name": "naïve 测试"})
    assert (response.status, response.body) == (201, {"id": "u"})
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", LAUNCH)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("onetest-ci/")
    assert request.body == '{"name":"naïve 测试"}'.encode()


def test_the_receiver_may_have_a_key_of_its_own(server: Server, connect: Connections) -> None:
    server.responds(200, []).responds(201, {})
    http = connect(server.url, receiver_key=Secret(RECEIVER_KEY))
    http.send("membership.releases", values=PRODUCT)
    http.send("receiver.start_launch", values=PRODUCT, json={})
    assert [request.headers["authorization"] for request in server.requests] == [
        f"Bearer {KEY}",
        f"Bearer {RECEIVER_KEY}",
    ]


def test_connections_are_kept_alive_and_a_path_prefix_is_kept(server: Server, connect: Connections) -> None:
    server.responds(200, []).responds(200, [])
    http = connect(server.url + "/onetest/")
    for _ in range(2):
        http.send("membership.releases", values=PRODUCT, query={"status": "a&b", "page": "2"})
    assert {request.path for request in server.requests} == {
        f"/onetest/api/membership/api/v1/products/{PRODUCT['product_id']}/releases?status=a%26b&page=2"
    }
    assert len({request.port for request in server.requests}) == 1


def test_files_are_streamed_with_a_declared_length(
    server: Server, connect: Connections, tmp_path: Path
) -> None:
    path = tmp_path / "report.xml"
    path.write_bytes(b"<x/>" * 100_000)
    server.responds(200, b"").responds(200, b"")
    http = connect(server.url)
    http.send(
        "receiver.import_junit", values=PRODUCT, multipart=[Part("file", path, "application/xml", "r.xml")]
    )
    http.send(
        "artifacts.put_object",
        values={**PRODUCT, "bucket": "b", "key": "k"},
        content=path,
        content_type="text/xml",
    )
    form, raw = server.requests
    assert form.body.count(b"<x/>") == 100_000
    assert b'name="file"; filename="r.xml"\r\nContent-Type: application/xml\r\n\r\n<x/>' in form.body
    assert raw.body == path.read_bytes()
    assert raw.headers["content-type"] == "text/xml"


def test_calls_are_counted_per_service(server: Server, connect: Connections) -> None:
    server.responds(200, []).responds(201, {}).responds(422, {})
    http = connect(server.url)
    http.send("membership.releases", values=PRODUCT)
    http.send("receiver.start_launch", values=PRODUCT, json={})
    with pytest.raises(ServiceError):
        http.send("receiver.start_launch", values=PRODUCT, json={})
    assert http.calls == {"membership": 1, "receiver": 2}
    assert http.total_calls == 3


def test_a_character_that_utf8_cannot_encode_becomes_a_question_mark() -> None:
    assert encode_json({"a": "\ud800"}) == b'{"a":"?"}'


# --- redirects


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_within_the_origin_keeps_method_and_body(
    server: Server, connect: Connections, status: int
) -> None:
    server.responds(status, None, Location=LAUNCH + "/").responds(201, {"id": "u"})
    http = connect(server.url)
    assert http.send("receiver.start_launch", values=PRODUCT, json={"n": 1}).body == {"id": "u"}
    assert [(request.method, request.path, request.body) for request in server.requests] == [
        ("POST", LAUNCH, b'{"n":1}'),
        ("POST", LAUNCH + "/", b'{"n":1}'),
    ]
    assert http.total_calls == 2


def test_a_redirected_file_is_sent_again_from_its_start(
    server: Server, connect: Connections, tmp_path: Path
) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"content")
    server.responds(307, None, Location="/elsewhere").responds(200, b"")
    connect(server.url).send(
        "artifacts.put_object", values={**PRODUCT, "bucket": "b", "key": "k"}, content=path
    )
    assert [request.body for request in server.requests] == [b"content", b"content"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_origin_gets_neither_request_nor_key(
    server: Server, other_server: Server, connect: Connections, status: int
) -> None:
    server.responds(status, None, Location=other_server.url + "/secret/path?x=1")
    with pytest.raises(NotOneTest) as caught:
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    assert caught.value.code == "redirected"
    assert other_server.url in caught.value.message
    assert "secret" not in caught.value.message
    assert other_server.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "//evil.example/x",
        "https://127.0.0.1:{port}/x",
        "http://127.0.0.1.evil.example/x",
        "http://localhost:{port}/x",
        "http://user:pw@127.0.0.1:{port}/x",
        "http://127.0.0.1:{port}@evil.example/x",
        "http://127.0.0.1:{port}\\@evil.example/x",
        "http://[",
        "ftp://127.0.0.1:{port}/",
        "javascript:alert(1)",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:{port}1/",
        "http://a\xffb/",
    ],
)
def test_an_address_that_only_looks_like_the_same_origin_is_not_followed(
    server: Server, connect: Connections, location: str
) -> None:
    server.responds(307, None, Location=location.format(port=server.url.rpartition(":")[2]))
    with pytest.raises(NotOneTest) as caught:
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    assert caught.value.code == "redirected"
    assert len(server.requests) == 1


def test_a_redirect_that_would_lose_the_body_is_not_followed(server: Server, connect: Connections) -> None:
    server.responds(302, None, Location="/login")
    with pytest.raises(NotOneTest) as caught:
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    assert caught.value.code == "redirected"
    assert len(server.requests) == 1


def test_a_circle_of_redirects_ends(server: Server, connect: Connections) -> None:
    for _ in range(9):
        server.responds(307, None, Location=LAUNCH)
    with pytest.raises(NotOneTest, match="without end"):
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    assert len(server.requests) == 4


# --- the total deadline


def test_no_call_begins_after_the_deadline(server: Server, connect: Connections) -> None:
    server.responds(200, [])
    http = connect(server.url, deadline_seconds=10)
    http.send("membership.releases", values=PRODUCT)
    connect.clock.now = 10.0
    with pytest.raises(Unreachable) as caught:
        http.send("membership.releases", values=PRODUCT)
    assert caught.value.code == "deadline-exceeded"
    assert len(server.requests) == 1


def test_a_response_after_the_deadline_is_too_late(server: Server, connect: Connections) -> None:
    http = connect(server.url, deadline_seconds=10)
    server.responds(200, [])
    server.before_response = lambda: connect.clock.sleep(11)
    with pytest.raises(Unreachable) as caught:
        http.send("membership.releases", values=PRODUCT)
    assert caught.value.code == "deadline-exceeded"


# --- the key


def everything_printed(error: BaseException) -> str:
    """Return all that could be printed of an error: its text, fields, and traceback with chained errors."""
    chain = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    return chain + repr(error) + repr(error.args) + repr(vars(error))


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (401, {"detail": f"bad key Bearer {KEY}"}, {}),
        (403, {"message": f"{KEY[:10]}\x00{KEY[10:]}"}, {}),
        (404, {"detail": f"no {KEY}"}, {}),
        (429, {"error": f"quota of {KEY}"}, {}),
        (501, {"message": "x" * 280 + KEY}, {}),
        (501, f"plain {KEY}".encode(), {"Content_Type": "text/plain"}),
        (200, f"not json {KEY}".encode(), {"Content_Type": "text/plain"}),
        (302, None, {"Location": f"http://{KEY.lower().replace('_', '-')}.example/{KEY}"}),
    ],
)
def test_the_key_is_nowhere_but_in_its_header(
    server: Server, connect: Connections, status: int, body: Any, headers: dict[str, str]
) -> None:
    server.responds(status, body, **headers)
    http = connect(server.url)
    with pytest.raises(ServiceError) as caught:
        http.send("receiver.start_launch", values=PRODUCT, json={"n": 1})
    (request,) = server.requests
    assert request.raw.count(KEY.encode()) == 1
    assert f"Authorization: Bearer {KEY}\r\n".encode() in request.raw
    printed = everything_printed(caught.value) + repr(http) + "".join(connect.debug)
    assert KEY not in printed
    assert KEY[:20] not in printed


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_the_error_of_a_failed_connection_does_not_contain_the_key(connect: Connections, url: str) -> None:
    with pytest.raises(Unreachable) as caught:
        connect(url).send("gateway.tools", values={})
    assert KEY not in everything_printed(caught.value) + "".join(connect.debug)


@pytest.mark.parametrize("key", ["", "a b", "ak_x\n", "ak_x\r\nX-Evil: 1", "ключ", "ak_\x00"])
def test_an_invalid_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        Http("http://127.0.0.1:9", Secret(key), redact=Redactor())
    assert caught.value.code == "bad-key"
    assert not key or key not in everything_printed(caught.value)


def test_debug_shows_each_request_and_response_without_secrets(server: Server, connect: Connections) -> None:
    server.responds(503, {}, Retry_After="0").responds(201, {"id": "u", "you sent": f"Bearer {KEY}"})
    connect(server.url).send("receiver.start_launch", values=PRODUCT, json={"name": f"with {KEY}"})
    assert connect.debug == [
        f"POST {LAUNCH} (51 bytes): 503, 2 bytes, 0 ms",
        '  > {"name": "with ***"}',
        "  < Content-Type: application/json, Retry-After: 0",
        "  < {}",
        f"POST {LAUNCH} (51 bytes): 201, 69 bytes, 0 ms",
        '  > {"name": "with ***"}',
        "  < Content-Type: application/json",
        '  < {"id": "u", "you sent": "Bearer ***"}',
    ]


def test_debug_names_files_and_truncates_long_bodies(server: Server, connect: Connections) -> None:
    # Truncated before it is redacted, the text would end with the key's first half.
    server.responds(200, b"x" * 1990 + KEY.encode() + b"x" * 5000)
    entry = Part("json_request_part", b'[{"message":"red"}]', "application/json")
    shot = Part("file", b"\x89PNG", "image/png", "shot.png")
    with pytest.raises(NotOneTest):
        connect(server.url).send("receiver.log", values=PRODUCT, multipart=[entry, shot])
    sent, named, received = connect.debug[1:]
    assert sent == '  > [{"message":"red"}]'
    assert named == "  > file: shot.png (image/png)"
    assert received == f"  < {'x' * 1990}***{'x' * 6}…"


# --- the base URL


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "tms.onetest.ai",
        "ftp://tms.onetest.ai",
        "https://",
        "https://user:secretword@tms.onetest.ai",
        "https://tms.onetest.ai/?q=1",
        "https://tms.onetest.ai/#x",
        "https://tms.onetest.ai:port",
        "https://a b",
    ],
)
def test_a_base_url_is_a_scheme_and_a_host(base_url: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        Http(base_url, Secret(KEY), redact=Redactor())
    assert caught.value.code == "bad-base-url"
    assert "secretword" not in everything_printed(caught.value)


def test_paths_may_be_overridden(server: Server, connect: Connections) -> None:
    server.responds(200, [])
    http = connect(server.url, endpoints=Endpoints({"gateway.tools": "/somewhere/tools"}))
    http.send("gateway.tools", values={})
    assert server.requests[0].path == "/somewhere/tools"


# --- several possible paths


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (404, b'{"detail":"Not Found"}', "application/json"),
        (405, b'{"detail":"Method Not Allowed"}', "application/json"),
        (200, b"<!doctype html>", "text/html; charset=utf-8"),
    ],
)
def test_after_a_missing_path_the_next_one_is_used_and_remembered(
    server: Server, connect: Connections, status: int, body: bytes, content_type: str
) -> None:
    server.responds(status, body, Content_Type=content_type).responds(200, []).responds(200, [])
    http = connect(server.url)
    http.send("membership.sprints", values=PRODUCT | {"release_id": "r"})
    http.send("membership.sprint_builds", values=PRODUCT | {"sprint_id": "s"})
    nested = f"/api/membership/api/v1/products/{PRODUCT['product_id']}"
    assert [request.path for request in server.requests] == [
        "/api/membership/api/v1/releases/r/sprints",
        f"{nested}/releases/r/sprints",
        f"{nested}/sprints/s/builds",
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 501])
def test_a_refusal_proves_that_the_path_exists(server: Server, connect: Connections, status: int) -> None:
    server.responds(status, {"detail": "no"})
    with pytest.raises(ServiceError):
        connect(server.url).send("membership.sprints", values=PRODUCT | {"release_id": "r"})
    assert len(server.requests) == 1
