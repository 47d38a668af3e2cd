from typing import Any
from uuid import uuid4

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import NotOneTest
from onetest_ci.onetest.receiver import NOT_ISSUE, TO_INVESTIGATE, Issue, Receiver, StartedLaunch
from support.onetest import LocalOneTest

BASE = f"/api/receiver/api/v2/{PRODUCT}"
NOON = 1_700_000_000_000


@pytest.fixture
def real(onetest: LocalOneTest, connect: Connections) -> Receiver:
    return Receiver(connect(onetest.url, onetest.api_key), onetest.product_id)


@pytest.fixture
def scripted(server: Server, connect: Connections) -> Receiver:
    return Receiver(connect(server.url), PRODUCT)


def sent(server: Server) -> Any:
    """Return the JSON of the last request."""
    return server.requests[-1].json()


# --- against the emulator


def test_a_launch_with_a_suite_and_its_tests_is_read_back(onetest: LocalOneTest, real: Receiver) -> None:
    launch, suite = str(uuid4()), str(uuid4())
    started = real.start_launch(
        uuid=launch,
        name="Tests",
        start_ms=NOON,
        description="d",
        attributes=[("branch", "main"), ("", "tag")],
    )
    assert started.id == launch
    real.start_item(
        launch_uuid=launch, uuid=suite, parent_uuid=None, name="Suite", type="SUITE", start_ms=NOON
    )
    verdicts = {"passed": None, "failed": Issue(TO_INVESTIGATE, "boom"), "skipped": Issue(NOT_ISSUE)}
    for status, issue in verdicts.items():
        uuid = str(uuid4())
        real.start_item(
            launch_uuid=launch,
            uuid=uuid,
            parent_uuid=suite,
            name=f"test {status}",
            type="STEP",
            start_ms=NOON + 1,
            code_ref=f"test_x.py:Suite.test_{status}",
            parameters=[("n", "1")],
        )
        real.finish_item(launch_uuid=launch, uuid=uuid, end_ms=NOON + 2, status=status, issue=issue)
    real.finish_item(launch_uuid=launch, uuid=suite, end_ms=NOON + 3)
    link = real.finish_launch(uuid=launch, end_ms=NOON + 4)

    assert link.startswith(onetest.url)
    shown = onetest.launch(launch)
    assert (shown["name"], shown["status"]) == ("Tests", "failed")
    items = {item["name"]: item for item in onetest.items(launch)}
    assert {(name, item["item_type"], item["status"], item["code_ref"]) for name, item in items.items()} == {
        ("Suite", "SUITE", "failed", None),
        ("test passed", "STEP", "passed", "test_x.py:Suite.test_passed"),
        ("test failed", "STEP", "failed", "test_x.py:Suite.test_failed"),
        ("test skipped", "STEP", "skipped", "test_x.py:Suite.test_skipped"),
    }
    assert {item["parent_id"] for name, item in items.items() if name != "Suite"} == {items["Suite"]["id"]}


def test_a_second_start_and_finish_change_nothing_after_a_resume(
    onetest: LocalOneTest, connect: Connections
) -> None:
    launch, item = str(uuid4()), str(uuid4())
    http = connect(onetest.url, onetest.api_key)
    first = Receiver(http, onetest.product_id)
    second = Receiver(http, onetest.product_id, resumed=True)
    for receiver in (first, second):
        receiver.start_launch(uuid=launch, name="Twice", start_ms=NOON)
        receiver.start_item(
            launch_uuid=launch, uuid=item, parent_uuid=None, name="t", type="STEP", start_ms=NOON
        )
        receiver.finish_item(launch_uuid=launch, uuid=item, end_ms=NOON + 1, status="passed")
    for receiver in (first, second):
        receiver.finish_launch(uuid=launch, end_ms=NOON + 2)
    assert [(each["uuid"], each["status"]) for each in onetest.items(launch)] == [(item, "passed")]


# --- requests


def test_a_launch_is_sent_without_empty_fields(server: Server, scripted: Receiver) -> None:
    server.responds(201, {"id": "server-side", "number": 7})
    assert scripted.start_launch(uuid="u", name="n", start_ms=NOON) == StartedLaunch("server-side", 7)
    assert server.requests[0].path == f"{BASE}/launch"
    assert sent(server) == {"uuid": "u", "name": "n", "startTime": "1700000000000", "mode": "DEFAULT"}


def test_ids_and_the_build_version_are_onetests_own_fields(server: Server, scripted: Receiver) -> None:
    server.responds(201, {"id": "u", "number": None})
    started = scripted.start_launch(
        uuid="u",
        name="n",
        start_ms=NOON,
        build_id="b",
        environment_id="e",
        release_id="r",
        sprint_id="s",
        build_version="v" * 300,
    )
    assert started == StartedLaunch("u", None)
    assert {name: value for name, value in sent(server).items() if "_" in name} == {
        "build_id": "b",
        "environment_id": "e",
        "release_id": "r",
        "sprint_id": "s",
        "build_version": "v" * 254 + "…",
    }


