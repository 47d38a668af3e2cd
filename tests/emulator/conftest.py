"""One emulator process for all tests, with a new product for each test. All requests are real HTTP."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.conformance import Document
from support.waiting import GIVE_UP

COMMAND = str(Path(sys.executable).with_name("onetest-ci"))
NOON = 1_700_000_000_000


class Running:
    """An emulator process and its announcement."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "emulator", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"no announcement: {self.stop()[1]}")
        self.announced: dict[str, Any] = json.loads(line)
        self.sign_in_url: str = json.loads(self.process.stdout.readline())["sign_in_url"]
        self.url: str = self.announced["url"]
        self.product: str = self.announced["product_id"]
        self.document = Document(httpx.get(f"{self.url}/openapi.json", trust_env=False).json())

    def client(self, token: str | None) -> httpx.Client:
        """Return a client that compares every response with the OpenAPI document."""

        def check(response: httpx.Response) -> None:
            if response.request.url.path.startswith("/api/"):
                response.read()
                self.document.check(response)

        headers = {"authorization": f"Bearer {token}"} if token else {}
        hooks = {"response": [check]}
        return httpx.Client(
            base_url=self.url, headers=headers, trust_env=False, event_hooks=hooks, timeout=GIVE_UP
        )

    def stop(self) -> tuple[int, str]:
        """Stop the process. Return its exit code and standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        _, errors = self.process.communicate(timeout=GIVE_UP)
        return self.process.returncode, errors

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=GIVE_UP)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    running = Running()
    yield running
    code, errors = running.stop()
    assert (code, errors) == (0, "")


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Start further emulators. They are stopped at the end of the test."""
    with ExitStack() as stack:

        def run(*options: str) -> Running:
            running = Running(*options)
            stack.callback(running.stop)
            return running

        yield run


@pytest.fixture(scope="session")
def api(emulator: Running) -> Iterator[httpx.Client]:
    with emulator.client(emulator.announced["api_key"]) as client:
        yield client


@pytest.fixture(scope="session")
def session(emulator: Running) -> Iterator[httpx.Client]:
    with emulator.client(emulator.announced["session_token"]) as client:
        yield client


@pytest.fixture(scope="session")
def anonymous(emulator: Running) -> Iterator[httpx.Client]:
    with emulator.client(None) as client:
        yield client


@pytest.fixture
def product(session: httpx.Client) -> str:
    response = session.post("/api/membership/api/v1/products", json={"name": "Product of one test"})
    assert response.status_code == 201
    return str(response.json()["id"])


@pytest.fixture
def membership(product: str) -> str:
    return f"/api/membership/api/v1/products/{product}"


@pytest.fixture
def artifacts(product: str) -> str:
    return f"/api/artifacts/api/v1/products/{product}/buckets"


@pytest.fixture
def rp(product: str) -> str:
    return f"/api/receiver/api/v2/{product}"


@pytest.fixture
def native(product: str) -> str:
    return f"/api/receiver/api/v1/products/{product}"


@pytest.fixture
def start_launch(api: httpx.Client, rp: str) -> Callable[..., str]:
    def run(**fields: Any) -> str:
        response = api.post(f"{rp}/launch", json={"name": "A launch", "startTime": NOON} | fields)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    return run


@pytest.fixture
def start_item(api: httpx.Client, rp: str) -> Callable[..., str]:
    def run(launch: str, parent: str = "", **fields: Any) -> str:
        path = f"{rp}/item/{parent}" if parent else f"{rp}/item"
        body = {"name": "An item", "startTime": NOON, "type": "STEP", "launchUuid": launch} | fields
        response = api.post(path, json=body)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    return run


@pytest.fixture
def finish_item(api: httpx.Client, rp: str) -> Callable[..., None]:
    def run(launch: str, item: str, **fields: Any) -> None:
        body = {"endTime": NOON + 1000, "launchUuid": launch} | fields
        response = api.put(f"{rp}/item/{item}", json=body)
        assert response.status_code == 200, response.text

    return run


@pytest.fixture
def finish_launch(api: httpx.Client, rp: str) -> Callable[..., dict[str, Any]]:
    def run(launch: str, **fields: Any) -> dict[str, Any]:
        response = api.put(f"{rp}/launch/{launch}/finish", json={"endTime": NOON + 2000} | fields)
        assert response.status_code == 200, response.text
        return dict(response.json())

    return run


@pytest.fixture
def read_launch(session: httpx.Client, native: str) -> Callable[[str], dict[str, Any]]:
    def run(launch: str) -> dict[str, Any]:
        return dict(session.get(f"{native}/launches/{launch}").raise_for_status().json())

    return run


@pytest.fixture
def read_items(session: httpx.Client, native: str) -> Callable[[str], list[dict[str, Any]]]:
    def run(launch: str) -> list[dict[str, Any]]:
        return list(session.get(f"{native}/launches/{launch}/items").raise_for_status().json()["items"])

    return run
