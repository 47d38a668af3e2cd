"""The action, and the examples for each CI host, name only options and outputs that exist."""

import importlib
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from onetest_ci.bundle.records import Manifest
from onetest_ci.ci import OVERRIDABLE
from onetest_ci.ci.host_table import TEKTON
from onetest_ci.outcome import Delivery, Gate, Outcome, UploadStatus
from onetest_ci.outputs import github
from onetest_ci.settings import options
from onetest_ci.settings.option import variable_name

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
wrappers = importlib.import_module("wrappers")
generated_parts = importlib.import_module("generated_parts")
reference = importlib.import_module("reference")
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
COMPOSITE: dict[str, Any] = yaml.safe_load((ROOT / "composite/action.yml").read_text(encoding="utf-8"))
EXAMPLES = sorted(path for path in (ROOT / "examples" / "workflows").iterdir() if path.is_file())
INPUT_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@pytest.mark.parametrize("path", wrappers.PARTS | reference.PARTS)
def test_what_is_generated_is_up_to_date(path: str) -> None:
    made = generated_parts.generated(path, wrappers.PARTS | reference.PARTS)
    assert made == (ROOT / path).read_text(encoding="utf-8"), "run make wrappers"


def test_a_change_of_the_settings_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = dict(options("report"))
    changed["launch-name"] = changed["launch-name"]._replace(help="Something new.")
    monkeypatch.setattr(wrappers, "options", lambda _command=None: changed)
    stale = [
        path
        for path in wrappers.PARTS
        if generated_parts.generated(path, wrappers.PARTS) != (ROOT / path).read_text(encoding="utf-8")
    ]
    described = set(wrappers.PARTS) - {
        *(
            "vars/onetestReport.groovy",
            "docker/entrypoint.sh",
            "action-types.yml",
            "composite/action-types.yml",
        )
    }
    assert set(stale) == described


def test_the_inputs_are_a_choice_of_the_options_of_report() -> None:
    own = [*wrappers.INPUTS, *wrappers.IDENTITY]
    assert list(ACTION["inputs"]) == own
    assert set(wrappers.INPUTS) <= set(options("report"))
    assert not set(wrappers.IDENTITY) & set(options())
    assert list(COMPOSITE["inputs"]) == list(wrappers.INPUTS)
    assert all(options()[name].in_wrappers for name in wrappers.INPUTS)


def test_a_setting_that_wrappers_may_not_have_is_not_in_the_jenkins_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = dict(options("report"))
    changed["junit"] = changed["junit"]._replace(in_wrappers=False)
    monkeypatch.setattr(wrappers, "options", lambda _command=None: changed)
    stale = {
        path
        for path in wrappers.PARTS
        if generated_parts.generated(path, wrappers.PARTS) != (ROOT / path).read_text(encoding="utf-8")
    }
    assert {"vars/onetestReport.groovy", "vars/onetestReport.txt"} <= stale
    assert "'ONETEST_JUNIT'" not in generated_parts.generated("vars/onetestReport.groovy", wrappers.PARTS)


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_an_input_is_described_and_has_no_default(name: str) -> None:
    declared = ACTION["inputs"][name]
    assert INPUT_NAME.fullmatch(name)
    assert ("default" in declared) == (name in wrappers.IDENTITY)
    assert declared["description"].strip().endswith(".")
    # A runner evaluates expressions even in descriptions.
    assert "${{" not in declared["description"]


def test_the_outputs_are_those_that_are_written() -> None:
    counts: dict[str, float] = dict.fromkeys(("tests", "passed", "failures", "errors", "skipped", "flaky"), 0)
    manifest = Manifest(launch_uuid="", launch_name="", start_ms=0, end_ms=0, totals=counts)
    written = github.outputs(Outcome(manifest=manifest, delivery=Delivery(), gate=Gate("never")))
    assert list(ACTION["outputs"]) == list(COMPOSITE["outputs"]) == list(written)


TYPES: dict[str, Any] = {
    "oneOf": [
        {"properties": {"type": {"enum": ["string", "boolean", "integer"]}}, "additionalProperties": False},
        {
            "properties": {"type": {"const": "enum"}, "allowed-values": {"items": {"type": "string"}}},
            "required": ["allowed-values"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "list"},
                "separator": {"const": "\n"},
                "list-item": {"const": {"type": "string"}},
            },
            "required": ["separator", "list-item"],
            "additionalProperties": False,
        },
    ],
    "required": ["type"],
}
"""The kinds of github-actions-typing that the actions use (its README, "Available types")."""


@pytest.mark.parametrize("folder", ["", "composite"])
def test_every_input_and_output_has_a_type(folder: str) -> None:
    types = yaml.safe_load((ROOT / folder / "action-types.yml").read_text(encoding="utf-8"))
    action = COMPOSITE if folder else ACTION
    assert list(types) == ["inputs", "outputs"]
    for part, typed in types.items():
        assert list(typed) == list(action[part])
        for name, type_ in typed.items():
            jsonschema.validate(type_, TYPES)
            # A parser accepts what the type allows.
            if part == "inputs" and name in options():
                allowed = type_.get("allowed-values", [])
                assert [options()[name].parse(value) for value in allowed] == allowed
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"type": "enum", "separator": ","}, TYPES)


def test_an_output_is_of_its_type() -> None:
    types = yaml.safe_load((ROOT / "action-types.yml").read_text(encoding="utf-8"))["outputs"]
    counts: dict[str, float] = dict.fromkeys(("tests", "passed", "failures", "errors", "skipped", "flaky"), 0)
    manifest = Manifest(launch_uuid="", launch_name="", start_ms=0, end_ms=0, totals=counts)
    for status in UploadStatus:
        outcome = Outcome(manifest=manifest, delivery=Delivery(status=status), gate=Gate("never"))
        for name, value in github.outputs(outcome).items():
            assert types[name]["type"] != "integer" or value.isdecimal(), name
            assert value in types[name].get("allowed-values", [value]), name


