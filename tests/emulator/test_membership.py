from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def release(api: httpx.Client, membership: str) -> str:
    return str(api.post(f"{membership}/releases", json={"name": "R", "status": "active"}).json()["id"])


@pytest.fixture
def sprint(api: httpx.Client, membership: str, release: str) -> str:
    path = f"{membership}/releases/{release}/sprints"
    return str(api.post(path, json={"number": 7, "status": "active"}).json()["id"])


@pytest.fixture
def environment(api: httpx.Client, membership: str) -> str:
    body = {"name": "E", "endpoint_url": "https://e.example.com"}
    return str(api.post(f"{membership}/environments", json=body).json()["id"])


def test_an_environment_is_created_and_listed(api: httpx.Client, membership: str, product: str) -> None:
    body = {
        "name": "Stäging",
        "endpoint_url": "https://s.example.com",
        "description": "d",
        "metadata": {"a": [1]},
    }
    made = api.post(f"{membership}/environments", json=body)
    assert made.status_code == 201
    assert made.json().items() >= (body | {"product_id": product, "is_default": False}).items()
    again = api.post(f"{membership}/environments", json=body)
    assert again.status_code == 201, "names are not unique"
    listed = api.get(f"{membership}/environments").json()["items"]
    assert [entry["id"] for entry in listed] == [made.json()["id"], again.json()["id"]]


def test_a_second_default_environment_is_a_conflict(api: httpx.Client, membership: str) -> None:
    body = {"name": "E", "endpoint_url": "https://e.example.com", "is_default": True}
    assert api.post(f"{membership}/environments", json=body).status_code == 201
    refused = api.post(f"{membership}/environments", json=body)
    assert refused.status_code == 409
    assert "default" in refused.json()["detail"]
    assert len(api.get(f"{membership}/environments").json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"name": None}, "string_type"),
        ({"name": 5}, "string_type"),
        ({"name": " "}, "string_too_short"),
        ({"name": "n" * 256}, "string_too_long"),
        ({"endpoint_url": None}, "string_type"),
        ({"endpoint_url": "u" * 2049}, "string_too_long"),
        ({"is_default": "maybe"}, "bool_parsing"),
        ({"is_default": 2.0}, "bool_parsing"),
        ({"is_default": 1.5}, "bool_type"),
        ({"is_default": []}, "bool_type"),
        ({"metadata": []}, "dict_type"),
    ],
)
def test_a_wrong_environment_is_refused_with_the_field(
    api: httpx.Client, membership: str, change: dict[str, Any], kind: str
) -> None:
    body = {"name": "E", "endpoint_url": "https://e.example.com"} | change
    response = api.post(f"{membership}/environments", json=body)
    assert response.status_code == 422
    (problem,) = response.json()["detail"]
    assert problem["type"] == kind
    assert problem["loc"] == ["body", next(iter(change))]
    assert problem["msg"]
    assert "input" in problem


def test_a_refusal_lists_all_problems_of_a_body(api: httpx.Client, membership: str) -> None:
    problems = api.post(f"{membership}/environments", json={}).json()["detail"]
    assert [problem["loc"][1] for problem in problems] == ["name", "endpoint_url"]


NOT_AN_OBJECT = "Input should be a valid dictionary or object to extract fields from"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", {"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}),
        (b"null", {"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}),
        (b"[1]", {"type": "model_attributes_type", "loc": ["body"], "msg": NOT_AN_OBJECT, "input": [1]}),
        (b'"x"', {"type": "model_attributes_type", "loc": ["body"], "msg": NOT_AN_OBJECT, "input": "x"}),
        *(
            (
                content,
                {"type": "json_invalid", "loc": ["body", place], "msg": "JSON decode error", "input": {}}
                | {"ctx": {"error": error}},
            )
            for content, place, error in (
                (b'{"a":', 5, "Expecting value"),
                (b'{"a": "b', 6, "Unterminated string starting at"),
                (b"{} x", 3, "Extra data"),
                (b"  ", 2, "Expecting value"),
            )
        ),
    ],
)
def test_a_body_that_is_not_an_object_is_refused_as_fastapi_does(
    api: httpx.Client, membership: str, content: bytes, problem: dict[str, Any]
) -> None:
    """The problems are those of FastAPI 0.165 with pydantic 2.14."""
    headers = {"Content-Type": "application/json"}
    response = api.post(f"{membership}/environments", content=content, headers=headers)
    assert (response.status_code, response.json()) == (422, {"detail": [problem]})


