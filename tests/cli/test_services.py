"""Which command reaches each of OneTest's services: the calls that the local OneTest counted."""

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.cli.app import COMMANDS
from support.command import run
from support.onetest import LocalOneTest

GATEWAY, MEMBERSHIP, TEST_MANAGEMENT = "gateway", "membership", "test-management"
ARTIFACTS, RECEIVER = "artifacts", "receiver"
SERVICES: Final = {GATEWAY, MEMBERSHIP, TEST_MANAGEMENT, ARTIFACTS, RECEIVER}

REPORT: Final = "<testsuite name='s'><testcase classname='c' name='a'/></testsuite>"
WRITE: Final = f'printf %s "{REPORT}" > r.xml'
SET_UP: Final = ("--environment", "Default", "--artifacts", "r.xml")
CASES: Final = "/api/test-management/api/v1/products/{product_id}/test-cases"

REACHES: Final[dict[tuple[str, ...], set[str]]] = {
    ("inspect", "r.xml"): set(),
    ("collect", "r.xml", "--bundle", "collected"): set(),
    ("report", "r.xml", "--dry-run"): set(),
    ("report", "r.xml", "--mode", "import"): {RECEIVER, ARTIFACTS},
    ("report", "r.xml", "--mode", "launch", *SET_UP): {MEMBERSHIP, RECEIVER, ARTIFACTS},
    ("run", "r.xml", "--mode", "launch", *SET_UP, "--", "sh", "-c", WRITE): {MEMBERSHIP, RECEIVER, ARTIFACTS},
    ("push", "bundle", "--mode", "launch"): {MEMBERSHIP, RECEIVER, ARTIFACTS},
    ("launch", "start", "--environment", "Default"): {MEMBERSHIP, RECEIVER},
    ("init", "github", "--print"): set(),
    ("doctor", "r.xml"): SERVICES,
    ("help", "broken-xml"): set(),
    ("completion", "bash"): set(),
    ("doctor", "--offline", "r.xml"): set(),
    ("cases", "list"): {TEST_MANAGEMENT},
    ("cases", "create", "--title", "Sign in"): {TEST_MANAGEMENT},
    ("cases", "match", "r.xml"): {TEST_MANAGEMENT},
    ("cases", "sync", "r.xml"): {TEST_MANAGEMENT},
    ("cases", "sync", "r.xml", "--apply"): {TEST_MANAGEMENT},
    ("api", "GET", "/api/gateway/api/v1/tools"): {GATEWAY},
    ("api", "GET", "/api/membership/api/v1/products/{product_id}/environments"): {MEMBERSHIP},
    ("api", "GET", CASES): {TEST_MANAGEMENT},
    ("api", "GET", "/api/artifacts/api/v1/products/{product_id}/buckets"): {ARTIFACTS},
    ("api", "GET", "/api/receiver/api/info"): {RECEIVER},
}
"""Each command that a person runs, and the services that it calls."""


class Counted:
    """The calls with a key that the local OneTest has counted since the last look."""

    def __init__(self, onetest: LocalOneTest) -> None:
        self._onetest = onetest
        self._seen = 0
        self()

    def __call__(self) -> Counter[str]:
        path = f"/api/gateway/api/v1/products/{self._onetest.product_id}/activity?limit=1000"
        rows = [row for row in self._onetest.get(path)["items"] if row["id"] > self._seen]
        self._seen = max((row["id"] for row in rows), default=self._seen)
        return Counter(row["service"] for row in rows)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    (tmp_path / "pytest.ini").touch()
    collected = run("collect", "r.xml", *SET_UP, "--bundle", "bundle", cwd=tmp_path)
    assert collected.returncode == 0
    return tmp_path


@pytest.mark.parametrize("command", REACHES, ids=" ".join)
def test_a_command_reaches_its_services_and_no_other(
    command: tuple[str, ...], onetest: LocalOneTest, place: Path
) -> None:
    counted = Counted(onetest)
    done = run(*command, cwd=place, env=onetest.env)
    assert done.returncode == 0, done.stderr
    found = counted()
    assert set(found) == REACHES[command]
    if command[0] == "api":
        assert f"{found.total()} API call" in done.stderr


def test_a_test_case_is_changed_at_test_management(onetest: LocalOneTest, place: Path) -> None:
    created = run("cases", "create", "--title", "Sign in", cwd=place, env=onetest.env).stdout.strip()
    counted = Counted(onetest)
    done = run("cases", "update", created, "--title", "Sign out", cwd=place, env=onetest.env)
    assert done.returncode == 0, done.stderr
    assert set(counted()) == {TEST_MANAGEMENT}


def test_a_launch_is_finished_at_the_receiver(onetest: LocalOneTest, place: Path) -> None:
    launch_id = run("launch", "start", cwd=place, env=onetest.env).stdout.strip()
    counted = Counted(onetest)
    assert run("launch", "finish", launch_id, cwd=place, env=onetest.env).returncode == 0
    assert counted() == {RECEIVER: 1}


def test_each_service_is_reached_and_each_command_has_a_row() -> None:
    assert set().union(*REACHES.values()) == SERVICES
    # The emulator is a OneTest itself.
    assert {command[0] for command in REACHES} == set(COMMANDS) - {"emulator"}
