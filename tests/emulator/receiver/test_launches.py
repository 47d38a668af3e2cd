from collections.abc import Callable
from typing import Any

import httpx
import pytest

NOON = 1_700_000_000_000
ISO = "2023-11-14T22:13:20Z"
UNKNOWN = "00000000-0000-4000-8000-000000000000"

Read = Callable[[str], Any]


def test_a_launch_keeps_the_fields_of_its_start(
    api: httpx.Client, rp: str, read_launch: Read, finish_launch: Callable[..., Any]
) -> None:
    tags = [
        {"key": "branch", "value": "main"},
        {"value": "nightly"},
        {"key": "os", "value": "x", "system": True},
    ]
    body = {
        "name": "Nächtlich <b>",
        "startTime": NOON,
        "uuid": "my-own-id",
        "description": "d",
        "attributes": tags,
        "mode": "DEFAULT",
        "rerun": False,
        "rerunOf": None,
        "somethingNew": {"is": "ignored"},
    }
    made = api.post(f"{rp}/launch", json=body)
    assert (made.status_code, made.json()) == (201, {"id": "my-own-id", "number": 1})
    launch = read_launch("my-own-id")
    assert launch["name"] == "Nächtlich <b>"
    assert launch["status"] == "in_progress"
    assert launch["mode"] == "default"
    assert launch["start_time"] == ISO
    assert launch["end_time"] is None
    assert launch["attributes"] == [
        {"key": "branch", "value": "main"},
        {"key": None, "value": "nightly"},
        {"key": "os", "value": "x", "system": True},
    ]
    finish_launch("my-own-id", description="new", attributes=[{"value": "only"}])
    launch = read_launch("my-own-id")
    assert launch["description"] == "new"
    assert launch["attributes"] == [{"key": None, "value": "only"}]


@pytest.mark.parametrize(
    "time",
    [
        NOON,
        float(NOON),
        str(NOON),
        f"{NOON}.0",
        ISO,
        "2023-11-14T22:13:20.000+00:00",
        "2023-11-15T00:13:20.000000+0200",
        "2023-11-14 22:13:20",
        "Tue, 14 Nov 2023 22:13:20 GMT",
    ],
)
def test_every_form_of_time_is_read(
    start_launch: Callable[..., str], read_launch: Read, time: object
) -> None:
    assert read_launch(start_launch(startTime=time))["start_time"] == ISO


def test_microseconds_are_kept(start_launch: Callable[..., str], read_launch: Read) -> None:
    launch = start_launch(startTime="2023-11-14T22:13:20.123456+0000")
    assert read_launch(launch)["start_time"] == "2023-11-14T22:13:20.123456Z"


def test_older_names_of_fields_are_read(api: httpx.Client, rp: str, read_launch: Read) -> None:
    made = api.post(f"{rp}/launch", json={"name": "Old", "start_time": NOON, "tags": ["a", "b"]})
    launch = made.json()["id"]
    assert [tag["value"] for tag in read_launch(launch)["attributes"]] == ["a", "b"]
    assert api.put(f"{rp}/launch/{launch}/finish", json={"end_time": NOON}).status_code == 200


