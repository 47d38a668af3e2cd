"""The words of upload-status, each from what brings it about, and the exit codes that go with them."""

import pytest

from support.command import QUICK_PAUSES
from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import HTML, Answer, Fault, HangUp, Request, Rule

SUITE = (
    "<testsuite name='s'><testcase classname='c' name='good'/><testcase classname='c' name='bad one'>"
    "<failure message='red'/></testcase><testcase classname='c' name='last'/></testsuite>"
)
NO_COINS = Answer(429, b'{"detail": "weekly coin budget exhausted"}')


@pytest.fixture(autouse=True)
def suite(project: Project) -> None:
    project.write("out/a.xml", SUITE)


def test_delivered(project: Project) -> None:
    done = project.report("--bundle", "kept")
    assert (done.code, done.status, done.error) == (0, "delivered", "")
    assert project.report("--fail-on-upload-error").code == 0
    assert project.push("kept").code == 0


def refuses(name: str, status: int = 400) -> Rule:
    def rule(request: Request) -> Fault | None:
        is_item = "/item" in request.path and request.method == "POST"
        return Answer(status) if is_item and request.json()["name"] == name else None

    return rule


@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_partial_when_one_test_is_refused(onetest: LocalOneTest, project: Project, status: int) -> None:
    project.proxy.rule = refuses("bad one", status)
    done = project.report()
    assert (done.code, done.status, done.error) == (0, "partial", "")
    assert [
        line for line in done.stdout.splitlines() if line.startswith("Not accepted") and "bad one" in line
    ]
    assert {case["name"] for case in onetest.cases(done.launch_id)} == {"good", "last"}
    assert onetest.launch(done.launch_id)["status"] == "passed"
    assert (done.delivery["cases_sent"], done.delivery["cases_total"]) == (2, 3)
    assert project.push(done.bundle).code == 4
    assert project.report("--fail-on-upload-error").code == 4


def test_partial_when_a_suite_is_refused(onetest: LocalOneTest, project: Project) -> None:
    project.proxy.rule = refuses("s")
    done = project.report()
    assert done.status == "partial"
    assert {case["parent_id"] for case in onetest.cases(done.launch_id)} == {None}
    assert len(onetest.cases(done.launch_id)) == 3


def test_partial_when_a_log_entry_is_refused(onetest: LocalOneTest, project: Project) -> None:
    many = "".join(
        f"<testcase classname='c' name='t{n}'><failure message='red {n}'/></testcase>" for n in range(30)
    )
    project.write("out/a.xml", f"<testsuite name='s'>{many}</testsuite>")

    def rule(request: Request) -> Fault | None:
        refused = request.path.endswith("/log") and b'"red 7"' in request.body
        return Answer(403, HTML, "text/html") if refused else None

    project.proxy.rule = rule
    done = project.report()
    assert (done.status, len(done.delivery["lost"])) == ("partial", 1)
    project.proxy.rule = None
    again = project.push(done.bundle)
    assert (again.code, again.status) == (0, "delivered")
    for case in onetest.cases(again.launch_id):
        number = case["name"][1:]
        assert [log["message"] for log in onetest.logs(case["id"])] == [f"red {number}"]


def test_partial_when_the_service_goes_away(onetest: LocalOneTest, project: Project) -> None:
    project.proxy.hang_up_from(5)
    done = project.report()
    assert (done.code, done.status, done.error) == (0, "partial", "connection-lost")
    assert f"onetest-ci push {done.bundle}" in done.stdout
    assert onetest.launch(done.launch_id)["status"] == "in_progress"
    assert project.push(done.bundle).code == 4
    assert project.report("--fail-on-upload-error").code == 4


def test_nothing_gets_through_stops_early(project: Project) -> None:
    many = "".join(f"<testcase classname='c' name='t{n}'/>" for n in range(60))
    project.write("out/a.xml", f"<testsuite name='s'>{many}</testsuite>")
    project.proxy.answer("/item/", Answer(400))
    done = project.report()
    assert (done.status, done.error) == ("partial", "rejected")
    assert len(done.delivery["lost"]) == 20


