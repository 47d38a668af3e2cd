import re

import httpx
import pytest

from onetest_ci.emulator.app import ENDPOINTS
from onetest_ci.emulator.endpoint import Endpoint

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def filled(endpoint: Endpoint, product: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", endpoint.path.replace("{product_id}", product))


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in ENDPOINTS if "/api/" in endpoint.path and "{product_id}" in endpoint.path],
    ids=lambda endpoint: f"{endpoint.method} {endpoint.path}",
)
def test_an_unknown_product_is_not_found(endpoint: Endpoint, session: httpx.Client) -> None:
    for wrong in (UNKNOWN, "my-project", "%27%20OR%201"):
        response = session.request(endpoint.method, filled(endpoint, wrong))
        assert response.status_code == 404
        if endpoint.path.startswith("/api/receiver/api/v2/"):
            assert response.json()["errorCode"] == 4040
        else:
            assert response.json() == {"detail": "Product not found"}


def test_an_unknown_path_and_a_wrong_method_get_fastapis_errors(api: httpx.Client) -> None:
    miss = api.get("/api/no/such/route")
    assert (miss.status_code, miss.json()) == (404, {"detail": "Not Found"})
    verb = api.delete("/api/gateway/api/v1/tools")
    assert (verb.status_code, verb.json()) == (405, {"detail": "Method Not Allowed"})


def test_a_refusal_reaches_a_client_that_is_still_sending(api: httpx.Client, anonymous: httpx.Client) -> None:
    large = {"file": ("r.xml", b"x" * (9 * 1024 * 1024))}
    assert anonymous.post("/api/no/such/route", files=large).status_code == 401
    assert api.post("/api/no/such/route", files=large).status_code == 404
    assert api.get("/api/gateway/api/v1/tools").status_code == 200


def test_a_trailing_slash_changes_nothing(api: httpx.Client, product: str) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.path.startswith("/api/") and not endpoint.path.endswith(":path}"):
            path = filled(endpoint, product)
            plain, slashed = (api.request(endpoint.method, path + end, json={}) for end in ("", "/"))
            assert slashed.status_code == plain.status_code, f"{endpoint.method} {path}"


def test_the_key_of_an_object_keeps_its_trailing_slash(api: httpx.Client, artifacts: str) -> None:
    objects = f"{artifacts}/attachments/objects"
    assert api.put(f"{objects}/folder/", content=b"refused").status_code == 422
    assert api.get(f"{objects}/folder").status_code == 404


def test_a_product_id_is_the_same_in_capitals(api: httpx.Client, product: str) -> None:
    assert api.get(f"/api/membership/api/v1/products/{product.upper()}").json()["id"] == product
