"""In a job of GitLab CI or Jenkins, the launch describes the job, and the log has no commands of GitHub."""

import json
from pathlib import Path

import pytest

from support.github_runner import commands
from support.onetest import LocalOneTest
from support.project import Project

ENVIRONMENTS = Path(__file__).parents[1] / "ci" / "environments"
SUITE = "<testsuite><testcase classname='c' name='t'><failure message='::error::x'/></testcase></testsuite>"
PATHS = {"PATH", "HOME", "CI_PROJECT_DIR", "WORKSPACE", "WORKSPACE_TMP", "PWD", "TMPDIR"}
TOLD = {
    "ci": "host",
    "build": "build_number",
    "branch": "branch",
    "tag": "tag",
    "commit": "commit",
    "pull_request": "pull_request",
    "run_url": "run_url",
    "job": "job",
    "actor": "actor",
}


@pytest.mark.parametrize(
    "name",
    [
        "gitlab-branch",
        "gitlab-merge-request",
        "gitlab-tag",
        "jenkins-classic",
        "jenkins-multibranch-pull-request",
        "jenkins-multibranch-tag",
    ],
)
def test_the_launch_tells_of_the_job(onetest: LocalOneTest, project: Project, name: str) -> None:
    recorded = json.loads((ENVIRONMENTS / f"{name}.json").read_text(encoding="utf-8"))
    expected = recorded["expected"]
    project.write("out/a.xml", SUITE)
    # On these hosts GitHub's variables for inputs and files belong to other programs.
    foreign = {"INPUT_MODE": "import", "GITHUB_OUTPUT": str(project.path / "foreign")}
    own = {key: value for key, value in recorded["env"].items() if key not in PATHS}
    done = project.report(env=own | foreign)
    assert done.code == 0, done.stderr
    launch = onetest.launch(done.launch_id)
    assert launch["name"] == expected["default_launch_name"]
    attributes = {one["key"]: one["value"] for one in launch["attributes"]}
    for key, field in TOLD.items():
        value = expected.get(field, "")
        if len(value) <= 128:
            assert attributes.get(key, "") == value
    build = onetest.get(f"/api/membership/api/v1/products/{onetest.product_id}/builds/{launch['build_id']}")
    assert build["version"] == expected["default_build_version"]
    assert commands(done.stdout + done.stderr) == []
    assert onetest.api_key not in done.stdout + done.stderr
    assert not (project.path / "foreign").exists()


def test_a_merge_request_of_a_fork_without_key(project: Project) -> None:
    recorded = json.loads((ENVIRONMENTS / "gitlab-merge-request-fork.json").read_text(encoding="utf-8"))
    project.write("out/a.xml", SUITE)
    own = {key: value for key, value in recorded["env"].items() if key not in PATHS}
    done = project.report(env=own | {"ONETEST_API_KEY": "", "ONETEST_PRODUCT_ID": ""})
    assert (done.code, done.status) == (0, "skipped"), done.stderr
    assert recorded["expected"]["untrusted"] in done.stdout
    assert (Path(done.bundle) / "bundle.json").is_file()
