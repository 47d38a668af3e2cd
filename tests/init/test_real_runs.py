"""The files that ``init`` writes do on each host what they promise: real runners, a real delivery.

The commands of a file run as the host runs them, in the order of the file. What a host sets up, a language or
an image, is what this machine has.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import yaml

from support.command import COMMAND, run
from support.host_tools import tool
from support.init_projects import FILES, copy, init, pipelines
from support.onetest import LocalOneTest
from support.outcomes import read_outcome

pytestmark = pytest.mark.full


class Expected(NamedTuple):
    """What a project's jobs end in: the exit code of the tests, tests and failed tests, for each job."""

    programs: tuple[str, ...]
    jobs: tuple[tuple[int, int, int], ...]
    instead: tuple[tuple[str, str], ...] = ()


_KEPT: Final = ("HOME", "LANG", "GOCACHE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
NOTHING: Final = "echo nothing to install"
WRONG: Final = ((1, 2, 1),)
PROJECTS: Final = {
    "pytest": Expected((), WRONG),
    "jest": Expected(("npm",), WRONG),
    "vitest": Expected(("npm",), WRONG),
    "maven": Expected(("mvn",), WRONG),
    "gradle": Expected(("gradle",), WRONG),
    "go": Expected(("go",), WRONG),
    "cargo": Expected(
        ("cargo", "cargo-nextest"), ((100, 2, 1),), (("cargo install cargo-nextest --locked", NOTHING),)
    ),
    "ctest": Expected(("cmake", "ctest"), ((8, 2, 1),)),
    # Without their package managers, which this machine lacks: the same runners, as Debian installs them.
    "rspec": Expected(("rspec",), WRONG, (("bundle install", NOTHING), ("bundle exec ", ""))),
    "phpunit-and-playwright": Expected(
        ("phpunit", "npm"),
        ((0, 1, 0), (1, 2, 1)),
        (
            ("composer install --no-interaction", NOTHING),
            ("vendor/bin/phpunit", "phpunit"),
            # The browsers are not needed by a test that opens no page.
            ("npx playwright install --with-deps", NOTHING),
        ),
    ),
    "monorepo": Expected(("go", "npm"), ((0, 1, 0), (0, 1, 0), (0, 1, 0))),
}


class Job(NamedTuple):
    """A job that has run: the exit code of its tests, and what it reports."""

    code: int
    files: str


@pytest.fixture
def env(tmp_path: Path, onetest: LocalOneTest) -> dict[str, str]:
    """The variables of a machine: a Python of its own, the command, a OneTest."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    path = f"{tmp_path / 'python' / 'bin'}:{os.environ['PATH']}:{Path(COMMAND).parent}"
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | onetest.env | {"PATH": path, "CI": "true"}


def shell(script: str, cwd: Path, env: Mapping[str, str], program: str = "bash") -> int:
    done = subprocess.run(
        [program, "-e", "-c", script], cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode


def on_github(project: Path, text: str, env: dict[str, str]) -> list[Job]:
    jobs = []
    for job in yaml.safe_load(text)["jobs"].values():
        cwd = project / job.get("defaults", {}).get("run", {}).get("working-directory", ".")
        output = project / "output"
        output.write_text("", encoding="utf-8")
        code = -1
        for step in job["steps"]:
            if "run" in step:
                code = shell(step["run"], cwd, env | {"GITHUB_OUTPUT": str(output)})
                assert code == 0 or step.get("id") == "tests", step
        passed_on = int(re.fullmatch(r"code=(\d+)\n", output.read_text(encoding="utf-8"))[1])  # type: ignore[index]
        assert passed_on == code
        report = next(step for step in job["steps"] if step.get("id") == "onetest")
        assert report["with"]["test-exit-code"] == "${{ steps.tests.outputs.code }}"
        jobs.append(Job(passed_on, report["with"]["files"]))
    return jobs


def on_gitlab(project: Path, text: str, env: dict[str, str]) -> list[Job]:
    jobs = []
    pipeline: dict[str, Any] = yaml.safe_load(text)
    for name, job in pipeline.items():
        if "onetest-bundle-*/" in job["artifacts"]["paths"]:
            continue
        script = [line for line in job["script"] if not line.startswith("apt-get")]
        code = shell("\n".join(script), project, env, "sh")
        report = pipeline["onetest" if name == "test" else f"onetest-{name}"]
        exported, command = report["script"]
        assert command == "onetest-ci report"
        check = f'{exported}\ntest "$ONETEST_TEST_EXIT_CODE" = {code}'
        assert shell(check, project, env, "sh") == 0
        for path in job["artifacts"]["paths"]:
            assert "*" in path or (project / path).is_file()
        jobs.append(Job(code, report["variables"]["ONETEST_FILES"]))
    return jobs


def on_jenkins(project: Path, text: str, env: dict[str, str]) -> list[Job]:
    file = project / "Jenkinsfile"
    file.write_text(text, encoding="utf-8")
    cases = [{"file": str(file), "place": str(project), "real": True}]
    (events,) = pipelines(project.parent, cases, env)
    return [
        Job(one["report"]["testExitCode"], "\n".join(one["report"]["files"]))
        for one in events
        if "report" in one
    ]


HOSTS: Final = {"github": on_github, "gitlab": on_gitlab, "jenkins": on_jenkins}


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_is_tested_and_reported(name: str, tmp_path: Path, env: dict[str, str]) -> None:
    expected = PROJECTS[name]
    for program in expected.programs:
        tool(program)
    for host, run_jobs in HOSTS.items():
        project = copy(name, tmp_path / host)
        assert init(project, host).returncode == 0
        text = (project / FILES[host]).read_text(encoding="utf-8")
        for before, after in expected.instead:
            text = text.replace(before, after)
        jobs = run_jobs(project, text, env)
        assert [job.code for job in jobs] == [code for code, _, _ in expected.jobs], host
        for job, (code, tests, failed) in zip(jobs, expected.jobs, strict=True):
            outcome = project / "outcome.json"
            reported = env | {"ONETEST_FILES": job.files, "ONETEST_TEST_EXIT_CODE": str(job.code)}
            done = run("report", "--json", outcome, cwd=project, env=reported)
            assert done.returncode == code, done.stderr
            told = read_outcome(outcome)
            totals = told["totals"]
            assert (totals["tests"], totals["failures"] + totals["errors"]) == (tests, failed), host
            assert told["upload_status"] == "delivered"
