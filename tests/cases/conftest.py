from pathlib import Path

import pytest

from support.onetest import LocalOneTest
from support.proxy import Proxy
from support.test_cases import CasesProject


@pytest.fixture
def shop(tmp_path: Path, onetest: LocalOneTest, proxy: Proxy) -> CasesProject:
    """A product without test cases, and a report of two tests."""
    made = CasesProject(tmp_path, onetest, proxy)
    made.write("add", "remove")
    return made
