"""Projects of several languages, and the files that ``onetest-ci init`` writes for them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from onetest_ci.init.plan import whole_file
from onetest_ci.init.project import read_project
from onetest_ci.init.repository import Repository
from onetest_ci.init.runner import Found
from onetest_ci.init.runners import find_runners, left_out
from support.command import run
from support.host_tools import tool

PROJECTS: Final = Path(__file__).parents[1] / "data" / "init"
HARNESS: Final = Path(__file__).parents[1] / "init" / "Pipeline.groovy"
FILES: Final = {
    "github": ".github/workflows/onetest.yml",
    "gitlab": ".gitlab-ci.yml",
    "jenkins": "Jenkinsfile",
}
PATHS: Final[tuple[str, ...]] = tuple(sorted(path.name for path in PROJECTS.iterdir()))


def copy(name: str, place: Path) -> Path:
    """Return a copy of a project in a directory of its own, as git would check it out."""
    project = place / name
    shutil.copytree(PROJECTS / name, project)
    return project


def init(project: Path, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return run("init", *arguments, cwd=project, env={"HOME": str(project.parent), **env})


def runners(project: Path) -> list[Found]:
    """Return the runners of a project, without a process."""
    return find_runners(read_project(project.resolve()))


def file_for(project: Path, host: str) -> str:
    """Return the file for a host as ``init`` prints it, without a process."""
    remarks = left_out(read_project(project.resolve()))
    return whole_file(host, runners(project), Repository(project.resolve(), "", ""), remarks).text


def pipelines(
    place: Path, cases: Iterable[dict[str, Any]], env: Mapping[str, str] = MappingProxyType({})
) -> list[list[dict[str, Any]]]:
    """Run pipelines of Jenkins in an environment, and return what each of them called."""
    wanted = place / "pipelines.json"
    wanted.write_text(json.dumps(list(cases)), encoding="utf-8")
    java = str(Path(tool("java")).resolve().parents[1])
    done = subprocess.run(
        [tool("groovy"), HARNESS, wanted],
        env={**os.environ, "JAVA_HOME": java, **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return told
