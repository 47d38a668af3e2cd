"""Validators of the documentation's YAML and JSON: the hosts' schemas, actionlint, this project's schemas."""

import json
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from check_jsonschema.cli.main_command import main as check_jsonschema  # type: ignore[import-untyped]
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from support.host_tools import tool
from support.snippets import DOCS, ROOT, Block

# Steps alone are checked as the steps of this workflow.
_WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        shard: [1, 2]
    steps:
"""


class Validator(NamedTuple):
    """How one kind of YAML is checked."""

    schema: str = ""
    """Name of a schema that check-jsonschema comes with."""
    check: Callable[[list[Path]], str] | None = None
    """A further check; returns its complaints."""
    wrap: Callable[[str], str] = str
    """Makes a whole file of a part."""


def _indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line if line.strip() else line for line in text.splitlines(keepends=True))


def _as_workflow(text: str) -> str:
    return _WORKFLOW + _indented(text, 6)


def _as_list_of(key: str) -> Callable[[str], str]:
    """Return a function that puts a part which is a list under a key."""
    return lambda text: f"{key}:\n{_indented(text, 2)}" if text.lstrip("# \n").startswith("- ") else text


def _github(files: list[Path]) -> str:
    done = subprocess.run([tool("actionlint"), *files], capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr + "".join(_unknown_inputs(file) for file in files)


def _unknown_inputs(file: Path) -> str:
    """Return the inputs of this project's action that it does not have."""
    known = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    steps = [step for job in jobs for step in job.get("steps", [])]
    used = {
        name
        for step in steps
        if step.get("uses", "").startswith("onetest/report-action")
        for name in step.get("with", {})
    }
    return "".join(f"{file.name}: the action has no input {name}\n" for name in sorted(used - set(known)))


def _tekton(files: list[Path]) -> str:
    """Check what a Task, a Pipeline and a run have to have; Tekton publishes no schema."""
    wrong = []
    for file in files:
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            kind, spec = document.get("kind"), document.get("spec", {})
            needed = {"Task": "steps", "Pipeline": "tasks", "PipelineRun": "pipelineRef", "Secret": ""}
            if kind not in needed or (needed[kind] and needed[kind] not in spec):
                wrong.append(f"{file.name}: {kind} without {needed.get(kind)}")
    return "\n".join(wrong)


def _own(name: str) -> Callable[[list[Path]], str]:
    def check(files: list[Path]) -> str:
        wrong = [
            f"{file.name}: {problem.message}"
            for file in files
            for problem in own_schema(name).iter_errors(_without_dates(file))
        ]
        return "\n".join(wrong)

    return check


def _without_dates(file: Path) -> Any:
    """Return a document whose dates are texts, as in JSON and as onetest-ci reads them."""
    return json.loads(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")), default=str))


VALIDATORS = {
    "github-workflow": Validator("github-workflows", _github),
    "github-steps": Validator("github-workflows", _github, _as_workflow),
    "gitlab-ci": Validator("gitlab-ci"),
    "azure-pipelines": Validator("azure-pipelines", wrap=_as_list_of("steps")),
    "circleci": Validator("circle-ci"),
    "bitbucket-pipelines": Validator("bitbucket-pipelines"),
    "buildkite": Validator("buildkite"),
    "woodpecker": Validator("woodpecker-ci"),
    "drone": Validator("drone-ci"),
    "tekton": Validator(check=_tekton),
    "onetest-yml": Validator(check=_own("onetest-yml")),
    "quarantine": Validator(check=_own("onetest-quarantine-yml")),
}


def complaints(name: str, blocks: Iterable[Block], place: Path) -> str:
    """Return what a validator finds in these blocks; empty if they are right."""
    validator = VALIDATORS[name]
    files = []
    for block in blocks:
        file = place / f"{block.page.replace('/', '-')}-{block.line}.yml"
        file.write_text(validator.wrap(block.text), encoding="utf-8")
        files.append(file)
    found = ""
    if validator.schema:
        done = CliRunner().invoke(
            check_jsonschema, ["--builtin-schema", f"vendor.{validator.schema}", *map(str, files)]
        )
        found = done.output if done.exit_code else ""
    return found + (validator.check(files) if validator.check else "")


@cache
def own_schema(name: str, *, excerpt: bool = False) -> Draft202012Validator:
    """Return a validator for one of this project's schemas; in an excerpt members may be missing."""
    (file,) = DOCS.rglob(f"{name}.schema.json")
    schema = json.loads(file.read_text(encoding="utf-8"))
    return Draft202012Validator(_of_excerpt(schema) if excerpt else schema)


def _of_excerpt(schema: Any) -> Any:
    """Return a schema that requires no member, and knows no others."""
    if isinstance(schema, list):
        return [_of_excerpt(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: _of_excerpt(part) for key, part in schema.items() if not _is_required(key, part)}
    return {"additionalProperties": False} | parts if isinstance(parts.get("properties"), dict) else parts


def _is_required(key: str, part: object) -> bool:
    return key == "required" and isinstance(part, list)
