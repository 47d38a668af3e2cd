"""After an interrupted delivery ``push`` sends the rest: nothing is lost, nothing is sent twice."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.command import COMMAND, QUICK_PAUSES, environment, run
from support.onetest import LocalOneTest
from support.project import Project, Reported
from support.proxy import HangUp, Proxy
from support.waiting import GIVE_UP

EXPECTED = {
    "a": ("passed", []),
    "b": ("failed", [("ERROR", "red b"), ("INFO", "shot.png")]),
    "c": ("skipped", []),
    "d": ("passed", [("WARN", "Attempt 1 failed: red d")]),
    "e": ("failed", [("ERROR", "red e")]),
}
REPORT = """<testsuites><testsuite name='one'>
<testcase classname='c' name='a'/>
<testcase classname='c' name='b'><failure message='red b'/><properties>
<property name='attachment' value='shot.png'/></properties></testcase>
</testsuite><testsuite name='two'>
<testcase classname='c' name='c'><skipped/></testcase>
<testcase classname='c' name='d'><failure message='red d'/></testcase><testcase classname='c' name='d'/>
<testsuite name='inner'><testcase classname='c' name='e'><failure message='red e'/></testcase></testsuite>
</testsuite></testsuites>"""
ALL_REQUESTS = 21
"""Launch 2, suites 6, cases 10, logs 1, artifacts 1, build 3 at most; what is over goes unhurt."""


@pytest.fixture(scope="module", autouse=True)
def known(onetest: LocalOneTest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The build and the bucket exist, so that each run makes the same requests."""
    place = tmp_path_factory.mktemp("first")
    (place / "a.xml").write_text(REPORT, encoding="utf-8")
    assert run("report", "a.xml", "--build-version", "9", cwd=place, env=onetest.env).returncode == 0


@pytest.fixture(autouse=True)
def suite(project: Project) -> None:
    # Connections that break off are tried again; no server comes back meanwhile.
    project.env |= QUICK_PAUSES
    project.write("out/a.xml", REPORT)
    project.write("out/shot.png", "a picture")


def complete(onetest: LocalOneTest, launch_uuid: str) -> None:
    launch = onetest.launch(launch_uuid)
    assert launch["status"] == "failed"
    assert launch["build_id"]
    cases = onetest.cases(launch_uuid)
    assert sorted(case["name"] for case in cases) == sorted(EXPECTED)
    for case in cases:
        # A request whose answer was lost is sent again, and log entries have no ID to recognise
        # (docs/onetest-api.md#retrying-a-request).
        logs = sorted({(log["level"], log["message"]) for log in onetest.logs(case["id"])})
        assert (case["status"], logs) == EXPECTED[case["name"]]
    assert len(onetest.items(launch_uuid)) == len(EXPECTED) + 3
    assert not any(item["status"] == "in_progress" for item in onetest.items(launch_uuid))
    path = f"/api/artifacts/api/v1/products/{onetest.product_id}/buckets/onetest-ci/objects?limit=1000"
    keys = [one["key"] for one in onetest.get(path)["items"]]
    assert keys.count(f"test-runs/{launch_uuid}/reports.zip") == 1
    assert [one["uuid"] for one in onetest.launches()].count(launch_uuid) == 1


def nothing_is_left(project: Project, bundle: str | Path) -> None:
    before = len(project.proxy.requests)
    again = project.push(bundle)
    assert (again.code, again.status) == (0, "delivered")
    assert len(project.proxy.requests) == before
    assert (again.delivery["cases_sent"], again.delivery["api_calls"]["total"]) == (5, 0)


def report(project: Project) -> Reported:
    return project.report("--build-version", "9", "--mode", "launch")


def test_a_delivered_bundle_makes_no_call(onetest: LocalOneTest, project: Project) -> None:
    done = project.report("--bundle", "kept")
    nothing_is_left(project, "kept")
    assert project.push("kept").outcome["launch_url"] == done.outcome["launch_url"] != ""
    project.report("--mode", "import", "--bundle", "imported")
    launches = len(onetest.launches())
    nothing_is_left(project, "imported")
    assert len(onetest.launches()) == launches


@pytest.mark.parametrize(
    ("number", "after_acting"),
    [(number, number % 2 == 0) for number in range(1, ALL_REQUESTS + 1, 3)],
)
def test_a_connection_that_breaks_off(
    onetest: LocalOneTest, project: Project, number: int, after_acting: bool
) -> None:
    project.proxy.hang_up_from(number, after_acting=after_acting)
    failed = report(project)
    project.proxy.rule = None
    assert failed.status in {"failed", "partial"}
    done = project.push(failed.bundle)
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    complete(onetest, done.launch_uuid)
    nothing_is_left(project, failed.bundle)


