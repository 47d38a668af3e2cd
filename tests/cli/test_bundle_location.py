"""What people read where results were kept: a path that they have, and a command that works there."""

import shlex
import subprocess
from pathlib import Path

import pytest

from onetest_ci.ci.context import CIContext
from onetest_ci.ci.path_map import github_path_map
from onetest_ci.cli.bundle_location import push_hint
from support.command import run
from support.onetest import LocalOneTest

IMAGE = "ghcr.io/onetest/report-action:1"
SUITE = "<testsuite><testcase classname='c' name='t'/></testsuite>"
CONTAINER = {
    "GITHUB_WORKSPACE": "/github/workspace",
    "GITHUB_REPOSITORY": "acme/shop",
    "RUNNER_WORKSPACE": "/home/runner/work/shop",
    "RUNNER_TEMP": "/github/runner_temp",
}


def volume(hint: str) -> str:
    """The volume of the command, as a shell reads it in the directory /here."""
    command = hint.partition("Deliver them with: ")[2]
    script = f"docker() {{ printf '%s\\n' \"$@\"; }}; {command}"
    done = subprocess.run(
        ["sh", "-c", script],
        env={"PWD": "/", "PATH": "/bin:/usr/bin"},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    words = done.stdout.splitlines()
    assert words[:1] == ["run"]
    assert words[-3:] == [IMAGE, "push", "/bundle"]
    assert {"ONETEST_API_KEY", "ONETEST_PRODUCT_ID"} <= set(words)
    return words[words.index("--volume") + 1]


@pytest.mark.parametrize(
    ("place", "real"),
    [
        ("/github/workspace/onetest-bundle", "/home/runner/work/shop/shop/onetest-bundle"),
        ("/github/workspace/my bundle", "/home/runner/work/shop/shop/my bundle"),
        ("/github/runner_temp/onetest-bundle-1", "/home/runner/work/_temp/onetest-bundle-1"),
    ],
)
def test_a_container_action_names_the_machine_s_path(
    monkeypatch: pytest.MonkeyPatch, place: str, real: str
) -> None:
    monkeypatch.setenv("ONETEST_IMAGE", IMAGE)
    context = CIContext(
        host="github", workspace=Path("/github/workspace"), path_map=github_path_map(CONTAINER)
    )
    hint = push_hint(Path(place), context)
    assert f"kept in {real}." in hint
    assert volume(hint) == f"{real}:/bundle"


@pytest.mark.parametrize("provider", ["gitlab", "jenkins", "", "github"])
def test_a_job_s_own_container_names_the_bundle_s_directory(
    monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    monkeypatch.setenv("ONETEST_IMAGE", IMAGE)
    hint = push_hint(Path("/builds/shop/my bundle"), CIContext(host=provider))
    assert "Run this in the directory that contains my bundle." in hint
    assert volume(hint) == "//my bundle:/bundle"
    assert ("artifact" in hint) is bool(provider)


def test_where_the_command_is_installed_it_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONETEST_IMAGE", raising=False)
    # The paths of other jobs lead here, and none of them is the machine's own.
    path_map = github_path_map(CONTAINER | {"GITHUB_WORKSPACE": "/home/runner/work/shop/shop"})
    workspace = Path("/home/runner/work/shop/shop")
    hint = push_hint(workspace / "my bundle", CIContext("github", workspace=workspace, path_map=path_map))
    command = hint.partition("Deliver them with: ")[2]
    assert shlex.split(command) == ["onetest-ci", "push", str(workspace / "my bundle")]


def test_report_and_push_print_it(onetest: LocalOneTest, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(SUITE, encoding="utf-8")
    down = onetest.env | {
        "ONETEST_BASE_URL": "http://127.0.0.1:9",
        "ONETEST_WAIT_FOR_SERVICE": "0",
        "ONETEST_IMAGE": IMAGE,
    }
    done = run("report", "a.xml", "--bundle", "kept", cwd=tmp_path, env=down)
    assert done.returncode == 0
    assert f"kept in {tmp_path}/kept." in done.stdout
    assert f'--volume "$PWD"/kept:/bundle {IMAGE} push /bundle' in done.stdout
    again = run("push", "kept", cwd=tmp_path, env=down)
    assert again.returncode == 4
    assert "The same command sends the rest." in again.stdout
