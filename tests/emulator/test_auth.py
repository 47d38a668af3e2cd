import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from onetest_ci.emulator.app import ENDPOINTS
from onetest_ci.emulator.calls import Access, Endpoint

RP_401 = {
    "error": "invalid_token",
    "error_description": "The API key or session is missing, wrong or revoked",
}
UNKNOWN = "00000000-0000-4000-8000-000000000000"

guarded = pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in ENDPOINTS if endpoint.access is not Access.OPEN],
    ids=lambda endpoint: f"{endpoint.method} {endpoint.path}",
)


def filled(endpoint: Endpoint, product: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", endpoint.path.replace("{product_id}", product))


@guarded
def test_no_route_opens_without_a_good_token(
    endpoint: Endpoint, anonymous: httpx.Client, product: str
) -> None:
    path = filled(endpoint, product)
    for token in (None, "Bearer", f"Bearer ak_{'A' * 32}", "Bearer sess_wrong", "Basic YTpi"):
        headers = {"authorization": token} if token is not None else {}
        answer = anonymous.request(endpoint.method, path, headers=headers)
        assert answer.status_code == 401, (token, answer.text)
        assert answer.headers["www-authenticate"] == "Bearer"
        is_reportportal = path.startswith("/api/receiver/api/v2/")
        assert answer.json() == RP_401 if is_reportportal else set(answer.json()) == {"detail"}


@guarded
def test_a_key_opens_all_but_what_needs_a_session(
    endpoint: Endpoint, api: httpx.Client, session: httpx.Client, product: str
) -> None:
    path = filled(endpoint, product)
    expects_session = endpoint.access is Access.SESSION
    assert (api.request(endpoint.method, path).status_code == 403) is expects_session
    assert session.request(endpoint.method, path).status_code not in {401, 403}


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in ENDPOINTS if "/api/" in endpoint.path and "{product_id}" in endpoint.path],
    ids=lambda endpoint: f"{endpoint.method} {endpoint.path}",
)
def test_an_unknown_product_is_not_found(endpoint: Endpoint, session: httpx.Client) -> None:
    for wrong in (UNKNOWN, "my-project", "%27%20OR%201"):
        answer = session.request(endpoint.method, filled(endpoint, wrong))
        assert answer.status_code == 404
        if endpoint.path.startswith("/api/receiver/api/v2/"):
            assert answer.json()["errorCode"] == 4040
        else:
            assert answer.json() == {"detail": "Product not found"}


def test_a_route_miss_and_a_wrong_verb_answer_as_fastapi_does(api: httpx.Client) -> None:
    miss = api.get("/api/no/such/route")
    assert (miss.status_code, miss.json()) == (404, {"detail": "Not Found"})
    verb = api.delete("/api/gateway/api/v1/tools")
    assert (verb.status_code, verb.json()) == (405, {"detail": "Method Not Allowed"})


def test_a_refusal_reaches_a_client_that_is_still_sending(api: httpx.Client, anonymous: httpx.Client) -> None:
    large = {"file": ("r.xml", b"x" * (9 * 1024 * 1024))}
    assert anonymous.post("/api/no/such/route", files=large).status_code == 401
    assert api.post("/api/no/such/route", files=large).status_code == 404
    assert api.get("/api/gateway/api/v1/tools").status_code == 200


def test_a_trailing_slash_is_redirected(api: httpx.Client) -> None:
    answer = api.get("/api/gateway/api/v1/tools/")
    assert answer.status_code == 307
    assert answer.headers["location"].endswith("/api/gateway/api/v1/tools")


def test_a_product_id_is_the_same_in_capitals(api: httpx.Client, product: str) -> None:
    assert api.get(f"/api/membership/api/v1/products/{product.upper()}").json()["id"] == product


def test_keys_are_not_in_the_database_in_clear(start: Callable[..., Any], tmp_path: Path) -> None:
    running = start("--database", str(tmp_path / "o.db"))
    key = running.announced["api_key"]
    with running.client(key) as api:
        assert api.get("/api/gateway/api/v1/tools").status_code == 200
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"Demo product" in stored
    assert key.encode() not in stored
    assert key[11:].encode() not in stored
    assert running.announced["session_token"].encode() not in stored


def test_each_call_with_a_key_costs_a_coin_and_a_session_is_free(
    api: httpx.Client, session: httpx.Client, product: str
) -> None:
    usage = f"/api/gateway/api/v1/products/{product}/usage"
    assert session.get(usage).json()["coins_used"] == 0
    for _ in range(3):
        api.get(f"/api/membership/api/v1/products/{product}/environments")
    api.post(f"/api/receiver/api/v2/{product}/launch", json={})
    api.get(f"/api/membership/api/v1/products/{product}/no-such-route")
    session.get(f"/api/membership/api/v1/products/{product}/environments")
    assert session.get(usage).json()["coins_used"] == 5


def test_a_call_that_names_no_product_is_charged_to_the_keys_own(
    start: Callable[..., Any],
) -> None:
    running = start()
    with (
        running.client(running.announced["api_key"]) as api,
        running.client(running.announced["session_token"]) as session,
    ):
        api.get("/api/gateway/api/v1/tools")
        usage = session.get(f"/api/gateway/api/v1/products/{running.product}/usage").json()
    assert usage["coins_used"] == 1
    assert usage["budget"] is None
