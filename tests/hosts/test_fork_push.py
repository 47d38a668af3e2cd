"""The results of a fork's pull request are collected without a key, kept, and pushed by a second workflow."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.bundles import edit_manifest, write_log
from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest
from support.project import Project, Reported
from support.proxy import HangUp

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / "tests" / "ci" / "environments"
WORKFLOWS = ROOT / "examples" / "workflows"
SUITE = (
    "<testsuite name='s'><testcase classname='c' name='good'/><testcase classname='c' name='bad'>"
    "<failure message='red'/></testcase></testsuite>"
)
# Run the image's command without the image, with the arguments behind the image's name.
DOCKER = """#!/bin/sh
while [ "$1" != ghcr.io/onetest/report-action:1 ]; do
  case "$1" in *:/bundle) bundle=${1%:/bundle} ;; esac
  shift
done
shift
command=$1
shift
set -- "$command" "$@"
cd "$bundle" && exec COMMAND "$@"
"""


def steps(workflow: str, job: str) -> list[dict[str, Any]]:
    recorded = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))
    return list(recorded["jobs"][job]["steps"])


@pytest.fixture
def collected(project: Project) -> Reported:
    """The result of the first workflow."""
    recorded = json.loads((ENVIRONMENTS / "github-pull-request-fork.json").read_text(encoding="utf-8"))
    event = project.path / "event.json"
    event.write_text(json.dumps(recorded["event"]), encoding="utf-8")
    project.write("out/a.xml", SUITE)
    (action,) = [step for step in steps("github.yml", "test") if step.get("id") == "onetest"]
    inputs = {
        f"INPUT_{name.upper()}": str(value)
        for name, value in action["with"].items()
        if "${{" not in str(value)
    }
    kept = {key: value for key, value in recorded["env"].items() if key not in {"PATH", "HOME"}}
    project.env = (
        kept
        | inputs
        | {
            "INPUT_FILES": "out",
            "INPUT_JSON": str(project.path / "outcome.json"),
            "INPUT_BASE-URL": project.proxy.url,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_WORKSPACE": str(project.path),
            "GITHUB_OUTPUT": str(project.path / "output"),
            "GITHUB_STEP_SUMMARY": str(project.path / "summary"),
            "RUNNER_TEMP": str(project.path),
        }
    )
    return project.report_as_it_is(env=project.env, outcome=project.path / "outcome.json")


def test_without_a_key_it_is_one_notice_and_no_failure(project: Project, collected: Reported) -> None:
    assert (collected.code, collected.status) == (0, "skipped")
    assert collected.stdout.count("::notice") == 1
    assert "Push the bundle from a trusted workflow" in collected.stdout
    # The failed test is annotated, and nothing else is an error.
    assert collected.stdout.count("::error ") == collected.stdout.count("::error title=Failed%3A ") == 1
    assert "::warning" not in collected.stdout
    assert (project.path / "onetest-bundle" / "bundle.json").is_file()
    assert project.proxy.requests == []


class Second:
    """The pushing step of the second workflow, run by the shell that GitHub uses."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.bundles = project.path / "bundles"
        self.state = project.path / "state"
        self._event = project.path / "workflow_run.json"
        self.tested(7)
        tools = project.path / "tools"
        tools.mkdir()
        docker = tools / "docker"
        docker.write_text(DOCKER.replace("COMMAND", COMMAND), encoding="utf-8")
        docker.chmod(0o755)
        self._path = f"{tools}:{os.environ['PATH']}"

    def tested(self, run_id: int) -> None:
        """Set the run that ended."""
        ended = {"id": run_id, "run_attempt": 1, "event": "pull_request", "head_sha": "a" * 40}
        self._event.write_text(json.dumps({"workflow_run": ended}), encoding="utf-8")

    def download(self, bundle: Path) -> Path:
        target = self.bundles / "onetest-bundle-0"
        shutil.copytree(bundle, target)
        return target

    def run(self) -> subprocess.CompletedProcess[str]:
        (step,) = [one for one in steps("github-fork-push.yml", "push") if "run" in one]
        return subprocess.run(
            ["bash", "-e", "-c", step["run"].replace("/bundle ||", ". ||").replace(" /state", ' "$STATE"')],
            cwd=self._project.path,
            env=environment(
                {
                    "PATH": self._path,
                    "BUNDLES": str(self.bundles),
                    "STATE": str(self.state),
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_EVENT_NAME": "workflow_run",
                    "GITHUB_EVENT_PATH": str(self._event),
                    "GITHUB_SERVER_URL": "https://github.example",
                    "GITHUB_REPOSITORY": "shop/cart",
                    "GITHUB_RUN_ID": "70",
                    "ONETEST_API_KEY": self._project.onetest.api_key,
                    "ONETEST_PRODUCT_ID": self._project.onetest.product_id,
                    "ONETEST_BASE_URL": self._project.proxy.url,
                }
            ),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def second(project: Project) -> Second:
    return Second(project)


def launches(onetest: LocalOneTest, bundle: Path) -> list[dict[str, Any]]:
    name = json.loads((bundle / "bundle.json").read_bytes())["launch_name"] + " (untrusted)"
    return [launch for launch in onetest.launches() if launch["name"] == name]


def unique(bundle: Path, name: str, **fields: object) -> None:
    """Set fields of a bundle, as its author could."""
    edit_manifest(bundle, launch_name=name, **fields)


@pytest.mark.usefixtures("collected")
def test_the_second_workflow_pushes_it(
    onetest: LocalOneTest, project: Project, second: Second, tmp_path: Path
) -> None:
    bundle = second.download(project.path / "onetest-bundle")
    unique(bundle, str(tmp_path), environment="production", environment_url="https://shop.example")
    done = second.run()
    assert done.returncode == 0, done.stderr
    (launch,) = launches(onetest, bundle)
    assert launch["status"] == "failed"
    assert {"key": "untrusted", "value": "true"} in launch["attributes"]
    assert launch["build_id"] is None
    assert not any("/membership/" in request.path for request in project.proxy.requests)
    assert sorted(case["name"] for case in onetest.cases(launch["id"])) == ["bad", "good"]
    # A second run, which people can start on the page of the run, sends nothing twice.
    second.run()
    assert len(launches(onetest, bundle)) == 1
    assert len(onetest.cases(launch["id"])) == 2


@pytest.mark.usefixtures("collected")
def test_one_fork_cannot_keep_another_one_out(
    onetest: LocalOneTest, project: Project, second: Second, tmp_path: Path
) -> None:
    victim = second.download(project.path / "onetest-bundle")
    uuid = json.loads((victim / "bundle.json").read_bytes())["launch_uuid"]
    unique(victim, f"victim {tmp_path}")
    kept = shutil.move(victim, tmp_path / "victim")
    evil = second.download(project.path / "onetest-bundle")
    unique(evil, f"evil {tmp_path}", launch_uuid=uuid)
    assert second.run().returncode == 0
    shutil.rmtree(evil)
    shutil.move(kept, victim)
    second.tested(8)
    done = second.run()
    assert done.returncode == 0, done.stdout + done.stderr
    (launch,) = launches(onetest, victim)
    assert len(onetest.cases(launch["id"])) == 2


def test_without_anything_left_to_send_it_is_content(second: Second) -> None:
    second.bundles.mkdir()
    assert second.run().returncode == 0


@pytest.mark.usefixtures("collected")
def test_what_cannot_be_sent_fails_the_second_workflow(project: Project, second: Second) -> None:
    second.download(project.path / "onetest-bundle")
    project.proxy.answer("/api/", HangUp())
    assert second.run().returncode == 4


@pytest.mark.usefixtures("collected")
def test_a_bundle_cannot_add_to_another_launch(
    onetest: LocalOneTest, project: Project, second: Second, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.xml").write_text(SUITE, encoding="utf-8")
    env = onetest.env
    own = run("report", "own", "--bundle", "own-bundle", cwd=tmp_path, env=env)
    assert own.returncode == 0, own.stderr
    victim = json.loads((tmp_path / "own-bundle" / "bundle.json").read_bytes())["launch_uuid"]
    before = onetest.items(victim)
    bundle = second.download(project.path / "onetest-bundle")
    unique(bundle, str(tmp_path), launch_uuid=victim)
    shutil.copyfile(tmp_path / "own-bundle" / "delivery.jsonl", bundle / "delivery.jsonl")
    assert second.run().returncode == 0
    assert onetest.items(victim) == before
    (launch,) = launches(onetest, bundle)
    assert launch["uuid"] != victim
    assert len(onetest.cases(launch["id"])) == 2


@pytest.mark.usefixtures("collected")
def test_what_a_bundle_claims_to_have_been_told_is_not_repeated(
    onetest: LocalOneTest, project: Project, second: Second, tmp_path: Path
) -> None:
    bundle = second.download(project.path / "onetest-bundle")
    unique(bundle, str(tmp_path), attributes=[["untrusted", "no"], ["team", "shop"]])
    claims = [
        {"step": "plan", "mode": "launch", "product_id": onetest.product_id},
        {"step": "launch", "id": "x", "number": 1},
        {"step": "launch-finish", "link": "https://evil.example/launch"},
        {"step": "delivered"},
    ]
    write_log(bundle, *map(json.dumps, claims))
    done = second.run()
    assert done.returncode == 0, done.stderr
    assert "evil.example" not in done.stdout + done.stderr
    (launch,) = launches(onetest, bundle)
    attributes = {one["key"]: one["value"] for one in launch["attributes"]}
    assert (attributes["untrusted"], attributes["team"]) == ("true", "shop")


@pytest.mark.usefixtures("collected")
def test_a_damaged_bundle_is_refused_before_anything_is_sent(project: Project, second: Second) -> None:
    bundle = second.download(project.path / "onetest-bundle")
    with (bundle / "items.jsonl").open("a", encoding="utf-8") as items:
        items.write('{"case":{"ordinal":9,"suite":77,"name":"n"}}\n')
    done = second.run()
    assert (done.returncode, "error[bad-bundle]" in done.stderr) == (4, True)
    assert project.proxy.requests == []


def test_the_second_workflow_runs_nothing_of_the_first() -> None:
    text = (WORKFLOWS / "github-fork-push.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    assert document["permissions"] == {"actions": "read"}
    assert "checkout" not in "".join(str(step.get("uses")) for step in steps("github-fork-push.yml", "push"))
    for step in steps("github-fork-push.yml", "push"):
        assert "${{" not in step.get("run", "")
