from collections.abc import Callable

import httpx


def test_the_version_makes_agents_send_times_in_milliseconds(api: httpx.Client) -> None:
    build = api.get("/api/receiver/api/info").json()["build"]
    assert int(build["version"].split(".")[0]) < 5


def test_agents_find_row_ids_by_uuid_and_change_items(
    api: httpx.Client,
    product: str,
    start_launch: Callable[..., str],
    start_item: Callable[..., str],
    read_items: Callable[[str], list[dict[str, object]]],
) -> None:
    v1 = f"/api/receiver/api/v1/{product}"
    launch = start_launch()
    item = start_item(launch)
    assert api.get(f"{v1}/launch/uuid/{launch}").json()["number"] == 1
    number = api.get(f"{v1}/item/uuid/{item}").json()["id"]
    changed = api.put(
        f"{v1}/item/{number}/update", json={"description": "later", "attributes": [{"value": "x"}]}
    )
    assert changed.status_code == 200
    (shown,) = read_items(launch)
    assert shown["description"] == "later"
    assert shown["attributes"] == [{"key": None, "value": "x"}]
    for unknown in ("999999999", "9" * 30, "none"):
        assert api.put(f"{v1}/item/{unknown}/update", json={}).json()["errorCode"] == 4043
    assert api.get(f"{v1}/item/uuid/none").json()["errorCode"] == 4043
    assert api.get(f"{v1}/launch/uuid/none").json()["errorCode"] == 4041


def test_settings_contain_the_defect_types(api: httpx.Client, product: str) -> None:
    groups = api.get(f"/api/receiver/api/v1/{product}/settings").json()["subTypes"]
    assert groups["TO_INVESTIGATE"][0]["locator"] == "ti001"


def test_agents_find_the_project_before_they_report(api: httpx.Client, product: str) -> None:
    assert api.get(f"/api/receiver/api/v1/project/{product}").json()["projectName"] == product
    unknown = api.get("/api/receiver/api/v1/project/00000000-0000-4000-8000-000000000000")
    assert unknown.status_code == 404
