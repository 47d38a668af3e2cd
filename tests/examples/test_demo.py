"""The README's first command, as CI might run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_demo_reports_one_launch_and_leaves_the_host_ci_alone(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    outputs.touch()
    of_ci = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(outputs), "GITHUB_RUN_ID": "1"}
    result = subprocess.run(
        [sys.executable, ROOT / "examples" / "demo.py"],
        env=os.environ | of_ci,
        cwd=tmp_path,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "41 tests" in result.stdout
    assert re.search(r"The launch was http://127\.0\.0\.1:\d+/\S+", result.stdout)
    assert "::add-mask::" not in result.stdout
    assert outputs.read_text(encoding="utf-8") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]