def test_numbers_count_up_per_name(api: httpx.Client, rp: str) -> None:
    def number(name: str) -> Any:
        return api.post(f"{rp}/launch", json={"name": name, "startTime": NOON}).json()["number"]

    assert [number("a"), number("a"), number("b"), number("a")] == [1, 2, 1, 3]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "  "}, "name"),
        ({"name": 1}, "name"),
        ({"name": "n" * 501}, "name"),
        ({"startTime": None}, "startTime"),
        ({"startTime": "yesterday"}, "startTime"),
        ({"startTime": True}, "startTime"),
        ({"startTime": 10**30}, "startTime"),
        ({"startTime": "nan"}, "startTime"),
        ({"startTime": "-1"}, "startTime"),
        ({"uuid": "u" * 101}, "uuid"),
        ({"mode": "SECRET"}, "mode"),
        ({"attributes": [{"key": "k", "value": " "}]}, "attributes[0].value"),
        ({"attributes": [{"value": "v"}] * 257}, "attributes"),
        ({"attributes": "a:b"}, "attributes"),
        ({"build_version": "v" * 256}, "build_version"),
    ],
)
def test_the_refusal_of_a_wrong_launch_names_the_field(
    api: httpx.Client, rp: str, change: dict[str, Any], field: str
) -> None:
    response = api.post(f"{rp}/launch", json={"name": "L", "startTime": NOON} | change)
    assert response.status_code == 400
    assert response.json()["errorCode"] == 4001
    assert f"'{field}'" in response.json()["message"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b'{"name": "\\udc00", "startTime": 1}']
)
def test_a_body_that_is_not_an_object_is_refused(api: httpx.Client, rp: str, content: bytes) -> None:
    response = api.post(f"{rp}/launch", content=content)
    assert (response.status_code, response.json()["errorCode"]) == (400, 4001)


def test_a_second_launch_with_the_same_uuid_is_refused(api: httpx.Client, rp: str) -> None:
    body = {"name": "L", "startTime": NOON, "uuid": "same"}
    assert api.post(f"{rp}/launch", json=body).status_code == 201
    again = api.post(f"{rp}/launch", json=body)
    assert (again.status_code, again.json()["errorCode"]) == (409, 4091)
    assert "same" in again.json()["message"]


def test_finish_returns_a_link_that_a_browser_can_open(
    start_launch: Callable[..., str], finish_launch: Callable[..., Any], anonymous: httpx.Client
) -> None:
    launch = start_launch(name="<script>alert(1)</script>")
    response = finish_launch(launch)
    assert response["id"] == launch
    assert response["number"] == 1
    page = anonymous.get(response["link"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("passed", "passed"),
        ("FAILED", "failed"),
        ("stopped", "stopped"),
        ("INTERRUPTED", "interrupted"),
        ("cancelled", "cancelled"),
        ("SKIPPED", "passed"),
        ("warn", "passed"),
        (None, "passed"),
    ],
)
def test_a_requested_status_is_kept_if_onetest_has_it(
    start_launch: Callable[..., str],
    finish_launch: Callable[..., Any],
    read_launch: Read,
    given: str | None,
    stored: str,
) -> None:
    launch = start_launch()
    finish_launch(launch, status=given)
    assert read_launch(launch)["status"] == stored


def test_finish_is_refused_as_reportportal_does(
    api: httpx.Client, rp: str, start_launch: Callable[..., str]
) -> None:
    launch = start_launch()

    def finish(uuid: str, **body: Any) -> tuple[int, int]:
        response = api.put(f"{rp}/launch/{uuid}/finish", json=body)
        return response.status_code, response.json().get("errorCode", 0)

    assert finish(UNKNOWN, endTime=NOON) == (404, 4041)
    assert finish(launch) == (400, 4001)
    assert finish(launch, endTime=NOON, status="great") == (400, 4001)
    assert finish(launch, endTime=NOON - 1) == (406, 40021)
    assert finish(launch, endTime=NOON) == (200, 0)


@pytest.mark.parametrize(
    ("first", "second", "stored"),
    [
        ("passed", "passed", "passed"),
        ("passed", None, "passed"),
        ("passed", "stopped", "passed"),
        ("passed", "failed", "failed"),
        ("failed", "passed", "failed"),
        ("stopped", "failed", "failed"),
    ],
)
def test_a_further_finish_can_only_make_the_status_worse(
    *,
    start_launch: Callable[..., str],
    finish_launch: Callable[..., Any],
    read_launch: Read,
    first: str,
    second: str | None,
    stored: str,
) -> None:
    launch = start_launch()
    ended = finish_launch(launch, status=first, description="the first")
    before = read_launch(launch)
    assert finish_launch(launch, status=second, description="the second", endTime=NOON - 9) == ended
    assert read_launch(launch) == before | {"status": stored}


