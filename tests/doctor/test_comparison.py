"""What `doctor` shows of the files with which results are compared."""

from datetime import UTC, datetime, timedelta

import pytest

from support.command import run
from support.diagnosis import diagnose
from support.project import Project

TODAY = datetime.now(UTC).date()
SUITE = "<testsuite name='s'><testcase name='a'/></testsuite>"


def entry(name: str, days: int) -> str:
    return f"  - name: {name}\n    reason: slow\n    expires: {TODAY + timedelta(days)}\n"


def found(project: Project, code: str, *args: str) -> list[tuple[str, str]]:
    done = diagnose("--offline", *args, cwd=project.path, env=project.env)
    assert done.code == 0, done.document
    rows = [one for one in done.document["findings"] if one["code"] == code]
    assert all(bool(one["hint"]) == (one["sign"] == "warning") for one in rows)
    return [(one["sign"], one["text"]) for one in rows]


def test_the_entries_of_the_quarantine_list(project: Project) -> None:
    assert found(project, "quarantine") == []
    project.write(".onetest-quarantine.yml", "")
    assert found(project, "quarantine")[0][0] == "ok"
    text = "tests:\n" + entry("later", 9) + entry("expired", -9) + "  - name: broken\n"
    project.write(".onetest-quarantine.yml", text)
    (ok, *warnings) = found(project, "quarantine")
    assert ok == ("ok", "The quarantine list .onetest-quarantine.yml: 1 of its entries count here.")
    assert ["expired on" in warnings[0][1], "broken" in warnings[1][1], len(warnings)] == [True, True, 2]
    project.write("own.yml", "tests:\n" + "".join(entry(f"test{number}", -9) for number in range(30)))
    rows = found(project, "quarantine", "--quarantine", "own.yml")
    assert ({sign for sign, _ in rows}, len(rows)) == ({"warning"}, 21)
    assert rows[-1][1].startswith("10 more")


@pytest.mark.parametrize("text", ["[", "tests: 1", None])
def test_a_quarantine_list_that_cannot_be_used(project: Project, text: str | None) -> None:
    if text is not None:
        project.write("own.yml", text)
    ((sign, shown),) = found(project, "quarantine", "--quarantine", "own.yml")
    assert (sign, shown.startswith("Nothing is in quarantine")) == ("warning", True)


def test_the_files_of_the_baseline(project: Project) -> None:
    project.write("out/a.xml", SUITE)
    done = run(*("report", "--dry-run", "--save-results", "a.gz", "out"), cwd=project.path, env=project.env)
    assert done.returncode == 0, done.stderr
    project.write("b.gz", "no results")
    names = [argument for name in ("a.gz", "b.gz", "c.gz") for argument in ("--baseline", name)]
    rows = found(project, "baseline", *names)
    assert rows[0] == ("ok", "The baseline a.gz contains 1 test.")
    assert [(sign, text[:30]) for sign, text in rows[1:]] == [
        ("warning", "The baseline: b.gz is not used"),
        ("warning", "The baseline: c.gz is not used"),
    ]


def test_the_answers_for_an_issue_are_printed_if_they_are_wanted(project: Project) -> None:
    title = "for an issue about OneTest's API"
    assert title not in run("doctor", cwd=project.path, env=project.env).stdout
    assert title in run("doctor", "--issue", cwd=project.path, env=project.env).stdout
    wrong = project.env | {"ONETEST_API_KEY": "ak_wrong"}
    assert title in run("doctor", cwd=project.path, env=wrong).stdout
