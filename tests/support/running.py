"""``onetest-ci run``, with the outcome that it wrote, and test commands for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from support.command import run
from support.in_process import run_here
from support.outcomes import read_outcome

GREEN = "<testsuite name='s'><testcase classname='c' name='good'/></testsuite>"
RED = "<testsuite name='s'><testcase classname='c' name='bad'><failure message='no'/></testcase></testsuite>"
FLAKY = (
    "<testsuite name='s'><testcase classname='c' name='f'><failure/></testcase>"
    "<testcase classname='c' name='f'/></testsuite>"
)
NAME = "(test command)"


class Ended(NamedTuple):
    """A command that ended, and the outcome that it wrote."""

    code: int
    outcome: dict[str, Any]
    stdout: str
    stderr: str

    @property
    def said(self) -> list[str]:
        """Messages of the test command's case; at most one."""
        return [one["message"] for one in self.outcome["failures"] if one["name"] == NAME]

    @property
    def errors(self) -> list[str]:
        """Codes of the errors that fail the run."""
        return [error["code"] for error in self.outcome["errors"]]


def ended(
    place: Path,
    *args: str | Path,
    env: Mapping[str, str] | None = None,
    dry: bool = True,
    here: bool = False,
) -> Ended:
    """Run a command to its end, in this process if ``here``; it only pretends to send unless not ``dry``."""
    outcome = place / "o.json"
    outcome.unlink(missing_ok=True)
    own = ["--json", "o.json", *(["--dry-run"] if dry else [])]
    at = args.index("--") if "--" in args else len(args)
    done = (run_here if here else run)(*args[:at], *own, *args[at:], cwd=place, env=env)
    written = read_outcome(outcome)
    assert written.get("exit_code", done.returncode) == done.returncode
    return Ended(done.returncode, written, done.stdout, done.stderr)


def writing(text: str, code: int = 0) -> tuple[str, ...]:
    """A test command that writes this report and ends with this exit code."""
    return ("sh", "-c", 'printf %s "$1" > out/r.xml; exit "$2"', "sh", text, str(code))
