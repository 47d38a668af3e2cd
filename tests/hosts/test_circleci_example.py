"""The example for CircleCI delivers the results of failed tests, where a failed step ends a job.

Source of this rule: "The when attribute" in CircleCI's configuration reference.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from support.command import COMMAND, environment
from support.onetest import LocalOneTest

EXAMPLE = Path(__file__).parents[2] / "examples" / "workflows" / "circleci.yml"


def run_job(job: dict[str, Any], place: Path, saved: Path, onetest: LocalOneTest) -> int:
    """Run the steps of a job until one fails; return its exit code."""
    own = onetest.env | job.get("environment", {}) | {"PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}"}
    for step in job["steps"]:
        if "persist_to_workspace" in step:
            shutil.copytree(place / "reports", saved / "reports")
        elif "attach_workspace" in step:
            shutil.copytree(saved, place, dirs_exist_ok=True)
        elif "run" in step and "pip install" not in step["run"]:
            command = ["bash", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(command, cwd=place, env=environment(own), capture_output=True, check=False)
            if done.returncode:
                return done.returncode
    return 0


def test_failed_tests_arrive(onetest: LocalOneTest, tmp_path: Path) -> None:
    jobs = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["jobs"]
    for place in ("tests", "saved", "report"):
        (tmp_path / place).mkdir()
    (tmp_path / "tests" / "test_shop.py").write_text("def test_a():\n    assert 0\n", encoding="utf-8")
    assert run_job(jobs["test"], tmp_path / "tests", tmp_path / "saved", onetest) == 1
    assert run_job(jobs["report"], tmp_path / "report", tmp_path / "saved", onetest) == 0
    launch = next(one for one in onetest.launches() if one["name"] == "checkout-service")
    assert [case["status"] for case in onetest.cases(launch["uuid"])] == ["failed"]
