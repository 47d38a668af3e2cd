from collections.abc import Callable
from typing import Any

import httpx
import pytest

NOON = 1_700_000_000_000
UNKNOWN = "00000000-0000-4000-8000-000000000000"

Start = Callable[..., str]
Finish = Callable[..., Any]
Items = Callable[[str], list[dict[str, Any]]]


def test_a_tree_is_kept_in_the_order_of_its_requests(
    start_launch: Start, start_item: Start, finish_item: Finish, read_items: Items
) -> None:
    launch = start_launch()
    suite = start_item(launch, name="suite", type="suite", uuid="s")
    step = start_item(
        launch,
        suite,
        name="step [1]",
        type="Step",
        uuid="t",
        codeRef="tests/test_a.py:TestA.test_b",
        parameters=[{"key": "n", "value": "1"}],
        attributes=[{"key": "k", "value": "v"}],
        description="d",
        testCaseId="c" * 2000,
        uniqueId="whatever",
        retry=False,
    )
    nested = start_item(launch, step, name="nested", hasStats=False)
    finish_item(launch, nested, status="passed")
    finish_item(
        launch,
        step,
        status="FAILED",
        issue={"issueType": "ti001", "comment": "boom\nbang"},
        description="new",
    )
    finish_item(launch, suite)
    first, second, third = read_items(launch)
    assert [item["uuid"] for item in (first, second, third)] == ["s", "t", nested]
    assert [item["parent_id"] for item in (first, second, third)] == [None, first["id"], second["id"]]
    assert (first["item_type"], first["status"]) == ("SUITE", "failed")
    assert (second["item_type"], second["status"]) == ("STEP", "failed")
    assert second["code_ref"] == "tests/test_a.py:TestA.test_b"
    assert second["parameters"] == [{"key": "n", "value": "1"}]
    assert second["attributes"] == [{"key": "k", "value": "v"}]
    assert second["failure_message"] == "boom\nbang"
    assert second["description"] == "new"
    assert second["test_case_id"] == "c" * 1024
    assert second["start_time"] == "2023-11-14T22:13:20Z"
    assert second["end_time"] == "2023-11-14T22:13:21Z"
    assert (second["has_stats"], third["has_stats"]) == (True, False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, 4001),
        ({"name": ""}, 4001),
        ({"name": "n" * 501}, 4001),
        ({"codeRef": "c" * 1025}, 4001),
        ({"uuid": "u" * 101}, 4001),
        ({"startTime": None}, 4001),
        ({"type": None}, 4001),
        ({"type": "CHAPTER"}, 40026),
        ({"type": "BEFORE_GROUPS"}, 40026),
        ({"launchUuid": None}, 4001),
        ({"hasStats": "yes"}, 4001),
        ({"parameters": [{"value": "no key"}]}, 4001),
        ({"retry": True}, 40016),
    ],
)
def test_a_wrong_item_is_refused(
    api: httpx.Client, rp: str, start_launch: Start, change: dict[str, Any], code: int
) -> None:
    body = {"name": "I", "startTime": NOON, "type": "STEP", "launchUuid": start_launch()} | change
    response = api.post(f"{rp}/item", json=body)
    assert response.status_code == 400
    assert response.json()["errorCode"] == code
    if code == 4001:
        assert next(iter(change)) in response.json()["message"]


def test_an_item_needs_an_existing_launch_and_parent(api: httpx.Client, rp: str, start_launch: Start) -> None:
    body = {"name": "I", "startTime": NOON, "type": "STEP", "launchUuid": start_launch()}

    def start(path: str, **change: Any) -> tuple[int, int]:
        response = api.post(f"{rp}/{path}", json=body | change)
        return response.status_code, response.json().get("errorCode", 0)

    assert start("item", launchUuid=UNKNOWN) == (404, 4041)
    assert start(f"item/{UNKNOWN}") == (404, 4043)
    assert start("item", startTime=NOON - 1) == (406, 40025)
    assert start("item", uuid="same") == (201, 0)
    assert start("item", uuid="same") == (409, 4091)
    assert start("item/same", startTime=NOON + 10, uuid="child") == (201, 0)
    assert start("item/child", startTime=NOON + 9) == (406, 40025)
    other = start_launch()
    assert start("item", launchUuid=other, uuid="same") == (201, 0), "unique within a launch only"
    assert start("item/child", launchUuid=other) == (404, 4043)


