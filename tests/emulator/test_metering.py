from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from support.waiting import wait_for

NOON = 1_700_000_000_000
Clients = tuple[httpx.Client, httpx.Client, str]


@pytest.fixture
def metered(start: Callable[..., Any]) -> Iterator[Callable[..., Clients]]:
    """Start an emulator with these limits. Return clients with key and session, and the product."""
    with ExitStack() as stack:

        def run(*options: str) -> Clients:
            running = start(*options)
            tokens = (running.announced["api_key"], running.announced["session_token"])
            api, session = (stack.enter_context(running.client(token)) for token in tokens)
            return api, session, running.product

        yield run


def usage(session: httpx.Client, product: str) -> dict[str, Any]:
    return dict(session.get(f"/api/gateway/api/v1/products/{product}/usage").json())


def report(api: httpx.Client, product: str, tests: int) -> list[int]:
    """Report a launch with the key. Return the statuses of all calls."""
    rp = f"/api/receiver/api/v2/{product}"
    started = api.post(f"{rp}/launch", json={"name": "L", "startTime": NOON, "uuid": f"l{tests}"})
    responses = [started]
    for number in range(tests):
        body = {"name": f"t{number}", "type": "STEP", "startTime": NOON, "launchUuid": f"l{tests}"}
        responses.append(api.post(f"{rp}/item", json=body | {"uuid": f"i{number}"}))
        finish = {"endTime": NOON, "status": "passed", "launchUuid": f"l{tests}"}
        responses.append(api.put(f"{rp}/item/i{number}", json=finish))
    responses.append(api.put(f"{rp}/launch/l{tests}/finish", json={"endTime": NOON}))
    return [response.status_code for response in responses]


def test_each_call_with_a_key_costs_a_coin_and_a_session_is_free(
    api: httpx.Client, session: httpx.Client, product: str
) -> None:
    assert usage(session, product)["coins_used"] == 0
    for _ in range(3):
        api.get(f"/api/membership/api/v1/products/{product}/environments")
    api.post(f"/api/receiver/api/v2/{product}/launch", json={})
    api.get(f"/api/membership/api/v1/products/{product}/no-such-route")
    session.get(f"/api/membership/api/v1/products/{product}/environments")
    counted = usage(session, product)
    assert counted["coins_used"] == 5
    assert counted["by_event"] == [
        {"event": "rest_api_read", "calls": 4, "coins": 4},
        {"event": "test_ingestion", "calls": 1, "coins": 1},
    ]
    assert (counted["budget"], counted["coins_remaining"]) == (None, None)


def test_a_call_without_a_product_is_charged_to_the_keys_product(metered: Callable[..., Clients]) -> None:
    api, session, product = metered()
    api.get("/api/gateway/api/v1/tools")
    assert usage(session, product)["coins_used"] == 1


def test_the_log_lists_each_call_newest_first(api: httpx.Client, session: httpx.Client, product: str) -> None:
    base = f"/api/membership/api/v1/products/{product}"
    api.get(f"{base}/environments")
    api.post(f"{base}/releases", json={})
    session.get(f"{base}/environments")
    path = f"/api/gateway/api/v1/products/{product}/activity"
    second, first = session.get(path).json()["items"]
    assert (first["operation"], first["status"]) == (f"GET {base}/environments", 200)
    assert (second["event"], second["status"], second["coins"]) == ("rest_api_write", 422, 1)
    assert (second["service"], second["key_name"]) == ("membership", "Default")
    assert api.headers["authorization"].removeprefix("Bearer ").startswith(second["key_prefix"])
    page = session.get(f"{path}?limit=1").json()
    assert page["items"] == [second]
    assert session.get(page["next"]).json() == {"items": [first], "next": None}
    assert api.get(path).status_code == 403


