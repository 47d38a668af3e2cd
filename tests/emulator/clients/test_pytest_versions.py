"""Earlier versions of the ReportPortal agent for pytest. The Makefile installs them for ``make test-all``."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.clients.conftest import ReadBack, Run, counted, printed
from emulator.conftest import Running

INSTALLED = Path(sys.executable).parents[1] / "agents-pytest"
VERSIONS = Path(__file__).with_name("pytest-reportportal.txt").read_text(encoding="utf-8").split()

pytestmark = pytest.mark.full

SUITE = """
import logging
import pytest
from reportportal_client import RPLogger

logging.setLoggerClass(RPLogger)
log = logging.getLogger("suite")
log.setLevel(logging.DEBUG)


class TestCart:
    class TestPrices:
        def test_adds_up(self):
            log.info("Grüße, 世界")
            note = {"name": "note.txt", "data": b"attached \\xff", "mime": "text/plain"}
            log.info("a file", attachment=note)

        def test_rounds(self):
            assert 1 == 2, "one is not two"

    @pytest.mark.skip(reason="not today")
    def test_not_today(self):
        pass
"""
INI = """
[pytest]
rp_endpoint = {url}/api/receiver
rp_project = {product}
rp_launch = Agent launch
rp_launch_attributes = 'branch:main' 'nightly'
rp_log_level = INFO
rp_hierarchy_code = True
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_the_whole_suite_is_read_back(
    *,
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    emulator: Running,
    product: str,
    version: str,
) -> None:
    python = INSTALLED / version / "bin" / "python"
    if not python.is_file():
        pytest.skip(f"NO PYTEST-REPORTPORTAL {version}: run it by make test-all")
    write({"tests/test_cart.py": SUITE, "pytest.ini": INI.format(url=emulator.url, product=product)})
    output = run(python, "-m", "pytest", "--reportportal", "tests", code=1)
    read = read_back()
    assert counted(read) == printed(
        output, passed=r"(\d+) passed", failed=r"(\d+) failed", skipped=r"(\d+) skipped"
    )
    assert (read.launch["name"], read.launch["status"]) == ("Agent launch", "failed")
    system = {tag["key"]: tag["value"] for tag in read.launch["attributes"] if tag.get("system")}
    assert re.search(re.escape(version), system["agent"])
    statuses = {read_item.path[-1]: read_item.item["status"] for read_item in read.items}
    assert (
        statuses.items()
        >= {
            "TestCart": "failed",
            "TestPrices": "failed",
        }.items()
    )
    good, bad = (
        next(read_item for read_item in read.items if read_item.path[-1].endswith(name))
        for name in ("adds_up", "rounds")
    )
    assert ("INFO", "Grüße, 世界") in good.logs
    assert list(good.files.values()) == [b"attached \xff"]
    assert any(level == "ERROR" and "one is not two" in message for level, message in bad.logs)
