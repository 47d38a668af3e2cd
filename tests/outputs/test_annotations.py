"""Annotations of failed tests, as GitHub's runner reads them from the log of the installed command."""

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from support import github_runner
from support.command import run

HOST = {"GITHUB_ACTIONS": "true"}
NAME = "a,b:c%d\n::error::e##[error]f"


def errors(root: Path, *more: str) -> list[github_runner.Command]:
    done = run("report", "--dry-run", *more, "r.xml", cwd=root, env=HOST)
    return [one for one in github_runner.commands(done.stdout) if one.name == "error"]


def write(root: Path, failures: int, errors: int = 0) -> None:
    kinds = ["failure"] * failures + ["error"] * errors
    cases = "".join(
        f"<testcase name='t{number}'><{kind} message='no'/></testcase>" for number, kind in enumerate(kinds)
    )
    (root / "r.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")


@pytest.mark.parametrize(
    ("failed", "shown", "rest"), [(10, 10, ""), (11, 9, "2 more"), (3000, 9, "2,991 more")]
)
def test_the_last_one_counts_those_without_room(failed: int, shown: int, rest: str, tmp_path: Path) -> None:
    write(tmp_path, failed)
    found = errors(tmp_path)
    assert len(found) == 10
    assert sum(one.properties["title"].startswith("Failed: ") for one in found) == shown
    assert rest in found[-1].data


def test_errors_of_the_run_come_first_and_take_room(tmp_path: Path) -> None:
    write(tmp_path, 20)
    found = errors(tmp_path, "--fail-on", "any")
    assert len(found) == 10
    assert found[0].properties["title"].startswith("onetest-ci")
    assert "12 more" in found[-1].data


def test_errors_come_before_failures(tmp_path: Path) -> None:
    write(tmp_path, 2, errors=1)
    assert [one.properties["title"] for one in errors(tmp_path)] == [
        *("Failed: t2", "Failed: t0", "Failed: t1")
    ]


def test_hostile_names_are_text(tmp_path: Path) -> None:
    folder = tmp_path / "a,b:c%d"
    folder.mkdir()
    (folder / "t.py").write_text("\n", encoding="utf-8")
    name = quoteattr(NAME, {"\n": "&#10;"})
    (tmp_path / "r.xml").write_text(
        f"<testsuite><testcase name={name} file='a,b:c%d/t.py' line='1'><failure message={name}/>"
        "</testcase></testsuite>",
        encoding="utf-8",
    )
    (found,) = errors(tmp_path)
    assert found.properties["file"] == "a,b:c%d/t.py"
    assert found.properties["line"] == "1"
    assert found.properties["title"].startswith("Failed: a,b:c%d ")


@pytest.mark.parametrize("host", [HOST, {"TF_BUILD": "True"}])
def test_the_message_comes_first_and_code_stays_indented(host: dict[str, str], tmp_path: Path) -> None:
    trace = "self = &lt;A&gt;\n\n    def test_a(self):\nE       assert 1 == 2\n\na.py:2: Error"
    failure = f"<failure message='assert 1 == 2'>{trace}</failure>"
    text = f"<testsuite name='pytest'><testcase name='a'>{failure}</testcase></testsuite>"
    (tmp_path / "r.xml").write_text(text, encoding="utf-8")
    printed = run("report", "--dry-run", "r.xml", cwd=tmp_path, env=host).stdout
    (line,) = [line for line in printed.splitlines() if line.startswith(("::error ", "##vso[task.logissue "))]
    first, *others = re.split(r"%0A", re.split(r"::|]", line)[-1])
    assert "assert 1 == 2" in (first, others[0])
    assert "    def test_a(self):" in others
