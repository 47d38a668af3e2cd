"""The image's bill of materials, created as a release creates it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from support.command import environment
from support.host_tools import tool
from support.image import ROOT, TAG, Engine, address

pytestmark = [pytest.mark.hosts, pytest.mark.full]


def test_it_lists_what_is_locked_and_onetest_ci_itself(engine: Engine, tmp_path: Path) -> None:
    del engine
    bill = tmp_path / "sbom.cdx.json"
    done = subprocess.run(
        [tool("syft"), "scan", f"docker:{TAG}", "--output", f"cyclonedx-json={bill}", "--quiet"],
        env=environment() | {"DOCKER_HOST": address(), "SYFT_CHECK_FOR_APP_UPDATE": "false"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    found = {(one["name"].lower().replace("_", "-"), one.get("version")) for one in components}
    locked = re.findall(
        r"^([a-z0-9-]+)==(\S+)(?! ;)",
        (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    elsewhere = {"colorama", "typing-extensions"}  # for Windows and older Pythons only
    assert {one for one in locked if one[0] not in elsewhere} <= found
    assert any(name == "onetest-ci" for name, _ in found)
