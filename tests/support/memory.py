"""How much memory the installed command takes at its peak."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from support.command import COMMAND, environment
from support.coverage_sample import unmeasured

# A child's peak counts from the size of the process that starts it, so a small one has to do it.
_LAUNCHER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as peak:
    peak.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
sys.exit(code)
"""


class Measured(NamedTuple):
    """A run of the command: exit code, outputs, and peak memory in MiB."""

    returncode: int
    stdout: str
    stderr: str
    peak: int


def measured(*args: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Measured:
    """Run ``onetest-ci`` with only the given environment; a traceback is always a fault."""
    note = cwd.parent / f"{cwd.name}.peak"
    with unmeasured():  # coverage takes memory too
        done = subprocess.run(
            [sys.executable, "-S", "-c", _LAUNCHER, note, COMMAND, *args],
            cwd=cwd,
            env=environment(env),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Measured(done.returncode, done.stdout, done.stderr, int(note.read_text(encoding="utf-8")))
