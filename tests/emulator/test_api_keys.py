import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.waiting import wait_for

PERSONAL = "/api/membership/api/v1/api-keys"
TOOLS = "/api/gateway/api/v1/tools"


@pytest.fixture
def of_product(product: str) -> str:
    return f"/api/receiver/api/v1/products/{product}/api-keys"


def test_a_key_is_shown_once_and_listed_by_prefix(
    session: httpx.Client, anonymous: httpx.Client, emulator: Any
) -> None:
    made = session.post(PERSONAL, json={"name": "GitHub CI"})
    assert made.status_code == 201
    key = made.json()["key"]
    assert key.startswith("ak_")
    assert len(key) == 35
    (listed,) = [entry for entry in session.get(PERSONAL).json()["items"] if entry["id"] == made.json()["id"]]
    assert listed == {name: value for name, value in made.json().items() if name != "key"}
    assert (listed["name"], listed["prefix"], listed["last_used_at"]) == ("GitHub CI", key[:8], None)
    assert key not in session.get(PERSONAL).text

    with emulator.client(key) as client:
        assert client.get(TOOLS).status_code == 200
    (listed,) = [entry for entry in session.get(PERSONAL).json()["items"] if entry["id"] == made.json()["id"]]
    assert listed["last_used_at"] is not None
    assert anonymous.post(PERSONAL, json={"name": "n"}).status_code == 401


def test_a_key_cannot_create_keys(api: httpx.Client, of_product: str) -> None:
    for path in (PERSONAL, of_product):
        assert api.post(path, json={"name": "n"}).status_code == 403
        assert api.get(path).status_code == 403


def test_without_a_cache_a_revoked_key_is_refused_at_once(start: Callable[..., Any]) -> None:
    running = start("--key-cache", "0")
    with running.client(running.announced["session_token"]) as session:
        made = session.post(PERSONAL, json={"name": "n"}).json()
        with running.client(made["key"]) as client:
            assert client.get(TOOLS).status_code == 200
            assert session.delete(f"{PERSONAL}/{made['id']}").status_code == 200
            assert client.get(TOOLS).status_code == 401
        assert session.delete(f"{PERSONAL}/{made['id']}").status_code == 409
        assert session.delete(f"{PERSONAL}/999999").status_code == 404
        (listed,) = [entry for entry in session.get(PERSONAL).json()["items"] if entry["id"] == made["id"]]
    assert listed["is_active"] is False
    assert listed["revoked_at"] is not None


def test_a_revoked_key_is_accepted_until_the_cache_expires(start: Callable[..., Any]) -> None:
    running = start("--key-cache", "0.5")
    with running.client(running.announced["session_token"]) as session:
        made = session.post(PERSONAL, json={"name": "n"}).json()
        with running.client(made["key"]) as client:
            client.get(TOOLS)
            revoked = session.delete(f"{PERSONAL}/{made['id']}").json()
            (listed,) = [
                entry for entry in session.get(PERSONAL).json()["items"] if entry["id"] == made["id"]
            ]
            assert revoked["refused_from"] > listed["revoked_at"]
            wait_for(lambda: client.get(TOOLS).status_code, lambda status: status == 401)


def test_a_bound_key_can_access_only_its_product(
    session: httpx.Client, emulator: Any, product: str, membership: str
) -> None:
    key = session.post(PERSONAL, json={"name": "n", "product_id": product}).json()["key"]
    with emulator.client(key) as client:
        assert client.get(membership).status_code == 200
        assert client.get(f"/api/membership/api/v1/products/{emulator.product}").status_code == 403
        listed = client.get("/api/membership/api/v1/products").json()["items"]
        assert [entry["id"] for entry in listed] == [product]
    unknown = {"name": "n", "product_id": "00000000-0000-4000-8000-000000000000"}
    assert session.post(PERSONAL, json=unknown).status_code == 404


