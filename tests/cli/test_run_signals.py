"""``onetest-ci run`` and the signals and the terminal that it passes on."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from support.command import COMMAND, environment
from support.onetest import LocalOneTest
from support.project import Project
from support.running import GREEN, NAME
from support.terminal import Terminal
from support.waiting import wait_for

# One call, so that it is done before the deadline even where the machine is busy.
QUICK = {"ONETEST_MODE": "import"}
STOPPING = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]

# A test command that notes each signal and, by its arguments, ends at the first with an exit code.
CHILD = f"""
import os, signal, sys, time
from pathlib import Path

def note(number, frame):
    with open("got", "a") as got:
        got.write(signal.Signals(number).name + "\\n")
    if len(sys.argv) > 1:
        Path("out/r.xml").write_text({GREEN!r})
        sys.exit(int(sys.argv[1]))

for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"):
    if signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
        signal.signal(getattr(signal, name), note)
Path("new").write_text(str(os.getpid()))
Path("new").rename("ready")
while not Path("go").exists():
    time.sleep(0.01)
"""


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir(exist_ok=True)
    (tmp_path / "child.py").write_text(CHILD, encoding="utf-8")
    return tmp_path


@pytest.fixture
def start(shop: Path) -> Iterator[Start]:
    """Start a run and wait until its command is ready; without variables of a OneTest it is a dry run."""
    with ExitStack() as ends:

        def started(
            *command: str, env: Mapping[str, str] | None = None, before: tuple[str, ...] = ()
        ) -> subprocess.Popen[str]:
            more = () if env else ("--dry-run",)
            running = subprocess.Popen(
                [*before, COMMAND, "run", "out", *more, "--json", "o.json", "--", *command],
                cwd=shop,
                env=environment(env),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            ends.callback(_end, running, shop / "ready")
            wait_for(lambda: running.poll() is not None or (shop / "ready").exists(), bool)
            assert running.poll() is None
            return running

        yield started


def _end(running: subprocess.Popen[str], ready: Path) -> None:
    """End what a test that failed has left."""
    if running.poll() is None:
        running.kill()
        with suppress(ProcessLookupError):
            os.killpg(os.getpgid(int(ready.read_text(encoding="utf-8"))), signal.SIGKILL)
    running.communicate()


def child(*args: str) -> tuple[str, ...]:
    return (sys.executable, "child.py", *args)


def got(shop: Path) -> list[str]:
    return (shop / "got").read_text(encoding="utf-8").split() if (shop / "got").exists() else []


def outcome_of(shop: Path) -> dict[str, Any]:
    return dict(json.loads((shop / "o.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("whole_group", [False, True], ids=["process", "group"])
@pytest.mark.parametrize("name", STOPPING)
def test_the_command_gets_a_signal_once_and_its_results_are_reported(
    onetest: LocalOneTest, shop: Path, start: Start, name: str, *, whole_group: bool
) -> None:
    running = start(*child("5"), env=onetest.env | QUICK)
    (os.killpg if whole_group else os.kill)(running.pid, getattr(signal, name))
    said = "".join(running.communicate(timeout=120))
    assert running.returncode == 5, said
    assert got(shop) == [name]
    outcome = outcome_of(shop)
    assert outcome["upload_status"] == "delivered"
    cases = {case["name"]: case["status"] for case in onetest.cases(outcome["launch_id"])}
    assert cases == {"good": "passed", NAME: "failed"}


@pytest.mark.parametrize("name", [*STOPPING, "SIGUSR1"])
def test_a_command_that_a_signal_ends(onetest: LocalOneTest, shop: Path, start: Start, name: str) -> None:
    running = start("sh", "-c", "echo $$ > new; mv new ready; exec sleep 600", env=onetest.env | QUICK)
    running.send_signal(getattr(signal, name))
    said = "".join(running.communicate(timeout=120))
    assert running.returncode == 128 + getattr(signal, name)
    assert f"was ended by {name}, and no report was written" in said
    assert "Traceback" not in said
    assert outcome_of(shop)["upload_status"] == "delivered"


@pytest.mark.parametrize("name", ["SIGUSR1", "SIGUSR2", "SIGWINCH"])
def test_a_signal_that_asks_for_something_else(shop: Path, start: Start, name: str) -> None:
    running = start(*child())
    running.send_signal(getattr(signal, name))
    wait_for(lambda: got(shop), bool)
    (shop / "out" / "r.xml").write_text(GREEN, encoding="utf-8")
    (shop / "go").touch()
    running.communicate(timeout=120)
    assert (running.returncode, got(shop)) == (0, [name])
    assert outcome_of(shop)["failures"] == []


def test_what_the_command_itself_started_gets_it_too(shop: Path, start: Start) -> None:
    running = start("sh", "-c", f"{sys.executable} child.py; true")
    running.send_signal(signal.SIGTERM)
    wait_for(lambda: got(shop), bool)
    (shop / "go").touch()
    running.communicate(timeout=120)
    assert got(shop) == ["SIGTERM"]


def test_each_of_several_signals_is_passed_on(shop: Path, start: Start) -> None:
    running = start(*child())
    for count in range(1, 4):
        running.send_signal(signal.SIGINT)
        wait_for(lambda count=count: len(got(shop)) == count, bool)  # type: ignore[misc]
    (shop / "go").touch()
    running.communicate(timeout=120)
    assert got(shop) == ["SIGINT"] * 3


def test_a_command_that_was_asked_to_stop_and_exits_with_0(shop: Path, start: Start) -> None:
    running = start(*child("0"))
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=120)
    assert running.returncode == 128 + signal.SIGTERM
    (failure,) = outcome_of(shop)["failures"]
    assert "was asked to stop by SIGTERM and ended with exit code 0" in failure["message"]


@pytest.mark.parametrize("name", ["SIGHUP", "SIGINT"])
def test_what_the_caller_ignores_stays_ignored(shop: Path, start: Start, name: str) -> None:
    ignoring = ("sh", "-c", f"trap '' {name.removeprefix('SIG')}; exec \"$@\"", "sh")
    running = start(*child(), before=ignoring)
    running.send_signal(getattr(signal, name))
    running.send_signal(signal.SIGUSR1)
    wait_for(lambda: got(shop), bool)
    (shop / "go").touch()
    running.communicate(timeout=120)
    assert got(shop) == ["SIGUSR1"]
    assert running.returncode == 3


def test_a_caller_that_ignores_the_end_of_children_loses_no_exit_code(shop: Path) -> None:
    program = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, COMMAND, "run", "out", "--dry-run", "--", "sh", "-c", "exit 4"],
        cwd=shop,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,  # a run that misses the end of its command would wait for ever
    )
    assert done.returncode == 4


@pytest.fixture
def many(project: Project) -> Project:
    cases = "".join(f"<testcase classname='c' name='t{n}'/>" for n in range(60))
    (project.path / "all.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
    return project


STOPPED = "cp all.xml out/r.xml; echo $$ > new; mv new ready; exec sleep 600"
FEW = {"ONETEST_MODE": "launch", "ONETEST_CONNECTIONS": "4"}


def test_a_second_signal_ends_the_reporting_at_once(
    onetest: LocalOneTest, many: Project, start: Start
) -> None:
    many.proxy.stop_at(9)
    running = start("sh", "-c", STOPPED, env=many.env | FEW | {"ONETEST_BUNDLE": "kept"})
    running.send_signal(signal.SIGINT)
    many.proxy.wait_until_stopped()
    running.send_signal(signal.SIGTERM)
    said = "".join(running.communicate(timeout=120))
    assert (running.returncode, "ended at once by a second signal" in said) == (143, True)
    assert not (many.path / "o.json").exists()
    many.proxy.go_on()
    done = many.push("kept")
    assert (done.code, done.status) == (0, "delivered")
    assert len(onetest.cases(done.launch_id)) == 61


def test_a_run_that_was_stopped_reports_within_the_usual_deadline(
    onetest: LocalOneTest, many: Project, start: Start
) -> None:
    many.proxy.stop_at(40)
    running = start("sh", "-c", STOPPED, env=many.env | FEW)
    running.send_signal(signal.SIGTERM)
    assert running.stderr
    assert "terminated: current requests get 1.5 seconds" in running.stderr.readline()
    many.proxy.go_on()
    running.communicate(timeout=120)
    outcome = outcome_of(many.path)
    assert (running.returncode, outcome["exit_code"]) == (143, 143)
    assert (outcome["upload_status"], outcome["delivery"]["error"]["code"]) == ("partial", "interrupted")
    assert 0 < outcome["delivery"]["cases_sent"] < 61
    first = outcome["launch_id"]
    assert onetest.launch(first)["status"] == "interrupted"
    done = many.push(outcome["bundle_path"])
    assert (done.code, done.status) == (0, "delivered")
    launches = [one["id"] for one in done.delivery["launches"]]
    names = [case["name"] for launch in launches for case in onetest.cases(launch)]
    assert sorted(names) == sorted([NAME, *(f"t{n}" for n in range(60))])


TALKER = f"""
import os, signal, sys, time
from pathlib import Path