def test_launch_texts_are_truncated_and_blank_values_left_out(server: Server, scripted: Receiver) -> None:
    server.responds(201, {"id": "u"})
    attributes = [
        ("k" * 200, "v" * 200),
        ("blank", "  "),
        ("", "alone"),
        ("nul", "\x00"),
        *[("n", "1")] * 300,
    ]
    scripted.start_launch(
        uuid="u", name="n" * 300, start_ms=NOON, description="d" * 3000, attributes=attributes
    )
    body = sent(server)
    assert (len(body["name"]), len(body["description"])) == (256, 2048)
    assert body["attributes"][:3] == [
        {"key": "k" * 127 + "…", "value": "v" * 127 + "…"},
        {"value": "alone"},
        {"key": "n", "value": "1"},
    ]
    assert len(body["attributes"]) == 256


def test_a_long_item_name_is_complete_in_the_description(server: Server, scripted: Receiver) -> None:
    server.responds(201, {"id": "u"}).responds(201, {"id": "u"})
    for description in ("", "its own"):
        scripted.start_item(
            launch_uuid="l",
            uuid="u",
            parent_uuid="p",
            name="n" * 600,
            type="STEP",
            start_ms=NOON,
            code_ref="c" * 2000,
            description=description,
            has_stats=False,
        )
    first, second = (request.json() for request in server.requests)
    assert server.requests[0].path == f"{BASE}/item/p"
    assert (len(first["name"]), first["description"]) == (500, "n" * 600)
    assert first["codeRef"] == "c" * 1024
    assert first["hasStats"] is False
    assert second["description"] == "its own"


@pytest.mark.parametrize("name", ["", "\x00"])
def test_a_name_is_never_empty(server: Server, scripted: Receiver, name: str) -> None:
    server.responds(201, {"id": "u"}).responds(201, {"id": "u"})
    scripted.start_launch(uuid="u", name=name, start_ms=NOON)
    scripted.start_item(launch_uuid="l", uuid="u", parent_uuid=None, name=name, type="STEP", start_ms=NOON)
    assert [request.json()["name"] for request in server.requests] == ["Launch", "Item"]


def test_a_finished_item_contains_the_reason(server: Server, scripted: Receiver) -> None:
    server.responds(200, {"message": "done"}).responds(200, b"", Content_Type="text/plain")
    scripted.finish_item(
        launch_uuid="l", uuid="u", end_ms=NOON, status="failed", issue=Issue("ti001", "x" * 70_000)
    )
    body = sent(server)
    assert body["issue"] == {"issueType": "ti001", "comment": "x" * 65_535 + "…"}
    scripted.finish_item(launch_uuid="l", uuid="u", end_ms=NOON)
    assert sent(server) == {"launchUuid": "l", "endTime": "1700000000000"}


@pytest.mark.parametrize("body", [{}, {"link": None}, {"link": "javascript:alert(1)"}, [], None])
def test_a_launch_without_a_link_has_none(server: Server, scripted: Receiver, body: object) -> None:
    server.responds(200, body)
    assert scripted.finish_launch(uuid="u", end_ms=NOON, status="interrupted") == ""
    assert sent(server) == {"endTime": "1700000000000", "status": "interrupted"}


def test_a_conflict_about_an_id_of_our_own_means_that_the_request_arrived_before(
    server: Server, scripted: Receiver
) -> None:
    server.responds(409, {"errorCode": 4091, "message": "Launch already exists"}).responds(409)
    assert scripted.start_launch(uuid="u", name="n", start_ms=NOON) == StartedLaunch("u", None)
    scripted.start_item(launch_uuid="u", uuid="i", parent_uuid=None, name="n", type="STEP", start_ms=NOON)


@pytest.mark.parametrize("body", [{}, [], {"id": ""}, {"id": None}, {"message": "ok"}, "ok", None])
def test_a_start_whose_response_contains_no_id_has_not_started(
    server: Server, scripted: Receiver, body: object
) -> None:
    server.responds(200, body if body is not None else b"null").responds(200, body or b"null")
    with pytest.raises(NotOneTest, match="no id for a launch") as caught:
        scripted.start_launch(uuid="u", name="n", start_ms=NOON)
    assert caught.value.code == "unexpected-answer"
    with pytest.raises(NotOneTest, match="no id for an item"):
        scripted.start_item(launch_uuid="u", uuid="i", parent_uuid="p", name="n", type="STEP", start_ms=NOON)
