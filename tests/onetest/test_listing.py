from typing import Any

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import NotOneTest
from onetest_ci.onetest.listing import MAX_PAGES, list_all

VALUES = {"product_id": PRODUCT}
A, B, C = {"id": "a"}, {"id": "b"}, {"id": "c"}


def listed(server: Server, connect: Connections, query: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return list(list_all(connect(server.url), "membership.releases", "releases", VALUES, query))


def queries(server: Server) -> list[str]:
    return [request.path.partition("?")[2] for request in server.requests]


@pytest.mark.parametrize(
    "body", [[A, B], {"items": [A, B]}, {"data": [A, B]}, {"results": [A, B]}, {"releases": [A, B]}]
)
def test_any_envelope_is_opened(server: Server, connect: Connections, body: object) -> None:
    server.responds(200, body)
    assert listed(server, connect) == [A, B]


@pytest.mark.parametrize("body", [None, 7, "x", {}, {"items": None}, {"items": {"a": 1}}])
def test_a_response_without_a_list_is_not_onetest(server: Server, connect: Connections, body: object) -> None:
    server.responds(200, body)
    with pytest.raises(NotOneTest) as caught:
        listed(server, connect)
    assert caught.value.code == "bad-json"


def test_a_value_that_is_not_an_entry_is_skipped(server: Server, connect: Connections) -> None:
    server.responds(200, [A, None, 7, "x", B])
    assert listed(server, connect) == [A, B]


def test_a_next_link_is_followed_with_its_query_alone(
    server: Server, connect: Connections, other_server: Server
) -> None:
    server.responds(200, {"items": [A], "next": other_server.url + "/stolen?cursor=2%26"})
    server.responds(200, {"items": [B], "next": None})
    assert listed(server, connect, {"status": "active"}) == [A, B]
    assert queries(server) == ["status=active", "status=active&cursor=2%26"]
    assert other_server.requests == []


def test_page_numbers_are_followed(server: Server, connect: Connections) -> None:
    server.responds(200, {"items": [A], "next_page": 2}).responds(200, {"items": [B], "next_page": None})
    assert listed(server, connect) == [A, B]
    assert queries(server) == ["", "page=2"]


def test_total_limit_and_offset_are_followed(server: Server, connect: Connections) -> None:
    server.responds(200, {"items": [A, B], "total": 3, "limit": 2, "offset": 0})
    server.responds(200, {"items": [C], "total": 3, "limit": 2, "offset": 2})
    assert listed(server, connect) == [A, B, C]
    assert queries(server) == ["", "limit=2&offset=2"]


@pytest.mark.parametrize("following", [{"next": "?page=1"}, {"next_page": 1}])
def test_a_page_that_links_to_itself_ends_the_list(
    server: Server, connect: Connections, following: dict[str, object]
) -> None:
    server.responds(200, {"items": [A]} | following).responds(200, {"items": [B]} | following)
    assert listed(server, connect) == [A, B]


def test_an_empty_page_ends_the_list(server: Server, connect: Connections) -> None:
    server.responds(200, {"items": [], "next_page": 2, "total": 9, "limit": 2, "offset": 0})
    assert listed(server, connect) == []


def test_an_endless_list_is_ended(server: Server, connect: Connections) -> None:
    for page in range(MAX_PAGES + 5):
        server.responds(200, {"items": [A], "next_page": page + 2})
    assert len(listed(server, connect)) == MAX_PAGES == len(server.requests)


@pytest.mark.parametrize(
    "following",
    [
        {"next": "?x=" + "y" * 70_000},
        {"next": "?\ud800=\udfff"},
        {"next": "?a=%00"},
        {"next_page": 10**4299},
        {"total": 10**4299, "limit": 1, "offset": 10**4299 - 2},
    ],
)
def test_a_next_page_that_cannot_be_requested_is_not_onetest(
    server: Server, connect: Connections, following: dict[str, object]
) -> None:
    server.responds(200, {"items": [A]} | following)
    with pytest.raises(NotOneTest) as caught:
        listed(server, connect)
    assert caught.value.code == "bad-json"
    assert len(server.requests) == 1


def test_a_next_link_that_is_not_an_address_is_followed_with_its_query(
    server: Server, connect: Connections
) -> None:
    server.responds(200, {"items": [A], "next": "http://[/?a=b#c?d=e"}).responds(200, {"items": [B]})
    assert listed(server, connect) == [A, B]
    assert queries(server) == ["", "a=b"]
