"""Files of the run: the Artifacts service, and where they go when it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import HTML, Answer, Fault, HangUp, Request

SUITE = "<testsuite name='s'><testcase classname='c' name='t'/></testsuite>"
FILES = ("--artifacts", "logs/**")


@pytest.fixture(autouse=True)
def files(project: Project) -> None:
    project.write("out/a.xml", SUITE)
    project.write("logs/app.log", "started\n")
    project.write("logs/deep/trace.txt", "traced\n")


def objects(onetest: LocalOneTest, launch_uuid: str) -> set[str]:
    path = f"/api/artifacts/api/v1/products/{onetest.product_id}/buckets/onetest-ci/objects?limit=1000"
    prefix = f"test-runs/{launch_uuid}/"
    keys = [one["key"] for one in onetest.get(path)["items"]]
    return {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}


def test_files_are_uploaded_and_the_bucket_is_made_once(project: Project) -> None:
    with LocalOneTest() as fresh:
        env = fresh.env
        first = project.report(*FILES, env=env)
        second = project.report(*FILES, env=env)
        names = {"reports.zip", "logs_app.log", "logs_deep_trace.txt"}
        for done in (first, second):
            assert done.status == "delivered"
            assert done.delivery["artifacts_sent"] == 3
            assert objects(fresh, done.launch_uuid) == names
        calls = [done.delivery["api_calls"]["by_service"]["artifacts"] for done in (first, second)]
        assert calls == [5, 3]
        path = f"/api/artifacts/api/v1/products/{fresh.product_id}/buckets"
        buckets = [one["name"] for one in fresh.get(path)["items"]]
        assert buckets.count("onetest-ci") == 1


REFUSALS = {
    "401": Answer(401),
    "403": Answer(403),
    "404": Answer(404, b'{"detail": "Not Found"}'),
    "405": Answer(405),
    "html": Answer(200, HTML, "text/html"),
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_where_artifacts_refuses_files_travel_with_the_launch(
    onetest: LocalOneTest, project: Project, answer: Answer
) -> None:
    project.proxy.answer("/api/artifacts/", answer)
    done = project.report(*FILES)
    assert (done.code, done.status, done.delivery["lost"]) == (0, "delivered", [])
    assert done.delivery["artifacts_sent"] == 3
    assert set(sent_as_logs(project)) == {"reports.zip", "logs_app.log", "logs_deep_trace.txt"}
    assert [case["status"] for case in onetest.cases(done.launch_id)] == ["passed"]
    assert onetest.launch(done.launch_id)["status"] == "passed"


def sent_as_logs(project: Project) -> list[str]:
    logs = [one for one in project.proxy.requests if one.path.endswith("/log")]
    return [entry["file"]["name"] for one in logs for entry in entries_of(one)]


def entries_of(request: Request) -> list[dict[str, Any]]:
    _, _, rest = request.body.partition(b"\r\n\r\n")
    part = rest.partition(b"\r\n--")[0]
    return list(json.loads(part))


def refuse(*refused: Callable[[Request], bool]) -> Callable[[Request], Fault | None]:
    """Artifacts is not there, nor is what else is named."""

    def rule(request: Request) -> Fault | None:
        gone = "/api/artifacts/" in request.path or any(is_it(request) for is_it in refused)
        return Answer(404, b'{"detail": "Not Found"}') if gone else None

    return rule


def is_launch_log(request: Request) -> bool:
    return request.path.endswith("/log") and "itemUuid" not in entries_of(request)[0]


def test_where_a_launch_may_have_no_logs_an_item_without_statistics_holds_them(
    onetest: LocalOneTest, project: Project
) -> None:
    project.proxy.rule = refuse(is_launch_log)
    done = project.report(*FILES)
    assert done.status == "delivered", done.outcome
    (holder,) = [item for item in onetest.items(done.launch_id) if item["name"] == "Files of the run"]
    assert not holder["has_stats"]
    names = [log["attachment"]["name"] for log in onetest.logs(holder["id"])]
    assert sorted(names) == ["logs_app.log", "logs_deep_trace.txt", "reports.zip"]
    assert onetest.launch(done.launch_id)["status"] == "passed"


def test_what_nobody_takes_is_named_and_does_not_cost_the_results(
    onetest: LocalOneTest, project: Project
) -> None:
    project.proxy.rule = refuse(lambda request: request.path.endswith("/log"))
    done = project.report(*FILES)
    assert (done.code, done.status) == (0, "partial")
    assert len(done.delivery["lost"]) == 3
    assert "Not accepted" in done.stdout
    assert onetest.launch(done.launch_id)["status"] == "passed"
    project.proxy.rule = None
    again = project.push(done.bundle)
    assert (again.code, again.status, again.delivery["artifacts_sent"]) == (0, "delivered", 3)


def test_an_outage_of_artifacts_is_no_reason_to_go_elsewhere(onetest: LocalOneTest, project: Project) -> None:
    project.proxy.answer("/api/artifacts/", Answer(500))
    done = project.report(*FILES)
    assert (done.code, done.status, done.delivery["artifacts_sent"]) == (0, "partial", 0)
    assert sent_as_logs(project) == []
    assert onetest.launch(done.launch_id)["status"] == "passed"
    project.proxy.rule = None
    again = project.push(done.bundle)
    assert (again.code, again.status) == (0, "delivered")
    assert objects(onetest, done.launch_uuid) == {"reports.zip", "logs_app.log", "logs_deep_trace.txt"}


def test_one_refused_file_does_not_cost_the_others(onetest: LocalOneTest, project: Project) -> None:
    project.proxy.answer("trace.txt", Answer(400))
    done = project.report(*FILES)
    assert done.status == "partial"
    assert objects(onetest, done.launch_uuid) == {"reports.zip", "logs_app.log"}
    assert [text for text in done.delivery["lost"] if "trace.txt" in text] == done.delivery["lost"]


def test_an_import_without_artifacts_service_says_so(onetest: LocalOneTest, project: Project) -> None:
    project.proxy.answer("/api/artifacts/", Answer(404, b'{"detail": "Not Found"}'))
    done = project.report(*FILES, "--mode", "import")
    assert done.status == "delivered"
    assert "files of the run were not uploaded" in " ".join(done.outcome["warnings"])
    assert len(onetest.cases(done.launch_id)) == 1


def test_the_same_content_is_uploaded_once(onetest: LocalOneTest, project: Project) -> None:
    for name in ("app.log", "again.log", "deep/third.log"):
        project.write(f"logs/{name}", "all the same\n")
    done = project.report(*FILES, "--bundle", "kept")
    assert (done.status, done.delivery["artifacts_sent"]) == ("delivered", 5)
    assert len(uploads(project)) == 3
    assert objects(onetest, done.launch_uuid) == {"reports.zip", "logs_again.log", "logs_deep_trace.txt"}
    (warning,) = [text for text in done.outcome["warnings"] if "same content" in text]
    assert "logs_app.log (as logs_again.log)" in warning
    assert "logs_deep_third.log (as logs_again.log)" in warning
    assert project.push("kept").delivery["artifacts_sent"] == 5
    assert len(uploads(project)) == 3


def uploads(project: Project) -> list[str]:
    return [one.path.rpartition("/")[2] for one in project.proxy.requests if "/objects/" in one.path]


@pytest.mark.parametrize("status", [403, 413, 507])
def test_without_room_only_smaller_files_are_tried(
    onetest: LocalOneTest, project: Project, status: int
) -> None:
    for name, size in (("a", 10), ("b", 5000), ("c", 6000), ("d", 20)):
        project.write(f"data/{name}.log", name * size)
    project.proxy.answer("data_b.log", Answer(status, b'{"detail": "Storage quota exceeded"}'))
    done = project.report("--artifacts", "data/*")
    assert (done.code, done.status) == (0, "partial")
    assert uploads(project) == ["reports.zip", "data_a.log", "data_b.log", "data_d.log"]
    assert objects(onetest, done.launch_uuid) == {"reports.zip", "data_a.log", "data_d.log"}
    losses = " ".join(done.delivery["lost"])
    assert "data_b.log: " in losses
    assert "Storage quota exceeded" in losses
    assert "data_c.log: there was no room" in losses
    assert onetest.launch(done.launch_id)["status"] == "passed"
    project.proxy.rule = None
    assert project.push(done.bundle).status == "delivered"
    assert len(objects(onetest, done.launch_uuid)) == 5


@pytest.mark.parametrize("fault", [HangUp(), Answer(429), Answer(429, b'{"detail": "no coins left"}')])
def test_files_that_cannot_be_sent_now_do_not_hold_up_the_launch(
    onetest: LocalOneTest, project: Project, fault: Fault
) -> None:
    project.proxy.answer("/api/artifacts/", fault)
    done = project.report(*FILES)
    assert done.status == "partial"
    assert done.error
    assert onetest.launch(done.launch_id)["status"] == "passed"
    project.proxy.rule = None
    again = project.push(done.bundle)
    assert (again.status, again.delivery["artifacts_sent"]) == ("delivered", 3)


def test_a_file_that_goes_from_the_bundle_during_a_push_costs_only_itself(
    onetest: LocalOneTest, project: Project
) -> None:
    project.proxy.answer("/api/", HangUp())
    failed = project.report(*FILES)
    kept = Path(failed.bundle) / "artifacts"
    (gone,) = [path for path in kept.iterdir() if path.read_bytes() == b"started\n"]

    def remove(_: Request) -> None:
        gone.unlink(missing_ok=True)

    project.proxy.rule = remove
    done = project.push(failed.bundle)
    assert (done.code, done.status) == (4, "partial")
    assert objects(onetest, done.launch_uuid) == {"reports.zip", "logs_deep_trace.txt"}
    assert [text.partition(":")[0] for text in done.delivery["lost"]] == ["the file logs_app.log"]
    assert onetest.launch(done.launch_id)["status"] == "passed"


def test_the_item_that_holds_files_is_finished_by_a_later_push(
    onetest: LocalOneTest, project: Project
) -> None:
    def is_holders_end(request: Request) -> bool:
        return request.method == "PUT" and b'"status":"passed"' in request.body and is_last_item(request)

    def is_last_item(request: Request) -> bool:
        items = [one for one in project.proxy.requests if one.method == "POST" and "/item" in one.path]
        return request.path.rpartition("/")[2] == items[-1].json()["uuid"] and len(items) > 2

    def is_launch_end(request: Request) -> bool:
        # Or the launch would close the item.
        return request.path.endswith("/finish")

    project.proxy.rule = refuse(is_launch_log, is_holders_end, is_launch_end)
    failed = project.report(*FILES)
    assert failed.status == "partial"
    assert "the end of the item that holds the files" in failed.delivery["lost"][0]
    project.proxy.rule = refuse(is_launch_log)
    assert project.push(failed.bundle).status == "delivered"
    (holder,) = [item for item in onetest.items(failed.launch_id) if item["name"] == "Files of the run"]
    assert holder["status"] == "passed"
    assert len(onetest.logs(holder["id"])) == 3
