"""Fixtures that every folder of tests may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.onetest import LocalOneTest


@pytest.fixture(scope="session")
def onetest() -> Iterator[LocalOneTest]:
    """A local OneTest in a process of its own."""
    with LocalOneTest() as running:
        yield running


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real reports of public projects with an independent oracle; kept outside this repository."""
    default = Path(__file__).parents[2] / "shared" / "corpus"
    place = Path(os.environ.get("ONETEST_CORPUS", default))
    if not (place / "oracle.json").is_file():
        pytest.skip(f"no corpus at {place}; set ONETEST_CORPUS")
    return place