def say(*words):
    # Not by a stream: a signal may come while one is written to.
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def stop(number, frame):
    say("GOT", signal.Signals(number).name)
    Path("out/r.xml").write_text({GREEN!r})
    sys.exit(2)

signal.signal(signal.SIGINT, stop)
say("TERMINAL", [os.isatty(one) for one in (0, 1, 2)], os.tcgetpgrp(0) == os.getpgrp())
for line in sys.stdin:
    say("LINE", line.strip())
"""


@pytest.fixture
def talker(shop: Path) -> Path:
    (shop / "talker.py").write_text(TALKER, encoding="utf-8")
    return shop


def talk(*args: str) -> tuple[str, ...]:
    return (COMMAND, "run", "out", "--dry-run", *args, "--", sys.executable, "talker.py")


def test_the_terminal_is_the_command_s(talker: Path) -> None:
    with Terminal(*talk(), cwd=talker, env=environment()) as terminal:
        terminal.read_until(b"TERMINAL [True, True, True] True")
        terminal.press(b"hello\n")
        terminal.read_until(b"LINE hello")
        terminal.press(b"\x03")
        terminal.read_until(b"GOT SIGINT")
        assert "GOT" not in terminal.read_until(b"ended with exit code 2")
        assert terminal.process.wait(120) == 2


def test_a_job_that_no_shell_can_continue_is_not_stopped(talker: Path) -> None:
    with Terminal(*talk(), cwd=talker, env=environment()) as terminal:
        terminal.read_until(b"TERMINAL")
        terminal.press(b"\x1a")
        terminal.press(b"still here\n")
        terminal.read_until(b"LINE still here")
        terminal.press(b"\x04")
        terminal.read_until(b"no report was written")
        assert terminal.process.wait(120) == 3


def test_a_shell_stops_and_continues_both(talker: Path) -> None:
    env = environment({"PS1": "ready> ", "TERM": "dumb"})
    with Terminal("bash", "--norc", "--noprofile", "-i", cwd=talker, env=env) as terminal:
        terminal.read_until(b"ready> ")
        terminal.press(" ".join(talk()).encode() + b"\n")
        terminal.read_until(b"TERMINAL [True, True, True] True")
        terminal.press(b"\x1a")
        terminal.read_until(b"Stopped")
        terminal.read_until(b"ready> ")
        # In the background it waits for its input, as any job does.
        terminal.press(b"bg\n")
        terminal.read_until(b"ready> ")
        terminal.press(b"until jobs | grep -q Stopped; do :; done; echo wai''ting\n")
        terminal.read_until(b"waiting")
        terminal.press(b"fg\n")
        terminal.read_until(b"talker.py")
        terminal.press(b"again\n")
        terminal.read_until(b"LINE again")
        terminal.press(b"\x03")
        terminal.read_until(b"GOT SIGINT")
        assert "GOT" not in terminal.read_until(b"ready> ")
        terminal.press(b"echo code $?\n")
        terminal.read_until(b"code 2")
        terminal.press(b"exit\n")
        assert terminal.process.wait(120) == 0


HOOKS = """
import os, signal, sys
from onetest_ci.cli.app import run

def hooks():
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    umask = os.umask(0o77)
    os.umask(umask)
    return handlers, signal.pthread_sigmask(signal.SIG_BLOCK, ()), umask, os.getcwd(), sys.excepthook

before = hooks()
sys.argv[1:] = ["run", "--dry-run", "--allow-empty", "out", "--", sys.executable, "-c", ""]
assert run() == 0
assert hooks() == before
"""


def test_no_hook_of_the_process_stays_changed(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOOKS],
        cwd=shop,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