FAILURES = {
    "hang-up": (HangUp(), ("connection-lost", "failed", 4)),
    "500": (Answer(500), ("server-error", "failed", 4)),
    "503": (Answer(503), ("server-error", "failed", 4)),
    "html": (Answer(200, HTML, "text/html"), ("html-answer", "failed", 4)),
    "401": (Answer(401), ("key-refused", "refused", 5)),
    "403": (Answer(403), ("forbidden", "refused", 5)),
    "no coins": (NO_COINS, ("budget-exhausted", "refused", 6)),
    "402": (Answer(402), ("budget-exhausted", "refused", 6)),
}


@pytest.mark.parametrize(("fault", "expected"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("mode", ["launch", "import"])
def test_nothing_arrives(project: Project, mode: str, fault: Fault, expected: tuple[str, str, int]) -> None:
    error, status, code = expected
    project.env |= QUICK_PAUSES
    project.proxy.answer("/api/", fault)
    done = project.report("--mode", mode)
    always = code if code == 5 else 0
    assert (done.code, done.status, done.error) == (always, status, error)
    assert f"error[{error}]" in done.stderr
    assert f"onetest-ci push {done.bundle}" in done.stdout
    # A document that may have been imported is not sent again unless a person decides so.
    repeat = ("--unanswered-import", "repeat")
    failed = project.push(done.bundle, *repeat)
    assert (failed.code, failed.status) == (code, status)
    project.proxy.rule = None
    delivered = project.push(done.bundle, *repeat)
    assert (delivered.code, delivered.status) == (0, "delivered")
    assert len(project.onetest.cases(delivered.launch_id)) == 3


def test_an_answer_that_is_not_json(project: Project) -> None:
    project.proxy.answer("/api/", Answer(200, b"<<>>"))
    done = project.report("--mode", "launch", "--fail-on-upload-error")
    assert (done.code, done.status, done.error) == (4, "failed", "bad-json")


def test_a_missing_key_is_refused(project: Project) -> None:
    done = project.report(env={"ONETEST_API_KEY": ""})
    assert (done.code, done.status, done.error) == (5, "refused", "missing-key")
    assert project.push(done.bundle, env={"ONETEST_API_KEY": ""}).code == 5
    assert project.push(done.bundle).code == 0


def test_the_guard_is_refused_and_push_counts_only_what_is_left(project: Project) -> None:
    refused = project.report("--mode", "launch", "--max-api-calls", "14")
    assert (refused.code, refused.status, refused.error) == (6, "refused", "over-max-api-calls")
    project.proxy.hang_up_from(6)
    # One call at a time, so that the calls which pass are those of whole tests.
    partial = project.push(refused.bundle, "--mode", "launch", "--connections", "1")
    assert (partial.code, partial.status) == (4, "partial")
    project.proxy.rule = None
    done = project.push(refused.bundle, "--max-api-calls", "14")
    assert (done.code, done.status) == (0, "delivered")
    assert done.delivery["mode"] == "launch"
    calls = done.delivery["api_calls"]
    assert calls["total"] <= calls["estimate"] <= 14


def test_skipped_when_nothing_is_sent(project: Project) -> None:
    assert project.report("--dry-run").status == "skipped"
    project.write("out/a.xml", "<testsuites/>")
    done = project.report("--allow-empty", "--bundle", "empty", "--fail-on-upload-error")
    assert (done.code, done.status) == (0, "skipped")
    assert project.push("empty").code == 0


def test_the_gate_and_the_upload_are_two_switches(project: Project) -> None:
    project.proxy.answer("/api/", Answer(500))
    assert project.report("--fail-on", "any").code == 1
    assert project.report("--fail-on", "any", "--fail-on-upload-error").code == 4
