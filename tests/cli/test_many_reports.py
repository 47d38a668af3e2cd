"""Many reports, read on several processors: the same as on one, and ended with the command."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from support.command import COMMAND, environment, run
from support.memory import measured

several = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="one processor, or a system that does not say",
)
FILES = 60
CASES = 501
OF_JSON = ("inspect", "--format", "json", "in")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """28 MB of reports, a few of them broken, and a file of another kind."""
    (tmp_path / "in").mkdir()
    output = f"<system-out>{'o' * 900}</system-out>"
    cases = "".join(f'<testcase name="n{i}" time="0.25">{output}</testcase>' for i in range(CASES - 1))
    for number in range(FILES):
        end = "" if number % 20 == 7 else "</testsuite>"
        failure = f'<testcase name="f{number}"><failure/></testcase>'
        path = tmp_path / "in" / f"{number:02}.xml"
        path.write_text(f"<testsuite>{cases}{failure}{end}", encoding="utf-8")
    (tmp_path / "in" / "notes.txt").write_text("none", encoding="utf-8")
    return tmp_path


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def started(place: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """The command, and the workers that it has started."""
    command = subprocess.Popen(
        [COMMAND, *OF_JSON],
        cwd=place,
        env=environment(),
        stdout=-1,
        stderr=-1,
        text=True,
        start_new_session=True,
    )
    while len(workers := children(command.pid)) < 2:
        assert command.poll() is None
    return command, workers


@several
def test_the_same_on_one_processor_and_on_all(place: Path) -> None:
    on_all = run(*OF_JSON, cwd=place)
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        on_one = run(*OF_JSON, cwd=place)
    finally:
        os.sched_setaffinity(0, allowed)
    assert (on_all.returncode, on_all.stdout, on_all.stderr) == (3, on_one.stdout, on_one.stderr)
    assert json.loads(on_all.stdout)["totals"]["tests"] == FILES * CASES


@several
@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_no_worker_outlives_the_command(place: Path, signum: int, code: int) -> None:
    command, workers = started(place)
    if signum == signal.SIGINT:
        # A terminal sends it to all.
        os.killpg(command.pid, signum)
    else:
        command.send_signal(signum)
    _, said = command.communicate()
    assert command.returncode == code
    assert "Traceback" not in said, said
    while any(is_running(worker) for worker in workers):
        pass


@several
def test_a_worker_that_is_killed_costs_nothing(place: Path) -> None:
    command, workers = started(place)
    os.kill(workers[0], signal.SIGKILL)
    told, said = command.communicate()
    assert "Traceback" not in said
    assert command.returncode == 3
    assert json.loads(told)["totals"]["tests"] == FILES * CASES


@pytest.mark.full
def test_a_hundred_thousand_files_that_a_glob_matches(tmp_path: Path) -> None:
    folders, each = 100, 1000
    for folder in range(folders):
        place = tmp_path / "in" / f"a/{folder}"
        place.mkdir(parents=True)
        for number in range(each):
            verdict = "<failure/>" if number == folder else ""
            report = f'<testsuite name="s"><testcase name="t">{verdict}</testcase></testsuite>'
            (place / f"{number}.xml").write_text(report, encoding="utf-8")
    done = measured("inspect", "--format", "json", "in/**/*.xml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len({row["path"] for row in told["files"]}) == folders * each
    assert (told["totals"]["tests"], told["totals"]["failures"]) == (folders * each, folders)
    # MiB: the command itself, and the path and the row of each file.
    assert done.peak < 30 + folders * each * 2 // 1024