def test_a_finished_launch_takes_no_item(
    api: httpx.Client, rp: str, start_launch: Start, finish_launch: Finish
) -> None:
    launch = start_launch()
    finish_launch(launch)
    body = {"name": "I", "startTime": NOON, "type": "STEP", "launchUuid": launch}
    response = api.post(f"{rp}/item", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (406, 40024)


def test_finish_is_refused_as_reportportal_does(
    api: httpx.Client, rp: str, start_launch: Start, start_item: Start
) -> None:
    launch = start_launch()
    item = start_item(launch)

    def finish(uuid: str, **change: Any) -> tuple[int, int]:
        body = {"endTime": NOON, "launchUuid": launch, "status": "passed"} | change
        response = api.put(f"{rp}/item/{uuid}", json=body)
        return response.status_code, response.json().get("errorCode", 0)

    assert finish(UNKNOWN) == (404, 4043)
    assert finish(item, launchUuid=UNKNOWN) == (404, 4041)
    assert finish(item, launchUuid=None) == (400, 40016)
    assert finish(item, endTime=None) == (400, 4001)
    assert finish(item, endTime=NOON - 1) == (406, 40021)
    assert finish(item, status=None) == (400, 40019)
    assert finish(item, status="great") == (400, 4001)
    assert finish(item, issue="none") == (400, 4001)
    assert finish(item) == (200, 0)


@pytest.mark.parametrize(
    ("first", "second", "stored"),
    [
        ("passed", "passed", "passed"),
        ("passed", None, "passed"),
        ("passed", "skipped", "skipped"),
        ("passed", "failed", "failed"),
        ("passed", "interrupted", "interrupted"),
        ("interrupted", "failed", "failed"),
        ("interrupted", "passed", "interrupted"),
        ("failed", "passed", "failed"),
        ("failed", "skipped", "failed"),
    ],
)
def test_a_further_finish_can_only_make_a_status_worse(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    read_items: Items,
    first: str,
    second: str | None,
    stored: str,
) -> None:
    launch = start_launch()
    item = start_item(launch)
    finish_item(launch, item, status=first)
    finish_item(launch, item, status=second, description="as it ended")
    assert read_items(launch)[0].items() >= {"status": stored, "description": "as it ended"}.items()


@pytest.mark.parametrize("kind", ["SUITE", "STORY", "TEST", "SCENARIO", "before_suite", "AFTER_SUITE"])
def test_an_empty_container_that_ends_without_a_status_has_passed(
    *, start_launch: Start, start_item: Start, finish_item: Finish, read_items: Items, kind: str
) -> None:
    launch = start_launch()
    finish_item(launch, start_item(launch, type=kind))
    assert read_items(launch)[0]["status"] == "passed"


@pytest.mark.parametrize("kind", ["STEP", "BEFORE_METHOD", "AFTER_CLASS"])
def test_a_step_that_ends_without_a_status_is_refused(
    *, api: httpx.Client, rp: str, start_launch: Start, start_item: Start, kind: str
) -> None:
    launch = start_launch()
    body = {"endTime": NOON, "launchUuid": launch}
    response = api.put(f"{rp}/item/{start_item(launch, type=kind)}", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (400, 40019)


def test_a_finish_replaces_the_test_case_id_and_the_retry_of_the_start(
    start_launch: Start, start_item: Start, finish_item: Finish, read_items: Items
) -> None:
    launch = start_launch()
    suite = start_item(launch, type="SUITE")
    first, second = (start_item(launch, suite, testCaseId="C1") for _ in range(2))
    finish_item(launch, first, status="failed")
    finish_item(launch, second, status="passed", testCaseId="C2", retry=True, retryOf=first)
    _, kept, replaced = read_items(launch)
    assert (kept["test_case_id"], kept["retry"], kept["retry_of"]) == ("C1", False, None)
    assert (replaced["test_case_id"], replaced["retry"], replaced["retry_of"]) == ("C2", True, first)


@pytest.mark.parametrize("late", ["failed", "interrupted"])
@pytest.mark.parametrize("launch_status", [None, "passed", "open"])
@pytest.mark.parametrize("container_status", [None, "passed", "skipped"])
def test_a_child_that_fails_after_its_containers_end_makes_all_ancestors_fail(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_items: Items,
    read_launch: Callable[[str], dict[str, Any]],
    container_status: str | None,
    launch_status: str | None,
    late: str,
) -> None:
    launch = start_launch()
    outer = start_item(launch, type="SUITE")
    inner = start_item(launch, outer, type="SUITE")
    child = start_item(launch, inner)
    finish_item(launch, inner, status=container_status)
    finish_item(launch, outer, status=container_status)
    if launch_status != "open":
        finish_launch(launch, status=launch_status)
    finish_item(launch, child, status=late)
    if launch_status == "open":
        finish_launch(launch)
    assert [item["status"] for item in read_items(launch)] == [late] * 3
    shown = read_launch(launch)
    assert shown["status"] == late
    assert shown["statistics"].items() >= {"total": 1, late: 1}.items()


def test_an_item_that_the_end_of_its_launch_interrupted_can_still_be_finished(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_items: Items,
    read_launch: Callable[[str], dict[str, Any]],
) -> None:
    launch = start_launch()
    suite = start_item(launch, type="SUITE")
    child = start_item(launch, suite)
    finish_launch(launch)
    assert [item["status"] for item in read_items(launch)] == ["interrupted"] * 2
    finish_item(launch, child, status="passed")
    assert [item["status"] for item in read_items(launch)] == ["passed"] * 2
    assert read_launch(launch)["status"] == "passed"
    assert read_launch(launch)["statistics"].items() >= {"passed": 1, "interrupted": 0}.items()


def test_a_child_that_never_ends_makes_an_ended_container_interrupted(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_items: Items,
) -> None:
    launch = start_launch()
    suite = start_item(launch, type="SUITE")
    start_item(launch, suite)
    finish_item(launch, suite, status="passed")
    finish_launch(launch)
    assert [item["status"] for item in read_items(launch)] == ["interrupted"] * 2


def test_a_nested_step_can_fail_late_in_a_test_that_passed(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_items: Items,
    read_launch: Callable[[str], dict[str, Any]],
) -> None:
    launch = start_launch()
    test = start_item(launch)
    step = start_item(launch, test, hasStats=False)
    finish_item(launch, test, status="passed")
    finish_item(launch, step, status="failed")
    finish_launch(launch)
    assert [item["status"] for item in read_items(launch)] == ["passed", "failed"]
    assert read_launch(launch)["status"] == "passed"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("PASSED", "passed"),
        ("failed", "failed"),
        ("Skipped", "skipped"),
        ("interrupted", "interrupted"),
        ("cancelled", "cancelled"),
        ("stopped", "interrupted"),
        ("info", "passed"),
        ("warn", "passed"),
    ],
)
def test_statuses_are_stored_in_onetests_words(
    *, start_launch: Start, start_item: Start, finish_item: Finish, read_items: Items, given: str, stored: str
) -> None:
    launch = start_launch()
    finish_item(launch, start_item(launch), status=given)
    assert read_items(launch)[0]["status"] == stored


