"""Many runners, one launch: started and finished by others, or joined by a key."""

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest
from support.proxy import Answer, Proxy

SHARDS = 8
EACH = 25


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    """One folder a runner; all have a suite and a report of the same name."""
    places = []
    for shard in range(SHARDS):
        place = tmp_path / f"runner-{shard}"
        place.mkdir()
        cases = "".join(
            f"<testcase classname='c' name='t{shard}_{n}' time='0.01'>"
            + ("<failure message='red'/>" if n == 3 else "")
            + "</testcase>"
            for n in range(EACH)
        )
        # Each began at another time, the later ones before the launch that the first starts.
        stamp = f"2026-03-0{SHARDS - shard}T10:00:00Z"
        place.joinpath("r.xml").write_text(
            f"<testsuite name='unit' timestamp='{stamp}'>{cases}</testsuite>", encoding="utf-8"
        )
        places.append(place)
    return places


def at_once(places: list[Path], env: Mapping[str, str], *args: str) -> list[dict[str, Any]]:
    """Run the command in each place, all at the same time; the outcomes that it wrote."""
    running = [
        subprocess.Popen(
            [COMMAND, *args, "--json", "outcome.json"],
            cwd=place,
            env=environment(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for place in places
    ]
    printed = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * len(places), printed
    return [json.loads((place / "outcome.json").read_text(encoding="utf-8")) for place in places]


def complete(onetest: LocalOneTest, launch_id: str) -> None:
    """Each case of each shard is there once, with its verdict and its log."""
    cases = onetest.cases(launch_id)
    assert Counter(case["name"] for case in cases) == Counter(
        f"t{shard}_{n}" for shard in range(SHARDS) for n in range(EACH)
    )
    for case in cases:
        red = case["name"].endswith("_3")
        assert case["status"] == ("failed" if red else "passed")
        assert [log["message"] for log in onetest.logs(case["id"])] == (["red"] if red else [])


def on_github(run_id: str, attempt: str = "1") -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "o/shop",
        "GITHUB_RUN_ID": run_id,
        "GITHUB_RUN_ATTEMPT": attempt,
    }


def test_started_before_pushed_from_eight_runners_and_finished_after(
    onetest: LocalOneTest, shards: list[Path], tmp_path: Path
) -> None:
    started = run(
        "launch",
        "start",
        "--launch-name",
        "Nightly",
        "--build-version",
        "7",
        "--dotenv",
        "launch.env",
        cwd=tmp_path,
        env=onetest.env,
    )
    launch_id = started.stdout.strip()
    assert (started.returncode, started.stderr) == (0, "")
    assert (tmp_path / "launch.env").read_text(encoding="utf-8") == f"ONETEST_LAUNCH={launch_id}\n"
    outcomes = at_once(shards, onetest.env | {"ONETEST_LAUNCH": launch_id}, "report", "r.xml")
    assert {(one["upload_status"], one["launch_id"]) for one in outcomes} == {("delivered", launch_id)}
    assert onetest.launch(launch_id)["status"] == "in_progress"
    complete(onetest, launch_id)
    done = run("launch", "finish", launch_id, cwd=tmp_path, env=onetest.env)
    assert (done.returncode, done.stderr) == (0, "")
    launch = onetest.launch(launch_id)
    assert (launch["name"], launch["status"]) == ("Nightly", "failed")
    assert launch["build_id"]
    assert launch["statistics"]["total"] == SHARDS * EACH
    again = run("launch", "finish", cwd=tmp_path, env=onetest.env | {"ONETEST_LAUNCH": launch_id})
    assert (again.returncode, again.stderr) == (0, "")
    assert onetest.launch(launch_id) == launch
    # As a service answers that, unlike ReportPortal, refuses a second finish.
    with Proxy(onetest.url) as proxy:
        proxy.rule = lambda request: Answer(406) if request.method == "PUT" else None
        env = onetest.env | {"ONETEST_BASE_URL": proxy.url}
        refused = run("launch", "finish", launch_id, cwd=tmp_path, env=env)
    assert (refused.returncode, "finished already" in refused.stderr) == (0, True)


def test_the_first_to_come_starts_a_launch_that_a_key_names(
    onetest: LocalOneTest, shards: list[Path], tmp_path: Path
) -> None:
    before = len(onetest.launches())
    env = onetest.env | on_github("77")
    outcomes = at_once(shards, env, "report", "r.xml", "--launch-key", "unit")
    (launch_id,) = {one["launch_id"] for one in outcomes}
    assert {one["upload_status"] for one in outcomes} == {"delivered"}
    assert len(onetest.launches()) == before + 1
    complete(onetest, launch_id)
    assert onetest.launch(launch_id)["status"] == "in_progress"
    run("launch", "finish", "--launch-key", "unit", cwd=tmp_path, env=env)
    assert onetest.launch(launch_id)["status"] == "failed"


def test_a_key_means_another_launch_in_another_run_attempt_or_key(
    onetest: LocalOneTest, tmp_path: Path
) -> None:
    def started(key: str, run_id: str, attempt: str = "1") -> str:
        env = onetest.env | on_github(run_id, attempt)
        done = run("launch", "start", "--launch-key", key, cwd=tmp_path, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    ids = [started("a", "1"), started("b", "1"), started("a", "2"), started("a", "2", "2")]
    assert len(set(ids)) == 4
    assert started("a", "1") == ids[0]


def test_the_output_of_a_step_on_github(onetest: LocalOneTest, tmp_path: Path) -> None:
    place = tmp_path / "outputs"
    env = onetest.env | on_github("5") | {"GITHUB_OUTPUT": str(place)}
    done = run("launch", "start", cwd=tmp_path, env=env)
    assert done.stdout.splitlines()[-1] in place.read_text(encoding="utf-8")
    assert place.read_text(encoding="utf-8").startswith("launch-id")


def test_the_last_one_may_finish_a_shared_launch(onetest: LocalOneTest, shards: list[Path]) -> None:
    args = ("report", "r.xml", "--launch-key", "last")
    env = onetest.env | on_github("78")
    at_once(shards[1:], env, *args)
    (last,) = at_once(shards[:1], env, *args, "--finish", "always")
    complete(onetest, last["launch_id"])
    assert onetest.launch(last["launch_id"])["status"] == "failed"


def test_a_push_that_was_cut_short_goes_on_in_the_shared_launch(
    onetest: LocalOneTest, shards: list[Path]
) -> None:
    launch_id = run("launch", "start", cwd=shards[0], env=onetest.env).stdout.strip()
    args = ("--launch", launch_id, "--json", "outcome.json")
    few = {"ONETEST_MAX_API_CALLS": "500", "ONETEST_TIMEOUT": "1", "ONETEST_CONNECTIONS": "1"}
    bundle = "kept"
    run("collect", "r.xml", "--bundle", bundle, cwd=shards[0])
    run("push", bundle, *args, cwd=shards[0], env=onetest.env | few)
    done = run("push", bundle, *args, cwd=shards[0], env=onetest.env)
    assert done.returncode == 0, done.stderr
    names = Counter(case["name"] for case in onetest.cases(launch_id))
    assert names == Counter(f"t0_{n}" for n in range(EACH))
    other = run("push", bundle, cwd=shards[0], env=onetest.env)
    assert (other.returncode, "error[other-product]" in other.stderr) == (2, True)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--launch", "0d5f5a5e-7c0c-4a52-9e0b-1f1c36a0f6a3", "--launch-key", "a"), "two-launches"),
        (("--launch-key", "a", "--mode", "import"), "no-shared-import"),
    ],
)
def test_what_does_not_go_together(
    onetest: LocalOneTest, shards: list[Path], args: tuple[str, ...], code: str
) -> None:
    done = run("report", "r.xml", *args, cwd=shards[0], env=onetest.env)
    assert (done.returncode, f"error[{code}]" in done.stderr) == (2, True)


def test_a_launch_that_is_not_there(onetest: LocalOneTest, tmp_path: Path) -> None:
    missing = "0d5f5a5e-7c0c-4a52-9e0b-1f1c36a0f6a3"
    done = run("launch", "finish", missing, cwd=tmp_path, env=onetest.env)
    assert (done.returncode, "error[not-found]" in done.stderr) == (4, True)
    none = run("launch", "finish", cwd=tmp_path, env=onetest.env)
    assert (none.returncode, "error[no-launch]" in none.stderr) == (2, True)
    no_key = run("launch", "start", cwd=tmp_path, env=onetest.env | {"ONETEST_API_KEY": ""})
    assert (no_key.returncode, "error[missing-key]" in no_key.stderr) == (5, True)
