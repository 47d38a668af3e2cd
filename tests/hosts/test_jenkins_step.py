"""The Jenkins step, run by the Groovy that Jenkins embeds (2.4) with steps that really run commands.

Not covered, since no Jenkins is at hand: its interpreter (CPS), the sandbox's list, the plugins themselves.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.command import COMMAND, environment
from support.host_tools import tool
from support.image import ROOT, TAG, Engine
from support.onetest import LocalOneTest

pytestmark = pytest.mark.hosts

HARNESS = Path(__file__).parent / "jenkins"
STEP = ROOT / "vars" / "onetestReport.groovy"
SUITE = (
    "<testsuite name='s'><testcase classname='c' name='t'/>"
    "<testcase classname='c' name='u'><failure message='red'/></testcase></testsuite>"
)
JENKINS = {
    "JENKINS_URL": "https://jenkins.acme.example/",
    "BUILD_TAG": "jenkins-shop-7",
    "BUILD_NUMBER": "7",
    "JOB_NAME": "shop",
}


class Jenkins:
    """An agent with a workspace."""

    def __init__(self, place: Path, onetest: LocalOneTest) -> None:
        self.place, self.onetest = place, onetest
        (place / "out").mkdir()
        (place / "out" / "a b.xml").write_text(SUITE, encoding="utf-8")
        (place / "out" / "old.xml").write_text(SUITE, encoding="utf-8")
        place.chmod(0o777)

    def case(self, config: dict[str, Any] | None, **machine: Any) -> dict[str, Any]:
        own = {
            "workspace": str(self.place),
            "user": f"{os.getuid()}:{os.getgid()}",
            "credentials": {"key": self.onetest.api_key, "wrong": "ak_" + "0" * 32},
            "windows": False,
        }
        return {"config": config, "machine": own | machine, "env": JENKINS}

    def given(self, **config: Any) -> dict[str, Any]:
        wanted = {"files": ["out/*.xml", "!out/old.xml"], "image": "", "credentialsId": "key"}
        target = {"productId": self.onetest.product_id, "baseUrl": self.onetest.url}
        return wanted | target | config

    def run(self, *cases: dict[str, Any]) -> list[dict[str, Any]]:
        wanted = self.place / "cases.json"
        wanted.write_text(json.dumps(cases), encoding="utf-8")
        done = subprocess.run(
            [tool("groovy"), "-cp", HARNESS, HARNESS / "Harness.groovy", STEP, wanted],
            env=environment()
            | {"PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}", "JAVA_HOME": _java_home()}
            | {name: os.environ[name] for name in ("DOCKER_HOST",) if name in os.environ},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        outcome: list[dict[str, Any]] = json.loads(done.stdout)
        return outcome


def _java_home() -> str:
    return str(Path(tool("java")).resolve().parents[1])


@pytest.fixture
def jenkins(tmp_path: Path, onetest: LocalOneTest) -> Jenkins:
    return Jenkins(tmp_path, onetest)


def steps(outcome: dict[str, Any]) -> list[str]:
    return [event["step"] for event in outcome["events"]]


def test_an_agent_s_own_command(jenkins: Jenkins) -> None:
    hostile = "x\" ; touch injected; ' $(touch injected) `touch injected`"
    named = jenkins.given(launchName=hostile, attribute={"team": "shop", "tier": 2}, json="o.json")
    delivered, gate, no_reports, refused, budget = jenkins.run(
        jenkins.case(named),
        jenkins.case(jenkins.given(failOn="any")),
        jenkins.case(jenkins.given(files="none/*.xml")),
        jenkins.case(jenkins.given(credentialsId="wrong")),
        jenkins.case(jenkins.given(maxApiCalls=1, mode="launch", failOnUploadError=True)),
    )
    assert (delivered["returned"]["exitCode"], steps(delivered)) == (0, ["sh"]), delivered
    (sh,) = delivered["events"]
    assert sh["script"] == "onetest-ci report"
    assert jenkins.onetest.api_key not in json.dumps(delivered)
    launch = next(one for one in jenkins.onetest.launches() if one["name"] == hostile)
    attributes = {(one["key"], one["value"]) for one in launch["attributes"]}
    assert {("team", "shop"), ("tier", "2"), ("ci", "jenkins"), ("build", "7")} <= attributes
    assert len(jenkins.onetest.cases(launch["uuid"])) == 2
    assert json.loads((jenkins.place / "o.json").read_text())["upload_status"] == "delivered"
    assert not (jenkins.place / "injected").exists()

    assert (gate["returned"]["exitCode"], steps(gate)) == (1, ["sh", "unstable"])
    assert (no_reports["returned"]["exitCode"], steps(no_reports)) == (3, ["sh", "unstable"])
    assert steps(refused) == ["sh", "archiveArtifacts", "error"]
    assert "exit code 5" in refused["failed"]
    assert (budget["returned"]["exitCode"], steps(budget)) == (6, ["sh", "archiveArtifacts", "unstable"])


def test_the_image_runs_as_the_agent_s_user_and_takes_docker_arguments(
    engine: Engine, jenkins: Jenkins
) -> None:
    del engine
    wanted = jenkins.given(image=TAG, dockerArgs="--network=host", launchName="in a container")
    (outcome,) = jenkins.run(jenkins.case(wanted, user="12345:54321"))
    assert (outcome["returned"]["exitCode"], steps(outcome)) == (0, ["inside", "sh"]), outcome
    assert outcome["events"][1]["inside"]
    assert any(one["name"] == "in a container" for one in jenkins.onetest.launches())
    assert jenkins.onetest.api_key not in json.dumps(outcome)


def test_what_is_wrong_in_the_call_is_said_before_anything_runs(jenkins: Jenkins) -> None:
    unknown, no_credentials = jenkins.run(
        jenkins.case(jenkins.given(launchname="x")),
        jenkins.case(jenkins.given(credentialsId="nobody")),
    )
    assert steps(unknown) == ["error"]
    assert unknown["failed"].startswith("onetestReport: unknown launchname. Known: credentialsId,")
    assert "launchName" in unknown["failed"]
    assert steps(no_credentials) == ["error"]


def test_windows_agents_and_other_verdicts(jenkins: Jenkins) -> None:
    strict, lax, bare = jenkins.run(
        jenkins.case(jenkins.given(unstableExitCodes=[]), windows=True, batReturns=4),
        jenkins.case(jenkins.given(unstableExitCodes=[5]), windows=True, batReturns=5),
        jenkins.case(None, windows=True, batReturns=0, credentials={}) | {"config": {"image": ""}},
    )
    assert steps(strict) == ["bat", "error"]
    assert steps(lax) == ["bat", "unstable"]
    bat = lax["events"][0]
    assert bat["script"] == "@onetest-ci report"
    assert bat["env"]["ONETEST_FILES"] == "out/*.xml\n!out/old.xml"
    assert bat["env"]["ONETEST_API_KEY"] == jenkins.onetest.api_key
    assert (bare["returned"]["exitCode"], steps(bare)) == (0, ["bat"])
    assert set(bare["events"][0]["env"]) == {*JENKINS, "ONETEST_JSON"}


def test_it_returns_what_became_of_the_results_and_describes_the_build(jenkins: Jenkins) -> None:
    # The outcome of an earlier build must not count for a build that wrote none.
    (jenkins.place / "onetest-outcome.json").write_text('{"launch_url": "stale"}', encoding="utf-8")
    wrong, delivered, again = jenkins.run(
        jenkins.case(jenkins.given(mode="nonsense", describeBuild=True)),
        jenkins.case(jenkins.given(describeBuild=True)),
        jenkins.case(jenkins.given(describeBuild=True)) | {"description": "nightly"},
    )
    assert steps(wrong) == ["sh", "error"]
    assert "stale" not in json.dumps(wrong)
    outcome = delivered["returned"]
    launch = jenkins.onetest.launch(outcome["launchId"])
    assert outcome == {
        "exitCode": 0,
        "uploadStatus": "delivered",
        "launchId": launch["uuid"],
        "launchUrl": launch["link"],
        "bundlePath": "",
        "tests": 2,
        "passed": 1,
        "failed": 1,
        "skipped": 0,
        "flaky": 0,
    }
    text = f"OneTest: 2 tests, 1 failed, 0 skipped, {outcome['launchUrl']}"
    assert delivered["description"] == text
    assert again["description"].startswith("nightly\nOneTest: 2 tests, 1 failed")


def test_what_was_not_delivered_is_archived_before_the_build_fails(jenkins: Jenkins) -> None:
    away = {"baseUrl": "http://127.0.0.1:9", "waitForService": 0}
    lax, strict, named, unwanted = jenkins.run(
        jenkins.case(jenkins.given(**away)),
        jenkins.case(jenkins.given(**away, failOnUploadError=True, unstableExitCodes=[])),
        jenkins.case(jenkins.given(**away, bundle="kept/here")),
        jenkins.case(jenkins.given(**away, archiveBundle=False)),
    )
    for outcome, following in ((lax, []), (strict, ["error"]), (named, [])):
        assert steps(outcome) == ["sh", "archiveArtifacts", *following]
        assert "bundle.json" in outcome["events"][1]["found"]
    assert named["events"][1]["artifacts"] == "kept/here/**"
    assert lax["returned"]["uploadStatus"] == "failed"
    assert steps(unwanted) == ["sh"]
