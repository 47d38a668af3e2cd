"""Fixtures that every folder of tests may use."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.corpus import CORPUS, ORACLE
from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Proxy

# A suite that was started in the background inherits SIGINT ignored, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def onetest() -> Iterator[LocalOneTest]:
    """A local OneTest in a process of its own."""
    with LocalOneTest() as running:
        yield running


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not ORACLE.is_file():
        pytest.skip(f"no corpus at {CORPUS}; set ONETEST_CORPUS")
    return CORPUS


@pytest.fixture
def proxy(onetest: LocalOneTest) -> Iterator[Proxy]:
    """A OneTest that misbehaves when it is told to."""
    with Proxy(onetest.url) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, onetest: LocalOneTest, proxy: Proxy) -> Project:
    """A directory to report from, through the proxy."""
    (tmp_path / "out").mkdir()
    return Project(tmp_path, onetest, proxy)
