"""Fixtures that every folder of tests may use."""

import fcntl
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from support.corpus import CORPUS, ORACLE
from support.coverage_sample import sample, unmeasured
from support.image import Engine, connected
from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Proxy

# A suite that was started in the background inherits SIGINT ignored, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Return the number of workers: two a processor, since tests wait for processes half of the time."""
    return 2 * (os.cpu_count() or 1)


_MEASURED = pytest.StashKey[set[str]]()


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    session.stash[_MEASURED] = sample(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if item.nodeid in item.session.stash[_MEASURED]:
        return (yield)
    with unmeasured():
        return (yield)


@pytest.fixture(scope="session")
def onetest() -> Iterator[LocalOneTest]:
    """A local OneTest in a process of its own."""
    # It serves all tests, so that the first of them must not decide. tests/emulator measures the emulator.
    with unmeasured():
        running = LocalOneTest()
    with running:
        yield running


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not ORACLE.is_file():
        pytest.skip(f"no corpus at {CORPUS}; set ONETEST_CORPUS")
    return CORPUS


@pytest.fixture
def proxy(onetest: LocalOneTest) -> Iterator[Proxy]:
    """A OneTest that misbehaves as a test wants it to."""
    with Proxy(onetest.url) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, onetest: LocalOneTest, proxy: Proxy) -> Project:
    """A directory to report from, through the proxy."""
    (tmp_path / "out").mkdir()
    return Project(tmp_path, onetest, proxy)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Docker engine with the image under test, built once for all workers of a run."""
    found = connected()
    of_this_run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with (tmp_path_factory.getbasetemp().parent / f"image-{of_this_run}").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another worker built it already when it left a mark.
        lock.seek(0)
        if not lock.read():
            found.build()
            lock.write("built")
    yield found
    found.client.close()
