"""What goes out at the same time, and the order that is kept all the same (docs/onetest-api.md#receiver)."""

import threading

from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Answer, Exchange, Fault, Request, Rule
from support.waiting import GIVE_UP

AT_ONCE = 4
CASES = 40


def write(project: Project) -> None:
    suites = "".join(
        f"<testsuite name='s{suite}'><testsuite name='inner{suite}'>"
        + "".join(
            f"<testcase classname='c' name='t{suite}_{n}'><failure message='red {suite}_{n}'/></testcase>"
            for n in range(CASES // 4)
        )
        + "</testsuite></testsuite>"
        for suite in range(4)
    )
    project.write("out/a.xml", f"<testsuites>{suites}</testsuites>")


def test_tests_are_sent_side_by_side(project: Project) -> None:
    write(project)
    together = threading.Barrier(AT_ONCE, timeout=GIVE_UP)
    project.proxy.rule = _each_start(together)
    done = project.report("--mode", "launch", "--connections", str(AT_ONCE))
    assert (done.code, done.status) == (0, "delivered")
    assert not together.broken


def _each_start(together: threading.Barrier) -> Rule:
    def wait(exchange: Exchange) -> None:
        # Broken, and the test with it, when fewer come at once.
        together.wait()
        exchange.pass_on()

    def rule(request: Request) -> Fault | None:
        is_start = request.method == "POST" and "/item/" in request.path
        return wait if is_start and request.json()["type"] == "STEP" else None

    return rule


def test_what_must_come_first_comes_first(onetest: LocalOneTest, project: Project) -> None:
    write(project)
    done = project.report("--mode", "launch")
    assert done.status == "delivered"
    started: set[str] = set()
    finished: set[str] = set()
    open_items = 0
    for request in project.proxy.requests:
        if "/receiver/" not in request.path:
            continue
        name = request.path.rpartition("/")[2]
        if request.method == "POST" and "/item" in request.path:
            # In a suite that was started and is not finished.
            assert name == "item" or (name in started and name not in finished)
            started.add(request.json()["uuid"])
            open_items += 1
        elif request.method == "PUT" and "/item/" in request.path:
            assert name in started
            finished.add(name)
            open_items -= 1
        elif name == "finish":
            assert open_items == 0
    logs = [request for request in project.proxy.requests if request.path.endswith("/log")]
    assert len(logs) == CASES // 20
    assert len(onetest.cases(done.launch_id)) == CASES


def test_what_is_told_does_not_depend_on_the_pace(project: Project) -> None:
    write(project)

    def rule(request: Request) -> Fault | None:
        is_item = "/item/" in request.path and request.method == "POST"
        refused = is_item and request.json()["name"].endswith(("_3", "_7"))
        return Answer(400, b'{"message": "no"}') if refused else None

    project.proxy.rule = rule
    done = project.report("--mode", "launch")
    names = [text.partition(":")[0] for text in done.delivery["lost"]]
    assert names == [f"t{suite}_{n}" for suite in range(4) for n in (3, 7)]


def test_the_guard_holds_while_calls_fail_and_the_rest_stays_in_the_bundle(
    onetest: LocalOneTest, project: Project
) -> None:
    write(project)
    estimate = project.report("--mode", "launch", "--dry-run").delivery["api_calls"]["estimate"]
    failed: set[bytes] = set()

    def rule(request: Request) -> Fault | None:
        # Each start fails once, so that there are more calls than were estimated.
        if request.method == "POST" and "/item" in request.path and request.body not in failed:
            failed.add(request.body)
            return Answer(503)
        return None

    project.proxy.rule = rule
    done = project.report("--mode", "launch", "--max-api-calls", str(estimate))
    assert (done.code, done.status, done.error) == (0, "partial", "max-api-calls-reached")
    assert done.delivery["api_calls"]["total"] == len(project.proxy.requests) == estimate
    assert project.push(done.bundle).status == "delivered"
    assert len(onetest.cases(done.launch_id)) == CASES
