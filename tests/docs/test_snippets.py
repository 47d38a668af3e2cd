"""The code blocks of the documentation work: commands run, files pass their validators, JSON fits its schema.

The marks of blocks are described in support/snippets.py.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import textwrap
from pathlib import Path

import pytest

from support.command import COMMAND, environment
from support.onetest import LocalOneTest
from support.snippet_validators import VALIDATORS, complaints, own_schema
from support.snippets import ROOT, Block, all_blocks, blocks, counts, mistake, under_test

PROJECTS = Path(__file__).parent / "projects"
PAGES_WITH_COMMANDS = sorted({block.page for block in under_test("sh")})


def test_every_block_is_tested_or_has_a_reason() -> None:
    wrong = [f"{block.place}: {text}" for block in all_blocks() if (text := mistake(block))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("```sh\ntrue\n```", ""),
        ("```text\nok\n```", ""),
        ("<!-- not tested: needs a phone -->\n```swift\nx\n```", ""),
        ("```swift\nx\n```", "needs <!-- from"),
        ("```yaml\na: 1\n```", "needs <!-- yaml"),
        ("- a list\n\n  ```json\n  {}\n  ```", "needs <!-- json"),
        ("<!-- json: outcome -->\n\n```json\n{}\n```", "needs <!-- json"),
        ("<!-- yaml: onetest-yml -->\n<!-- from: action.yml -->\n```yaml\na: 1\n```", ""),
        ("```\nx\n```", "code needs a fence"),
        ("text\n\n    indented\n", "code needs a fence"),
    ],
)
def test_a_block_without_a_mark_is_found(text: str, wrong: str) -> None:
    (block,) = blocks(text, "page.md")
    found = mistake(block)
    assert wrong in found
    assert bool(found) == bool(wrong)


def script(blocks: list[Block]) -> str:
    """Return the commands of a page as one script, which prints each block's place before it runs it."""
    parts = ["set -euo pipefail"]
    for block in blocks:
        code = block.marks.get("exit code")
        parts.append(f"echo '>>> {block.place}' >&2")
        if code:
            parts += [
                "set +e",
                f"(set -e\n{block.text})",
                "got=$?",
                f'if [ $got != {int(code)} ]; then echo "exit code $got, not {code}" >&2; exit 99; fi',
                "set -e",
            ]
        else:
            parts.append(block.text)
    return "\n".join(parts)


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS)
def test_the_commands_of_a_page_run(page: str, onetest: LocalOneTest, tmp_path: Path) -> None:
    name = page.removeprefix("docs/").removesuffix(".md").replace("/", "-")
    place = tmp_path / "project"
    project = PROJECTS / name
    if project.is_dir():
        shutil.copytree(project, place)
    else:
        place.mkdir()
    commands = script([block for block in under_test("sh") if block.page == page])
    code, output = run_commands(commands, place, onetest)
    assert code == 0, output


