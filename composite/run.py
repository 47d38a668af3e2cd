"""Installs onetest-ci into the runner's temporary directory and runs ``onetest-ci report``.

Nothing of the job is changed: neither its Python nor its PATH. Dependencies come by their hashes from
``requirements/run.txt``, the command from the action's own files: the commit of the action fixes both.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the command; returns its exit code."""
    temporary = os.environ.get("RUNNER_TEMP")
    if not temporary:
        print("::error title=onetest-ci::RUNNER_TEMP is not set: this runs as a step of GitHub Actions only.")
        return 2
    requirements = SOURCE / "requirements" / "run.txt"
    # Another version of the action in the same job has a place of its own.
    version = hashlib.sha256(str(SOURCE).encode() + requirements.read_bytes()).hexdigest()[:12]
    home = Path(temporary) / f"onetest-ci-{version}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = home / "ready"
    if not ready.exists():
        venv.create(home, with_pip=True, clear=True, symlinks=os.name != "nt")
        pip = [str(python), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        locked = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
        done = subprocess.run([*pip, *locked, "-r", str(requirements)], check=False)
        if done.returncode:
            print("::error title=onetest-ci::The dependencies cannot be installed; see the lines above.")
            return 2
        # The source itself goes onto the path: nothing is built on the runner.
        packages = subprocess.check_output(
            [str(python), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
        )
        (Path(packages.strip()) / "onetest_ci.pth").write_text(f"{SOURCE / 'src'}\n", encoding="utf-8")
        ready.touch()
    return subprocess.run([str(python), "-I", "-m", "onetest_ci", "report"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
