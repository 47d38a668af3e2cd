"""The action in a workflow that `act` runs: built from the tree's Dockerfile, used by its released name.

act is no GitHub runner: paths are the machine's own in the container too. For GitHub's rules there is
test_github_container.py.
"""

import subprocess
from pathlib import Path

import pytest

from support.command import environment
from support.host_tools import tool
from support.image import ROOT, Engine, address
from support.onetest import LocalOneTest

pytestmark = [pytest.mark.hosts, pytest.mark.full]

WORKFLOW = """\
on: push
jobs:
  unit:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        leg: [one]
    steps:
      - uses: actions/checkout@v6
      - id: report
        uses: onetest/report-action@v1
        with:
          files: |
            out/*.xml
            !out/old.xml
          launch-name: run by act
          api-key: ${{ secrets.ONETEST_API_KEY }}
          product-id: ${{ vars.ONETEST_PRODUCT_ID }}
          base-url: ${{ vars.ONETEST_BASE_URL }}
          fail-on: any
      - if: failure()
        run: echo "launch=$LAUNCH failed=$FAILED"
        env:
          LAUNCH: ${{ steps.report.outputs.launch-id }}
          FAILED: ${{ steps.report.outputs.failed }}
"""
SUITE = (
    "<testsuite name='s'><testcase classname='c' name='t'/>"
    "<testcase classname='c' name='u'><failure message='red'/></testcase></testsuite>"
)


def test_a_workflow_that_uses_the_action(engine: Engine, onetest: LocalOneTest, tmp_path: Path) -> None:
    place = tmp_path / "consumer"
    for name, text in {
        ".github/workflows/tests.yml": WORKFLOW,
        "out/a.xml": SUITE,
        "out/old.xml": SUITE,
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "tests"]):
        subprocess.run([*git, *command], cwd=place, check=True, capture_output=True)
    runner = engine.image_with("bash", "git", "nodejs")
    done = subprocess.run(
        [
            tool("act"),
            "push",
            f"--platform=ubuntu-latest={runner}",
            "--pull=false",
            "--container-daemon-socket=-",
            "--network=host",
            f"--local-repository=onetest/report-action@v1={ROOT}",
            f"--secret=ONETEST_API_KEY={onetest.api_key}",
            f"--var=ONETEST_PRODUCT_ID={onetest.product_id}",
            f"--var=ONETEST_BASE_URL={onetest.url}",
        ],
        cwd=place,
        env=environment() | {"DOCKER_HOST": address(), "HOME": str(tmp_path / "home")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    log = done.stdout + done.stderr
    launch = next((one for one in onetest.launches() if one["name"] == "run by act"), None)
    assert launch, log
    assert len(onetest.cases(launch["uuid"])) == 2
    attributes = {one["key"]: one["value"] for one in launch["attributes"]}
    assert attributes["job"] == "unit (one)"
    assert f"launch={launch['uuid']} failed=1" in log
    assert onetest.api_key not in log
    assert done.returncode == 1
