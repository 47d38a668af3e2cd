"""The documentation's pipelines for Jenkins run in Groovy and deliver their results.

The steps are those of tests/hosts/jenkins. Not covered: a real Jenkins with its plugins.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.command import COMMAND, environment
from support.host_tools import tool
from support.image import ROOT
from support.onetest import LocalOneTest
from support.snippets import Block, under_test

pytestmark = pytest.mark.hosts

HARNESS = ROOT / "tests" / "hosts" / "jenkins"
STEP = ROOT / "vars" / "onetestReport.groovy"
EXAMPLES = sorted((ROOT / "examples" / "workflows").glob("Jenkinsfile*"))
# The product of the examples.
EXAMPLE = "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10"
ONE_FAILURE = "def test_a():\n    assert 1\n\n\ndef test_b():\n    assert 0\n"
BROKEN = Block("planted", 1, "groovy", "onetestReport(filez: 'a', credentialsId: 'onetest-api-key')\n", {})


def in_jenkins(pipelines: list[Block], onetest: LocalOneTest, place: Path) -> list[dict[str, Any]]:
    """Run the pipelines, each in a workspace of its own in which one of two tests fails."""
    cases = []
    for number, pipeline in enumerate(pipelines):
        workspace = place / str(number)
        workspace.mkdir()
        (workspace / "test_shop.py").write_text(ONE_FAILURE, encoding="utf-8")
        (workspace / "reports").mkdir()
        report = "<testsuite><testcase classname='c' name='t'/></testsuite>"
        (workspace / "reports" / "earlier.xml").write_text(report, encoding="utf-8")
        machine = {
            "workspace": str(workspace),
            "credentials": {"onetest-api-key": onetest.api_key},
            "windows": False,
        }
        env = {
            "JENKINS_URL": "https://jenkins.acme.example/",
            "BUILD_TAG": f"jenkins-shop-{number}",
            "BUILD_NUMBER": str(number),
            "JOB_NAME": "shop",
            "ONETEST_BASE_URL": onetest.url,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        text = pipeline.text.replace(EXAMPLE, onetest.product_id)
        cases.append({"text": text, "place": pipeline.place, "machine": machine, "env": env})
    wanted = place / "cases.json"
    wanted.write_text(json.dumps(cases), encoding="utf-8")
    done = subprocess.run(
        [tool("groovy"), "-cp", HARNESS, HARNESS / "Snippets.groovy", STEP, wanted],
        env=environment()
        | {
            "PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}",
            "JAVA_HOME": str(Path(tool("java")).resolve().parents[1]),
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def test_pipelines_deliver_their_results(onetest: LocalOneTest, tmp_path: Path) -> None:
    files = [Block(file.name, 1, "groovy", file.read_text(encoding="utf-8"), {}) for file in EXAMPLES]
    *results, broken = in_jenkins([*files, *under_test("groovy"), BROKEN], onetest, tmp_path)
    assert "unknown filez" in broken["failed"]
    codes = {block.place: int(block.marks.get("exit code", 0)) for block in under_test("groovy")}
    for result in results:
        assert "failed" not in result, result
        reports = [event for event in result["events"] if "onetest-ci" in event.get("script", "")]
        assert reports, result
        assert all(event["code"] == codes.get(result["place"], 0) for event in reports), result
        assert onetest.api_key not in json.dumps(result)
