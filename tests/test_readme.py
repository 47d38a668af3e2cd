"""The README's tables agree with the code."""

import re
from pathlib import Path

import pytest

from onetest_ci.cli.app import COMMANDS
from onetest_ci.exit_codes import ExitCode

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(header: str) -> list[str]:
    """Return the rows of the table with this header."""
    _, found, rest = README.partition(header)
    assert found, header
    return rest.split("\n\n")[0].splitlines()[2:]


def test_exit_codes() -> None:
    assert rows("| Code | Meaning |") == [f"| {int(code)} | {code.meaning} |" for code in ExitCode]


def test_commands() -> None:
    named = re.findall(r"^\| `onetest-ci (\w+)", README, re.MULTILINE)
    assert named == list(COMMANDS)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", README))))
def test_links(link: str) -> None:
    assert (ROOT / link).exists()
