"""The container action as GitHub's runner runs it, with the image built from this tree."""

import json
import os
from pathlib import Path

import pytest

from support.github_action import OWNER, Runner
from support.hostile import hostile_suite
from support.image import Engine
from support.onetest import LocalOneTest

pytestmark = pytest.mark.hosts

SUITE = (
    "<testsuite name='s'><testcase classname='c' name='good'/><testcase classname='c' name='bad'>"
    "<failure message='red'/></testcase></testsuite>"
)
FORK = json.loads(
    (Path(__file__).parents[1] / "ci" / "environments" / "github-pull-request-fork.json").read_text()
)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def given(onetest: LocalOneTest, **inputs: str) -> dict[str, str]:
    wanted = {
        "api-key": onetest.api_key,
        "product-id": onetest.product_id,
        "base-url": onetest.url,
        "files": "out",
    }
    return wanted | {name.replace("_", "-"): value for name, value in inputs.items()}


def test_a_step_reports_and_leaves_the_workspace_as_it_was(
    engine: Engine, onetest: LocalOneTest, runner: Runner
) -> None:
    runner.write("out/a.xml", SUITE)
    runner.give_to_owner()
    before = runner.files()
    contexts = {
        "toJson(matrix)": json.dumps({"os": "ubuntu-latest", "python": "3.13"}),
        "job.check_run_id": "54071",
    }
    step = runner.container(
        engine, given(onetest, environment="stage", environment_url="https://s.example"), contexts=contexts
    )
    assert step.code == 0, step.stderr
    launch = onetest.launch(step.outputs["launch-id"])
    assert step.outputs == {
        "launch-id": launch["uuid"],
        "launch-url": launch["link"],
        "build-id": launch["build_id"],
        "environment-id": launch["environment_id"],
        "tests": "2",
        "passed": "1",
        "failed": "1",
        "skipped": "0",
        "flaky": "0",
        "new-failures": "",
        "fixed": "",
        "quarantined": "0",
        "gate": "",
        "api-calls": step.outputs["api-calls"],
        "upload-status": "delivered",
        "bundle-path": "",
    }
    attributes = {one["key"]: one["value"] for one in launch["attributes"]}
    assert attributes["job"] == "unit (ubuntu-latest, 3.13)"
    assert attributes["job_url"].endswith("/actions/runs/18853836109/job/54071")
    assert step.stdout.splitlines()[0] == f"::add-mask::{onetest.api_key}"
    assert step.summary.startswith("### ❌")
    assert (step.annotations, step.left) == ([("error", "Failed: c > bad")], {})
    assert runner.files() == before
    others = {"_github_home", "_github_workflow", "_runner_file_commands"}
    assert {place.name for place in runner.temp.iterdir()} == others


def test_paths_that_the_steps_before_spelled_lead_into_the_container(
    engine: Engine, onetest: LocalOneTest, runner: Runner
) -> None:
    there = runner.workspace
    shots = [runner.write(f"shots/{name}.png", b"\x89PNG\r\n\x1a\n" + name.encode()) for name in "abcd"]
    windows = f"D:\\a\\{there.name}\\{there.name}\\shots\\c.png"
    marks = [
        str(shots[0]),
        f"file://{shots[1]}",
        windows,
        f"/__w/{there.name}/{there.name}/shots/d.png",
        "/opt/outside/e.png",
    ]
    said = "\n".join(f"[[ATTACHMENT|{mark}]]" for mark in marks)
    runner.write(
        "out/one.xml",
        f"<testsuite><testcase classname='c' name='t' file='{there}/tests/test_x.py'><failure/>"
        f"<system-out>{said}</system-out></testcase></testsuite>",
    )
    for name in ("out/two/two.xml", "out/two/old.xml", "out/three.xml"):
        runner.write(name, SUITE)
    runner.write("logs/server.log", "up")
    runner.give_to_owner()
    # The runner translates the first line only, and no excluding pattern.
    files = f"{there}/out/one.xml\n{there}/out/**/t*.xml\n{there}/out/two\n!{there}/out/**/old.xml"
    step = runner.container(engine, given(onetest, files=files, artifacts=f"out/none\n{there}/logs/*.log"))
    assert step.outputs["tests"] == "5", step.stderr
    case = next(one for one in onetest.cases(step.outputs["launch-id"]) if one["name"] == "t")
    assert case["code_ref"].startswith("tests/test_x.py:")
    attached = [log["attachment"]["name"] for log in onetest.logs(case["id"]) if log["attachment"]]
    assert sorted(attached) == ["a.png", "b.png", "c.png", "d.png"]
    assert "the container of the action sees the workspace only" in step.summary


