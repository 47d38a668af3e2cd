from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from emulator.conftest import Running


def test_a_seeded_database_contains_a_history(start: Callable[..., Running], tmp_path: Path) -> None:
    options = ("--seed", "--database", str(tmp_path / "o.db"))
    running = start(*options)
    with running.client(running.announced["session_token"]) as session:
        native = f"/api/receiver/api/v1/products/{running.product}"
        launches = session.get(f"{native}/launches").json()["items"]
        assert len(launches) > 30
        assert {launch["status"] for launch in launches} == {"passed", "failed", "interrupted"}
        assert {launch["name"] for launch in launches} >= {"Nightly regression", "Pull request"}
        assert all(launch["build_id"] and launch["environment_id"] for launch in launches)
        starts = [launch["start_time"] for launch in launches]
        assert starts == sorted(starts, reverse=True)

        failed = next(launch for launch in launches if launch["status"] == "failed")
        items = session.get(f"{native}/launches/{failed['id']}/items").json()["items"]
        case = next(item for item in items if item["status"] == "failed" and item["code_ref"])
        logs = session.get(f"{native}/items/{case['id']}/logs").json()["items"]
        (picture,) = [log["attachment"] for log in logs if log["attachment"]]
        assert session.get(picture["url"]).content.startswith(b"\x89PNG")

        cases = f"/api/test-management/api/v1/products/{running.product}/test-cases"
        coverage = session.get(f"{cases}/automation-coverage").json()
        assert coverage["linked_to_results"] > 10
        assert coverage["automation_gap"] == 1
        assert coverage["no_automation_ref"] > 0
        usage = session.get(f"/api/gateway/api/v1/products/{running.product}/usage").json()
        assert usage["coins_used"] > 0
        assert len(usage["weeks"]) == 3
    running.stop()

    again = start(*options)
    with again.client(again.announced["session_token"]) as session:
        assert session.get(f"{native}/launches").json()["items"][0]["uuid"] == launches[0]["uuid"]
        assert len(session.get(f"{native}/launches").json()["items"]) == len(launches)


@pytest.mark.parametrize("metering", ["call", "run"])
def test_keys_coins_and_calls_of_the_history_agree(start: Callable[..., Running], metering: str) -> None:
    running = start("--seed", "--metering", metering)
    gateway = f"/api/gateway/api/v1/products/{running.product}"
    with running.client(running.announced["session_token"]) as session:
        usage = session.get(f"{gateway}/usage").json()
        calls = all_pages(session, f"{gateway}/activity?limit=1000")
        personal = session.get("/api/membership/api/v1/api-keys").json()["items"]
        of_product = session.get(f"/api/receiver/api/v1/products/{running.product}/api-keys").json()["items"]
    starts = sorted([usage["window_start"], *(week["window_start"] for week in usage["weeks"])])
    coins = dict.fromkeys(starts, 0)
    for call in calls:
        coins[max(start for start in starts if start <= call["time"])] += call["coins"]
    counted = {week["window_start"]: week["coins"] for week in usage["weeks"]}
    assert coins == counted | {usage["window_start"]: usage["coins_used"]}
    assert all(coins.values())

    used = {key["name"]: key["last_used_at"] for key in (*personal, *of_product)}
    assert used.pop("Default") is None
    for name, last_used in used.items():
        assert last_used == max(call["time"] for call in calls if call["key_name"] == name)
    (old,) = [key for key in personal if not key["is_active"]]
    assert old["created_at"] < old["last_used_at"] < old["revoked_at"]


def all_pages(session: httpx.Client, address: str | None) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while address:
        page = session.get(address).json()
        items += page["items"]
        address = page["next"]
    return items
