"""Progress while reports are read: a bar on a terminal, a line now and then in a log, nothing at first."""

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from support.command import COMMAND, environment, run
from support.terminal import Terminal

FAST_CLOCK: Final = Path(__file__).parents[1] / "support" / "fast_clock"
CASE: Final = f"<testcase name='n'><system-out>{'o' * 9000}</system-out></testcase>"
LINE: Final = re.compile(r"onetest-ci: read (\d+) of (\d+) MB")

COMMANDS: Final = {
    "report": ("report", "--dry-run", "in"),
    "collect": ("collect", "--bundle", "b", "in"),
    "inspect": ("inspect", "in"),
    "run": ("run", "--dry-run", "in", "--", "sh", "-c", "cp -r source/* in"),
}


def clock(step: float) -> dict[str, str]:
    """The environment of a command whose clock goes on by so many seconds at each look."""
    return {"PYTHONPATH": str(FAST_CLOCK), "CLOCK_STEP": str(step)}


Write = Callable[[Path], None]


def large(folder: Path) -> None:
    (folder / "r.xml").write_text(f"<testsuite>{CASE * 400}</testsuite>", encoding="utf-8")


def many(folder: Path) -> None:
    for number in range(100):
        (folder / f"{number}.xml").write_text(f"<testsuite>{CASE * 4}</testsuite>", encoding="utf-8")


def packed(folder: Path) -> None:
    cases = "".join(f"<testcase name='{os.urandom(3000).hex()}'/>" for _ in range(800))
    content = f"<testsuite>{cases}</testsuite>".encode()
    (folder / "r.xml.gz").write_bytes(gzip.compress(content, 1))


def allure(folder: Path) -> None:
    for number in range(200):
        result = {
            "uuid": str(number),
            "historyId": str(number),
            "name": f"n{number}",
            "status": "passed",
            "stage": "finished",
            "start": number,
            "stop": number + 1,
            "labels": [],
            "steps": [],
            "description": "d" * 15_000,
        }
        (folder / f"{number}-result.json").write_text(json.dumps(result), encoding="utf-8")


def for_several_processors(folder: Path) -> None:
    for number in range(12):
        (folder / f"{number}.xml").write_text(f"<testsuite>{CASE * 240}</testsuite>", encoding="utf-8")


def check_lines(printed: str, folder: Path) -> None:
    lines = [line for line in printed.splitlines() if "read " in line]
    found = [LINE.fullmatch(line) for line in lines]
    assert len(lines) > 1
    assert all(found), lines
    figures = [int(match[1]) for match in found if match]
    total = sum(file.stat().st_size for file in folder.iterdir()) // 1_000_000
    assert figures == sorted(figures)
    assert figures[0] < figures[-1] <= total
    assert {int(match[2]) for match in found if match} == {total}


@pytest.mark.parametrize("write", [large, many, packed, allure, for_several_processors])
def test_a_log_has_a_line_now_and_then(tmp_path: Path, write: Write) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in")
    done = run("inspect", "in", cwd=tmp_path, env=clock(10))
    assert done.returncode == 0
    assert "read " not in done.stdout
    check_lines(done.stderr, tmp_path / "in")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_that_reads_reports_shows_it_when_it_takes_long(tmp_path: Path, command: str) -> None:
    for name in ("source", "in"):
        (tmp_path / name).mkdir()
        large(tmp_path / name)
    done = run(*COMMANDS[command], cwd=tmp_path, env=clock(10))
    assert done.returncode == 0
    assert "read " not in done.stdout
    check_lines(done.stderr, tmp_path / "in")


def test_nothing_is_printed_when_it_is_quick(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    large(tmp_path / "in")
    assert run("inspect", "in", cwd=tmp_path, env=clock(0)).stderr == ""


def test_standard_error_stays_empty_beside_json(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    large(tmp_path / "in")
    done = run("inspect", "--format", "json", "in", cwd=tmp_path, env=clock(10))
    assert json.loads(done.stdout)["totals"]["tests"] == 400
    assert done.stderr == ""


@pytest.mark.parametrize("step", [0, 10])
def test_a_terminal_has_a_bar_when_it_takes_long(tmp_path: Path, step: float) -> None:
    (tmp_path / "in").mkdir()
    large(tmp_path / "in")
    with Terminal(
        COMMAND, *COMMANDS["report"], cwd=tmp_path, env=environment({"TERM": "xterm"} | clock(step))
    ) as terminal:
        printed = terminal.read_until(b"Result")
    assert ("reading" in printed) == bool(step)
    # The bar is complete, and on a line of its own, before the summary.
    assert bool(re.search(r"reading[^\n]*100%[^\n]*\r?\n.*400 tests", printed, re.DOTALL)) == bool(step)