def test_a_rerun_is_a_launch_of_its_own(start_launch: Callable[..., str], read_launch: Read) -> None:
    first = start_launch(name="Nightly")
    again = start_launch(name="Nightly", rerun=True, rerunOf=first)
    assert again != first
    assert [read_launch(uuid)["number"] for uuid in (first, again)] == [1, 2]


def test_launches_are_not_merged(api: httpx.Client, product: str, start_launch: Callable[..., str]) -> None:
    launches = [start_launch(), start_launch()]
    response = api.post(f"/api/receiver/api/v1/{product}/launch/merge", json={"launches": launches})
    assert response.status_code == 404


def test_a_launch_of_another_product_is_not_found(
    api: httpx.Client, session: httpx.Client, start_launch: Callable[..., str]
) -> None:
    launch = start_launch()
    other = session.post("/api/membership/api/v1/products", json={"name": "Other"}).json()["id"]
    response = api.put(f"/api/receiver/api/v2/{other}/launch/{launch}/finish", json={"endTime": NOON})
    assert (response.status_code, response.json()["errorCode"]) == (404, 4041)
    assert session.get(f"/api/receiver/api/v1/products/{other}/launches/{launch}").status_code == 404
    assert session.get(f"/api/receiver/api/v1/products/{other}/launches/1").status_code == 404


# --- links


def test_a_launch_that_cannot_be_linked_is_still_started(
    start_launch: Callable[..., str], read_launch: Read
) -> None:
    launch = read_launch(start_launch(build_version="1.0", build_id=UNKNOWN, environment_id="nonsense"))
    links = ("release_id", "sprint_id", "build_id", "environment_id")
    assert [launch[name] for name in links] == [None] * 4


def test_a_build_version_is_enough_to_link(
    api: httpx.Client, membership: str, start_launch: Callable[..., str], read_launch: Read
) -> None:
    release = api.post(f"{membership}/releases", json={"name": "R", "status": "active"}).json()["id"]
    api.post(f"{membership}/releases", json={"name": "Planned"})
    direct = read_launch(start_launch(build_version="0.9"))
    assert direct["release_id"] == release
    assert direct["sprint_id"] is None
    assert api.get(f"{membership}/releases/{release}/builds").json()["items"][0]["version"] == "0.9"

    path = f"{membership}/releases/{release}/sprints"
    sprint = api.post(path, json={"number": 1, "status": "active"}).json()["id"]
    body = {"name": "E", "endpoint_url": "u", "is_default": True}
    environment = api.post(f"{membership}/environments", json=body).json()["id"]
    first, second = (read_launch(start_launch(build_version="1.0")) for _ in range(2))
    (build,) = api.get(f"{membership}/sprints/{sprint}/builds").json()["items"]
    for launch in (first, second):
        assert launch["release_id"] == release
        assert launch["sprint_id"] == sprint
        assert launch["build_id"] == build["id"]
        assert launch["environment_id"] == environment
    plain = read_launch(start_launch())
    assert (plain["sprint_id"], plain["build_id"]) == (sprint, None)


def test_ids_in_the_request_are_used(
    api: httpx.Client, membership: str, start_launch: Callable[..., str], read_launch: Read
) -> None:
    api.post(f"{membership}/releases", json={"name": "Active", "status": "active"})
    release = api.post(f"{membership}/releases", json={"name": "R"}).json()["id"]
    path = f"{membership}/releases/{release}"
    sprint = api.post(f"{path}/sprints", json={"number": 1}).json()["id"]
    build = api.post(f"{membership}/sprints/{sprint}/builds", json={"version": "1"}).json()["id"]
    default = {"name": "D", "endpoint_url": "u", "is_default": True}
    api.post(f"{membership}/environments", json=default)
    chosen = {"name": "C", "endpoint_url": "u"}
    environment = api.post(f"{membership}/environments", json=chosen).json()["id"]
    launch = read_launch(start_launch(build_id=build, environment_id=environment, build_version="ignored"))
    assert launch["build_id"] == build
    assert launch["sprint_id"] == sprint
    assert launch["release_id"] == release
    assert launch["environment_id"] == environment
