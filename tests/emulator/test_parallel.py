"""Many requests at once: nothing is lost, doubled or mixed up."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from emulator.conftest import NOON, Running
from support.waiting import GIVE_UP, wait_for

WORKERS = 12


@pytest.fixture
def at_once(emulator: Running) -> Callable[[Callable[[httpx.Client, int], Any]], list[Any]]:
    """Run it in parallel, each time with a connection of its own, all at the same moment."""

    def run(action: Callable[[httpx.Client, int], Any]) -> list[Any]:
        together = threading.Barrier(WORKERS)

        def one(number: int) -> Any:
            with emulator.client(emulator.announced["api_key"]) as client:
                together.wait(timeout=GIVE_UP)
                return action(client, number)

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, range(WORKERS)))

    return run


AtOnce = Callable[[Callable[[httpx.Client, int], Any]], list[Any]]


def test_a_build_is_found_or_created_once(at_once: AtOnce, api: httpx.Client, membership: str) -> None:
    release = api.post(f"{membership}/releases", json={"name": "R"}).json()["id"]
    body = {"version": "1.0", "release_id": release}
    path = f"{membership}/builds/find-or-create"
    responses = at_once(lambda client, _: client.post(path, json=body))
    assert sorted(response.status_code for response in responses) == [200] * (WORKERS - 1) + [201]
    assert len({response.json()["id"] for response in responses}) == 1


def test_a_launchs_build_is_linked_once(at_once: AtOnce, api: httpx.Client, membership: str, rp: str) -> None:
    release = api.post(f"{membership}/releases", json={"name": "R", "status": "active"}).json()["id"]
    body = {"name": "L", "startTime": NOON, "build_version": "1.0"}
    responses = at_once(lambda client, _: client.post(f"{rp}/launch", json=body).json())
    assert sorted(response["number"] for response in responses) == list(range(1, WORKERS + 1))
    assert len(api.get(f"{membership}/releases/{release}/builds").json()["items"]) == 1


def test_each_number_of_a_test_case_is_used_once(at_once: AtOnce, product: str) -> None:
    cases = f"/api/test-management/api/v1/products/{product}/test-cases"
    made = at_once(lambda client, n: [client.post(cases, json={"title": f"{n}"}).json() for _ in range(5)])
    numbers = [case["number"] for each in made for case in each]
    assert sorted(numbers) == list(range(1, 5 * WORKERS + 1))


def test_one_uuid_starts_one_launch(at_once: AtOnce, rp: str, session: httpx.Client, native: str) -> None:
    body = {"name": "L", "startTime": NOON, "uuid": "same"}
    responses = at_once(lambda client, _: client.post(f"{rp}/launch", json=body).status_code)
    assert sorted(responses) == [201] + [409] * (WORKERS - 1)
    assert len(session.get(f"{native}/launches").json()["items"]) == 1


def test_reporters_imports_and_readers_do_not_disturb_each_other(
    *,
    at_once: AtOnce,
    session: httpx.Client,
    product: str,
    rp: str,
    native: str,
    start_launch: Callable[..., str],
) -> None:
    launch = start_launch()
    cases = "".join(f"<testcase name='t{number}'/>" for number in range(500))
    upload = {"file": ("r.xml", f"<testsuite>{cases}</testsuite>".encode())}

    def work(client: httpx.Client, number: int) -> str:
        if number % 3 == 0:
            response = client.post(f"/api/v1/products/{product}/import/junit", files=upload)
            return str(response.json()["job_id"])
        for step in range(20):
            uuid = f"{number}-{step}"
            item = {"name": uuid, "startTime": NOON, "type": "STEP", "launchUuid": launch, "uuid": uuid}
            assert client.post(f"{rp}/item", json=item).status_code == 201
            finish = {"endTime": NOON, "launchUuid": launch, "status": "passed"}
            assert client.put(f"{rp}/item/{uuid}", json=finish).status_code == 200
        return ""

    jobs = [job for job in at_once(work) if job]
    items = session.get(f"{native}/launches/{launch}/items?limit=1000").json()["items"]
    assert len({item["name"] for item in items}) == len(items) == 20 * (WORKERS - len(jobs))
    for job in jobs:
        state = wait_for(
            lambda path=f"{native}/import/jobs/{job}": session.get(path).json(),  # type: ignore[misc]
            lambda found: found["status"] == "completed",
        )
        assert state["counters"] == {"total": 500, "processed": 500, "successful": 500, "failed": 0}
        imported = session.get(f"{native}/launches/{state['launch_id']}/items?limit=1000").json()["items"]
        assert [item["name"] for item in imported] == [f"t{number}" for number in range(500)]
