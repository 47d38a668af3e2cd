"""Installs onetest-ci into the runner's temporary directory and runs ``onetest-ci report``.

Nothing of the job is changed: neither its Python nor its PATH. Dependencies come by their hashes from
``requirements/run.txt``, the command from the action's own files: the commit of the action fixes both. The
job's ``PIP_*`` variables are for its own installations and do not reach this one; the pip.conf of the machine
does.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
# 1 is what failed tests leave with --fail-on any.
NOT_INSTALLED = 2


def main() -> int:
    """Run the command; returns its exit code."""
    temporary = os.environ.get("RUNNER_TEMP")
    if not temporary:
        print("::error title=onetest-ci::RUNNER_TEMP is not set: this runs as a step of GitHub Actions only.")
        return NOT_INSTALLED
    requirements = SOURCE / "requirements" / "run.txt"
    # Another version of the action in the same job has a place of its own.
    version = hashlib.sha256(str(SOURCE).encode() + requirements.read_bytes()).hexdigest()[:12]
    home = Path(temporary) / f"onetest-ci-{version}"
    # UTF-8 whatever the code page is: so the runner reads its log and files.
    python = [str(home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")), "-I", "-X", "utf8"]
    if not works(python):
        try:
            install(home, python, requirements)
        except (OSError, subprocess.SubprocessError) as problem:
            reason = " ".join(str(problem).split())
            print(f"::error title=onetest-ci::onetest-ci cannot be installed; see the lines above. {reason}")
            return NOT_INSTALLED
        if not works(python):
            print("::error title=onetest-ci::onetest-ci was installed and cannot be imported.")
            return NOT_INSTALLED
    code = subprocess.run([*python, "-m", "onetest_ci", "report"], check=False).returncode
    # A process that a signal ended has a negative code here.
    return code if code >= 0 else 128 - code


def works(python: list[str]) -> bool:
    """Return whether the command and all that it needs can be imported."""
    modules = "onetest_ci.cli.report, onetest_ci.push.deliver"
    try:
        done = subprocess.run(
            [*python, "-c", f"import {modules}"],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def install(home: Path, python: list[str], requirements: Path) -> None:
    """Make the environment anew."""
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("PIP_")}
    venv.create(home, with_pip=True, clear=True, symlinks=os.name != "nt")
    pip = [*python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    locked = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    subprocess.run([*pip, *locked, "-r", str(requirements)], check=True, env=environment)
    # The source itself goes onto the path: nothing is built on the runner.
    packages = subprocess.check_output(
        [*python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], encoding="utf-8"
    )
    (Path(packages.strip()) / "onetest_ci.pth").write_text(f"{SOURCE / 'src'}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
