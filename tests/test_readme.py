"""The README's tables say what the code says."""

import re
from pathlib import Path

import pytest
import yaml

from onetest_ci.cli.app import COMMANDS
from onetest_ci.exit_codes import ExitCode
from onetest_ci.settings import options
from onetest_ci.settings.sources import variable_name

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(header: str) -> list[str]:
    """The rows of the table that begins with this header."""
    _, found, rest = README.partition(header)
    assert found, header
    return rest.split("\n\n")[0].splitlines()[2:]


def test_settings() -> None:
    expected = [
        f"| `{name}` | `{variable_name(name)}` | {option.described} |"
        for name, option in options("report").items()
    ]
    assert rows("| Option / input | Variable | What for |") == expected


def test_exit_codes() -> None:
    assert rows("| Code | Meaning |") == [f"| {int(code)} | {code.meaning} |" for code in ExitCode]


def test_outputs() -> None:
    outputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["outputs"]
    expected = [f"| `{name}` | {output['description']} |" for name, output in outputs.items()]
    assert rows("| Output | What it holds |") == expected


def test_commands() -> None:
    named = re.findall(r"^\| `onetest-ci (\w+)", README, re.MULTILINE)
    assert named == list(COMMANDS)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", README))))
def test_links(link: str) -> None:
    assert (ROOT / link).exists()