def run_commands(commands: str, place: Path, onetest: LocalOneTest) -> tuple[int, str]:
    """Run commands as a reader does who has set up the tool; return their exit code and their output."""
    own = onetest.env | {
        "ONETEST_PRODUCT_ID": onetest.new_product(),
        "PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    log = place.parent / "log"
    with log.open("w") as output:
        shell = subprocess.Popen(
            ["bash", "-c", commands],
            cwd=place,
            env=environment(own),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code = shell.wait()
    # A page may start a program in the background.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(shell.pid, signal.SIGKILL)
    return code, log.read_text(encoding="utf-8", errors="replace")


def test_a_command_that_fails_is_found(onetest: LocalOneTest, tmp_path: Path) -> None:
    place = tmp_path / "project"
    place.mkdir()

    def block(text: str, **marks: str) -> Block:
        return Block("page", 1, "sh", text, {name.replace("_", " "): value for name, value in marks.items()})

    right = [block("x=1\n"), block("exit 3\n", exit_code="3"), block("[ $x = 1 ]\n")]
    assert run_commands(script(right), place, onetest) == (0, ">>> page:1\n" * 3)
    for wrong in (block("false\n"), block("true\n", exit_code="3"), block("false | true\n")):
        assert run_commands(script([wrong]), place, onetest)[0] != 0


def test_every_validator_has_a_name_that_the_blocks_use() -> None:
    unknown = [
        block.place
        for block in under_test("yaml")
        if block.marks.get("yaml", "github-steps") not in VALIDATORS
    ]
    assert not unknown


# A right text, and a mistake: a part of it and its replacement.
PLANTED = {
    "github-workflow": (
        "on: push\njobs:\n  a:\n    runs-on: windows-2025\n    steps:\n      - run: echo ${{ github.sha }}\n",
        ("github.sha", "gihtub.sha"),
    ),
    "github-steps": ("- uses: onetest/report-action@v1\n  with:\n    files: a\n", ("files:", "file:")),
    "gitlab-ci": ("a:\n  script:\n    - make\n", ("script:", "skript:")),
    "azure-pipelines": ("- script: make\n  displayName: A\n", ("displayName:", "displayname:")),
    "circleci": (
        "version: 2.1\njobs:\n  a:\n    docker:\n      - image: x\n    steps:\n      - checkout\n",
        ("- image:", "- imag:"),
    ),
    "bitbucket-pipelines": (
        "pipelines:\n  default:\n    - step:\n        script:\n          - make\n",
        ("- step:", "- stepp:"),
    ),
    "buildkite": ("steps:\n  - command: a\n    soft_fail: true\n", ("soft_fail: true", "soft_fail: 7")),
    "woodpecker": ("steps:\n  - name: a\n    image: x\n    commands: [a]\n", ("image:", "imaeg:")),
    "drone": (
        "kind: pipeline\ntype: docker\nname: a\nsteps:\n  - name: a\n    image: x\n",
        ("pipeline", "pipelien"),
    ),
    "tekton": ("kind: Task\nspec:\n  steps: []\n", ("steps:", "step:")),
    "onetest-yml": ("launch-name: a\n", ("launch-name", "launchname")),
    "quarantine": ("tests:\n  - {name: abc, reason: a, expires: 2026-12-31}\n", ("reason", "raison")),
}  # fmt: skip


@pytest.mark.parametrize("name", VALIDATORS)
def test_yaml_passes_its_validator(name: str, tmp_path: Path) -> None:
    blocks = [block for block in under_test("yaml") if block.marks.get("yaml") == name]
    right, (part, wrong) = PLANTED[name]
    assert part in right
    good, bad = (
        Block("planted", line, "yaml", text, {})
        for line, text in enumerate([right, right.replace(part, wrong)])
    )
    assert complaints(name, [*blocks, good], tmp_path) == ""
    assert complaints(name, [bad], tmp_path)


def test_json_fits_its_schema() -> None:
    wrong = []
    for block in under_test("json"):
        name, _, excerpt = block.marks["json"].partition(", ")
        schema = own_schema(name, excerpt=excerpt == "excerpt")
        wrong += [f"{block.place}: {one.message}" for one in schema.iter_errors(json.loads(block.text))]
    assert not wrong, "\n".join(wrong)


def test_a_schema_finds_a_mistake() -> None:
    outcome = {"version": "1.0", "upload_status": "delivered"}
    assert own_schema("outcome").is_valid(outcome) is False
    assert own_schema("outcome", excerpt=True).is_valid(outcome)
    assert not own_schema("outcome", excerpt=True).is_valid(outcome | {"upload_status": "lost"})
    assert not own_schema("outcome", excerpt=True).is_valid(outcome | {"launch_idd": ""})


def is_part_of(text: str, whole: str) -> bool:
    """Return whether the lines of a text are lines of another, one after the other, at any indentation."""
    wanted, lines = textwrap.dedent(text).strip("\n").splitlines(), whole.splitlines()
    for start in range(len(lines) - len(wanted) + 1):
        margin = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
        indented = [margin + line if line else "" for line in wanted]
        if lines[start : start + len(wanted)] == indented:
            return True
    return False


def test_a_part_of_a_file_is_equal_to_the_file() -> None:
    wrong = [
        block.place
        for block in all_blocks()
        if (file := block.marks.get("from"))
        if not is_part_of(block.text, (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "found"), [("b:\n  c\n", True), ("b:\nc\n", False), ("a:\n", True), ("  c", True), ("b", False)]
)
def test_a_part_is_compared_line_by_line(text: str, *, found: bool) -> None:
    assert is_part_of(text, "a:\n  b:\n    c\nd") == found


def test_the_counts_are_those_of_the_pages() -> None:
    first, *_ = lines = counts().splitlines()
    tested = [block for block in all_blocks() if not block.untested and block.language != "text"]
    assert first.split() == [str(len(tested)), "snippets", "tested"]
    assert sum(
        int(line.split()[0]) for line in lines if re.match(r" *[0-9]+ (?:snippet|block)", line)
    ) == len(all_blocks())
