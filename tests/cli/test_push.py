"""``onetest-ci push`` as its users meet it."""

import fcntl
from pathlib import Path

import pytest

from support.command import run
from support.onetest import LocalOneTest

SUITE = "<testsuite name='s'><testcase classname='c' name='t'><failure message='red'/></testcase></testsuite>"

LAUNCH = "A bundle that is pushed elsewhere"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "a.xml").write_text(SUITE, encoding="utf-8")
    done = run("collect", "a.xml", "--bundle", "my bundle", "--launch-name", LAUNCH, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "my bundle"


def test_a_collected_bundle_is_delivered_elsewhere(
    onetest: LocalOneTest, bundle: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "agent"
    elsewhere.mkdir()
    moved = bundle.rename(elsewhere / "b")
    done = run("push", "b", cwd=elsewhere, env=onetest.env)
    assert done.returncode == 0, done.stderr
    assert "delivered in launch mode: 1 of 1 test" in done.stdout
    assert [launch["status"] for launch in onetest.launches() if launch["name"] == LAUNCH] == ["failed"]
    assert moved.is_dir()


def test_push_has_no_gate(onetest: LocalOneTest, bundle: Path, tmp_path: Path) -> None:
    env = onetest.env | {"ONETEST_FAIL_ON": "any"}
    assert run("push", bundle, cwd=tmp_path, env=env).returncode == 0


def test_the_rest_is_shown_with_a_command_to_paste(
    bundle: Path, tmp_path: Path, onetest: LocalOneTest
) -> None:
    env = onetest.env | {"ONETEST_API_KEY": "ak_" + "X" * 32}
    done = run("push", bundle.name, cwd=tmp_path, env=env)
    assert done.returncode == 5
    assert "error[key-refused]" in done.stderr
    assert "onetest-ci push 'my bundle'" in done.stdout


@pytest.mark.parametrize(
    ("env", "code", "error"),
    [
        ({"ONETEST_PRODUCT_ID": ""}, 2, "missing-option"),
        ({"ONETEST_PRODUCT_ID": "x"}, 2, "bad-option"),
        ({"ONETEST_API_KEY": ""}, 5, "missing-key"),
        ({"ONETEST_PRODUCT_ID": "11111111-2222-4333-8444-555555555555"}, 5, "unknown-product"),
        ({"ONETEST_BASE_URL": "http://127.0.0.1:9"}, 4, "no-server"),
    ],
)
def test_what_is_missing_or_wrong(
    onetest: LocalOneTest, bundle: Path, tmp_path: Path, env: dict[str, str], *, code: int, error: str
) -> None:
    done = run("push", bundle, cwd=tmp_path, env=onetest.env | env)
    assert (done.returncode, f"error[{error}]" in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize("content", ["nothing", "a file", "a directory of others"])
def test_a_directory_that_is_not_a_bundle(onetest: LocalOneTest, tmp_path: Path, content: str) -> None:
    if content == "a file":
        (tmp_path / "b").write_text("x", encoding="utf-8")
    elif content == "a directory of others":
        (tmp_path / "b").mkdir()
    done = run("push", "b", cwd=tmp_path, env=onetest.env)
    assert done.returncode == 4
    assert "-bundle]" in done.stderr


def test_a_damaged_bundle_sends_nothing(onetest: LocalOneTest, bundle: Path, tmp_path: Path) -> None:
    before = len(onetest.launches())
    (bundle / "items.jsonl").unlink()
    done = run("push", bundle, cwd=tmp_path, env=onetest.env)
    assert (done.returncode, "error[bad-bundle]" in done.stderr) == (4, True), done.stderr
    assert len(onetest.launches()) == before


def test_a_bundle_that_another_process_pushes_is_left_alone(
    onetest: LocalOneTest, bundle: Path, tmp_path: Path
) -> None:
    with (bundle / "bundle.json").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run("push", bundle, cwd=tmp_path, env=onetest.env)
    assert done.returncode == 4
    assert "error[bundle-in-use]" in done.stderr
    assert run("push", bundle, cwd=tmp_path, env=onetest.env).returncode == 0


def test_a_bundle_stays_with_the_product_that_it_was_begun_for(
    onetest: LocalOneTest, bundle: Path, tmp_path: Path
) -> None:
    assert run("push", bundle, cwd=tmp_path, env=onetest.env).returncode == 0
    other = onetest.env | {"ONETEST_PRODUCT_ID": "11111111-2222-4333-8444-555555555555"}
    done = run("push", bundle, cwd=tmp_path, env=other)
    assert done.returncode == 2
    assert "error[other-product]" in done.stderr
