"""Hints about a refused key: by the key's family, by the service, and by earlier responses."""

import base64
import json
from typing import Final

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import Refused
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.client.keys import Family, family_of
from onetest_ci.redaction import Secret

NOW: Final = 1_800_000_000.0


def jwt(claims: object) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return ".".join(
        [*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "c2lnbmF0dXJl"]
    )


PERSONAL: Final = "ak_0123456789ABCDEFGHIJKLMNOPQRSTUV"
PRODUCT_KEY: Final = "octo_0123456789ABCDEFGHIJKLMNOPQR"
OLD_PRODUCT_KEY: Final = "rp_0123456789ABCDEFGHIJKLMNOPQRST"
SESSION: Final = jwt({"sub": "anna", "exp": NOW - 60})
CALLS: Final = {
    "gateway": "gateway.tools",
    "membership": "membership.environments",
    "test-management": "test_management.create_test_case",
    "artifacts": "artifacts.create_bucket",
    "receiver": "receiver.start_launch",
}


def refusal(http: Http, service: str) -> Refused:
    with pytest.raises(Refused) as raised:
        http.send(CALLS[service], values={"product_id": PRODUCT}, json={})
    return raised.value


@pytest.mark.parametrize(
    ("key", "family"),
    [
        (PERSONAL, Family.PERSONAL),
        (PRODUCT_KEY, Family.PRODUCT),
        (OLD_PRODUCT_KEY, Family.PRODUCT),
        (SESSION, Family.SESSION),
        ("eyJhbGciOiJub25lIn0.e30.", Family.SESSION),
        ("eyJ-not-a-token-at-all", Family.OTHER),
        ("5d0f6f1f-6a10-4bcb", Family.OTHER),
    ],
)
def test_a_key_has_the_family_that_it_looks_like(key: str, family: Family) -> None:
    assert family_of(Secret(key)) is family


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("service", CALLS)
def test_a_refusal_names_the_service_and_what_it_needs(
    server: Server, connect: Connections, service: str, status: int
) -> None:
    server.responds(status, {"detail": "no"})
    error = refusal(connect(server.url, PERSONAL), service)
    assert service in error.message
    assert f"The {service} service needs a personal key (ak_)" in error.hint
    assert ("or a product's own key (octo_ or rp_)" in error.hint) == (service == "receiver")


@pytest.mark.parametrize(
    ("service", "scope"),
    [
        ("membership", "membership:read"),
        ("test-management", "testcases:write"),
        ("artifacts", "artifacts:write"),
        ("receiver", "autotests:write"),
    ],
)
def test_a_403_names_the_scope(server: Server, connect: Connections, service: str, scope: str) -> None:
    server.responds(403, {"detail": "no"})
    assert f"the scope {scope}." in refusal(connect(server.url, PERSONAL), service).hint


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("key", [PRODUCT_KEY, OLD_PRODUCT_KEY])
def test_a_products_own_key_is_for_the_receiver(
    server: Server, connect: Connections, key: str, status: int
) -> None:
    server.responds(status, {"detail": "no"}).responds(status, {"detail": "no"})
    http = connect(server.url, key)
    assert "works at the Receiver alone" in (hint := refusal(http, "membership").hint)
    assert "the product's own key as ONETEST_RECEIVER_API_KEY" in hint
    assert "Receiver alone" not in refusal(http, "receiver").hint


@pytest.mark.parametrize(
    ("claims", "end"),
    [
        ({"exp": NOW - 60}, "which ended at 2027-01-15 07:59 UTC"),
        ({"exp": NOW + 60}, "which ends at 2027-01-15 08:01 UTC"),
        ({}, ""),
        ([], ""),
        ({"exp": True}, ""),
        ({"exp": "soon"}, ""),
        ({"exp": -1}, ""),
        ({"exp": 1e300}, ""),
        ({"exp": None}, ""),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
def test_the_token_of_a_session_is_recognised(
    server: Server, connect: Connections, claims: object, end: str, status: int
) -> None:
    server.responds(status, {"detail": "no"})
    error = refusal(connect(server.url, jwt(claims), now=lambda: NOW), "gateway")
    clause = end or "which ends after a short time"
    assert f"looks like the token of a browser session (JWT), {clause}. Create an API key" in error.hint


def test_a_key_that_worked_earlier_in_the_run_was_revoked(server: Server, connect: Connections) -> None:
    server.responds(200, {"tools": []}).responds(401, {"detail": "no"}).responds(401, {"detail": "no"})
    http = connect(server.url, PERSONAL)
    http.send("gateway.tools", values={})
    assert "accepted the same key earlier in this run" in (hint := refusal(http, "gateway").hint)
    assert "within 5 minutes" in hint
    # Another service may never have accepted it.
    assert "earlier in this run" not in refusal(http, "membership").hint


def test_the_variable_is_that_of_the_key_that_was_used(server: Server, connect: Connections) -> None:
    for _ in range(3):
        server.responds(401, {"detail": "no"})
    both = connect(server.url, PERSONAL, receiver_key=Secret(PRODUCT_KEY))
    assert "Set a current key (ONETEST_RECEIVER_API_KEY)" in refusal(both, "receiver").hint
    assert "Set a current key (ONETEST_API_KEY)" in refusal(both, "membership").hint
    one = connect(server.url, PERSONAL)
    assert "(ONETEST_API_KEY or ONETEST_RECEIVER_API_KEY)" in refusal(one, "receiver").hint


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("service", CALLS)
@pytest.mark.parametrize("key", [PERSONAL, PRODUCT_KEY, SESSION, "5d0f6f1f-6a10-4bcb"])
def test_no_hint_contains_a_part_of_the_key(
    server: Server, connect: Connections, key: str, service: str, status: int
) -> None:
    server.responds(status, {"detail": f"no: {key}"})
    error = refusal(connect(server.url, key), service)
    text = error.message + error.hint
    assert not any(key[at : at + 8] in text for at in range(len(key) - 7))
