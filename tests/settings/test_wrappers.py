"""The action, and the examples for each CI host, name only what the command takes and tells."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from onetest_ci.bundle.records import Manifest
from onetest_ci.gate import Gate
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import github
from onetest_ci.push.delivery import Delivery
from onetest_ci.settings import options
from onetest_ci.settings.texts import variable_name

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
EXAMPLES = sorted(path for path in (ROOT / "examples" / "workflows").iterdir() if path.is_file())
INPUT_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def test_the_inputs_are_the_options_of_report() -> None:
    assert list(ACTION["inputs"]) == list(options("report"))


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_an_input_is_described_and_has_no_default(name: str) -> None:
    declared = ACTION["inputs"][name]
    assert INPUT_NAME.fullmatch(name)
    assert set(declared) == {"description"}
    assert declared["description"].strip().endswith(".")
    # A runner evaluates expressions even in descriptions.
    assert "${{" not in declared["description"]


@pytest.mark.parametrize("name", [name for name, option in options("report").items() if option.multiple])
def test_an_input_that_is_a_list_says_so(name: str) -> None:
    assert ACTION["inputs"][name]["description"].endswith("one per line.")


@pytest.mark.parametrize("name", [name for name, option in options("report").items() if option.flag])
def test_an_input_that_is_a_switch_says_so(name: str) -> None:
    assert ACTION["inputs"][name]["description"].endswith("true or false.")


def test_the_outputs_are_those_that_are_written() -> None:
    counts = dict.fromkeys(("tests", "passed", "failures", "errors", "skipped", "flaky"), 0)
    manifest = Manifest(launch_uuid="", launch_name="", start_ms=0, end_ms=0, totals=counts)
    written = github.outputs(Outcome(manifest=manifest, delivery=Delivery(), gate=Gate("never")))
    assert list(ACTION["outputs"]) == list(written)
    assert all(declared["description"] for declared in ACTION["outputs"].values())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_sets_only_variables_that_exist(example: Path) -> None:
    used = set(re.findall(r"\bONETEST_[A-Z_]+", example.read_text(encoding="utf-8")))
    assert used
    assert used <= {variable_name(name) for name in options()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_uses_only_flags_that_exist(example: Path) -> None:
    for line in example.read_text(encoding="utf-8").splitlines():
        command = re.search(r"onetest-ci (report|collect|push|inspect)\b(.*)", line)
        if command:
            flags = set(re.findall(r"--([a-z-]+)", command[2]))
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
