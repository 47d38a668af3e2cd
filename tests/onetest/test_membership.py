from uuid import uuid4

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import NotOneTest, Refused, ServiceError
from onetest_ci.onetest.membership import Build, Environment, Membership
from support.onetest import LocalOneTest

NOT_THERE = {"detail": "Not Found"}


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def real(onetest: LocalOneTest, connect: Connections, warnings: list[str]) -> Membership:
    return Membership(connect(onetest.url, onetest.api_key), onetest.product_id, warn=warnings.append)


@pytest.fixture
def scripted(server: Server, connect: Connections, warnings: list[str]) -> Membership:
    return Membership(connect(server.url), PRODUCT, warn=warnings.append)


def asked(server: Server) -> list[str]:
    """Return the method and the end of the path of each request."""
    return [f"{request.method} {request.path.rpartition('/')[2]}" for request in server.requests]


# --- against the emulator


def test_an_environment_is_created_once_and_then_found(real: Membership) -> None:
    name = f"staging {uuid4()}"
    made = real.find_or_create_environment(name, "https://staging.example.com")
    assert made == Environment(made.id, name, is_default=False)
    assert real.find_or_create_environment(name) == made
    assert real.find_or_create_environment(name.upper(), "https://other.example.com") == made
    assert [each.id for each in real.environments() if each.name == name] == [made.id]


def test_an_unknown_environment_needs_a_url(real: Membership) -> None:
    with pytest.raises(ServiceError) as caught:
        real.find_or_create_environment("nowhere")
    assert caught.value.code == "no-environment"
    assert "--environment-url" in caught.value.hint


def test_a_build_is_created_once_under_the_active_sprint(real: Membership) -> None:
    version = f"1.2.3+{uuid4()}"
    made = real.find_or_create_build(version, "a" * 40, {"branch": "main"})
    assert made == Build(made.id, version)
    assert real.find_or_create_build(version, "a" * 40, {"branch": "main"}) == made
    release = real.releases("active")[-1]
    sprint = next(each for each in real.sprints(release.id) if each.status == "active")
    assert real.builds(sprint_id=sprint.id, version=version) == [made]


def test_builds_are_created_and_listed_under_a_release_too(real: Membership) -> None:
    release = real.releases("active")[-1]
    version = f"2.0-{uuid4()}"
    made = real.create_build(version, release_id=release.id)
    assert made in real.builds(release_id=release.id)


def test_a_deployment_is_recorded(real: Membership, onetest: LocalOneTest) -> None:
    environment = real.create_environment(f"qa {uuid4()}", "https://qa.example.com")
    build = real.find_or_create_build(f"3.0-{uuid4()}")
    real.record_deployment(environment.id, build.id)
    base = f"/api/membership/api/v1/products/{onetest.product_id}"
    (recorded,) = onetest.get(f"{base}/environments/{environment.id}/deployments")["items"]
    assert recorded["build_id"] == build.id


def test_an_unknown_product_is_refused(onetest: LocalOneTest, connect: Connections) -> None:
    with pytest.raises(Refused):
        Membership(connect(onetest.url, onetest.api_key), PRODUCT).environments()


# --- environments: several of one name, and races


def test_of_several_environments_the_default_one_is_used(
    server: Server, scripted: Membership, warnings: list[str]
) -> None:
    server.responds(
        200,
        [
            {"id": "old", "name": "qa", "created_at": "2026-01-01"},
            {"id": "default", "name": "qa", "created_at": "2026-02-01", "is_default": True},
            {"id": "other", "name": "QA", "created_at": "2025-01-01"},
        ],
    )
    assert scripted.find_or_create_environment("qa").id == "default"
    assert warnings == ["OneTest has 2 environments named 'qa'; the default one is used (default)"]


def test_of_several_environments_without_a_default_one_the_oldest_is_used(
    server: Server, scripted: Membership, warnings: list[str]
) -> None:
    server.responds(
        200,
        [
            {"id": "new", "name": "Qa", "created_at": "2026-02-01"},
            {"id": "old", "name": "QA", "created_at": "2026-01-01"},
        ],
    )
    assert scripted.find_or_create_environment("qa").id == "old"
    assert warnings == ["OneTest has 2 environments named 'qa'; the oldest is used (old)"]


def test_an_environment_that_another_job_made_meanwhile_is_found(
    server: Server, scripted: Membership
) -> None:
    server.responds(200, []).responds(409, {"detail": "exists"}).responds(200, [{"id": "e", "name": "qa"}])
    assert scripted.find_or_create_environment("qa", "https://qa.example.com").id == "e"


def test_a_created_environment_is_never_the_default_one(server: Server, scripted: Membership) -> None:
    server.responds(201, {"data": {"id": 7, "name": "qa"}})
    assert scripted.create_environment("qa", "https://qa.example.com").id == "7"
    assert server.requests[0].json() == {"name": "qa", "endpoint_url": "https://qa.example.com"}