@pytest.mark.parametrize("number", [4, 9, 14, 19])
def test_a_single_lost_answer_is_made_up_for_at_once(
    onetest: LocalOneTest, project: Project, number: int
) -> None:
    seen: list[object] = []

    def rule(request: object) -> HangUp | None:
        seen.append(request)
        return HangUp(after_acting=True) if len(seen) == number else None

    project.proxy.rule = rule
    done = report(project)
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    complete(onetest, done.launch_uuid)


class Held:
    """A command that is held at one of its requests."""

    def __init__(self, project: Project, number: int, *args: str) -> None:
        project.proxy.stop_at(number)
        self._project = project
        self.process = subprocess.Popen(
            [COMMAND, *args],
            cwd=project.path,
            env=environment(project.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        project.proxy.wait_until_stopped()

    def end_by(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        printed = "".join(self.process.communicate(timeout=GIVE_UP))
        self._project.proxy.go_on()
        return self.process.returncode, printed


ONE_BY_ONE = ("--connections", "1")
"""So that the request which is held is that of a test: its launch then stays open."""
REPORT_COMMAND = ("report", "out", "--build-version", "9", "--mode", "launch")


@pytest.mark.parametrize("number", [1, 5, 9, 13, 17, 21])
def test_killed_at_any_request(onetest: LocalOneTest, project: Project, number: int) -> None:
    held = Held(project, number, *REPORT_COMMAND, "--bundle", "kept")
    code, _ = held.end_by(signal.SIGKILL)
    assert code == -signal.SIGKILL
    done = project.push("kept")
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    complete(onetest, done.launch_uuid)
    nothing_is_left(project, "kept")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("number", [9])
def test_signals_keep_the_bundle_and_say_how_to_go_on(
    onetest: LocalOneTest, project: Project, number: int, sent: int, code: int
) -> None:
    ended, printed = Held(project, number, *REPORT_COMMAND, *ONE_BY_ONE).end_by(sent)
    (bundle,) = [path for path in project.path.iterdir() if path.name.startswith("onetest-bundle-")]
    assert ended == code
    assert f"onetest-ci push {bundle}" in printed
    assert "Traceback" not in printed
    # Not delivered, so a push that is broken off as well prints the same.
    project.proxy.requests.clear()
    ended, printed = Held(project, 2, "push", str(bundle), *ONE_BY_ONE).end_by(sent)
    assert ended == code
    assert f"onetest-ci push {bundle}" in printed
    done = project.push(bundle)
    assert done.status == "delivered"
    complete(onetest, done.launch_uuid)


def test_an_interrupted_bundle_is_not_taken_for_delivered(project: Project) -> None:
    Held(project, 9, *REPORT_COMMAND, *ONE_BY_ONE, "--bundle", "kept").end_by(signal.SIGTERM)
    beside = project.report("--bundle", "kept")
    assert (beside.code, beside.status) == (0, "delivered")
    assert Path(beside.bundle).name.startswith("kept-")
    resumed = project.push("kept")
    assert resumed.status == "delivered"
    complete(project.onetest, resumed.launch_uuid)


@pytest.mark.parametrize("torn", [b'{"step":"case/9"}', b"\0" * 512])
def test_a_torn_last_line_of_the_log_is_sent_again(
    onetest: LocalOneTest, project: Project, torn: bytes
) -> None:
    project.proxy.hang_up_from(12)
    failed = report(project)
    project.proxy.rule = None
    log = Path(failed.bundle) / "delivery.jsonl"
    log.write_bytes(log.read_bytes() + torn)
    done = project.push(failed.bundle)
    assert done.status == "delivered"
    complete(onetest, done.launch_uuid)
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert len({row["step"] for row in rows}) == len(rows)
    nothing_is_left(project, failed.bundle)


def last_lines_gone(log: Path) -> None:
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-2]))


def first_line_gone(log: Path) -> None:
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[1:]))


def another_test(log: Path) -> None:
    """One digit: a test that was not sent is taken for sent."""
    changed = re.sub(
        rb'"case/(\d)"', lambda found: b'"case/%d"' % (int(found[1]) ^ 4), log.read_bytes(), count=1
    )
    assert changed != log.read_bytes()
    log.write_bytes(changed)


LOG_DAMAGES: dict[str, Callable[[Path], None]] = {
    "removed": Path.unlink,
    "emptied": lambda log: os.truncate(log, 0),
    "its last lines gone": last_lines_gone,
    "its first line gone": first_line_gone,
    "another test named": another_test,
}


@pytest.mark.parametrize("damage", LOG_DAMAGES.values(), ids=LOG_DAMAGES)
def test_a_damaged_log_is_refused_until_a_person_says_to_send_all_again(
    onetest: LocalOneTest, project: Project, damage: Callable[[Path], None]
) -> None:
    project.proxy.hang_up_from(14)
    failed = project.report("--build-version", "9", "--mode", "launch", *ONE_BY_ONE)
    project.proxy.rule = None
    damage(Path(failed.bundle) / "delivery.jsonl")
    before = len(project.proxy.requests)
    refused = project.push(failed.bundle)
    assert (refused.code, refused.outcome, len(project.proxy.requests)) == (4, {}, before)
    assert "error[bad-delivery-log]" in refused.stderr
    assert "Deliver them with" not in refused.stderr + refused.stdout
    done = project.push(failed.bundle, "--damaged-log", "resend")
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    complete(onetest, done.launch_uuid)
    nothing_is_left(project, failed.bundle)


