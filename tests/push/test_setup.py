"""Membership: what it sets up, and that its absence never costs the results."""

import pytest

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import HTML, Answer, HangUp

SUITE = "<testsuite name='s'><testcase classname='c' name='t'/></testsuite>"
ENVIRONMENT = ("--environment", "stage", "--environment-url", "https://stage.example")


def test_environment_build_and_deployment(onetest: LocalOneTest, project: Project) -> None:
    project.write("out/a.xml", SUITE)
    done = project.report(*ENVIRONMENT, "--build-version", "2.0", "--deployment")
    launch = onetest.launch(done.launch_id)
    environment, build = done.outcome["environment"]["id"], done.outcome["build"]["id"]
    assert (launch["environment_id"], launch["build_id"]) == (environment, build)
    path = f"/api/membership/api/v1/products/{onetest.product_id}/environments/{environment}/deployments"
    assert [one["build_id"] for one in onetest.get(path)["items"]] == [build]

    again = project.report(*ENVIRONMENT, "--build-version", "2.0")
    assert again.outcome["environment"]["id"] == environment
    assert again.outcome["build"]["id"] == build


def test_membership_is_not_asked_without_need(project: Project) -> None:
    project.write("out/a.xml", SUITE)
    assert "membership" not in project.report().delivery["api_calls"]["by_service"]


REFUSALS = {
    "401": Answer(401),
    "403": Answer(403),
    "404": Answer(404, b'{"detail": "Not Found"}'),
    "405": Answer(405),
    "422": Answer(422),
    "500": Answer(500),
    "html": Answer(200, HTML, "text/html"),
    "html-403": Answer(403, HTML, "text/html"),
    "no-id": Answer(200, b"{}"),
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_results_arrive_when_membership_refuses(
    onetest: LocalOneTest, project: Project, answer: Answer
) -> None:
    project.write("out/a.xml", SUITE)
    project.proxy.answer("/api/membership/", answer)
    done = project.report(*ENVIRONMENT, "--build-version", "3.1", "--deployment")
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    (start,) = [one for one in project.proxy.requests if one.path.endswith("/launch")]
    assert start.json()["build_version"] == "3.1"
    assert onetest.launch(done.launch_id)["build_id"]
    assert [case["status"] for case in onetest.cases(done.launch_id)] == ["passed"]
    warnings = " ".join(done.outcome["warnings"])
    assert "OneTest's default environment" in warnings
    assert "carries its version, 3.1" in warnings
    assert "No deployment was recorded" in warnings


def test_a_product_without_active_release_gets_no_build(project: Project) -> None:
    project.write("out/a.xml", SUITE)
    project.proxy.answer("/releases", Answer(200, b'{"items": []}'), "GET")
    done = project.report("--build-version", "3.1")
    assert done.status == "delivered"
    assert "no active release" in " ".join(done.outcome["warnings"])


def test_an_outage_during_set_up_is_made_up_for_by_push(onetest: LocalOneTest, project: Project) -> None:
    project.write("out/a.xml", SUITE)
    project.proxy.answer("/api/membership/", HangUp())
    failed = project.report(*ENVIRONMENT, "--build-version", "4.0", "--deployment")
    assert (failed.status, failed.error, failed.launch_id) == ("failed", "connection-lost", "")
    project.proxy.rule = None
    done = project.push(failed.bundle, "--deployment")
    launch = onetest.launch(done.launch_id)
    assert launch["build_id"] == done.outcome["build"]["id"] != ""
    assert launch["environment_id"] == done.outcome["environment"]["id"] != ""
    path = f"/api/membership/api/v1/products/{onetest.product_id}/environments/{launch['environment_id']}"
    deployed = [one["build_id"] for one in onetest.get(f"{path}/deployments")["items"]]
    assert deployed.count(launch["build_id"]) == 1
