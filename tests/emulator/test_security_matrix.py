"""Each operation of the OpenAPI document with each kind of credentials; and nothing of a product leaks."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from emulator.conftest import NOON, Running

MARK = "only-for-product-a"
KEYS = "/api/membership/api/v1/api-keys"
METHODS = ("get", "post", "put", "patch", "delete")


class Operation(NamedTuple):
    """One operation of the document; ``path`` has the ids of things that are there."""

    method: str
    template: str
    path: str
    security: str

    @property
    def is_receivers(self) -> bool:
        return self.template.startswith(("/api/receiver/", "/api/v1/"))

    @property
    def names_nothing(self) -> bool:
        """Whether it is about no product: what the caller may see is then filtered."""
        return "{" not in self.template

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.template}"


class Matrix(NamedTuple):
    """A server with two products, each operation on the first one's things, and a client maker."""

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

    def answers(self, authorization: str) -> Iterator[tuple[Operation, httpx.Response]]:
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
        ids = things(session, first)
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
        # What deletes comes last, so that the others find what they name.
        operations.sort(key=lambda operation: operation.method == "delete")
        assert len(operations) > 60
        yield Matrix(running, session, first, second, operations)


def things(session: httpx.Client, product: str) -> dict[str, str]:
    """One of everything in the product, marked; gives what each placeholder of a path stands for."""

    def post(path: str, body: Any) -> dict[str, Any]:
        return dict(session.post(path, json=body).raise_for_status().json())

    base = f"/api/membership/api/v1/products/{product}"
    environment = post(f"{base}/environments", {"name": MARK, "endpoint_url": MARK})["id"]
    release = post(f"{base}/releases", {"name": MARK})["id"]
    sprint = post(f"{base}/releases/{release}/sprints", {"number": 1, "name": MARK})["id"]
    build = post(f"{base}/sprints/{sprint}/builds", {"version": MARK})["id"]
    deployment = post(f"{base}/environments/{environment}/deployments", {"build_id": build})["id"]
    case = post(f"/api/test-management/api/v1/products/{product}/test-cases", {"title": MARK})["id"]
    buckets = f"/api/artifacts/api/v1/products/{product}/buckets"
    post(buckets, {"name": "bucket"})
    session.put(f"{buckets}/bucket/objects/{MARK}", content=MARK.encode()).raise_for_status()
    rp = f"/api/receiver/api/v2/{product}"
    launch = post(f"{rp}/launch", {"name": MARK, "startTime": NOON, "uuid": MARK})["id"]
    item = {"name": MARK, "startTime": NOON, "type": "STEP", "launchUuid": launch, "uuid": f"{MARK}-item"}
    post(f"{rp}/item", item)
    native = f"/api/receiver/api/v1/products/{product}"
    items = session.get(f"{native}/launches/{launch}/items").json()["items"]
    entry = {"launchUuid": launch, "itemUuid": item["uuid"], "time": NOON, "message": MARK}
    log = post(f"{rp}/log/entry", entry)["id"]
    job = session.post(f"{native}/import/junit", files={"file": (MARK, b"<testsuite/>")}).json()["job_id"]
    return {
        "product_id": product,
        "environment_id": environment,
        "release_id": release,
        "sprint_id": sprint,
        "build_id": build,
        "deployment_id": deployment,
        "case_id": case,
        "bucket": "bucket",
        "key": MARK,
        "launch": launch,
        "item": item["uuid"],
        "parent": item["uuid"],
        "item_id": str(items[0]["id"]),
        "log": log,
        "job_id": job,
        # No key of this name: the matrix itself needs its keys.
        "key_id": "999999",
    }


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
def test_nothing_opens_without_a_good_key_or_session(matrix: Matrix, authorization: str) -> None:
    tokens = [authorization]
    if authorization == "revoked":
        tokens = [
            f"Bearer {matrix.key(revoked=True)}",
            f"Bearer {matrix.key(matrix.first, of_product=True, revoked=True)}",
        ]
    for token in tokens:
        for operation, answer in matrix.answers(token):
            assert answer.status_code == 401, str(operation)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert MARK not in answer.text


def test_another_products_key_gets_nothing(matrix: Matrix) -> None:
    bound = matrix.key(matrix.second)
    own = matrix.key(matrix.second, of_product=True)
    for key in (bound, own):
        for operation, answer in matrix.answers(f"Bearer {key}"):
            if operation.names_nothing:
                assert answer.status_code in {200, 403, 422}, str(operation)
                assert matrix.first not in answer.text
            else:
                # A path without the product: a body that does not fit may be told first.
                told = {403} if "{product_id}" in operation.template else {403, 422}
                assert answer.status_code in told, str(operation)
                assert MARK not in answer.text


def test_a_personal_key_opens_all_but_what_needs_a_session(matrix: Matrix) -> None:
    for key in (matrix.key(), matrix.key(matrix.first)):
        for operation, answer in matrix.answers(f"Bearer {key}"):
            expects_session = operation.security == "session"
            assert (answer.status_code == 403) is expects_session, str(operation)
            assert answer.status_code != 401, str(operation)


def test_a_products_key_opens_the_receiver_only(matrix: Matrix) -> None:
    key = matrix.key(matrix.first, of_product=True)
    for operation, answer in matrix.answers(f"Bearer {key}"):
        opens = operation.is_receivers and operation.security == "any"
        assert (answer.status_code != 403) is opens, str(operation)


def test_a_session_opens_everything_and_sees_what_the_others_did_not(matrix: Matrix) -> None:
    seen = set()
    for operation, answer in matrix.answers(f"Bearer {matrix.running.announced['session_token']}"):
        assert answer.status_code not in {401, 403, 500}, str(operation)
        if operation.method == "get":
            assert answer.status_code in {200, 404}, f"{operation}: {answer.text}"
            seen |= {operation.template} if MARK in answer.text else set()
    assert len(seen) >= 15, "the mark was there to leak"
