"""The files for CI hosts pass the hosts' validators, and each validator finds a planted mistake."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.host_tools import node, node_module, tool

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ISSUE_CONFIG = ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"
ISSUE_FORMS = sorted(set(ISSUE_CONFIG.parent.glob("*.yml")) - {ISSUE_CONFIG})
EXAMPLES = ROOT / "examples" / "workflows"
ON_GITHUB = [*WORKFLOWS, *sorted(EXAMPLES.glob("github*.yml"))]

# A schema, its files, and a mistake: a text and its replacement.
SCHEMAS = {
    "github-workflows": (ON_GITHUB, ("runs-on:", "run-on:")),
    "github-actions": ([ROOT / "action.yml", ROOT / "composite" / "action.yml"], ("using:", "usign:")),
    "dependabot": ([ROOT / ".github" / "dependabot.yml"], ("weekly", "sometimes")),
    "github-issue-config": ([ISSUE_CONFIG], ("contact_links:", "contact_link:")),
    "github-issue-forms": (ISSUE_FORMS, ("type: textarea", "type: text")),
    "gitlab-ci": ([EXAMPLES / "gitlab-ci.yml", EXAMPLES / "gitlab-component.yml"], ("script:", "skript:")),
    "azure-pipelines": ([EXAMPLES / "azure-pipelines.yml"], ("displayName:", "displayname:")),
    "circle-ci": ([EXAMPLES / "circleci.yml"], ("- image: cimg", "- imag: cimg")),
    "bitbucket-pipelines": ([EXAMPLES / "bitbucket-pipelines.yml"], ("- step:", "- stepp:")),
    "buildkite": ([EXAMPLES / "buildkite.yml"], ("allow_failure: true", "allow_failure: [1]")),
    "woodpecker-ci": ([EXAMPLES / "woodpecker.yml"], ("image: python", "imaeg: python")),
    "drone-ci": ([EXAMPLES / "drone.yml"], ("kind: pipeline", "kind: pipelien")),
}  # fmt: skip


def passes(*command: str | Path) -> tuple[bool, str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    return done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_host_s_schema(schema: str, tmp_path: Path) -> None:
    files, (right, wrong) = SCHEMAS[schema]
    check = [tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}"]
    good, output = passes(*check, *files)
    assert good, output
    for file in files:
        text = file.read_text(encoding="utf-8")
        if right in text:
            broken = tmp_path / file.name
            broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
            assert not passes(*check, broken)[0], broken


Command = Callable[[Path], list[str | Path]]
LINTERS: dict[str, tuple[list[Path], Command, str, str]] = {
    "actionlint": (
        ON_GITHUB,
        lambda file: [tool("actionlint"), file],
        "${{ matrix.python }}",
        "${{ matrix.pyhton }}",
    ),
    "zizmor": (
        [*WORKFLOWS, ROOT / "action.yml", ROOT / "composite" / "action.yml"],
        lambda file: [tool("zizmor"), "--offline", "--no-progress", "--quiet", file],
        "run: make check",
        "run: echo ${{ github.event.pull_request.title }}",
    ),
    "hadolint": (
        [ROOT / "Dockerfile"],
        lambda file: [tool("hadolint"), file],
        "FROM $BASE\n",
        "FROM python:latest\n",
    ),
}


@pytest.mark.parametrize("linter", LINTERS)
def test_the_linter(linter: str, tmp_path: Path) -> None:
    files, command, right, wrong = LINTERS[linter]
    planted = 0
    for file in files:
        good, output = passes(*command(file))
        assert good, output
        text = file.read_text(encoding="utf-8")
        if right in text:
            planted += 1
            broken = tmp_path / ".github" / "workflows" / file.name
            broken.parent.mkdir(parents=True, exist_ok=True)
            broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
            assert not passes(*command(broken))[0]
    assert planted


def test_every_action_is_named_by_a_commit() -> None:
    for file in [*WORKFLOWS, ROOT / "composite" / "action.yml"]:
        for line in file.read_text(encoding="utf-8").splitlines():
            _, uses, action = line.partition("uses: ")
            if not uses or action.startswith(("./", "onetest/report-action@v1 ")):
                continue
            name, _, pinned = action.partition("@")
            commit, _, version = pinned.partition(" # v")
            assert name
            assert len(commit) == 40, line
            assert version, line


@pytest.mark.hosts
def test_github_s_own_parser(tmp_path: Path) -> None:
    node_module("@actions/workflow-parser")
    program = Path(__file__).with_name("tools") / "parse.mjs"
    place = tmp_path / "parse.mjs"
    shutil.copy(program, place)
    (tmp_path / "node_modules").symlink_to(node_module(""))

    good, output = passes(node(), place, *ON_GITHUB, ROOT / "action.yml", ROOT / "composite" / "action.yml")
    assert good, output
    for file, right, wrong in (
        (WORKFLOWS[0], "fail-fast:", "fial-fast:"),
        (WORKFLOWS[0], "${{ matrix.python }}", "${{ nothing.python }}"),
        (ROOT / "action.yml", "toJson(matrix)", "toJson(secrets)"),
        (ROOT / "composite" / "action.yml", "shell: bash", "shel: bash"),
    ):
        broken = tmp_path / ("action.yml" if file.name == "action.yml" else "ci.yml")
        text = file.read_text(encoding="utf-8")
        assert right in text
        broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
        assert not passes(node(), place, broken)[0], wrong
