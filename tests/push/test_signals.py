"""A run that is asked to stop ends soon, leaves OneTest tidy, and is made whole by ``push``."""

import json
import re
import signal
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from typing import IO, Any

import pytest

from support.command import COMMAND, environment
from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Fault, HangUp, Request
from support.waiting import GIVE_UP, wait_for

CASES = 60
COMMANDS = ("report", "out", "--mode", "launch", "--connections", "4", "--json", "outcome.json")
THREADS = Path(__file__).parent / "threads"
STOPS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]


@pytest.fixture(autouse=True)
def suite(project: Project) -> None:
    cases = "".join(
        f"<testcase classname='c' name='t{n}'><failure message='red {n}'/></testcase>"
        if n % 5 == 0
        else f"<testcase classname='c' name='t{n}'/>"
        for n in range(CASES)
    )
    project.write("out/a.xml", f"<testsuite name='s'>{cases}</testsuite>")


def start(project: Project, *args: str, stderr: IO[str] | int = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, *args],
        cwd=project.path,
        env=environment(project.env),
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
    )


def stopped_at(project: Project, request: int, number: int) -> tuple[int, str, dict[str, Any]]:
    """Signal the command at one of its requests. Return its exit code, its output and its outcome.

    No request passes until the command has noticed the signal: it could send all of them before.
    """
    running: list[subprocess.Popen[str]] = []
    seen: list[Request] = []
    log = project.path / "stderr.txt"

    def rule(passing: Request) -> Fault | None:
        seen.append(passing)
        if len(seen) == request:
            running[0].send_signal(number)
            wait_for(
                lambda: log.read_text(encoding="utf-8"),
                lambda text: "current requests get" in text or running[0].poll() is not None,
            )
        return None

    project.proxy.rule = rule
    with log.open("w", encoding="utf-8") as stderr:
        running.append(start(project, *COMMANDS, stderr=stderr))
    printed, _ = running[0].communicate(timeout=GIVE_UP)
    printed += log.read_text(encoding="utf-8")
    project.proxy.rule = None
    outcome = json.loads((project.path / "outcome.json").read_text(encoding="utf-8"))
    return running[0].returncode, printed, outcome


def whole(onetest: LocalOneTest, *launches: str) -> None:
    """Each case is in one of the launches, with its verdict and its log."""
    cases = [case for launch in launches for case in onetest.cases(launch)]
    assert Counter(case["name"] for case in cases) == Counter(f"t{n}" for n in range(CASES))
    for case in cases:
        number = int(case["name"][1:])
        red = number % 5 == 0
        assert case["status"] == ("failed" if red else "passed")
        assert [log["message"] for log in onetest.logs(case["id"])] == ([f"red {number}"] if red else [])


@pytest.mark.parametrize(("number", "code"), STOPS)
def test_the_launch_is_finished_as_interrupted_and_a_push_sends_the_rest_in_another(
    onetest: LocalOneTest, project: Project, number: int, code: int
) -> None:
    exit_code, printed, outcome = stopped_at(project, 40, number)
    assert exit_code == outcome["exit_code"] == code
    assert outcome["upload_status"] == "partial"
    assert outcome["delivery"]["error"]["code"] == "interrupted"
    assert 0 < outcome["delivery"]["cases_sent"] < CASES
    assert "Traceback" not in printed
    first = outcome["launch_id"]
    assert onetest.launch(first)["status"] == "interrupted"
    assert not any(item["status"] == "in_progress" for item in onetest.items(first))
    before = len(onetest.cases(first))
    done = project.push(outcome["bundle_path"])
    assert (done.code, done.status, done.delivery["cases_sent"]) == (0, "delivered", CASES)
    launches = [one["id"] for one in done.delivery["launches"]]
    assert launches[0] == first
    whole(onetest, *launches)
    assert len(onetest.cases(first)) == before
    second = onetest.launch(launches[1])
    assert (second["status"], second["name"]) == ("failed", onetest.launch(first)["name"])
    assert {"key": "continues", "value": first} in second["attributes"]
    sent = len(project.proxy.requests)
    assert project.push(outcome["bundle_path"]).status == "delivered"
    assert len(project.proxy.requests) == sent


def test_a_further_launch_that_could_not_be_finished_is_finished_by_the_next_push(
    onetest: LocalOneTest, project: Project
) -> None:
    _, _, outcome = stopped_at(project, 40, signal.SIGTERM)
    project.proxy.answer("/finish", HangUp())
    failed = project.push(outcome["bundle_path"])
    project.proxy.rule = None
    assert (failed.status, failed.delivery["cases_sent"]) == ("partial", CASES)
    launches = [one["id"] for one in failed.delivery["launches"]]
    assert [onetest.launch(one)["status"] for one in launches] == ["interrupted", "in_progress"]
    done = project.push(outcome["bundle_path"])
    assert (done.code, done.status) == (0, "delivered")
    assert [onetest.launch(one)["status"] for one in launches] == ["interrupted", "failed"]
    whole(onetest, *launches)


def test_a_test_whose_verdict_did_not_arrive_keeps_the_launch_open(
    onetest: LocalOneTest, project: Project
) -> None:
    held: list[Request] = []

    def rule(passing: Request) -> Fault | None:
        # The end of one test waits for as long as the run lives.
        if passing.method == "PUT" and "/item/" in passing.path and not held:
            held.append(passing)
            project.proxy.stop_at(1)
        return None

    project.proxy.rule = rule
    running = start(project, *COMMANDS)
    project.proxy.wait_until_stopped()
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=GIVE_UP)
    project.proxy.rule = None
    project.proxy.go_on()
    assert running.returncode == 143
    outcome = json.loads((project.path / "outcome.json").read_text(encoding="utf-8"))
    assert onetest.launch(outcome["launch_id"])["status"] == "in_progress"
    done = project.push(outcome["bundle_path"])
    assert (done.code, done.status, len(done.delivery["launches"])) == (0, "delivered", 1)
    whole(onetest, done.launch_id)