def test_no_output_that_later_jobs_get_as_a_variable_is_a_setting() -> None:
    assert not {variable_name(name) for name in github.OUTPUTS} & {variable_name(name) for name in options()}


def test_no_wrapper_puts_an_expression_into_a_shell() -> None:
    for step in COMPOSITE["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    assert "${" not in "".join(map(str, ACTION["runs"]["args"]))


def test_the_component_reads_its_inputs_through_variables_only() -> None:
    header, job = yaml.safe_load_all((ROOT / "templates/report/template.yml").read_text(encoding="utf-8"))
    (body,) = job.values()
    assert "$[[" not in "".join(body["script"])
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", json.dumps(job)))
    assert used == set(header["spec"]["inputs"])


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    build = (ROOT / "requirements" / "build.txt").read_text(encoding="utf-8")
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["emulator"]
    for text, names in ((run, wanted), (build, project["build-system"]["requires"])):
        locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
        assert {re.split(r"[<>=]", name)[0] for name in names} <= set(locked), "run make lock"
        assert text.count("--hash=sha256:") >= len(locked)
    asked = (ROOT / "requirements" / "build.in").read_text(encoding="utf-8").splitlines()
    assert [line for line in asked if not line.startswith("#")] == project["build-system"]["requires"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_uses_only_variables_that_exist(example: Path) -> None:
    used = set(re.findall(r"\bONETEST_[A-Z_]+\b", example.read_text(encoding="utf-8")))
    told = {f"ONETEST_CI_{field.upper()}" for field in OVERRIDABLE}
    assert used <= told | {variable_name(name) for name in (*options(), *github.OUTPUTS)}


@pytest.mark.parametrize(
    "example", [path for path in EXAMPLES if path.suffix == ".yml"], ids=lambda p: p.name
)
def test_an_example_is_yaml_without_a_key_in_it(example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    assert list(yaml.safe_load_all(text))
    assert not re.search(r"\bak_[A-Z0-9]{8}", text)


@pytest.mark.parametrize("name", ["Jenkinsfile", "Jenkinsfile.scripted"])
def test_the_jenkins_examples_use_keys_that_exist(name: str) -> None:
    text = (ROOT / "examples" / "workflows" / name).read_text(encoding="utf-8")
    (call,) = re.findall(r"onetestReport\((.*?)\)\n", text, re.DOTALL)
    keys = set(re.findall(r"^\s*(\w+):", call, re.MULTILINE))
    own = {"credentialsId", "image", "dockerArgs", "unstableExitCodes", "archiveBundle", "describeBuild"}
    assert keys
    assert keys <= own | {wrappers.camel(name) for name in options("report")}


def test_the_readme_of_the_component_names_its_inputs() -> None:
    template = (ROOT / "templates/report/template.yml").read_text(encoding="utf-8")
    inputs = next(iter(yaml.safe_load_all(template)))["spec"]["inputs"]
    readme = (ROOT / "templates/report/README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*?) \|", readme, re.MULTILINE))
    assert set(rows) == set(inputs)
    for name in ("job-name", "stage", "warn-exit-codes"):
        assert rows[name] == f"`{inputs[name]['default']}`"


def test_the_component_example_uses_inputs_that_exist() -> None:
    template = (ROOT / "templates/report/template.yml").read_text(encoding="utf-8")
    inputs = next(iter(yaml.safe_load_all(template)))["spec"]["inputs"]
    example = (ROOT / "examples/workflows/gitlab-component.yml").read_text(encoding="utf-8")
    (include,) = yaml.safe_load(example)["include"]
    assert set(include["inputs"]) <= set(inputs)


@pytest.mark.parametrize("name", ["woodpecker.yml", "drone.yml"])
def test_the_plugin_example_uses_settings_that_exist(name: str) -> None:
    text = (ROOT / "examples" / "workflows" / name).read_text(encoding="utf-8")
    (step,) = [one for one in yaml.safe_load(text)["steps"] if one["name"] == "onetest"]
    assert {name.replace("_", "-") for name in step["settings"]} <= set(options("report"))


def test_the_tekton_task_sets_what_is_read() -> None:
    task = yaml.safe_load((ROOT / "examples/workflows/tekton.yml").read_text(encoding="utf-8"))
    env = {one["name"] for one in task["spec"]["steps"][0]["env"]}
    read = {name for sources in TEKTON.fields.values() for name in sources}
    assert read - env == {"TEKTON_PIPELINERUN_UID"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_uses_only_flags_that_exist(example: Path) -> None:
    for line in example.read_text(encoding="utf-8").splitlines():
        command = re.search(r"onetest-ci (report|run|collect|push|inspect)\b(.*)", line)
        if command:
            flags = set(re.findall(r"--([a-z-]+)", command[2].partition(" -- ")[0]))
            assert flags <= set(options(command[1])), line


def test_the_github_example_uses_inputs_and_outputs_that_exist() -> None:
    text = (ROOT / "examples" / "workflows" / "github.yml").read_text(encoding="utf-8")
    steps = [
        step
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("onetest/report-action@")
    ]
    assert steps
    for step in steps:
        assert set(step["with"]) <= set(ACTION["inputs"])
    assert set(re.findall(r"steps\.onetest\.outputs\.([a-z-]+)", text)) <= set(ACTION["outputs"])
