import json
from collections.abc import Callable
from pathlib import Path
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


def test_launches_are_listed_newest_first_in_pages(
    session: httpx.Client, native: str, start_launch: Callable[..., str]
) -> None:
    launches = [start_launch(name=f"L{number}") for number in range(7)]
    read = pages(session, f"{native}/launches?limit=3")
    assert [len(page) for page in read] == [3, 3, 1]
    assert [launch["uuid"] for page in read for launch in page] == launches[::-1]
    assert [len(page) for page in pages(session, f"{native}/launches")] == [7]


def test_items_and_logs_are_listed_in_pages(
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


def test_a_limit_that_is_not_a_number_is_refused(session: httpx.Client, native: str) -> None:
    assert session.get(f"{native}/launches?limit=all").status_code == 422
    assert session.get(f"{native}/launches?cursor=x").status_code == 422


def test_launches_and_items_are_found_by_row_id_and_by_uuid(
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
        response = session.get(f"{native}/{path}")
        assert response.status_code == 404
        assert response.json()["detail"].endswith("not found")


def test_one_item_is_read(
    session: httpx.Client, native: str, start_launch: Callable[..., str], start_item: Callable[..., str]
) -> None:
    item = start_item(start_launch(), name="the item")
    shown = session.get(f"{native}/items/{item}").json()
    assert shown["name"] == "the item"
    assert session.get(f"{native}/items/{shown['id']}").json() == shown
    assert session.get(f"{native}/items/none").status_code == 404


def test_a_launch_that_was_left_open_can_be_finished(
    session: httpx.Client, native: str, start_launch: Callable[..., str], start_item: Callable[..., str]
) -> None:
    launch = start_launch()
    start_item(launch)
    finished = session.put(f"{native}/launches/{launch}/finish").json()
    assert finished["status"] == "interrupted"
    assert finished["end_time"] is not None
    assert finished["statistics"]["interrupted"] == 1
    assert session.put(f"{native}/launches/{launch}/finish").status_code == 409


def test_a_deletion_removes_all_data_of_the_launch_and_no_other_data(
    *,
    api: httpx.Client,
    session: httpx.Client,
    anonymous: httpx.Client,
    native: str,
    rp: str,
    artifacts: str,
    start_launch: Callable[..., str],
    start_item: Callable[..., str],
) -> None:
    def with_files(*contents: bytes) -> tuple[str, list[str]]:
        launch = start_launch()
        suite = start_item(launch, type="SUITE")
        item = start_item(launch, suite)
        entries = [
            {"launchUuid": launch, "itemUuid": item, "time": 1, "message": "m", "file": {"name": f"{n}"}}
            for n in range(len(contents))
        ]
        entries.append({"launchUuid": launch, "time": 1, "message": "of the launch"})
        parts: list[Any] = [("json_request_part", (None, json.dumps(entries), "application/json"))]
        files = [("file", (f"{n}", content, "text/plain")) for n, content in enumerate(contents)]
        assert api.post(f"{rp}/log", files=parts + files).status_code == 201
        logs = session.get(f"{native}/items/{item}/logs").json()["items"]
        return launch, [log["attachment"]["url"] for log in logs]

    gone, (own, common) = with_files(b"only of the first", b"of both")
    stays, (kept,) = with_files(b"of both")
    assert session.delete(f"{native}/launches/{gone}").status_code == 204
    for path in (f"launches/{gone}", f"launches/{gone}/items"):
        assert session.get(f"{native}/{path}").status_code == 404
    assert session.delete(f"{native}/launches/{gone}").status_code == 404
    assert [anonymous.get(url).status_code for url in (own, common)] == [404, 404]
    assert anonymous.get(kept).content == b"of both"
    assert len(session.get(f"{native}/launches/{stays}/items").json()["items"]) == 2
    assert [each["uuid"] for each in session.get(f"{native}/launches").json()["items"]] == [stays]
    objects = api.get(f"{artifacts}/attachments/objects").json()["items"]
    assert [entry["key"].split("/")[1] for entry in objects] == [stays]
    assert api.delete(f"{native}/launches/{stays}").status_code == 403


def test_contents_without_an_object_are_deleted_from_disk(start: Callable[..., Any], tmp_path: Path) -> None:
    running = start("--database", str(tmp_path / "o.db"))

    def on_disk() -> list[bytes]:
        return sorted(path.read_bytes() for path in (tmp_path / "o.db.files").rglob("*") if path.is_file())

    with running.client(running.announced["session_token"]) as session:
        objects = f"/api/artifacts/api/v1/products/{running.product}/buckets/attachments/objects"
        headers = {"content-type": "text/plain"}
        for key, content in (("a", b"one"), ("b", b"one"), ("c", b"two")):
            session.put(f"{objects}/{key}", content=content, headers=headers)
        assert on_disk() == [b"one", b"two"], "the same content lies there once"
        session.put(f"{objects}/c", content=b"three", headers=headers)
        session.put(f"{objects}/a", content=b"three", headers=headers)
        assert on_disk() == [b"one", b"three"]
        upload = {"file": ("r.xml", b"<testsuite/>")}
        job = session.post(f"/api/v1/products/{running.product}/import/junit", files=upload).json()
        assert b"<testsuite/>" in on_disk()
        native = f"/api/receiver/api/v1/products/{running.product}"
        assert session.delete(f"{native}/launches/{job['launch_id']}").status_code == 204
        assert on_disk() == [b"one", b"three"]