def test_a_second_signal_ends_the_run_at_once(onetest: LocalOneTest, project: Project) -> None:
    project.proxy.stop_at(9)
    running = start(project, *COMMANDS, "--bundle", "kept")
    project.proxy.wait_until_stopped()
    running.send_signal(signal.SIGINT)
    assert running.stderr
    assert "another signal ends the run" in running.stderr.readline()
    running.send_signal(signal.SIGTERM)
    printed = "".join(running.communicate(timeout=GIVE_UP))
    assert (running.returncode, "ended at once by a second signal" in printed) == (143, True)
    assert not (project.path / "outcome.json").exists()
    project.proxy.go_on()
    done = project.push("kept")
    assert (done.code, done.status) == (0, "delivered")
    whole(onetest, done.launch_id)


@pytest.fixture
def temporary(project: Project) -> Path:
    """Where the command keeps its bundles."""
    directory = project.path / "tmp"
    directory.mkdir()
    project.env["TMPDIR"] = str(directory)
    return directory


@pytest.fixture
def large_report(project: Project) -> None:
    """One that is packed by a thread, while it is read."""
    suites = "".join(
        f"<testsuite name='s{n}'>"
        + "".join(f"<testcase classname='c' name='t{n}_{k}'/>" for k in range(200))
        + "</testsuite>"
        for n in range(2000)
    )
    project.write("out/a.xml", f"<testsuites>{suites}</testsuites>")


@pytest.mark.usefixtures("large_report")
def test_a_signal_while_reports_are_read_leaves_nothing_behind(project: Project, temporary: Path) -> None:
    running = start(project, "report", "out")
    while not any(temporary.glob("onetest-bundle-*/items.jsonl")):
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    printed = "".join(running.communicate(timeout=GIVE_UP))
    assert (running.returncode, "terminated" in printed, "Traceback" in printed) == (143, True, False)
    assert list(temporary.iterdir()) == []
    assert project.proxy.requests == []


def at_start_of(project: Project, thread: str, when: str) -> subprocess.Popen[str]:
    """Report; something happens ``when`` the thread of this name is started."""
    project.env |= {"PYTHONPATH": str(THREADS), "THREAD": thread, "WHEN": when}
    return start(project, "report", "out", "--mode", "launch", "--json", "outcome.json")


@pytest.mark.usefixtures("large_report")
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_signal_while_packing_begins_leaves_nothing_behind(
    project: Project, temporary: Path, when: str
) -> None:
    running = at_start_of(project, "report-archive", when)
    printed = "".join(running.communicate(timeout=GIVE_UP))
    assert (running.returncode, "terminated" in printed, "internal-error" in printed) == (143, True, False)
    assert list(temporary.iterdir()) == []
    assert project.proxy.requests == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_signal_while_sending_begins_keeps_the_bundle(
    onetest: LocalOneTest, project: Project, when: str
) -> None:
    running = at_start_of(project, "delivery", when)
    printed = "".join(running.communicate(timeout=GIVE_UP))
    assert (running.returncode, "internal-error" in printed) == (143, False)
    outcome = json.loads((project.path / "outcome.json").read_text(encoding="utf-8"))
    assert (outcome["exit_code"], outcome["delivery"]["error"]["code"]) == (143, "interrupted")
    del project.env["PYTHONPATH"]
    done = project.push(outcome["bundle_path"])
    assert (done.code, done.status, done.delivery["cases_sent"]) == (0, "delivered", CASES)
    whole(onetest, *(one["id"] for one in done.delivery["launches"]))


@pytest.mark.usefixtures("large_report")
def test_a_large_report_is_packed_where_no_thread_can_be_started(project: Project) -> None:
    project.env |= {"PYTHONPATH": str(THREADS), "THREAD": "report-archive", "WHEN": "never"}
    running = start(project, "collect", "out", "--bundle", "kept")
    printed = "".join(running.communicate(timeout=GIVE_UP))
    assert running.returncode == 0, printed
    with zipfile.ZipFile(project.path / "kept" / "artifacts" / "reports.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("out/a.xml") == (project.path / "out" / "a.xml").read_bytes()


def test_a_push_without_another_thread_ends_and_keeps_the_bundle(project: Project) -> None:
    running = at_start_of(project, "delivery", "never")
    printed = "".join(running.communicate(timeout=GIVE_UP))
    assert running.returncode == 4, printed
    kept = re.search(r"onetest-ci push (\S+)", printed)
    assert kept, printed
    del project.env["PYTHONPATH"]
    assert project.push(kept[1]).status == "delivered"


def test_an_import_under_way_is_not_taken_for_one_that_failed(project: Project, tmp_path: Path) -> None:
    project.proxy.stop_at(1)
    running = start(project, "report", "out", "--mode", "import", "--json", "outcome.json")
    project.proxy.wait_until_stopped()
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=GIVE_UP)
    project.proxy.go_on()
    outcome = json.loads((tmp_path / "outcome.json").read_text(encoding="utf-8"))
    assert (running.returncode, outcome["upload_status"]) == (143, "failed")
    unsure = project.push(outcome["bundle_path"])
    assert (unsure.code, unsure.error) == (4, "unanswered-import")
