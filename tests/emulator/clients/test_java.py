"""ReportPortal's agents for JUnit 5 and TestNG. The Makefile fetches them for ``make test-all``."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.clients.conftest import ReadBack, Run, counted
from emulator.conftest import Running

SUITES = Path(__file__).with_name("java")
FETCHED = Path(sys.executable).parents[1] / "agents-java" / "fetched"

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not FETCHED.is_file(), reason="NO JAVA AGENTS: run it by make test-all, with Maven"),
]

CASES = {
    "addsUp": {"passed"},
    "rounds": {"failed"},
    "isPositive": {"passed"},
    "breaks": {"failed"},
    "notHere": {"skipped"},
}


@pytest.mark.parametrize(
    ("runner", "containers", "skipped"),
    [
        ("junit5", {"CartTest": "SUITE", "Prices": "SUITE"}, "notToday"),
        ("testng", {"Surefire suite": "SUITE", "Surefire test": "TEST"}, "notAfterAFailure"),
    ],
)
def test_the_whole_suite_is_read_back(
    *,
    run: Run,
    read_back: Callable[[], ReadBack],
    emulator: Running,
    product: str,
    tmp_path: Path,
    runner: str,
    containers: dict[str, str],
    skipped: str,
) -> None:
    shutil.copytree(SUITES / runner, tmp_path, dirs_exist_ok=True)
    settings = {
        "rp.endpoint": f"{emulator.url}/api/receiver",
        "rp.api.key": emulator.announced["api_key"],
        "rp.project": product,
        "rp.launch": "Java launch",
        "rp.attributes": "branch:main;nightly",
        "reportDisabledTests": "true",
    }
    given = [f"-D{name}={value}" for name, value in settings.items()]
    output = run("mvn", "--offline", "--batch-mode", "--no-transfer-progress", "test", *given, code=1)
    read = read_back()

    totals = re.findall(r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)", output)
    tests, failures, errors, skips = map(int, totals[-1])
    failed = failures + errors
    assert counted(read) == {"passed": tests - failed - skips, "failed": failed, "skipped": skips}

    assert (read.launch["name"], read.launch["status"]) == ("Java launch", "failed")
    tags = {(tag["key"], tag["value"]) for tag in read.launch["attributes"] if not tag.get("system")}
    assert tags == {("branch", "main"), (None, "nightly")}
    found = {read_item.path[-1]: read_item.item for read_item in read.items}
    assert {name: (found[name]["item_type"], found[name]["status"]) for name in containers} == {
        name: (kind, "failed") for name, kind in containers.items()
    }
    for case, statuses in (CASES | {skipped: {"skipped"}}).items():
        reference = f".{case}"
        assert {
            read_item.item["status"]
            for read_item in read.items
            if read_item.item["item_type"] == "STEP" and reference in (read_item.item["code_ref"] or "")
        } == statuses, case
    logs = [entry for read_item in read.items for entry in read_item.logs]
    assert ("INFO", "Grüße, 世界") in logs
    for text in ("one is not two", "the cart is broken"):
        assert any(level == "ERROR" and text in message for level, message in logs), text
    assert [content.decode() for read_item in read.items for content in read_item.files.values()] == [
        "attached ÿ"
    ]
