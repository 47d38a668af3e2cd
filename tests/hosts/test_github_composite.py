"""The composite action: its own shell line and program, with this Python in place of setup-python."""

from pathlib import Path

import pytest

from support.github_action import Runner
from support.onetest import LocalOneTest

SUITE = "<testsuite name='s'><testcase classname='c' name='t' file='FILE'><failure/></testcase></testsuite>"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("composite"))


def test_it_installs_itself_and_reports(onetest: LocalOneTest, runner: Runner) -> None:
    runner.write("out/a b.xml", SUITE.replace("FILE", str(runner.workspace / "tests/test_x.py")))
    before = runner.files()
    wanted = {
        "api-key": onetest.api_key,
        "product-id": onetest.product_id,
        "base-url": onetest.url,
        "files": f"{runner.workspace}/out/a b.xml\n!**/old.xml",
        "launch-name": "$(touch injected) `touch injected` \"; touch injected; '",
    }
    contexts = {"toJson(matrix)": '{"os": "macos-latest"}', "job.check_run_id": "9"}
    step = runner.composite(wanted, contexts=contexts, env={"PYTHONPATH": str(runner.workspace)})
    assert step.code == 0, step.stderr
    assert (step.outputs["upload-status"], step.outputs["tests"]) == ("delivered", "1")
    launch = onetest.launch(step.outputs["launch-id"])
    assert launch["name"] == wanted["launch-name"]
    attributes = {one["key"]: one["value"] for one in launch["attributes"]}
    assert attributes["job"] == "unit (macos-latest)"
    assert runner.files() == before
    assert step.left == {}


def test_a_second_step_of_the_job_installs_nothing_again(onetest: LocalOneTest, runner: Runner) -> None:
    (ready,) = runner.temp.glob("onetest-ci-*/ready")
    made = ready.stat().st_mtime_ns
    step = runner.composite(
        {"files": "out/none.xml", "api-key": onetest.api_key, "product-id": onetest.product_id}
    )
    assert step.code == 3
    assert step.outputs["upload-status"] == "skipped"
    assert ("error", "onetest-ci: file-not-found") in step.annotations
    assert ready.stat().st_mtime_ns == made


def test_its_pinned_action_is_named_by_a_commit() -> None:
    text = (Path(__file__).parents[2] / "composite" / "action.yml").read_text(encoding="utf-8")
    assert "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0" in text
