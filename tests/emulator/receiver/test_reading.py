from collections.abc import Callable
from typing import Any

import httpx
import pytest


def pages(session: httpx.Client, address: str) -> list[list[dict[str, Any]]]:
    found = []
    following: str | None = address
    while following:
        page = session.get(following).raise_for_status().json()
        assert set(page) == {"items", "next"}
        found.append(page["items"])
        following = page["next"]
    return found


def test_launches_come_newest_first_in_pages(
    session: httpx.Client, native: str, start_launch: Callable[..., str]
) -> None:
    launches = [start_launch(name=f"L{number}") for number in range(7)]
    read = pages(session, f"{native}/launches?limit=3")
    assert [len(page) for page in read] == [3, 3, 1]
    assert [launch["uuid"] for page in read for launch in page] == launches[::-1]
    assert [len(page) for page in pages(session, f"{native}/launches")] == [7]


def test_items_and_logs_come_in_pages(
    *,
    api: httpx.Client,
    session: httpx.Client,
    native: str,
    rp: str,
    start_launch: Callable[..., str],
    start_item: Callable[..., str],
) -> None:
    launch = start_launch()
    items = [start_item(launch, name=f"t{number}") for number in range(5)]
    read = pages(session, f"{native}/launches/{launch}/items?limit=2")
    assert [len(page) for page in read] == [2, 2, 1]
    assert [item["uuid"] for page in read for item in page] == items
    entry = {"launchUuid": launch, "itemUuid": items[0], "time": 1_700_000_000_000}
    api.post(f"{rp}/log", json=[entry | {"message": str(number)} for number in range(5)])
    logs = pages(session, f"{native}/items/{items[0]}/logs?limit=5")
    assert [[entry["message"] for entry in page] for page in logs] == [["0", "1", "2", "3", "4"]]


@pytest.mark.parametrize("limit", [1, 0, -5, 1000, 10**30])
def test_any_limit_is_accepted(
    session: httpx.Client, native: str, start_launch: Callable[..., str], limit: int
) -> None:
    start_launch()
    assert len(session.get(f"{native}/launches?limit={limit}").json()["items"]) == 1


def test_a_limit_that_is_no_number_is_refused(session: httpx.Client, native: str) -> None:
    assert session.get(f"{native}/launches?limit=all").status_code == 422
    assert session.get(f"{native}/launches?cursor=x").status_code == 422


def test_things_are_found_by_number_and_by_uuid(
    session: httpx.Client,
    native: str,
    start_launch: Callable[..., str],
    start_item: Callable[..., str],
) -> None:
    launch = start_launch()
    item = start_item(launch)
    shown = session.get(f"{native}/launches/{launch}").json()
    assert session.get(f"{native}/launches/{shown['id']}").json() == shown
    by_number = session.get(f"{native}/launches/{shown['id']}/items").json()["items"]
    assert [entry["uuid"] for entry in by_number] == [item]
    assert session.get(f"{native}/items/{by_number[0]['id']}/logs").json() == {"items": [], "next": None}
    for path in ("launches/none", "launches/none/items", "items/none/logs", "logs/none/attachment/url"):
        answer = session.get(f"{native}/{path}")
        assert answer.status_code == 404
        assert answer.json()["detail"].endswith("not found")
