"""A stand-in for the hosts' API, and jobs that report to the local OneTest and comment."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from support.command import COMMAND, QUICK_PAUSES, environment
from support.comments_api import BOT, PROJECT_BOT, CommentsApi
from support.onetest import LocalOneTest

TOKEN: Final = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - made up


@pytest.fixture
def api() -> Iterator[CommentsApi]:
    with CommentsApi() as started:
        yield started


class HostKind(NamedTuple):
    """What differs between the hosts."""

    name: str
    bot: dict[str, Any]
    write: str
    many: str
    one: str


HOSTS: Final = {
    "github": HostKind("github", BOT, "PATCH", "/repos/acme/shop/issues/7/comments", "/repos/.*/[0-9]+"),
    "gitlab": HostKind(
        "gitlab", PROJECT_BOT, "PUT", "/projects/11/merge_requests/7/notes", "/projects/.*/[0-9]+"
    ),
}


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> HostKind:
    return HOSTS[request.param]


class Jobs:
    """Starts jobs of one host: `report --comment` on a small report."""

    more: dict[str, str] = QUICK_PAUSES
    """Further variables. Jobs at the same time need the pauses as they are."""

    def __init__(self, host: HostKind, api: CommentsApi, onetest: LocalOneTest, folder: Path) -> None:
        self.host, self.api, self.onetest, self.folder = host, api, onetest, folder

    def env(
        self, job: str = "unit", run: int = 100, attempt: int = 1, *, fork: bool = False
    ) -> dict[str, str]:
        of_host = self._github if self.host.name == "github" else self._gitlab
        return self.onetest.env | self.more | of_host(job, run, attempt, fork=fork)

    def _github(self, job: str, run: int, attempt: int, *, fork: bool) -> dict[str, str]:
        head = "mallory/shop" if fork else "acme/shop"
        event = {
            "pull_request": {
                "number": 7,
                "head": {"sha": "a" * 40, "ref": "topic", "repo": {"full_name": head}},
                "base": {"ref": "main", "repo": {"full_name": "acme/shop"}},
            }
        }
        path = self.folder / f"event-{fork}.json"
        path.write_text(json.dumps(event), encoding="utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.api.url,
            "GITHUB_GRAPHQL_URL": f"{self.api.url}/graphql",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_WORKFLOW": "CI",
            "GITHUB_JOB": job,
            "GITHUB_RUN_ID": str(run),
            "GITHUB_RUN_NUMBER": str(run),
            "GITHUB_RUN_ATTEMPT": str(attempt),
            "GITHUB_SHA": "b" * 40,
            "ONETEST_GITHUB_TOKEN": TOKEN,
        }

    def _gitlab(self, job: str, run: int, attempt: int, *, fork: bool) -> dict[str, str]:
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": self.api.url,
            "CI_PROJECT_ID": "12" if fork else "11",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "12" if fork else "11",
            "CI_MERGE_REQUEST_PROJECT_ID": "11",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_PIPELINE_ID": str(run),
            "CI_PIPELINE_IID": str(run),
            "CI_JOB_NAME": job,
            "CI_JOB_ID": str(run * 100 + attempt),
            "CI_COMMIT_SHA": "a" * 40,
            "ONETEST_GITLAB_TOKEN": TOKEN,
        }

    def start(
        self,
        job: str = "unit",
        *options: str,
        cases: str = "<testcase name='a'/>",
        run: int = 100,
        attempt: int = 1,
        fork: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[str]:
        report = self.folder / f"{job}.xml"
        report.write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
        return subprocess.Popen(
            [COMMAND, "report", report.name, "--comment", *options],
            cwd=self.folder,
            env=environment(self.env(job, run, attempt, fork=fork) | dict(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, job: str = "unit", *options: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.finish(self.start(job, *options, **more))

    def finish(self, process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
        stdout, stderr = process.communicate()
        assert "Traceback" not in stdout + stderr, stderr
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def body(self) -> str:
        """The body of the one comment that was written."""
        (comment,) = [one for one in self.api.comments if one["body"].startswith("<!-- onetest-ci:comment")]
        return str(comment["body"])


@pytest.fixture
def jobs(host: HostKind, api: CommentsApi, onetest: LocalOneTest, tmp_path: Path) -> Jobs:
    return Jobs(host, api, onetest, tmp_path)