@pytest.mark.parametrize("damage", [Path.unlink, last_lines_gone, first_line_gone])
def test_an_import_whose_log_is_damaged_is_not_repeated_unasked(
    onetest: LocalOneTest, project: Project, damage: Callable[[Path], None]
) -> None:
    project.proxy.answer("/artifacts/", HangUp())
    failed = project.report("--mode", "import")
    project.proxy.rule = None
    launches = len(onetest.launches())
    damage(Path(failed.bundle) / "delivery.jsonl")
    for mode in ("import", "launch", "auto"):
        refused = project.push(failed.bundle, "--mode", mode)
        assert (refused.code, "error[bad-delivery-log]" in refused.stderr) == (4, True), refused.stderr
    assert len(onetest.launches()) == launches
    done = project.push(failed.bundle, "--mode", "import", "--damaged-log", "resend")
    assert (done.code, done.status, len(onetest.launches())) == (0, "delivered", launches + 1)


def test_a_log_that_is_whole_is_kept_to_whatever_is_said_of_damaged_ones(project: Project) -> None:
    project.report("--bundle", "kept")
    before = len(project.proxy.requests)
    done = project.push("kept", "--damaged-log", "resend")
    assert (done.status, len(project.proxy.requests)) == ("delivered", before)


def test_a_bundle_whose_log_is_damaged_is_not_overwritten(project: Project) -> None:
    done = project.report("--bundle", "kept")
    assert done.status == "delivered"
    log = project.path / "kept" / "delivery.jsonl"
    last_lines_gone(log)
    beside = project.report("--bundle", "kept")
    assert Path(beside.bundle).name.startswith("kept-")
    collected = run("collect", "out", "--bundle", "kept", cwd=project.path)
    assert (collected.returncode, "error[bundle-exists]" in collected.stderr) == (4, True)
    assert log.is_file()


def test_an_import_is_never_repeated_unasked(project: Project, onetest: LocalOneTest) -> None:
    launches = len(onetest.launches())
    project.proxy.answer("/import/", HangUp(after_acting=True))
    failed = project.report("--mode", "import")
    project.proxy.rule = None
    assert (failed.status, failed.error) == ("failed", "connection-lost")
    assert "OneTest may have imported" in failed.delivery["error"]["hint"]
    arrived = project.push(failed.bundle, "--unanswered-import", "arrived")
    assert (arrived.code, arrived.status) == (0, "delivered")
    assert sum("/import/" in request.path for request in project.proxy.requests) == 1
    assert len(onetest.launches()) == launches + 1


def test_an_import_whose_push_was_killed_is_not_repeated_unasked(project: Project) -> None:
    project.report("--dry-run", "--mode", "import", "--bundle", "kept")
    Held(project, 1, "push", "kept", "--mode", "import").end_by(signal.SIGKILL)
    unsure = project.push("kept")
    assert (unsure.code, unsure.error) == (4, "unanswered-import")
    assert sum("/import/" in request.path for request in project.proxy.requests) == 1


def test_an_import_that_may_have_arrived_is_pushed_when_a_person_says_so(
    project: Project, onetest: LocalOneTest
) -> None:
    launches = len(onetest.launches())
    project.proxy.answer("/import/", HangUp())
    failed = project.report("--mode", "import")
    project.proxy.rule = None
    unsure = project.push(failed.bundle)
    assert (unsure.code, unsure.error, len(onetest.launches())) == (4, "unanswered-import", launches)
    done = project.push(failed.bundle, "--unanswered-import", "repeat")
    assert (done.code, done.delivery["mode"], len(onetest.launches())) == (0, "import", launches + 1)
    statuses = {case["name"]: case["status"] for case in onetest.cases(done.launch_id)}
    assert statuses == {name: status for name, (status, _) in EXPECTED.items()}


def test_the_service_is_down_and_comes_back(onetest: LocalOneTest, project: Project) -> None:
    with Proxy(onetest.url) as gone:
        url = gone.url
    failed = project.report(env={"ONETEST_BASE_URL": url})
    assert (failed.code, failed.status, failed.error) == (0, "failed", "no-server")
    done: Any = project.push(failed.bundle)
    assert (done.code, done.status) == (0, "delivered")
    assert len(onetest.cases(done.launch_id)) == 5


def test_a_bundle_that_is_none(project: Project) -> None:
    missing = run("push", "nowhere", cwd=project.path, env=project.env)
    assert (missing.returncode, "error[no-bundle]" in missing.stderr) == (4, True)
