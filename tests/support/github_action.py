"""Runs an action's step as GitHub's runner does: its work folder, mounts, variables and file commands.

Sources in actions/runner: ActionRunner.cs and Handler.cs (INPUT_* for every declared input, empty when not
given, names in upper case with hyphens kept), ContainerActionHandler.cs (mounts, HOME, working directory,
arguments), ContainerInfo.cs (which values are translated), FileCommandManager.cs (one file per command and
step), and for composite actions CompositeActionHandler.cs and ScriptHandler.cs (``bash --noprofile --norc -e
-o pipefail FILE``).
The rules are copied, not the code. Left out: the engine's socket, which this action does not use.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import yaml

from support.command import environment
from support.github_runner import Command, commands, outputs
from support.image import ROOT, Engine

OWNER: Final = (1001, 127)
"""User and group of a hosted runner's own account."""

_FILE_COMMANDS: Final = {
    "GITHUB_OUTPUT": "set_output_",
    "GITHUB_STEP_SUMMARY": "step_summary_",
    "GITHUB_ENV": "set_env_",
    "GITHUB_PATH": "add_path_",
    "GITHUB_STATE": "save_state_",
}
_EXPRESSION: Final = re.compile(r"\$\{\{ *(.*?) *\}\}")


class Step(NamedTuple):
    """What the runner knows of a step that ended."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]
    summary: str
    left: dict[str, str]
    """What was written to the other file commands."""

    @property
    def commands(self) -> list[Command]:
        return commands(self.stdout + "\n" + self.stderr)

    @property
    def annotations(self) -> list[tuple[str, str]]:
        levels = {"error", "warning", "notice"}
        return [(one.name, one.properties.get("title", "")) for one in self.commands if one.name in levels]


class Runner:
    """A runner's work folder with the workspace of one repository.

    Args:
        root: an empty directory.
        repository: owner and name.
        event: the payload of the event that started the run.
        env: what else the job has in its environment.
    """

    def __init__(
        self,
        root: Path,
        *,
        repository: str = "acme-shop/checkout-service",
        event: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        name = repository.partition("/")[2]
        self.work = root / "_work"
        self.workspace = self.work / name / name
        self.temp = self.work / "_temp"
        self._files = self.temp / "_runner_file_commands"
        self._home, self._workflow = self.temp / "_github_home", self.temp / "_github_workflow"
        for folder in (self.workspace, self._files, self._home, self._workflow):
            folder.mkdir(parents=True)
        (self._workflow / "event.json").write_text(json.dumps(event or {}), encoding="utf-8")
        self._env = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_JOB": "unit",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_REF_TYPE": "branch",
            "GITHUB_REPOSITORY": repository,
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "18853836109",
            "GITHUB_RUN_NUMBER": "1244",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": "8835b862b2ea33cc1eded69c3b091a31950d3f1e",
            "GITHUB_WORKFLOW": "tests",
            "GITHUB_EVENT_PATH": str(self._workflow / "event.json"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_WORKSPACE": str(self.workspace.parent),
            **(env or {}),
        }
        self._mounts = {
            self._home: "/github/home",
            self._workflow: "/github/workflow",
            self._files: "/github/file_commands",
            self.temp: "/github/runner_temp",
            self.workspace: "/github/workspace",
        }

    def write(self, name: str, text: str | bytes) -> Path:
        place = self.workspace / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return place

    def give_to_owner(self) -> None:
        """All that is there so far was made by the runner's account."""
        for folder, folders, files in os.walk(self.work):
            for name in (".", *folders, *files):
                os.chown(Path(folder) / name, *OWNER, follow_symlinks=False)

    def files(self) -> dict[str, int]:
        """What lies in the workspace, and its owner."""
        return {
            str(place.relative_to(self.workspace)): place.lstat().st_uid
            for place in self.workspace.rglob("*")
        }

    def container(
        self,
        engine: Engine,
        given: Mapping[str, str] | None = None,
        *,
        args: list[str] | None = None,
        contexts: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Step:
        """The container action of this tree as a step, or with ``args`` its image by ``uses: docker://``."""
        action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        assert action["runs"]["image"] == "Dockerfile"
        inputs = {} if args else _inputs(action, given or {}, contexts or {})
        files = self._new_files()
        variables = self._env | {"HOME": str(self._home)} | dict(env or {}) | inputs | files
        done = engine.run(
            *(args or action["runs"]["args"]),
            env={name: self._translated(value) for name, value in variables.items()},
            volumes={str(place): {"bind": target, "mode": "rw"} for place, target in self._mounts.items()},
            working_dir="/github/workspace",
            network_mode="host",
        )
        return self._ended(done.code, done.stdout, done.stderr, files)

    def composite(
        self,
        given: Mapping[str, str] | None = None,
        *,
        contexts: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Step:
        """The composite action of this tree; ``setup-python`` is this Python."""
        action = yaml.safe_load((ROOT / "composite" / "action.yml").read_text(encoding="utf-8"))
        known = {f"inputs.{name}": value for name, value in _declared(action, given or {}).items()}
        known |= {"steps.python.outputs.python-path": sys.executable} | dict(contexts or {})
        setup, step = action["runs"]["steps"]
        assert setup["uses"].startswith("actions/setup-python@")
        files = self._new_files()
        script = self.temp / f"{uuid4()}.sh"
        script.write_text(step["run"], encoding="utf-8")
        variables = (
            self._env
            | dict(env or {})
            | {name: _evaluated(value, known) for name, value in step["env"].items()}
            | {"GITHUB_ACTION_PATH": str(ROOT / "composite")}
            | files
        )
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            cwd=self.workspace,
            env=environment() | variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        ended = self._ended(done.returncode, done.stdout, done.stderr, files)
        known |= {f"steps.report.outputs.{name}": value for name, value in ended.outputs.items()}
        told = {name: _evaluated(one["value"], known) for name, one in action["outputs"].items()}
        return ended._replace(outputs=told)

    def _new_files(self) -> dict[str, str]:
        suffix = str(uuid4())
        places = {name: self._files / f"{prefix}{suffix}" for name, prefix in _FILE_COMMANDS.items()}
        for place in places.values():
            place.touch()
            if os.geteuid() == 0:
                os.chown(place, *OWNER)
        return {name: str(place) for name, place in places.items()}

    def _translated(self, value: str) -> str:
        """A value that is a mapped path as a whole, or begins with one and a separator."""
        for place, target in self._mounts.items():
            if value == str(place) or value.startswith(f"{place}/"):
                return target + value[len(str(place)) :]
        return value

    @staticmethod
    def _ended(code: int, stdout: str, stderr: str, files: Mapping[str, str]) -> Step:
        text = {name: Path(place).read_text(encoding="utf-8") for name, place in files.items()}
        told = text.pop("GITHUB_OUTPUT")
        summary = text.pop("GITHUB_STEP_SUMMARY")
        left = {name: content for name, content in text.items() if content}
        return Step(code, stdout, stderr, outputs(told) if told else {}, summary, left)


def _declared(action: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    unknown = set(given) - set(action["inputs"])
    assert not unknown, f"unexpected inputs {unknown}"
    return {name: given.get(name, str(one.get("default", ""))) for name, one in action["inputs"].items()}


def _inputs(
    action: Mapping[str, Any], given: Mapping[str, str], contexts: Mapping[str, str]
) -> dict[str, str]:
    known = {"toJson(matrix)": "null", "job.check_run_id": "", **contexts}
    return {
        f"INPUT_{name.replace(' ', '_').upper()}": _evaluated(value, known)
        for name, value in _declared(action, given).items()
    }


def _evaluated(text: str, known: Mapping[str, str]) -> str:
    """The text with its expressions replaced; those that nobody gave a value for are empty."""
    return _EXPRESSION.sub(lambda found: known.get(found[1], ""), str(text))
