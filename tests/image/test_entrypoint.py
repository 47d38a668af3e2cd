"""The image's entrypoint runs onetest-ci for its arguments, and any other command unchanged."""

import os
import subprocess
from pathlib import Path

import pytest

from onetest_ci.cli.app import COMMANDS

ENTRYPOINT = Path(__file__).parents[2] / "docker" / "entrypoint.sh"
INSTALLED = "/opt/onetest-ci/bin/onetest-ci"


def entrypoint(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"INPUT_PRODUCT-ID": "kept"}
    return subprocess.run(
        [ENTRYPOINT, *arguments], check=False, capture_output=True, encoding="utf-8", env=environment
    )


@pytest.mark.parametrize("arguments", [(), ("--version",), *((name,) for name in COMMANDS)])
def test_own_arguments_go_to_onetest_ci(arguments: tuple[str, ...]) -> None:
    # Outside the image the command is missing, and the error of the shell names it.
    result = entrypoint(*arguments)
    assert result.returncode == 127
    assert INSTALLED in result.stderr


def test_any_other_command_runs_with_its_arguments_whole() -> None:
    result = entrypoint("printf", "%s|", "a b", "$HOME", "*")
    assert result.stdout == "a b|$HOME|*|"


def test_exit_code_is_the_command_s() -> None:
    assert entrypoint("sh", "-c", "exit 7").returncode == 7


def test_inputs_with_hyphens_in_their_names_arrive() -> None:
    assert "INPUT_PRODUCT-ID=kept" in entrypoint("env").stdout.splitlines()
