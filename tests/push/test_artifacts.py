"""Files of the run: the Artifacts service, and where they go when it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import HTML, Answer, Fault, Request

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
    assert "Not taken" in done.stdout
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
