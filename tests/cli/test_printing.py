"""No text from outside is more than text: not on any host, not in any command, not in text or JSON."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

import pytest

import onetest_ci
from onetest_ci.cli import output
from onetest_ci.cli.app import COMMANDS
from onetest_ci.outputs.styled import Styled
from onetest_ci.text.escape import WorkflowCommand, escape_json
from support.command import run
from support.hostile import HOSTILE
from support.log_commands import FOUND_BY

TEXTS: Final = [
    *HOSTILE,
    *("::error file=x,line=1::pwned", "::stop-commands::tok", "\t::warning::after a tab"),
    *("--- group", "+++ group", "~~~ group", "^^^ +++", "\n--- group after a line feed"),
    *("##vso[task.setvariable variable=a]b", "##[group]b", "#\u00ad#[error]b"),
    *("##teamcity[buildStatus status='SUCCESS']", "section_start:1:a[collapsed=true]\r\x1b[0K"),
    *("travis_fold:start:a\r", "travis_time:end:a", "\x1b[2J\x1b[8mhidden", "\x9b31m", "\x1b]0;title\x07"),
    *("\u202eright to left", "\u2066isolated", "a\rover", "\n5 tests: 5 passed"),
]
NAMES: Final = [text.replace("/", "_").strip("\0")[:80] or "_" for text in TEXTS]
PRODUCT: Final = "11111111-2222-4333-8444-555555555555"
PLACES: Final = {
    "github": {"GITHUB_ACTIONS": "true", "GITHUB_REF_NAME": "::error::x", "GITHUB_WORKFLOW": "##[group]"},
    "azure": {"TF_BUILD": "True", "BUILD_DEFINITIONNAME": "##[group]"},
    "anywhere": {"FORCE_COLOR": "1", "ONETEST_PRODUCT_ID": PRODUCT},
}
CALLS: Final = {
    "inspect": ["inspect", "."],
    "inspect, JSON": ["inspect", "--format", "json", "."],
    "inspect of what is not there": ["inspect", *(f"./gone {name}" for name in NAMES)],
    "collect": ["collect", ".", "--bundle", "##vso[a]b", "--launch-name", "::error::x"],
    "report": ["report", ".", "--dry-run", "--fail-on", "any", "--json", "o.json", "--product-id", PRODUCT],
    "run": ["run", ".", "--dry-run", "--allow-stale", "--product-id", PRODUCT, "--", "./##[group]no"],
    "push": ["push", "::error::bundle", "--product-id", PRODUCT],
    "push of much": ["push", *NAMES],
    "launch": ["launch", "finish", "##vso[task.complete]x"],
    "cases match": ["cases", "match", "report.xml", "--cases", "cases.json"],
    "cases match, JSON": ["cases", "match", ".", "--cases", "cases.json", "--format", "json"],
    "cases match of no file": ["cases", "match", "report.xml", "--cases", "##vso[a]b"],
    "cases sync": ["cases", "sync", ".", "--title", "{\n::error::x}"],
    "cases sync without a service": [
        *(
            "cases",
            "sync",
            ".",
            "--apply",
            "--api-key-file",
            "::error::key",
            "--base-url",
            "http://127.0.0.1:9",
        ),
        *("--wait-for-service", "0", "--product-id", PRODUCT, "--journal", "##[group]journal"),
    ],
    "cases update": ["cases", "update", "\n::error::x", "--priority", "##[group]b"],
    "cases create": ["cases", "create", "--title", "x" * 600, "--priority", "##[group]b"],
    "report with cases": ["report", "report.xml", "--dry-run", "--cases", "cases.json", "--json", "o.json"],
    "api": ["api", "\n::error::x", "##vso[a]b"],
    "api with a path": ["api", "GET", "/\n::error::x", "--header", "##[group]"],
    "doctor": ["doctor", "--offline", "."],
    "doctor, JSON": ["doctor", "--offline", "--format", "json", *(f"./gone {name}" for name in NAMES)],
    "init": ["init", "github"],
    "init, the file": ["init", "gitlab", "--print"],
    "init for no host": ["init", "\n::error::x"],
    "emulator": ["emulator", "--port", "\n::error::x"],
    "help": ["help", "\n::error::x"],
    "completion": ["completion", "\n::error::x"],
    "help on nothing": ["help", "##vso[a]b", "##[group]"],
    "no command": ["\n::error::x\x1b[2J"],
    "no option": ["inspect", "--\n::error::x"],
    "no value": ["inspect", "--format", "\n##vso[a]b"],
}
"""Calls whose arguments, files and reports hold hostile texts: each command at least once."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports and other files with hostile names, and hostile texts in a report."""
    folder = tmp_path_factory.mktemp("printing")
    for name in NAMES:
        (folder / f"{name}.xml").write_text("<testsuite><testcase name='a'/></testsuite>", encoding="utf-8")
        (folder / f"{name}.txt").write_text("not a report", encoding="utf-8")
        (folder / f"{name}.tap").write_text("", encoding="utf-8")
    cases = "".join(
        f"<testcase classname={text} name={text} file={text}><failure type={text} message={text}/></testcase>"
        f"<testcase classname='again' name={text}><failure/></testcase>"
        f"<testcase classname='again' name={text}>"
        f"<system-out>[[ATTACHMENT|{text[1:-1]}]]</system-out></testcase>"
        for text in (quoteattr(text, {"\n": "&#10;", "\r": "&#13;"}) for text in TEXTS)
    )
    (folder / "report.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
    known = [
        {"id": text, "identifier": text, "title": text, "automation_test_id": f"{text} t.py:T.m\n{text}"}
        for text in TEXTS
    ]
    package = {
        "scripts": dict.fromkeys(TEXTS, "jest"),
        "devDependencies": dict.fromkeys([*TEXTS, "jest"], "1"),
    }
    (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
    for name in NAMES:
        (folder / f"{name} folder").mkdir()
        (folder / f"{name} folder" / "go.mod").touch()
    (folder / ".github" / "workflows").mkdir(parents=True)
    workflow = "\n".join(f"run: go test {text}" for text in TEXTS)
    (folder / ".github" / "workflows" / "##[group]x.yml").write_text(workflow, encoding="utf-8")
    (folder / "::error::key").write_text("a-key", encoding="utf-8")
    (folder / "cases.json").write_text(json.dumps({"cases": known}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("call", CALLS)
def test_a_log_holds_no_commands_but_our_own(call: str, where: str, place: Path) -> None:
    done = run(*CALLS[call], cwd=place, env=PLACES[where])
    log = done.stdout + done.stderr
    assert log.strip()
    for host, found in FOUND_BY.items():
        assert found(_without_our_colours(log)) == [], host
    if call == "inspect, JSON":
        paths = {row["path"] for row in json.loads(done.stdout)["files"]}
        assert {f"{name}.xml" for name in NAMES} <= paths
    if call == "cases match, JSON":
        assert json.loads(done.stdout)["totals"]["cases"] == len(TEXTS)
    if call == "report":
        text = (place / "o.json").read_text(encoding="utf-8")
        assert all(found(text) == [] for found in FOUND_BY.values())
        assert {f"{name}.xml" for name in NAMES} <= {row["path"] for row in json.loads(text)["files"]}


def _without_our_colours(log: str) -> str:
    for code in ("0", "1", "31", "32", "33"):
        log = log.replace(f"\x1b[{code}m", "")
    return log


def test_every_command_is_called() -> None:
    assert {arguments[0] for arguments in CALLS.values()} >= set(COMMANDS)


@pytest.mark.parametrize("text", TEXTS)
def test_every_way_to_print(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.echo(text)
    output.echo([Styled(text, "red", bold=True), text], color=True)
    # What is dangerous only when the parts come together.
    output.echo([Styled(text[:1], "red"), Styled(text[1:], "red")], err=True)
    output.echo_json(json.dumps([text, {text: text}], ensure_ascii=False, indent=2) + "\n")
    printed = capsys.readouterr()
    for host, found in FOUND_BY.items():
        assert found(_without_our_colours(printed.out + printed.err)) == [], host
    assert json.loads(escape_json(json.dumps(text, ensure_ascii=False))) == text


def test_what_people_write_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["a::b #1 50% — größe \U0001f6d2  two spaces", "- item", "-- flag", "x --- y", "# title", "1: 2"]
    for text in texts:
        output.echo(text)
    assert capsys.readouterr().out.splitlines() == texts


def test_a_command_of_our_own_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    output.echo_command(WorkflowCommand("::notice title=onetest-ci::50%25%0Amore"))
    assert capsys.readouterr().out == "::notice title=onetest-ci::50%25%0Amore\n"


def _printing(tree: ast.AST) -> Iterator[str]:
    """Calls that print: of a function, or of a method of a standard stream."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"print", "pprint", "click.echo", "click.secho", "click.echo_via_pager"}:
                yield called
            if called.startswith(("sys.stdout.", "sys.stderr.", "sys.__std")) and "write" in called:
                yield called


def test_nothing_else_in_the_package_prints() -> None:
    top = Path(onetest_ci.__file__).parent
    found = {
        path.relative_to(top).as_posix(): called
        for path in top.rglob("*.py")
        if (called := list(_printing(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {"cli/output.py": ["click.echo"]}