@pytest.mark.parametrize("content", [b"\xff", b"[" * 100_000, b"NaN", b'{"name": NaN}'])
def test_a_body_without_a_place_of_its_error_is_a_bad_request(
    api: httpx.Client, membership: str, content: bytes
) -> None:
    response = api.post(f"{membership}/environments", content=content)
    assert (response.status_code, response.json()) == (400, {"detail": "There was an error parsing the body"})


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 201),
        ("Application/JSON; charset=utf-8", 201),
        ("application/merge-patch+json", 201),
        ("text/plain", 422),
        ("application/x-www-form-urlencoded", 422),
    ],
)
def test_a_body_of_another_media_type_is_not_json(
    api: httpx.Client, membership: str, media_type: str, status: int
) -> None:
    body = '{"name": "E", "endpoint_url": "https://e.example.com"}'
    response = api.post(
        f"{membership}/environments", content=body.encode(), headers={"Content-Type": media_type}
    )
    assert response.status_code == status
    if status == 422:
        (problem,) = response.json()["detail"]
        assert (problem["type"], problem["input"]) == ("model_attributes_type", body)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("x", "int_parsing"),
        (1.5, "int_from_float"),
        ([], "int_type"),
        (0, "greater_than_equal"),
        (None, "int_type"),
    ],
)
def test_a_number_is_refused_by_its_kind(
    api: httpx.Client, membership: str, release: str, number: object, kind: str
) -> None:
    response = api.post(f"{membership}/releases/{release}/sprints", json={"number": number})
    assert (response.status_code, response.json()["detail"][0]["type"]) == (422, kind)


def test_half_a_character_is_refused(api: httpx.Client, membership: str) -> None:
    for content in (b'{"name": "\\ud800", "endpoint_url": "u"}', b'{"name": 1, "endpoint_url": "\\ud800"}'):
        assert api.post(f"{membership}/environments", content=content).status_code == 422


def test_releases_are_filtered_by_status(api: httpx.Client, membership: str, release: str) -> None:
    planned = api.post(f"{membership}/releases", json={"name": "Next"}).json()
    assert planned["status"] == "planned"
    assert [r["id"] for r in api.get(f"{membership}/releases").json()["items"]] == [release, planned["id"]]
    active = api.get(f"{membership}/releases", params={"status": "active"}).json()["items"]
    assert [r["id"] for r in active] == [release]


def test_a_status_outside_the_list_is_refused_with_the_list(api: httpx.Client, membership: str) -> None:
    response = api.post(f"{membership}/releases", json={"name": "R", "status": "done"})
    assert response.status_code == 422
    assert "'planned', 'active' or 'released'" in response.json()["detail"][0]["msg"]


def test_sprints_belong_to_a_release(api: httpx.Client, membership: str, release: str, sprint: str) -> None:
    (listed,) = api.get(f"{membership}/releases/{release}/sprints").json()["items"]
    assert listed["id"] == sprint
    assert listed["number"] == 7
    for number in (0, -1, "7", 1.5, True, 2**40, None):
        body = {"number": number}
        assert api.post(f"{membership}/releases/{release}/sprints", json=body).status_code == 422
    missing = api.get(f"{membership}/releases/{UNKNOWN}/sprints")
    assert (missing.status_code, missing.json()) == (404, {"detail": "Release not found"})


