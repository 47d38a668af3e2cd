"""``init`` on small projects: which runners it finds, and whether the hosts accept its files."""

import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from support.host_tools import tool
from support.init_projects import FILES, PATHS, copy, file_for, init, pipelines, runners

RUNNERS: Final = {
    "pytest": ["pytest in the root"],
    "jest": ["jest in the root"],
    "vitest": ["vitest in the root"],
    "maven": ["maven in the root"],
    "gradle": ["gradle in the root"],
    "go": ["go in the root"],
    "cargo": ["cargo-nextest in the root"],
    "dotnet": ["dotnet in the root"],
    "rspec": ["rspec in the root"],
    "ctest": ["ctest in the root"],
    "phpunit-and-playwright": ["playwright in the root", "phpunit in the root"],
    "monorepo": ["go in services/orders", "pytest in services/price list", "mocha in web"],
}
"""What each project tests with, in the order of the jobs."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """The file of each project and host, written into the project."""
    place = tmp_path_factory.mktemp("init")
    files = {}
    for name in PATHS:
        project = copy(name, place)
        assert [f"{one.runner} in {one.folder or 'the root'}" for one in runners(project)] == RUNNERS[name]
        for host, path in FILES.items():
            files[name, host] = project / path
            files[name, host].parent.mkdir(parents=True, exist_ok=True)
            files[name, host].write_text(file_for(project, host), encoding="utf-8")
    return files


def test_every_project_has_its_row() -> None:
    assert set(PATHS) == set(RUNNERS)
    assert len(PATHS) >= 10


@pytest.mark.parametrize("host", FILES)
def test_the_command_writes_the_file(host: str, written: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    project = copy("monorepo", tmp_path)
    done = init(project, host)
    assert done.returncode == 0, done.stderr
    found = [line[6:].partition(" (")[0] for line in done.stdout.splitlines() if line[:6] == "Found "]
    assert found == RUNNERS["monorepo"]
    assert f"Wrote {FILES[host]}." in done.stdout
    text = written["monorepo", host].read_text(encoding="utf-8")
    assert (project / FILES[host]).read_text(encoding="utf-8") == text
    # It is also what the difference adds.
    assert set(text.splitlines()) <= {line[1:] for line in done.stdout.splitlines() if line[:1] == "+"}


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_hosts_schemas(host: str, written: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    schema = {"github": "github-workflows", "gitlab": "gitlab-ci"}[host]
    check = [tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}"]
    files = [path for (_, one), path in written.items() if one == host]
    done = subprocess.run([*check, *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    broken = tmp_path / "broken.yml"
    right, wrong = {"github": ("runs-on:", "run-on:"), "gitlab": ("script:", "skript:")}[host]
    broken.write_text(files[0].read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    assert subprocess.run([*check, broken], capture_output=True, check=False).returncode != 0


def test_actionlint(written: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    files = [path for (_, host), path in written.items() if host == "github"]
    done = subprocess.run([tool("actionlint"), *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    broken = tmp_path / "broken.yml"
    text = files[0].read_text(encoding="utf-8").replace("steps.tests.outputs", "steps.tsets.outputs")
    broken.write_text(text, encoding="utf-8")
    assert subprocess.run([tool("actionlint"), broken], capture_output=True, check=False).returncode != 0


def test_jenkins_runs_the_pipelines(written: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    chosen = {name: path for (name, host), path in written.items() if host == "jenkins"}
    cases = [{"file": str(path), "place": str(path.parent), "real": False} for path in chosen.values()]
    for name, events in zip(chosen, pipelines(tmp_path, cases), strict=True):
        stages = [one["stage"] for one in events if "stage" in one]
        reports = [one["report"] for one in events if "report" in one]
        assert len(stages) == len(reports) == len(RUNNERS[name])
        for report in reports:
            assert set(report) == {"files", "testExitCode", "productId", "credentialsId"}
            assert report["productId"] == "the product"
        # The tests are the last command of a stage, in the directory of the runner.
        commands = [one for one in events if "sh" in one]
        assert {one["in"] for one in commands} == {
            str(chosen[name].parent / where) if where != "the root" else str(chosen[name].parent)
            for where in (row.partition(" in ")[2] for row in RUNNERS[name])
        }


@pytest.mark.parametrize("host", FILES)
def test_the_three_hosts_run_the_same_commands(host: str, written: dict[tuple[str, str], Path]) -> None:
    for name in PATHS:
        text = written[name, host].read_text(encoding="utf-8")
        workflow = yaml.safe_load(written[name, "github"].read_text(encoding="utf-8"))
        for command in _test_commands(workflow):
            shown = command.replace("\\", "\\\\").replace("'", "\\'") if host == "jenkins" else command
            assert shown in text or command in text, (name, command)
        assert "exit-code" in text or "testExitCode" in text


def _test_commands(workflow: dict[str, Any]) -> list[str]:
    """Return the last line of the tests of each job, without what keeps the exit code."""
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    runs = [step["run"] for step in steps if step.get("id") == "tests"]
    lines = [line for run in runs for line in run.splitlines() if line.endswith(" || code=$?")]
    assert len(lines) == len(workflow["jobs"])
    return [line.removesuffix(" || code=$?") for line in lines]
