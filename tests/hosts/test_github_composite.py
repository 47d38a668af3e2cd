"""The composite action runs its shell line and program, with this Python instead of setup-python."""

from pathlib import Path

import pytest
import yaml

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


@pytest.fixture
def installed(onetest: LocalOneTest, runner: Runner) -> Runner:
    """A runner on which an earlier step of the job has installed the package."""
    if not list(runner.temp.glob("onetest-ci-*/pyvenv.cfg")):
        runner.composite(
            {"files": "out/none.xml", "api-key": onetest.api_key, "product-id": onetest.product_id}
        )
    return runner


def test_a_second_step_of_the_job_installs_nothing_again(onetest: LocalOneTest, installed: Runner) -> None:
    runner = installed
    (made_by,) = runner.temp.glob("onetest-ci-*/pyvenv.cfg")
    made = made_by.stat().st_mtime_ns
    step = runner.composite(
        {"files": "out/none.xml", "api-key": onetest.api_key, "product-id": onetest.product_id}
    )
    assert step.code == 3
    assert step.outputs["upload-status"] == "skipped"
    assert ("error", "onetest-ci: file-not-found") in step.annotations
    assert made_by.stat().st_mtime_ns == made


def test_an_installation_that_cannot_be_imported_is_made_anew_without_the_job_s_pip(
    onetest: LocalOneTest, installed: Runner
) -> None:
    """The package is gone, and the job's pip would lead to nowhere or elsewhere."""
    runner = installed
    (paths,) = runner.temp.glob("onetest-ci-*/lib/*/site-packages/onetest_ci.pth")
    paths.write_text("/gone\n", encoding="utf-8")
    given = {"files": "out/none.xml", "api-key": onetest.api_key, "product-id": onetest.product_id}
    job = {"PIP_TARGET": str(runner.temp / "elsewhere"), "PIP_REQUIRE_VIRTUALENV": "nonsense"}
    step = runner.composite(given, env=job)
    assert step.code == 3, step.stderr
    assert not (runner.temp / "elsewhere").exists()


def test_a_failed_installation_is_not_failed_tests(tmp_path: Path) -> None:
    # A file occupies the path of the environment.
    runner = Runner(tmp_path)
    (tmp_path / "a file").write_text("", encoding="utf-8")
    step = runner.composite({"files": "out"}, env={"RUNNER_TEMP": str(tmp_path / "a file" / "temp")})
    assert step.code == 2
    assert ("error", "onetest-ci") in step.annotations
    assert "Traceback" not in step.stderr


def test_bash_of_windows_leaves_values_as_they_are() -> None:
    """Git's bash is not run here. These variables make it leave values unchanged."""
    action = yaml.safe_load(
        (Path(__file__).parents[2] / "composite" / "action.yml").read_text(encoding="utf-8")
    )
    env = action["runs"]["steps"][-1]["env"]
    assert (env["MSYS2_ENV_CONV_EXCL"], env["MSYS2_ARG_CONV_EXCL"], env["MSYS_NO_PATHCONV"]) == (
        "*",
        "*",
        "1",
    )


def test_its_pinned_action_is_named_by_a_commit() -> None:
    text = (Path(__file__).parents[2] / "composite" / "action.yml").read_text(encoding="utf-8")
    assert "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0" in text