def test_files_that_were_asked_for_belong_to_the_workspace_s_owner(
    engine: Engine, onetest: LocalOneTest, runner: Runner
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    runner.write("out/a.xml", SUITE)
    runner.give_to_owner()
    asked = {
        "ONETEST_JUNIT": "made/by/junit.xml",
        "ONETEST_JSON": "made/outcome.json",
        "ONETEST_SUMMARY": "summary.md",
        "ONETEST_BUNDLE": "kept/bundle",
        "ONETEST_DOTENV": "ids.env",
    }
    step = runner.container(engine, given(onetest), env=asked)
    assert step.code == 0, step.stderr
    files = runner.files()
    assert {"made/by/junit.xml", "made/outcome.json", "summary.md", "ids.env"} <= set(files)
    assert "kept/bundle/bundle.json" in files
    assert {name: uid for name, uid in files.items() if uid != OWNER[0]} == {}


def test_a_fork_s_pull_request_keeps_the_bundle_for_a_trusted_workflow(
    engine: Engine, onetest: LocalOneTest, tmp_path: Path
) -> None:
    event = {name: FORK["env"][name] for name in ("GITHUB_EVENT_NAME", "GITHUB_REF", "GITHUB_REF_NAME")}
    runner = Runner(tmp_path, repository=FORK["env"]["GITHUB_REPOSITORY"], event=FORK["event"], env=event)
    runner.write("out/a.xml", SUITE)
    runner.give_to_owner()
    step = runner.container(engine, given(onetest, api_key="", product_id=""))
    assert step.code == 0, step.stderr
    assert (step.outputs["upload-status"], step.outputs["failed"]) == ("skipped", "1")
    assert step.annotations == [("notice", "onetest-ci"), ("error", "Failed: c > bad")]
    bundle = step.outputs["bundle-path"]
    assert not bundle.startswith("/")
    assert (runner.workspace / bundle / "bundle.json").is_file()
    if os.geteuid() == 0:
        assert set(runner.files().values()) == {OWNER[0]}
    # The second workflow, on workflow_run, has the secrets; it runs the image by `uses: docker://`.
    trusted = runner.container(engine, args=["push", bundle], env=onetest.env)
    assert trusted.code == 0, trusted.stderr
    assert trusted.outputs["upload-status"] == "delivered"
    assert len(onetest.cases(trusted.outputs["launch-id"])) == 2


@pytest.mark.parametrize(
    "case",
    [
        ({"api_key": ""}, {"out/a.xml": SUITE}, 5, "refused", "onetest-ci: upload refused"),
        ({"api_key": "ak_WRONG"}, {"out/a.xml": SUITE}, 5, "refused", "onetest-ci: upload refused"),
        ({"files": "out/*.xml"}, {"out/a.txt": ""}, 3, "skipped", "onetest-ci: no-reports"),
        ({"fail_on": "any"}, {"out/a.xml": SUITE}, 1, "delivered", "onetest-ci: --fail-on any"),
    ],
    ids=["no key", "refused key", "no reports", "failed tests"],
)
def test_what_goes_wrong_fails_the_step_and_is_annotated(
    engine: Engine,
    onetest: LocalOneTest,
    runner: Runner,
    case: tuple[dict[str, str], dict[str, str], int, str, str],
) -> None:
    changed, files, code, status, title = case
    for name, text in files.items():
        runner.write(name, text)
    runner.give_to_owner()
    step = runner.container(engine, given(onetest, **changed))
    assert step.code == code, step.stderr
    assert step.outputs["upload-status"] == status
    assert ("error", title) in step.annotations
    assert step.summary


def test_hostile_names_inject_nothing(engine: Engine, onetest: LocalOneTest, runner: Runner) -> None:
    suite, count = hostile_suite()
    runner.write("out/a.xml", suite)
    runner.write("out/::error::name.xml", "<testsuite><testcase classname='c' name='x'><failure/></testcase>")
    runner.give_to_owner()
    step = runner.container(
        engine,
        given(onetest, launch_name="::error::launch ##[group]x | y"),
        env={"ONETEST_MAX_API_CALLS": "5000", "RUNNER_DEBUG": "1"},
    )
    assert step.outputs["tests"] == str(count + 1)
    assert {one.name for one in step.commands} == {"add-mask", "error"}
    assert [one.data for one in step.commands if one.name == "add-mask"] == [onetest.api_key]
    first, *of_tests, rest = step.annotations
    assert first == ("error", "onetest-ci: broken-xml")
    assert len(of_tests) == 8
    assert all(level == "error" and title.startswith("Failed: ") for level, title in of_tests)
    assert rest == ("error", f"onetest-ci: {count + 1 - 8} more tests failed")
    assert step.left == {}
    assert f"#### Failed tests ({count + 1})" in step.summary
    assert onetest.api_key not in step.stdout.replace(f"::add-mask::{onetest.api_key}", "") + step.stderr
