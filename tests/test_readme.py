"""The README agrees with the code, and its links work on the package index too."""

import re
from pathlib import Path

import pytest

from onetest_ci.cli.app import COMMANDS
from onetest_ci.reports.formats.table import FORMATS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REPOSITORY = "https://github.com/onetest/report-action"
RAW = "https://raw.githubusercontent.com/onetest/report-action/main/"
LINKS = sorted(set(re.findall(r"\]\(([^)]+)\)", README)))


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 150


def test_commands() -> None:
    named = re.findall(r"^\| `onetest-ci (\w+)", README, re.MULTILINE)
    assert named == list(COMMANDS)


def test_the_number_of_formats() -> None:
    named = re.search(r"JUnit XML in all its variants and (\d+) other", README)
    assert named
    assert int(named[1]) == len(FORMATS) - 1


@pytest.mark.parametrize("link", LINKS)
def test_links(link: str) -> None:
    assert link.startswith("https://")
    for start in (f"{REPOSITORY}/blob/main/", f"{REPOSITORY}/tree/main/", RAW):
        if link.startswith(start):
            assert (ROOT / link.removeprefix(start)).exists()


def test_pictures_have_alternative_texts() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]", README)
    assert len(pictures) == README.count("![")
    assert all(len(text) > 20 for text in pictures)
