"""A command that has done its work ends with its own exit code, whatever happens to its process then."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.cli.app import COMMANDS
from support.command import environment, run
from support.onetest import LocalOneTest

ENDING: Final = Path(__file__).parent / "ending"
REPORT: Final = "<testsuite name='s'><testcase classname='c' name='a'><failure/></testcase></testsuite>"

CODES: Final[dict[tuple[str, ...], int]] = {
    ("--version",): 0,
    ("--help",): 0,
    ("inspect", "r.xml"): 0,
    ("inspect", "missing.xml"): 3,
    ("inspect", "--no-such-option"): 2,
    ("collect", "r.xml", "--bundle", "collected"): 0,
    ("report", "r.xml"): 0,
    ("report", "r.xml", "--fail-on", "any"): 1,
    ("report", "r.xml", "--mode", "launch"): 0,
    ("run", "r.xml", "--allow-stale", "--", "sh", "-c", "exit 7"): 7,
    ("push", "bundle"): 0,
    ("push", "missing"): 4,
    ("launch", "start"): 0,
    ("doctor", "--offline", "r.xml"): 0,
    ("cases", "list"): 0,
    ("api", "GET", "/api/gateway/api/v1/tools"): 0,
    ("init", "gitlab", "--print"): 2,
    ("help", "broken-xml"): 0,
    ("completion", "bash"): 0,
    ("help", "brokn-xml"): 2,
    ("emulator", "--host", "256.256.256.256"): 2,
}


@pytest.fixture
def env(onetest: LocalOneTest, tmp_path: Path) -> Mapping[str, str]:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    assert run("collect", "r.xml", "--bundle", "bundle", cwd=tmp_path, env=onetest.env).returncode == 0
    return {**onetest.env, "PYTHONPATH": str(ENDING)}


@pytest.mark.parametrize("args", CODES, ids=" ".join)
def test_the_exit_code_is_that_of_the_command(
    args: tuple[str, ...], env: Mapping[str, str], tmp_path: Path
) -> None:
    ended = run(*args, cwd=tmp_path, env={**env, "AT_EXIT": str(tmp_path / "at-exit")})
    assert ended.returncode == CODES[args], ended.stderr
    assert ended.stdout or ended.stderr
    assert (tmp_path / "at-exit").read_text(encoding="utf-8") == "at exit"


def test_each_command_has_a_row() -> None:
    assert {args[0] for args in CODES} >= set(COMMANDS)


def test_the_process_would_crash_without_that(env: Mapping[str, str], tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import sys; sys.exit(0)"], cwd=tmp_path, env=environment(env), check=False
    )
    assert ended.returncode != 0
