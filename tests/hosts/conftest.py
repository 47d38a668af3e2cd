"""A OneTest behind a proxy, and a directory to report from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Proxy


@pytest.fixture
def proxy(onetest: LocalOneTest) -> Iterator[Proxy]:
    with Proxy(onetest.url) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, onetest: LocalOneTest, proxy: Proxy) -> Project:
    (tmp_path / "out").mkdir()
    return Project(tmp_path, onetest, proxy)