def test_with_a_spent_budget_keys_are_refused_and_sessions_are_not(metered: Callable[..., Clients]) -> None:
    api, session, product = metered("--budget", "3")
    environments = f"/api/membership/api/v1/products/{product}/environments"
    assert [api.get(environments).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = api.get(environments)
    assert "budget" in refused.json()["detail"]
    assert 0 < int(refused.headers["retry-after"]) <= 7 * 24 * 3600
    counted = usage(session, product)
    assert (counted["coins_used"], counted["budget"], counted["coins_remaining"]) == (3, 3, 0)
    assert session.get(environments).status_code == 200


def test_overage_allows_calls_beyond_the_budget(metered: Callable[..., Clients]) -> None:
    api, session, product = metered("--budget", "1", "--overage", "allow")
    environments = f"/api/membership/api/v1/products/{product}/environments"
    assert [api.get(environments).status_code for _ in range(3)] == [200, 200, 200]
    counted = usage(session, product)
    assert (counted["coins_used"], counted["coins_remaining"], counted["overage"]) == (3, 0, "allow")


def test_calls_over_the_hourly_limit_are_refused(metered: Callable[..., Clients]) -> None:
    api, session, product = metered("--hourly-limit", "2")
    environments = f"/api/membership/api/v1/products/{product}/environments"
    assert [api.get(environments).status_code for _ in range(3)] == [200, 200, 429]
    refused = api.get(environments)
    assert refused.json() == {"detail": "Rate limit of 2 requests per hour reached"}
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert session.get(environments).status_code == 200
    assert usage(session, product)["coins_used"] == 2, "a refused call costs nothing"


@pytest.mark.parametrize(("tests", "coins"), [(0, 1), (1, 2), (100, 2), (101, 3)])
def test_by_run_a_launch_costs_at_its_finish(metered: Callable[..., Clients], tests: int, coins: int) -> None:
    api, session, product = metered("--metering", "run")
    assert set(report(api, product, tests)) == {200, 201}
    api.get(f"/api/membership/api/v1/products/{product}/environments")
    counted = usage(session, product)
    assert counted["coins_used"] == coins
    assert {entry["event"]: entry["coins"] for entry in counted["by_event"]} == {
        "test_ingestion": coins,
        "rest_api_read": 0,
    }


def test_by_run_writes_and_uploads_cost_and_an_import_at_its_end(metered: Callable[..., Clients]) -> None:
    api, session, product = metered("--metering", "run")
    api.post(f"/api/membership/api/v1/products/{product}/releases", json={"name": "R"})
    api.put(
        f"/api/artifacts/api/v1/products/{product}/buckets/attachments/objects/a.txt",
        content=b"x",
        headers={"content-type": "text/plain"},
    )
    cases = "".join(f"<testcase name='t{number}'/>" for number in range(150))
    upload = {"file": ("r.xml", f"<testsuite>{cases}</testsuite>".encode())}
    job = api.post(f"/api/v1/products/{product}/import/junit", files=upload).json()
    jobs = f"/api/receiver/api/v1/products/{product}/import/jobs"
    wait_for(
        lambda: session.get(f"{jobs}/{job['job_id']}").json()["status"], lambda status: status == "completed"
    )
    coins = {entry["event"]: entry["coins"] for entry in usage(session, product)["by_event"]}
    assert coins == {"rest_api_write": 1, "file_upload": 1, "junit_import": 3}


def test_by_run_a_spent_budget_blocks_new_launches_but_not_open_ones(
    metered: Callable[..., Clients],
) -> None:
    api, session, product = metered("--metering", "run", "--budget", "1")
    rp = f"/api/receiver/api/v2/{product}"
    launch = {"name": "L", "startTime": NOON}
    running = api.post(f"{rp}/launch", json=launch).json()["id"]
    api.post(f"/api/membership/api/v1/products/{product}/releases", json={"name": "R"})
    assert api.post(f"{rp}/launch", json=launch).status_code == 429
    assert api.post(f"/api/v1/products/{product}/import/junit", files={"file": b"x"}).status_code == 429
    assert api.get(f"/api/membership/api/v1/products/{product}/releases").status_code == 200
    item = {"name": "t", "type": "STEP", "startTime": NOON, "launchUuid": running}
    assert api.post(f"{rp}/item", json=item).status_code == 201
    assert api.put(f"{rp}/launch/{running}/finish", json={"endTime": NOON}).status_code == 200
    assert usage(session, product)["coins_used"] == 3
