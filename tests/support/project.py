"""A directory with reports, reported through a proxy to a local OneTest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.command import run
from support.onetest import LocalOneTest
from support.outcomes import read_outcome
from support.proxy import Proxy


class Reported:
    """A finished command and the outcome that it wrote."""

    def __init__(self, code: int, stdout: str, stderr: str, outcome: dict[str, Any]) -> None:
        self.code, self.stdout, self.stderr, self.outcome = code, stdout, stderr, outcome

    @property
    def status(self) -> str:
        return str(self.outcome["upload_status"])

    @property
    def launch_id(self) -> str:
        return str(self.outcome["launch_id"])

    @property
    def launch_uuid(self) -> str:
        return str(self.outcome["launch_uuid"])

    @property
    def bundle(self) -> str:
        return str(self.outcome["bundle_path"])

    @property
    def error(self) -> str:
        error = self.outcome["delivery"]["error"]
        return str(error["code"]) if error else ""

    @property
    def delivery(self) -> dict[str, Any]:
        return dict(self.outcome["delivery"])


class Project:
    """A directory with reports, and a OneTest behind a proxy to report them to."""

    def __init__(self, path: Path, onetest: LocalOneTest, proxy: Proxy) -> None:
        self.path, self.onetest, self.proxy = path, onetest, proxy
        self.env = onetest.env | {"ONETEST_BASE_URL": proxy.url}

    def write(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def report_as_it_is(self, *, env: Mapping[str, str], outcome: Path) -> Reported:
        """``report`` with all of its options in the environment."""
        done = run("report", cwd=self.path, env=env)
        told = read_outcome(outcome)
        return Reported(done.returncode, done.stdout, done.stderr, told)

    def report(self, *options: str | Path, env: Mapping[str, str] | None = None) -> Reported:
        return self._run("report", "out", *options, env=env)

    def push(self, bundle: str | Path, *options: str, env: Mapping[str, str] | None = None) -> Reported:
        return self._run("push", bundle, *options, env=env)

    def _run(self, *args: str | Path, env: Mapping[str, str] | None) -> Reported:
        place = self.path / "outcome.json"
        place.unlink(missing_ok=True)
        done = run(*args, "--json", place, cwd=self.path, env=self.env | dict(env or {}))
        outcome = read_outcome(place)
        return Reported(done.returncode, done.stdout, done.stderr, outcome)
