"""A bundle from somebody without secrets: a further push goes on, by a log that its author cannot write."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.bundles import edit_manifest
from support.command import COMMAND, QUICK_PAUSES, environment, run
from support.onetest import LocalOneTest
from support.project import Project, Reported
from support.proxy import HangUp

SUITE = (
    "<testsuite name='s'>"
    + "".join(f"<testcase classname='c' name='t{n}'/>" for n in range(4))
    + "</testsuite>"
)


class Stranger:
    """A bundle of a fork, and pushes of it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.directory = project.path / "bundle"
        self.state = project.path / "state"
        project.write("out/a.xml", SUITE)
        done = run("collect", "out", "--bundle", "bundle", cwd=project.path, env=project.env)
        assert done.returncode == 0, done.stderr

    def push(self, *more: str, **variables: str) -> Reported:
        outcome = self.project.path / "outcome.json"
        done = run(
            *("push", "bundle", "--untrusted", "--mode", "launch", "--json", str(outcome)),
            *("--state", str(self.state), "--connections", "1", *more),
            cwd=self.project.path,
            env=self.project.env | QUICK_PAUSES | variables,
        )
        content = json.loads(outcome.read_text(encoding="utf-8")) if outcome.exists() else {}
        return Reported(done.returncode, done.stdout, done.stderr, content)

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [
                *(COMMAND, "push", "bundle", "--untrusted", "--mode", "launch"),
                *("--state", str(self.state), "--connections", "1"),
            ],
            cwd=self.project.path,
            env=environment(self.project.env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def cases(self, launch: Reported) -> list[str]:
        return sorted(case["name"] for case in self.project.onetest.cases(launch.launch_id))

    @property
    def writes(self) -> int:
        return sum(request.path.startswith("/api/") for request in self.project.proxy.requests)


@pytest.fixture
def stranger(project: Project) -> Stranger:
    return Stranger(project)


TESTS = ["t0", "t1", "t2", "t3"]


def test_a_delivered_bundle_is_not_sent_again(stranger: Stranger) -> None:
    first = stranger.push()
    assert (first.code, stranger.cases(first)) == (0, TESTS), first.stderr
    sent = stranger.writes
    again = stranger.push()
    assert (again.code, again.status, again.launch_id) == (0, "delivered", first.launch_id)
    assert stranger.writes == sent
    assert not (stranger.directory / "delivery.jsonl").exists()


@pytest.mark.parametrize("after_acting", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3, 6, 11, 12, 13])
def test_a_push_that_broke_off_goes_on(stranger: Stranger, number: int, *, after_acting: bool) -> None:
    stranger.project.proxy.hang_up_from(number, after_acting=after_acting)
    cut = stranger.push("--wait-for-service", "0")
    assert cut.code == 4, cut.stderr
    stranger.project.proxy.rule = None
    rest = stranger.push()
    assert (rest.code, stranger.cases(rest)) == (0, TESTS), rest.stderr
    assert len(rest.outcome["delivery"]["launches"]) == 1


@pytest.mark.parametrize("number", [1, 2, 7, 12])
def test_a_push_that_was_killed_goes_on(stranger: Stranger, number: int) -> None:
    stranger.project.proxy.stop_at(number)
    process = stranger.start()
    stranger.project.proxy.wait_until_stopped()
    process.kill()
    process.wait()
    stranger.project.proxy.go_on()
    rest = stranger.push()
    assert (rest.code, stranger.cases(rest)) == (0, TESTS), rest.stderr


def test_a_launch_whose_log_is_missing_is_left_alone(stranger: Stranger) -> None:
    first = stranger.push()
    shutil.rmtree(stranger.state)
    for _ in range(2):
        again = stranger.push()
        assert (again.code, again.error) == (4, "delivery-log-lost")
        assert first.launch_uuid in again.stdout + again.stderr
        assert again.delivery["api_calls"]["total"] == 1
    assert stranger.cases(first) == TESTS


def test_a_launch_whose_log_is_missing_is_completed_if_a_person_says_so(stranger: Stranger) -> None:
    stranger.project.proxy.hang_up_from(6)
    assert stranger.push("--wait-for-service", "0").code == 4
    stranger.project.proxy.rule = None
    shutil.rmtree(stranger.state)
    assert stranger.push().error == "delivery-log-lost"
    resent = stranger.push("--damaged-log", "resend")
    assert (resent.code, stranger.cases(resent)) == (0, TESTS), resent.stderr


def test_a_start_whose_response_is_lost_is_no_launch_of_another_push(stranger: Stranger) -> None:
    lost = iter([HangUp(after_acting=True)])
    stranger.project.proxy.rule = lambda request: next(lost, None) if "/launch" in request.path else None
    done = stranger.push()
    assert (done.code, stranger.cases(done)) == (0, TESTS), done.stderr


@pytest.mark.parametrize("state", ["bundle", "bundle/state"])
def test_the_state_cannot_be_inside_of_the_bundle(stranger: Stranger, state: str) -> None:
    done = stranger.push("--state", state)
    assert (done.code, "error[bad-state]" in done.stderr) == (2, True), done.stderr
    assert stranger.writes == 0
    assert not (stranger.directory / "state").exists()


def test_a_file_in_place_of_the_state_is_an_error(stranger: Stranger) -> None:
    stranger.state.write_text("", encoding="utf-8")
    done = stranger.push()
    assert (done.code, "error[bad-state]" in done.stderr) == (2, True), done.stderr


def test_the_configuration_cannot_choose_the_state(stranger: Stranger) -> None:
    stranger.project.write(".onetest.yml", "state: elsewhere\n")
    done = stranger.push()
    assert (done.code, "error[config-refused]" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("variable", ["XDG_STATE_HOME", "RUNNER_TEMP"])
def test_the_state_has_a_place_of_its_own(stranger: Stranger, tmp_path: Path, variable: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    env: dict[str, Any] = {variable: str(place)}
    if variable == "RUNNER_TEMP":
        env |= {"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "1", "GITHUB_REPOSITORY": "a/b"}
    done = run(*("push", "bundle", "--untrusted"), cwd=stranger.project.path, env=stranger.project.env | env)
    assert done.returncode == 0, done.stderr
    assert len(list(place.rglob("delivery.jsonl"))) == 1


def test_other_runs_and_other_bundles_have_other_launches(stranger: Stranger, onetest: LocalOneTest) -> None:
    one = stranger.push(ONETEST_CI="mine", ONETEST_CI_RUN_ID="1")
    two = stranger.push(ONETEST_CI="mine", ONETEST_CI_RUN_ID="2")
    # The same claim of a launch's UUID, and other content.
    edit_manifest(stranger.directory, launch_description="another")
    three = stranger.push(ONETEST_CI="mine", ONETEST_CI_RUN_ID="1")
    assert len({one.launch_id, two.launch_id, three.launch_id}) == 3
    assert all(len(onetest.cases(each.launch_id)) == 4 for each in (one, two, three))
