"""Warnings and notes: one line for each kind; all of them in the JSON."""

import ast
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from onetest_ci import notices
from onetest_ci.collect.report_problems import ABSENT
from onetest_ci.notices import NOTE, WARNING, Notice, Notices
from onetest_ci.outputs.notice_lines import EXAMPLES, TITLES, notice_lines
from support.collected import Collected
from support.command import run

SOURCE = Path(notices.__file__).parent
PRODUCED = Path(__file__).parents[1] / "data" / "produced"
FAILED = '<testcase classname="{0}" name="{1}"><failure message="x"/></testcase>'
FEWER = '<testsuite name="s" tests="{}"><testcase classname="c" name="a"/></testsuite>'


def lines(text: str, beginning: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(beginning)]


def test_each_kind_has_one_line(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.xml").write_text(FEWER.format(9), encoding="utf-8")
    done = run("inspect", ".", cwd=tmp_path)
    told = "the suite 's' declares tests=9, it has 1 case; the cases count"
    title = "Reports that declare more than they contain"
    assert lines(done.stdout, "warning: ") == [
        f"warning: {title} (5): 0.xml: {told}; 1.xml: {told}; 3 more: --format json has all"
    ]
    done = run("inspect", "0.xml", cwd=tmp_path)
    assert lines(done.stdout, "warning: ") == [f"warning: 0.xml: {told}"]


def test_the_outcome_shows_one_line_and_the_json_all(tmp_path: Path) -> None:
    for number in range(15):
        (tmp_path / f"{number:02}.xml").write_text(FEWER.format(9), encoding="utf-8")
    (tmp_path / "other.xml").write_text(FEWER.format('1" timestamp="soon'), encoding="utf-8")
    done = run("report", "--dry-run", "--json", "o.json", "--summary", "s.md", ".", cwd=tmp_path)
    warnings = lines(done.stdout, "Warning ")
    assert len(warnings) == 2
    assert " Reports that declare more than they contain (15): 00.xml: " in warnings[0]
    assert warnings[0].endswith("; 13 more: --json FILE has all")
    assert "other.xml: timestamps that are not dates" in warnings[1]
    assert len(json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["warnings"]) == 16
    summary = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert len(lines(summary, "- ⚠️ ")) == 16
    assert "<summary>16 warnings</summary>" in summary


def test_a_fact_that_cannot_be_changed_is_a_note_without_annotation(tmp_path: Path) -> None:
    shutil.copy(PRODUCED / "surefire" / "reports" / "TEST-shop.CartTest.xml", tmp_path / "r.xml")
    (tmp_path / "cart.test.xml").write_text(
        '<testsuite><testcase classname="cart" file="cart.test.js" name="adds an item"/></testsuite>',
        encoding="utf-8",
    )
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "s.md")}
    done = run("report", "--dry-run", "--json", "o.json", "r.xml", "cart.test.xml", cwd=tmp_path, env=env)
    outcome = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    declared, blank = outcome["notes"][-2:]
    assert "r.xml: the suite 'shop.CartTest' declares tests=4, it has 9 cases" in declared
    assert "such as 'cart.test.js:cart.adds an item': it holds white space" in blank
    assert [text for text in outcome["warnings"] if "shop.CartTest" in text or "white space" in text] == []
    assert len(lines(done.stdout, "Note ")) >= 2
    assert [line for line in lines(done.stdout, "::") if "declares" in line or "white space" in line] == []


def test_a_javascript_project_whose_reports_name_no_files(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(
        '<testsuite><testcase classname="cart adds" name="adds an item"/></testsuite>', encoding="utf-8"
    )
    assert "white space" in Collected(tmp_path, "r.xml", "--bundle", "a").warnings[0]
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    found = Collected(tmp_path, "r.xml", "--bundle", "b")
    assert found.warnings == []
    assert "white space" in found.notes[0]


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ("", True),
        ("<testcase classname='c' name='b'><system-out>printed</system-out></testcase>", False),
        ("<testcase classname='c' name='b'><system-err>printed</system-err></testcase>", False),
    ],
)
def test_one_hint_for_pytest_without_output(tmp_path: Path, more: str, hint: bool) -> None:
    for number in range(3):
        text = f'<testsuite name="pytest">{FAILED.format("c", "a")}{more}</testsuite>'
        (tmp_path / f"{number}.xml").write_text(text, encoding="utf-8")
    done = run("inspect", ".", cwd=tmp_path)
    assert ["junit_logging" in line for line in lines(done.stdout, "note: ")] == [True] * hint


@pytest.mark.parametrize(
    "report",
    [
        '<testsuite name="pytest"><testcase classname="c" name="a"/></testsuite>',
        '<testsuite name="other"><testcase classname="c" name="a"><failure/></testcase></testsuite>',
    ],
)
def test_no_hint_where_no_output_would_be_expected(tmp_path: Path, report: str) -> None:
    (tmp_path / "r.xml").write_text(report, encoding="utf-8")
    assert "junit_logging" not in run("inspect", "r.xml", cwd=tmp_path).stdout


def test_what_pytest_wrote_with_and_without_junit_logging() -> None:
    done = run("inspect", "reports/xunit2.xml", cwd=PRODUCED / "pytest")
    assert "junit_logging" not in done.stdout
    done = run("inspect", "reports/collection-error.xml", cwd=PRODUCED / "pytest")
    assert "junit_logging" in done.stdout


def test_no_kind_and_no_count_is_ever_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST_OF_A_KIND", 3)
    collected = Notices()
    for kind in range(50):
        collected.add(*(Notice(f"kind-{kind}", f"{kind}/{number} {'x' * 2000}") for number in range(8)))
    shown = notice_lines(collected.all(), WARNING, "all are there")
    assert len(shown) == 50
    for kind, line in enumerate(shown):
        assert line.startswith(f"kind-{kind} (8): {kind}/0 ")
        assert f"; {kind}/{EXAMPLES - 1} " in line
        assert line.endswith("; 6 more: all are there")
        assert len(line) < 1000
    assert notice_lines(collected.all(), NOTE, "") == []


def kinds_of(tree: ast.AST) -> Iterator[str]:
    """Yield each kind of notice that a module spells out."""
    for node in ast.walk(tree):
        texts: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in {"warn", "note", "_note", "Notice"}:
                texts = node.args[:1]
            elif name == "partial" and ast.unparse(node.args[0]).endswith(".warn"):
                texts = node.args[1:2]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(".notes"):
            texts = [node.slice]
        for text in texts:
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def test_each_kind_has_a_title_and_each_title_a_kind() -> None:
    modules = [file for file in SOURCE.rglob("*.py") if "emulator" not in file.parts]
    kinds = {kind for file in modules for kind in kinds_of(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(kinds) > 30
    # Errors that fail nothing are notices under their code.
    assert kinds | ABSENT == TITLES.keys()


def test_titles_differ() -> None:
    assert len(set(TITLES.values())) == len(TITLES)
