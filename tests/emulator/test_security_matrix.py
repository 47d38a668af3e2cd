"""Call each operation of the OpenAPI document with each kind of credentials. No product's data may leak."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx
import pytest

from emulator.conftest import Running
from emulator.entities import MARK, entities

KEYS = "/api/membership/api/v1/api-keys"
METHODS = ("get", "post", "put", "patch", "delete")


class Operation(NamedTuple):
    """One operation of the document; ``path`` contains ids of entities that exist."""

    method: str
    template: str
    path: str
    security: str

    @property
    def is_receivers(self) -> bool:
        return self.template.startswith(("/api/receiver/", "/api/v1/"))

    @property
    def names_nothing(self) -> bool:
        """Whether the operation has no product. Then the response contains only what the caller may read."""
        return "{" not in self.template

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.template}"


class Matrix(NamedTuple):
    """A server with two products, each operation with the first one's entities, and a client factory."""

    running: Running
    session: httpx.Client
    first: str
    second: str
    operations: list[Operation]

    def key(self, product: str = "", *, of_product: bool = False, revoked: bool = False) -> str:
        path = f"/api/receiver/api/v1/products/{product}/api-keys" if of_product else KEYS
        body = {"name": "k"} | ({"product_id": product} if product and not of_product else {})
        made = self.session.post(path, json=body).json()
        if revoked:
            assert self.session.delete(f"{path}/{made['id']}").status_code == 200
        return str(made["key"])

    def responses(self, authorization: str) -> Iterator[tuple[Operation, httpx.Response]]:
        with self.running.client(None) as client:
            for operation in self.operations:
                headers = {"authorization": authorization} if authorization else {}
                yield operation, client.request(operation.method, operation.path, headers=headers)


@pytest.fixture
def matrix(start: Callable[..., Running]) -> Iterator[Matrix]:
    running = start("--key-cache", "0")
    with running.client(running.announced["session_token"]) as session:
        products = "/api/membership/api/v1/products"
        first, second = (session.post(products, json={"name": MARK}).json()["id"] for _ in range(2))
        session.post(products, json={"name": "further"})
        ids = entities(session, first)
        operations = [
            Operation(
                method,
                path,
                re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path),
                "session" if all("session" in way for way in operation["security"]) else "any",
            )
            for path, described in running.document.content["paths"].items()
            for method, operation in described.items()
            if method in METHODS
        ]
        # Operations that delete come last: the others need the entities.
        operations.sort(key=lambda operation: operation.method == "delete")
        assert len(operations) > 60
        yield Matrix(running, session, first, second, operations)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ak_" + "A" * 32,
        "Bearer octo_" + "A" * 32,
        "Bearer sess_wrong",
        "Basic YTpi",
        "revoked",
    ],
)
def test_every_operation_requires_a_valid_key_or_session(matrix: Matrix, authorization: str) -> None:
    tokens = [authorization]
    if authorization == "revoked":
        tokens = [
            f"Bearer {matrix.key(revoked=True)}",
            f"Bearer {matrix.key(matrix.first, of_product=True, revoked=True)}",
        ]
    for token in tokens:
        for operation, response in matrix.responses(token):
            assert response.status_code == 401, str(operation)
            assert response.headers["www-authenticate"] == "Bearer"
            assert MARK not in response.text


def test_a_key_of_another_product_can_read_nothing(matrix: Matrix) -> None:
    bound = matrix.key(matrix.second)
    own = matrix.key(matrix.second, of_product=True)
    for key in (bound, own):
        for operation, response in matrix.responses(f"Bearer {key}"):
            if operation.names_nothing:
                assert response.status_code in {200, 403, 422}, str(operation)
                assert matrix.first not in response.text
            else:
                # Without the product in the path, a wrong body may be refused first.
                expected = {403} if "{product_id}" in operation.template else {403, 422}
                assert response.status_code in expected, str(operation)
                assert MARK not in response.text


def test_a_personal_key_can_call_everything_that_needs_no_session(matrix: Matrix) -> None:
    for key in (matrix.key(), matrix.key(matrix.first)):
        for operation, response in matrix.responses(f"Bearer {key}"):
            expects_session = operation.security == "session"
            assert (response.status_code == 403) is expects_session, str(operation)
            assert response.status_code != 401, str(operation)


def test_a_products_key_can_call_only_the_receiver(matrix: Matrix) -> None:
    key = matrix.key(matrix.first, of_product=True)
    for operation, response in matrix.responses(f"Bearer {key}"):
        opens = operation.is_receivers and operation.security == "any"
        assert (response.status_code != 403) is opens, str(operation)


def test_a_session_can_call_everything_and_read_everything(matrix: Matrix) -> None:
    seen = set()
    for operation, response in matrix.responses(f"Bearer {matrix.running.announced['session_token']}"):
        assert response.status_code not in {401, 403, 500}, str(operation)
        if operation.method == "get":
            assert response.status_code in {200, 404}, f"{operation}: {response.text}"
            seen |= {operation.template} if MARK in response.text else set()
    assert len(seen) >= 15, "the mark was there to leak"
