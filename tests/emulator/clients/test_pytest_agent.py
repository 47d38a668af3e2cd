"""The official ReportPortal agent for pytest."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

SUITE = '''
import logging
import pytest
from reportportal_client import RPLogger

logging.setLoggerClass(RPLogger)
log = logging.getLogger("suite")
log.setLevel(logging.DEBUG)


def test_passes():
    log.info("a line in the log")
    log.info("a file", attachment={"name": "note.txt", "data": b"attached \\xff", "mime": "text/plain"})


def test_fails():
    assert 1 == 2, "one is not two"


@pytest.mark.skip(reason="not today")
def test_skipped():
    pass


@pytest.mark.xfail(reason="known")
def test_expected_failure():
    assert False


@pytest.mark.parametrize("word", ["one", "zwei ü"])
def test_with(word):
    assert word


class TestLogin:
    """Signing in."""

    @pytest.mark.smoke
    def test_valid_login(self):
        pass

    def test_ünïcode(self):
        log.warning("Grüße, мир, 世界")


@pytest.fixture
def broken():
    raise RuntimeError("the fixture is broken")


def test_with_a_broken_fixture(broken):
    pass
'''

INI = """
[pytest]
rp_endpoint = {url}/api/receiver
rp_project = {product}
rp_launch = Agent launch
rp_launch_description = Reported by the real agent
rp_launch_attributes = 'branch:main' 'nightly'
rp_log_level = INFO
{more}
markers =
    smoke: a quick one
"""


@pytest.fixture
def run_agent(emulator: Any, product: str, tmp_path: Path) -> Callable[..., str]:
    def run(more: str = "") -> str:
        (tmp_path / "tests").mkdir()
        (tmp_path / "tests" / "test_sample.py").write_text(SUITE, encoding="utf-8")
        ini = INI.format(url=emulator.url, product=product, more=more)
        (tmp_path / "pytest.ini").write_text(ini, encoding="utf-8")
        unwanted = ("PYTEST", "RP_", "COV", "HTTP_PROXY", "http_proxy")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        # By default, the agent sends usage data to its makers.
        environ |= {"AGENT_NO_ANALYTICS": "1", "RP_API_KEY": emulator.announced["api_key"]}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--reportportal", "tests"],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def reported(session: httpx.Client, native: str) -> Callable[[], tuple[dict[str, Any], list[dict[str, Any]]]]:
    def read() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        (launch,) = session.get(f"{native}/launches").json()["items"]
        items = session.get(f"{native}/launches/{launch['uuid']}/items").json()["items"]
        return launch, items

    return read


def test_the_agents_launch_is_read_back_whole(
    run_agent: Callable[..., str],
    reported: Callable[[], tuple[dict[str, Any], list[dict[str, Any]]]],
    session: httpx.Client,
    native: str,
) -> None:
    output = run_agent()
    assert "ReportPortal" not in output, "the agent warns of nothing"
    launch, items = reported()

    assert launch["name"] == "Agent launch"
    assert launch["status"] == "failed"
    assert launch["description"] == "Reported by the real agent"
    own = [(tag["key"], tag["value"]) for tag in launch["attributes"] if not tag.get("system")]
    assert own == [("branch", "main"), (None, "nightly")]
    system = {tag["key"]: tag["value"] for tag in launch["attributes"] if tag.get("system")}
    assert system["agent"].startswith("pytest-reportportal|")
    expected_counts = {"total": 9, "passed": 5, "failed": 2, "skipped": 2}
    assert launch["statistics"].items() >= expected_counts.items()

    # Without a hierarchy of its own, the agent names a step by its whole node id.
    steps = {item["name"].rpartition("::")[2]: item for item in items if item["item_type"] == "STEP"}
    assert {name: (step["status"], step["code_ref"]) for name, step in steps.items()} == {
        "test_passes": ("passed", "tests/test_sample.py:test_passes"),
        "test_fails": ("failed", "tests/test_sample.py:test_fails"),
        "test_skipped": ("skipped", "tests/test_sample.py:test_skipped"),
        "test_expected_failure": ("skipped", "tests/test_sample.py:test_expected_failure"),
        "test_with[one]": ("passed", "tests/test_sample.py:test_with"),
        "test_with[zwei \\xfc]": ("passed", "tests/test_sample.py:test_with"),
        "test_valid_login": ("passed", "tests/test_sample.py:TestLogin.test_valid_login"),
        "test_ünïcode": ("passed", "tests/test_sample.py:TestLogin.test_ünïcode"),
        "test_with_a_broken_fixture": ("failed", "tests/test_sample.py:test_with_a_broken_fixture"),
    }
    assert steps["test_with[one]"]["parameters"] == [{"key": "word", "value": "one"}]
    assert {"key": None, "value": "smoke"} in steps["test_valid_login"]["attributes"]

    assert len(items) == len(steps)
    assert {item["parent_id"] for item in items} == {None}, "this agent is flat by default"

    def logs(name: str) -> list[dict[str, Any]]:
        return list(session.get(f"{native}/items/{steps[name]['id']}/logs").json()["items"])

    line, file = logs("test_passes")
    assert (line["level"], line["message"]) == ("INFO", "a line in the log")
    assert file["attachment"]["content_type"] == "text/plain"
    assert session.get(file["attachment"]["url"]).content == b"attached \xff"
    (failure,) = logs("test_fails")
    assert failure["level"] == "ERROR"
    assert "one is not two" in failure["message"]
    assert [entry["message"] for entry in logs("test_ünïcode")] == ["Grüße, мир, 世界"]
    assert "the fixture is broken" in logs("test_with_a_broken_fixture")[0]["message"]


def test_the_agents_own_hierarchy_is_kept(
    run_agent: Callable[..., str],
    reported: Callable[[], tuple[dict[str, Any], list[dict[str, Any]]]],
) -> None:
    run_agent("rp_hierarchy_code = True\nrp_hierarchy_dirs = True\nrp_is_skipped_an_issue = False")
    launch, items = reported()
    assert launch["statistics"]["total"] == 9
    by_id = {item["id"]: item for item in items}

    def path(item: dict[str, Any]) -> list[str]:
        above = path(by_id[item["parent_id"]]) if item["parent_id"] else []
        return [*above, item["name"]]

    (login,) = [item for item in items if item["name"] == "test_valid_login"]
    assert path(login) == ["tests", "test_sample.py", "TestLogin", "test_valid_login"]
    containers = {item["name"]: item["status"] for item in items if item["item_type"] != "STEP"}
    assert containers["TestLogin"] == "passed"
    assert containers["test_sample.py"] == "failed"
    (skipped,) = [item for item in items if item["name"] == "test_skipped"]
    assert skipped["issue"]["issueType"] == "NOT_ISSUE"