def test_builds_belong_to_a_sprint_or_a_release(
    api: httpx.Client, membership: str, release: str, sprint: str
) -> None:
    for place in (f"releases/{release}", f"sprints/{sprint}"):
        made = [
            api.post(f"{membership}/{place}/builds", json={"version": version, "git_sha": "a" * 40}).json()
            for version in ("1.0", "1.1", "1.0")
        ]
        listed = api.get(f"{membership}/{place}/builds").json()["items"]
        assert [build["id"] for build in listed] == [build["id"] for build in made]
        same = api.get(f"{membership}/{place}/builds", params={"version": "1.0"}).json()["items"]
        assert [build["id"] for build in same] == [made[0]["id"], made[2]["id"]]
        assert api.get(f"{membership}/builds/{made[1]['id']}").json() == made[1]


def test_a_git_sha_has_at_most_40_characters(api: httpx.Client, membership: str, sprint: str) -> None:
    response = api.post(f"{membership}/sprints/{sprint}/builds", json={"version": "1", "git_sha": "a" * 64})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "git_sha"]


def test_find_or_create_creates_a_build_once(
    api: httpx.Client, membership: str, release: str, sprint: str
) -> None:
    path = f"{membership}/builds/find-or-create"
    body = {"version": "2.0", "sprint_id": sprint, "metadata": {"run": "1"}}
    first = api.post(path, json=body)
    second = api.post(path, json=body | {"metadata": {"run": "2"}})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    elsewhere = api.post(path, json={"version": "2.0", "release_id": release})
    assert elsewhere.status_code == 201
    assert elsewhere.json()["id"] != first.json()["id"]
    assert api.post(path, json={"version": "2.0"}).status_code == 422
    assert api.post(path, json={"version": "2.0", "sprint_id": UNKNOWN}).status_code == 404


def test_parallel_jobs_find_or_create_one_build(api: httpx.Client, membership: str, sprint: str) -> None:
    def job(_number: int) -> tuple[int, str]:
        body = {"version": "3.0", "sprint_id": sprint}
        response = api.post(f"{membership}/builds/find-or-create", json=body)
        return response.status_code, response.json()["id"]

    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(job, range(24)))
    assert len({build for _, build in responses}) == 1
    assert sorted(status for status, _ in responses) == [200] * 23 + [201]


def test_a_deployment_is_recorded(api: httpx.Client, membership: str, sprint: str, environment: str) -> None:
    build = api.post(f"{membership}/sprints/{sprint}/builds", json={"version": "1"}).json()["id"]
    path = f"{membership}/environments/{environment}/deployments"
    made = api.post(path, json={"build_id": build})
    assert made.status_code == 201
    assert made.json()["status"] == "active"
    assert api.get(path).json()["items"] == [made.json()]
    assert api.post(path, json={"build_id": UNKNOWN}).status_code == 404
    assert api.post(path, json={"build_id": "no-uuid"}).status_code == 422


def test_entities_of_another_product_are_not_found(
    *, api: httpx.Client, session: httpx.Client, membership: str, release: str, sprint: str, environment: str
) -> None:
    build = api.post(f"{membership}/sprints/{sprint}/builds", json={"version": "1"}).json()["id"]
    products = "/api/membership/api/v1/products"
    other = f"{products}/{session.post(products, json={'name': 'Other'}).json()['id']}"
    for path in (
        f"releases/{release}/sprints",
        f"releases/{release}/builds",
        f"sprints/{sprint}/builds",
        f"builds/{build}",
        f"environments/{environment}/deployments",
    ):
        assert api.get(f"{membership}/{path}").status_code == 200
        assert api.get(f"{other}/{path}").status_code == 404
    assert api.get(f"{other}/releases").json() == {"items": []}


