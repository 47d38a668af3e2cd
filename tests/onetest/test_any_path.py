"""Paths that a person types: which are allowed, whose service they belong to, and what is retried."""

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.any_path import METHODS, endpoint_of, service_of, target_of
from onetest_ci.onetest.endpoints import ENDPOINTS, Endpoints, Retry

TOOLS = "/api/gateway/api/v1/tools"


@pytest.mark.parametrize(
    ("text", "path", "query"),
    [
        (TOOLS, TOOLS, ""),
        ("/", "/", ""),
        (f"{TOOLS}/", f"{TOOLS}/", ""),
        (f"{TOOLS}?", TOOLS, ""),
        (f"{TOOLS}?a=1&b=../..//c%2f?d", TOOLS, "a=1&b=../..//c%2f?d"),
        ("/api/x/{product_id}/y?p={product_id}", f"/api/x/{PRODUCT}/y", "p={product_id}"),
        ("/files/100%25.txt", "/files/100%25.txt", ""),
        ("/files/a%20b%C3%BC%23%3F", "/files/a%20b%C3%BC%23%3F", ""),
        ("/files/..a/b..;c/...", "/files/..a/b..;c/...", ""),
        ("/user@host:80/x", "/user@host:80/x", ""),
    ],
)
def test_a_plain_path_is_kept(text: str, path: str, query: str) -> None:
    assert target_of(text, PRODUCT) == (path, query)


LEADING_ELSEWHERE = [
    *(
        "",
        "api/x",
        "?a=1",
        "https://evil.example/x",
        "HTTP:/x",
        "//evil.example/x",
        "///x",
        "user@evil.example/x",
    ),
    *("/a//b", "/a/./b", "/a/../b", "/..", "/.", "/a/..", "/../../etc", "/..;/b", "/.;x=1/b", "/a/..;a=b/c"),
    *("/%2e%2e/b", "/.%2e/b", "/%2E./b", "/%252e%252e/b", "/%25252e%25252e/b", "/%25%32%65%25%32%65/b"),
    *("/a%2fb", "/a%2Fb", "/a%252fb", "/%2f%2fevil.example", "/a%5cb", "/a%255cb", "/a\\..\\b", "\\\\evil"),
    *("/a\tb", "/a\nb", "/a\r\nHost: evil", "/a\0b", "/a%0d%0ab", "/a%00b", "/a%09b", "/a%7fb", "/a%C2%85b"),
    *("/%c0%ae%c0%ae/b", "/%c0%af", "/%ff", "/%e0%80%af", "/%", "/%2", "/%zz"),
    # Full-width and compatible characters, which some servers turn into ASCII.
    *("/%EF%BC%8E%EF%BC%8E/b", "/%E2%80%A5/b", "/a%EF%BC%8Fb", "/a%EF%BC%BCb"),
    *(
        "/a b",
        "/a%20/%20..%20/b",
        "/\u00fc",
        "/\uff0e\uff0e/b",
        "/a#b",
        "/a?b#c",
        "/a?b c",
        "/a?b=\u00fc",
        "/a?b=\n",
    ),
    *("/{other_id}/x", "/a{product_id", "/" + "%25" * 3000),
    "/a%25252525252525b",
]


@pytest.mark.parametrize("text", LEADING_ELSEWHERE)
def test_a_path_that_may_lead_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        target_of(text, PRODUCT)
    assert raised.value.code == "bad-path"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("/a?b c", "its query has characters"), ("/a?b=" + "c" * 8000, "has over 8,000 characters")],
)
def test_the_error_names_the_one_reason(text: str, reason: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        target_of(text, PRODUCT)
    assert reason in raised.value.message


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_known_path_belongs_to_its_service(name: str) -> None:
    values = {"product_id": PRODUCT, "key": "a/b"} | dict.fromkeys(
        ("release_id", "sprint_id", "environment_id", "test_case_id", "bucket", "launch_uuid", "parent_uuid"),
        "x",
    )
    endpoint = ENDPOINTS[name]
    for candidate in range(len(endpoint.templates)):
        path = Endpoints().path(name, candidate, **values, item_uuid="y")
        assert service_of(path) == endpoint.service
        assert target_of(path, PRODUCT) == (path, "")
        safe = endpoint.method == "GET" or (endpoint.method == "PUT" and endpoint.retry is Retry.SAFE)
        assert endpoint_of(endpoint.method, path).retry is (Retry.SAFE if safe else Retry.NEVER)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "onetest"),
        ("/api", "onetest"),
        ("/api/credpool/api/v1/x", "credpool"),
        ("/api/receiver", "receiver"),
    ],
)
def test_an_unknown_path_has_the_service_of_its_prefix(path: str, service: str) -> None:
    assert service_of(path) == service


@pytest.mark.parametrize("method", METHODS)
def test_only_requests_that_read_are_sent_again(server: Server, connect: Connections, method: str) -> None:
    server.responds(503).responds(200, {})
    endpoint = endpoint_of(method, "/api/x/y")
    response, error = connect(server.url).exchange(endpoint, "/api/x/y")
    retried = method in {"GET", "HEAD", "OPTIONS"}
    assert [request.method for request in server.requests] == [method] * (1 + retried)
    assert response.status == (200 if retried else 503)
    assert (error is None) == retried
