"""gitlab-ci-local runs pipelines with the GitLab component, and with the image as a job's image."""

import subprocess
from pathlib import Path

import pytest
import yaml

from support.command import environment
from support.host_tools import node, node_module, tool
from support.image import ROOT, TAG, Engine, address
from support.onetest import LocalOneTest

pytestmark = pytest.mark.hosts

SUITE = (
    "<testsuite name='s'><testcase classname='c' name='t'/>"
    "<testcase classname='c' name='u'><failure message='red'/></testcase></testsuite>"
)
TEST_JOB = {
    "stage": "test",
    "image": TAG,
    "script": ["onetest-ci inspect made.xml", "mkdir -p out && cp made.xml out/a.xml", "exit 1"],
    "artifacts": {"when": "always", "paths": ["out/"]},
}


class Ran:
    def __init__(self, done: subprocess.CompletedProcess[str], place: Path) -> None:
        self.code, self.log = done.returncode, done.stdout + done.stderr
        self.place = place


class Pipeline:
    """A project with the component in its own repository, as the component's own pipeline includes it."""

    def __init__(self, place: Path, onetest: LocalOneTest, helper: str) -> None:
        self.place, self.onetest, self.helper = place, onetest, helper
        template = place / "templates" / "report" / "template.yml"
        template.parent.mkdir(parents=True)
        template.write_bytes((ROOT / "templates" / "report" / "template.yml").read_bytes())
        (place / "made.xml").write_text(SUITE, encoding="utf-8")

    def run(self, jobs: dict[str, object], *, url: str = "") -> Ran:
        (self.place / ".gitlab-ci.yml").write_text(yaml.safe_dump(jobs), encoding="utf-8")
        git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
        for command in (
            ["init", "-q", "-b", "main"],
            ["remote", "add", "origin", "git@gitlab.example.com:acme-shop/checkout-service.git"],
            ["add", "-A"],
            ["commit", "-q", "-m", "tests"],
        ):
            subprocess.run([*git, *command], cwd=self.place, check=True, capture_output=True)
        variables = {
            "ONETEST_API_KEY": self.onetest.api_key,
            "ONETEST_PRODUCT_ID": self.onetest.product_id,
            "ONETEST_BASE_URL": url or self.onetest.url,
        }
        done = subprocess.run(
            [
                node(),
                node_module("gitlab-ci-local/dist/index.js"),
                "--pull-policy=if-not-present",
                f"--helper-image={self.helper}",
                "--network=host",
                f"--home={self.place / '.home'}",
                *(f"--variable={name}={value}" for name, value in variables.items()),
            ],
            cwd=self.place,
            env=environment() | {"DOCKER_HOST": address(), "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(done, self.place)


def component(**inputs: object) -> dict[str, object]:
    given = {"image": TAG, "stage": "report", "files": "out/*.xml\n!out/old.xml\n", **inputs}
    given = {name.replace("_", "-"): value for name, value in given.items()}
    return {"component": "$CI_SERVER_FQDN/$CI_PROJECT_PATH/report@$CI_COMMIT_SHA", "inputs": given}


@pytest.fixture(scope="module")
def helper(engine: Engine) -> str:
    """The image with which gitlab-ci-local copies artifacts."""
    tool("rsync")
    return engine.image_with("bash", "rsync")


@pytest.fixture
def pipeline(helper: str, onetest: LocalOneTest, tmp_path: Path) -> Pipeline:
    return Pipeline(tmp_path, onetest, helper)


def test_the_component_reports_after_failed_tests_and_hands_the_ids_on(pipeline: Pipeline) -> None:
    jobs = {
        "stages": ["test", "report", "after"],
        "include": [component(launch_name="$CI_PROJECT_NAME by component", environment="stage")],
        "test": TEST_JOB,
        # As a job's image: a shell gets the script.
        "plain": {
            "image": TAG,
            "script": ["head -n 1 /etc/os-release", "onetest-ci report made.xml"],
            "variables": {"ONETEST_LAUNCH_NAME": "plain job"},
        },
        "after": {
            "stage": "after",
            "image": TAG,
            "when": "always",
            "script": ['echo "launch=$ONETEST_LAUNCH_ID failed=$ONETEST_FAILED $ONETEST_UPLOAD_STATUS"'],
        },
    }
    ran = pipeline.run(jobs)
    launches = pipeline.onetest.launches()
    launch = next((one for one in launches if one["name"] == "checkout-service by component"), None)
    assert launch, ran.log
    assert len(pipeline.onetest.cases(launch["uuid"])) == 2, ran.log
    assert f"launch={launch['uuid']} failed=1 delivered" in ran.log
    assert any(one["name"] == "plain job" for one in launches)
    assert pipeline.onetest.api_key not in ran.log


@pytest.mark.parametrize(("warned", "ends"), [([1, 4, 6], "WARN 4"), ([1], "FAIL 4")])
def test_exit_codes_are_warnings_as_the_component_is_told(
    pipeline: Pipeline, warned: list[int], ends: str
) -> None:
    wanted = component(warn_exit_codes=warned, fail_on_upload_error="true", files="made.xml")
    ran = pipeline.run({"stages": ["report"], "include": [wanted]}, url="http://127.0.0.1:9")
    assert ends in ran.log


def test_an_unknown_choice_is_refused_before_anything_runs(pipeline: Pipeline) -> None:
    ran = pipeline.run({"stages": ["report"], "include": [component(mode="fastest")]})
    assert ran.code != 0
    assert "fastest" in ran.log
    assert "onetest starting" not in ran.log