@pytest.mark.parametrize("prefix", ["octo_", "rp_"])
def test_a_products_own_key_works_at_the_receiver_and_ends_at_once(
    *, session: httpx.Client, emulator: Any, of_product: str, rp: str, membership: str, prefix: str
) -> None:
    made = session.post(of_product, json={"name": "Reporter", "prefix": prefix}).json()
    assert made["key"].startswith(prefix)
    assert made["allowed_scopes"] == ["autotests:read", "autotests:write"]
    assert made["retention_days"] == 90
    launch = {"name": "L", "startTime": 1000}
    with emulator.client(made["key"]) as client:
        assert client.post(f"{rp}/launch", json=launch).status_code == 201
        assert client.get(membership).status_code == 403
        other = f"/api/receiver/api/v2/{emulator.product}/launch"
        refused = client.post(other, json=launch)
        assert (refused.status_code, refused.json()["errorCode"]) == (403, 4003)
        assert session.delete(f"{of_product}/{made['id']}").status_code == 200
        assert client.post(f"{rp}/launch", json=launch).status_code == 401


def test_a_products_key_does_what_its_scopes_allow(
    session: httpx.Client, emulator: Any, of_product: str, rp: str, product: str
) -> None:
    made = session.post(of_product, json={"name": "n", "allowed_scopes": ["autotests:read"]}).json()
    with emulator.client(made["key"]) as client:
        assert client.get(f"/api/receiver/api/v1/{product}/settings").status_code == 200
        assert client.post(f"{rp}/launch", json={"name": "L", "startTime": 1}).status_code == 403
    wrong = session.post(of_product, json={"name": "n", "allowed_scopes": ["everything"]})
    assert wrong.status_code == 422
    assert "'autotests:read'" in wrong.json()["detail"][0]["msg"]


def test_a_products_key_expires(session: httpx.Client, emulator: Any, of_product: str, product: str) -> None:
    settings = f"/api/receiver/api/v1/{product}/settings"
    for expires_at, status in (("2020-01-01T00:00:00Z", 401), ("2999-01-01T00:00:00Z", 200)):
        made = session.post(of_product, json={"name": "n", "expires_at": expires_at}).json()
        assert made["expires_at"] == expires_at
        with emulator.client(made["key"]) as client:
            assert client.get(settings).status_code == status


def test_keys_are_not_in_the_database_in_clear(start: Callable[..., Any], tmp_path: Path) -> None:
    running = start("--database", str(tmp_path / "o.db"))
    with running.client(running.announced["session_token"]) as session:
        of_product = f"/api/receiver/api/v1/products/{running.product}/api-keys"
        keys = [session.post(path, json={"name": "n"}).json()["key"] for path in (PERSONAL, of_product)]
    keys += [running.announced["api_key"], running.announced["session_token"]]
    for key in keys:
        with running.client(key) as client:
            assert client.get("/api/receiver/api/info").status_code == 200
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"Demo product" in stored
    for key in keys:
        assert key.encode() not in stored
        assert key[11:].encode() not in stored


def test_a_session_is_a_jwt_that_only_this_server_signs(
    session: httpx.Client, anonymous: httpx.Client, emulator: Any
) -> None:
    token = emulator.announced["session_token"]
    header, claims, signature = token.split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "HS256", "typ": "JWT"}
    decoded = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert set(decoded) == {"sub", "sid", "iat"}
    assert session.get(PERSONAL).status_code == 200

    def spelled(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    unsigned = spelled({"alg": "none", "typ": "JWT"})
    for wrong in (
        f"{header}.{spelled(decoded | {'sub': 'other'})}.{signature}",
        f"{unsigned}.{claims}.",
        f"{unsigned}.{claims}.{signature}",
        f"{header}.{claims}.",
        f"{header}.{claims}",
        "..",
    ):
        response = anonymous.get(PERSONAL, headers={"authorization": f"Bearer {wrong}"})
        assert response.status_code == 401, wrong