@pytest.mark.parametrize(
    ("children", "container", "launch_status"),
    [
        (["passed", "passed"], "passed", "passed"),
        (["passed", "failed", "skipped"], "failed", "failed"),
        (["passed", "skipped"], "passed", "passed"),
        (["skipped", "skipped"], "skipped", "passed"),
        (["passed", "interrupted"], "interrupted", "interrupted"),
    ],
)
def test_the_status_of_a_container_and_a_launch_is_derived_from_the_items(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_items: Items,
    read_launch: Callable[[str], dict[str, Any]],
    children: list[str],
    container: str,
    launch_status: str,
) -> None:
    launch = start_launch()
    suite = start_item(launch, type="SUITE")
    for status in children:
        finish_item(launch, start_item(launch, suite), status=status)
    finish_item(launch, suite)
    finish_launch(launch)
    assert read_items(launch)[0]["status"] == container
    shown = read_launch(launch)
    assert shown["status"] == launch_status
    assert shown["statistics"]["total"] == len(children)
    assert all(shown["statistics"][status] == children.count(status) for status in children)


def test_a_finished_launch_has_no_open_items(
    *,
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_items: Items,
    read_launch: Callable[[str], dict[str, Any]],
) -> None:
    launch = start_launch()
    done = start_item(launch, type="SUITE", name="done but open")
    finish_item(launch, start_item(launch, done), status="passed")
    open_suite = start_item(launch, type="SUITE", name="open")
    start_item(launch, open_suite, name="never finished")
    assert read_launch(launch)["statistics"].items() >= {"total": 2, "in_progress": 1}.items()
    finish_launch(launch)
    assert [item["status"] for item in read_items(launch)] == [
        "passed",
        "passed",
        "interrupted",
        "interrupted",
    ]
    assert all(item["end_time"] for item in read_items(launch))
    shown = read_launch(launch)
    assert shown["status"] == "interrupted"
    assert shown["statistics"].items() >= {"total": 2, "passed": 1, "interrupted": 1}.items()


def test_only_tests_and_steps_with_statistics_are_counted(
    start_launch: Start,
    start_item: Start,
    finish_item: Finish,
    finish_launch: Finish,
    read_launch: Callable[[str], dict[str, Any]],
) -> None:
    launch = start_launch()
    for kind in ("TEST", "STEP", "BEFORE_METHOD", "SUITE", "SCENARIO"):
        finish_item(launch, start_item(launch, type=kind), status="passed")
    finish_item(launch, start_item(launch, hasStats=False), status="failed")
    finish_launch(launch)
    shown = read_launch(launch)
    assert shown["statistics"]["total"] == 2
    assert shown["status"] == "passed"


def test_a_retry_is_an_item_of_its_own(
    start_launch: Start, start_item: Start, finish_item: Finish, read_items: Items
) -> None:
    launch = start_launch()
    suite = start_item(launch, type="SUITE")
    first = start_item(launch, suite, name="t")
    finish_item(launch, first, status="failed")
    start_item(launch, suite, name="t", retry=True, retryOf=first)
    again = read_items(launch)[2]
    assert again["retry"] is True
    assert again["retry_of"] == first
