"""Translation of paths from other steps, jobs and machines of a GitHub run."""

import json
from pathlib import Path

import pytest

from onetest_ci.ci import detect
from onetest_ci.ci.path_map import github_path_map, local_pattern

CONTAINER = {
    "GITHUB_WORKSPACE": "/github/workspace",
    "GITHUB_REPOSITORY": "acme-shop/checkout-service",
    "RUNNER_WORKSPACE": "/data/runners/1/_work/checkout-service",
    "RUNNER_TEMP": "/github/runner_temp",
}


@pytest.mark.parametrize(
    ("spelled", "lies"),
    [
        ("/data/runners/1/_work/checkout-service/checkout-service/out/a.xml", "/github/workspace/out/a.xml"),
        ("/data/runners/1/_work/checkout-service/checkout-service", "/github/workspace"),
        ("!/__w/checkout-service/checkout-service/**/x*.xml", "!/github/workspace/**/x*.xml"),
        ("file:///data/runners/1/_work/checkout-service/checkout-service/a.png", "/github/workspace/a.png"),
        ("/data/runners/1/_work/_temp/a.xml", "/github/runner_temp/a.xml"),
        # Reports of other jobs: a job container, hosted Linux, macOS and Windows.
        ("/__w/checkout-service/checkout-service/a.png", "/github/workspace/a.png"),
        ("/home/runner/work/checkout-service/checkout-service/a.png", "/github/workspace/a.png"),
        ("/Users/runner/work/checkout-service/checkout-service/a.png", "/github/workspace/a.png"),
        ("D:\\a\\checkout-service\\checkout-service\\out\\a.png", "/github/workspace/out/a.png"),
        ("file:///d:/a/checkout-service/checkout-service/a.png", "/github/workspace/a.png"),
        # A neighbour's name only begins like the workspace's.
        ("/__w/checkout-service/checkout-service2/a", "/__w/checkout-service/checkout-service2/a"),
        ("out/a.xml", "out/a.xml"),
        ("!out/**", "!out/**"),
        ("/etc/passwd", "/etc/passwd"),
        ("C:\\Users\\x", "C:\\Users\\x"),
        ("", ""),
    ],
)  # fmt: skip
def test_paths_are_translated_to_those_of_the_container(spelled: str, lies: str) -> None:
    assert local_pattern(spelled, github_path_map(CONTAINER)) == lies


@pytest.mark.parametrize("missing", ["GITHUB_WORKSPACE", "GITHUB_REPOSITORY"])
def test_without_the_variables_nothing_is_translated(missing: str) -> None:
    assert github_path_map({name: value for name, value in CONTAINER.items() if name != missing}) == ()


def test_the_temp_path_of_an_old_runner_without_that_mount_is_kept() -> None:
    paths = github_path_map(CONTAINER | {"RUNNER_TEMP": "/data/runners/1/_work/_temp"})
    assert local_pattern("/data/runners/1/_work/_temp/a.xml", paths) == "/data/runners/1/_work/_temp/a.xml"


def test_paths_of_the_workspace_are_kept_without_a_container() -> None:
    workspace = "/home/runner/work/checkout-service/checkout-service"
    environ = CONTAINER | {"GITHUB_WORKSPACE": workspace, "RUNNER_WORKSPACE": str(Path(workspace).parent)}
    paths = github_path_map(environ)
    assert local_pattern(f"{workspace}/a", paths) == f"{workspace}/a"
    assert local_pattern("D:/a/checkout-service/checkout-service/a", paths) == f"{workspace}/a"


def test_other_hosts_translate_nothing(tmp_path: Path) -> None:
    told = json.loads((Path(__file__).parent / "environments" / "gitlab-branch.json").read_text())
    assert detect(told["env"] | CONTAINER, tmp_path).here("/__w/checkout-service/checkout-service/a") == (
        "/__w/checkout-service/checkout-service/a"
    )


def test_paths_outside_of_the_mounts_are_out_of_reach_in_a_container_only(tmp_path: Path) -> None:
    inside = detect(CONTAINER | {"GITHUB_ACTIONS": "true"}, tmp_path)
    assert inside.is_out_of_reach("/opt/reports/a.xml")
    assert inside.is_out_of_reach("/opt/" + "x" * 10_000)
    assert inside.is_out_of_reach("/opt/a\0b")
    assert not inside.is_out_of_reach("reports/a.xml")
    assert not inside.is_out_of_reach("/github/workspace/not/there.xml")
    outside = detect(CONTAINER | {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/work"}, tmp_path)
    assert not outside.is_out_of_reach("/opt/reports/a.xml")
