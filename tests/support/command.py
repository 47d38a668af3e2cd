"""The installed command, run as a user runs it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

COMMAND = str(Path(sys.executable).with_name("onetest-ci"))

QUICK_PAUSES: Final[dict[str, str]] = {"PYTHONPATH": str(Path(__file__).with_name("quick_pauses"))}
"""Variables of a command whose client need not wait for as long as it does."""

# What a process needs to run at all; nothing of the CI host that runs the tests may leak into them.
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")

# Makes coverage.py, where it runs, measure the process too.
_MEASURED = "COVERAGE_PROCESS_CONFIG"
measured = True


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    names = (*_KEPT, _MEASURED) if measured else _KEPT
    return {name: os.environ[name] for name in names if name in os.environ} | dict(extra or {})


def run(
    *args: str | Path, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run ``onetest-ci`` with only the given environment.

    A traceback on standard error is always a fault. Standard output may hold that of a test.
    """
    done = subprocess.run(
        [COMMAND, *map(str, args)],
        cwd=cwd,
        env=environment(env),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done