def test_paths_of_entities_work_without_the_product(api: httpx.Client, membership: str) -> None:
    flat = "/api/membership/api/v1"
    release = api.post(f"{membership}/releases", json={"name": "R", "status": "active"}).json()["id"]
    sprint = api.post(f"{flat}/releases/{release}/sprints", json={"number": 1}).json()["id"]
    assert [one["id"] for one in api.get(f"{flat}/releases/{release}/sprints").json()["items"]] == [sprint]
    made = api.post(f"{flat}/builds/find-or-create", json={"version": "1", "sprint_id": sprint})
    found = api.post(f"{membership}/builds/find-or-create", json={"version": "1", "sprint_id": sprint})
    assert (made.status_code, found.status_code) == (201, 200)
    assert made.json()["id"] == found.json()["id"]
    assert api.get(f"{flat}/builds/{made.json()['id']}").json() == made.json()
    assert api.get(f"{flat}/builds/{sprint}").status_code == 404


def test_a_deployment_stays_within_one_product(
    api: httpx.Client, session: httpx.Client, membership: str
) -> None:
    flat = "/api/membership/api/v1"
    fields = {"name": "E", "endpoint_url": "https://e.example"}
    environment = api.post(f"{membership}/environments", json=fields).json()["id"]
    other = session.post(f"{flat}/products", json={"name": "Other"}).json()["id"]
    release = api.post(f"{flat}/products/{other}/releases", json={"name": "R"}).json()["id"]
    build = api.post(f"{flat}/releases/{release}/builds", json={"version": "1"}).json()["id"]
    response = api.post(f"{flat}/environments/{environment}/deployments", json={"build_id": build})
    assert response.status_code == 404


# --- changing


@pytest.mark.parametrize("nested", [True, False])
def test_entities_are_read_and_only_the_sent_fields_change(
    api: httpx.Client, membership: str, nested: bool
) -> None:
    base = membership if nested else "/api/membership/api/v1"
    release = api.post(f"{membership}/releases", json={"name": "R", "scope": "all"}).json()
    changed = api.patch(f"{base}/releases/{release['id']}", json={"status": "active"})
    assert changed.status_code == 200
    assert changed.json() == release | {"status": "active"}
    assert api.get(f"{base}/releases/{release['id']}").json() == changed.json()

    sprint = api.post(f"{membership}/releases/{release['id']}/sprints", json={"number": 1}).json()
    build = api.post(f"{membership}/sprints/{sprint['id']}/builds", json={"version": "1"}).json()
    body = {"name": "E", "endpoint_url": "u"}
    environment = api.post(f"{membership}/environments", json=body).json()
    path = f"{membership}/environments/{environment['id']}/deployments"
    deployment = api.post(path, json={"build_id": build["id"]}).json()
    for kind, thing, change in (
        ("sprints", sprint, {"status": "completed", "name": "One"}),
        ("builds", build, {"status": "archived", "git_sha": "a" * 40}),
        ("environments", environment, {"endpoint_url": "v", "is_default": True}),
        ("deployments", deployment, {"status": "rolled_back", "metadata": {"why": "broken"}}),
    ):
        assert api.patch(f"{base}/{kind}/{thing['id']}", json=change).json() == thing | change, kind
        assert api.patch(f"{base}/{kind}/{thing['id']}", json={}).json() == thing | change, kind
        assert api.patch(f"{base}/{kind}/{thing['id']}", json={"status": "nonsense"}).status_code == (
            422 if "status" in thing else 200
        )
        assert api.get(f"{base}/{kind}/none").status_code == 404


def test_a_second_default_environment_is_a_conflict_for_a_change_too(
    api: httpx.Client, membership: str
) -> None:
    first, second = (
        api.post(f"{membership}/environments", json={"name": name, "endpoint_url": "u"}).json()["id"]
        for name in "ab"
    )
    path = "/api/membership/api/v1/environments"
    assert api.patch(f"{path}/{first}", json={"is_default": True}).status_code == 200
    assert api.patch(f"{path}/{second}", json={"is_default": True}).status_code == 409
    assert api.patch(f"{path}/{first}", json={"is_default": False}).status_code == 200
    assert api.patch(f"{path}/{second}", json={"is_default": True}).status_code == 200