def test_a_response_without_an_id_is_not_onetest(server: Server, scripted: Membership) -> None:
    server.responds(201, {"ok": True})
    with pytest.raises(ServiceError) as caught:
        scripted.create_environment("qa", "https://qa.example.com")
    assert caught.value.code == "bad-json"


# --- builds: without find-or-create


def test_a_sha_that_is_too_long_is_sent_as_metadata(server: Server, scripted: Membership) -> None:
    server.responds(201, {"id": "b"}).responds(201, {"id": "b"})
    scripted.create_build("1", sprint_id="s", git_sha="a" * 64, metadata={"branch": "main"})
    scripted.create_build("1", sprint_id="s", git_sha="a" * 40)
    assert [request.json() for request in server.requests] == [
        {"version": "1", "metadata": {"branch": "main", "git_sha": "a" * 64}},
        {"version": "1", "git_sha": "a" * 40},
    ]


def lineage(server: Server, sprints: object) -> None:
    server.responds(200, [{"id": "planned", "status": "planned"}, {"id": "r", "status": "active"}])
    server.responds(200, sprints)


@pytest.mark.parametrize("status", [404, 405])
def test_without_find_or_create_the_build_is_listed_then_created(
    server: Server, scripted: Membership, status: int
) -> None:
    lineage(server, [{"id": "s", "status": "active"}])
    server.responds(status, NOT_THERE).responds(status, NOT_THERE)
    server.responds(200, []).responds(201, {"id": "mine"})
    server.responds(
        200, [{"id": "theirs", "version": "1", "created_at": "1"}, {"id": "mine", "version": "1"}]
    )
    found = scripted.find_or_create_build("1", "abc")
    assert asked(server)[2:] == [
        "POST find-or-create",
        "POST find-or-create",
        "GET builds?version=1",
        "POST builds",
        "GET builds?version=1",
    ]
    assert found.id == "mine"


def test_two_jobs_that_create_at_once_choose_the_same_build(server: Server, scripted: Membership) -> None:
    lineage(server, [{"id": "s", "status": "active"}])
    server.responds(404, NOT_THERE).responds(404, NOT_THERE).responds(200, []).responds(201, {"id": "mine"})
    server.responds(
        200,
        [
            {"id": "mine", "version": "1", "created_at": "2026-01-01T00:00:02Z"},
            {"id": "theirs", "version": "1", "created_at": "2026-01-01T00:00:01Z"},
        ],
    )
    assert scripted.find_or_create_build("1").id == "theirs"


def test_after_a_conflict_the_build_is_listed(server: Server, scripted: Membership) -> None:
    lineage(server, [])
    server.responds(200, b"<html>", Content_Type="text/html").responds(404, {"detail": "no such build"})
    server.responds(200, []).responds(409).responds(200, [{"id": "b", "version": "1"}])
    assert scripted.find_or_create_build("1").id == "b"
    assert "/releases/r/builds" in server.requests[-1].path


def test_a_refusal_of_find_or_create_is_final(server: Server, scripted: Membership) -> None:
    lineage(server, [])
    server.responds(403, {"detail": "no"})
    with pytest.raises(Refused):
        scripted.find_or_create_build("1")
    assert len(server.requests) == 3


def test_without_an_active_release_there_is_no_build(server: Server, scripted: Membership) -> None:
    server.responds(200, [{"id": "r", "status": "planned"}])
    with pytest.raises(ServiceError) as caught:
        scripted.find_or_create_build("1")
    assert caught.value.code == "no-active-release"


def test_of_several_active_releases_the_newest_is_used(
    server: Server, scripted: Membership, warnings: list[str]
) -> None:
    server.responds(
        200,
        [
            {"id": "new", "name": "2.0", "status": "active", "created_at": "2026-02-01"},
            {"id": "old", "name": "1.0", "status": "active", "created_at": "2026-01-01"},
        ],
    )
    server.responds(200, []).responds(200, {"id": "b"})
    scripted.find_or_create_build("1")
    assert server.requests[-1].json() == {"version": "1", "release_id": "new"}
    assert warnings == ["OneTest has 2 active releases; the newest is used (2.0)"]


# --- unusable responses


@pytest.mark.parametrize("hostile", ["r" * 70_000, "\ud800", "a\r\nb", ""])
def test_a_release_without_a_usable_id_is_not_onetest(
    server: Server, scripted: Membership, hostile: str
) -> None:
    server.responds(200, [{"id": hostile, "name": "1.0", "status": "active"}])
    with pytest.raises(NotOneTest) as caught:
        scripted.find_or_create_build("1")
    assert caught.value.code == "bad-json"


def test_names_are_truncated_and_cleaned(server: Server, scripted: Membership) -> None:
    server.responds(200, [{"id": "a", "name": "q\ud800" + "x" * 70_000}])
    (environment,) = scripted.environments()
    assert environment.name == "q" + "x" * 253 + "…"
