"""A bug of ours after the delivery hides neither the delivery nor a failure."""

from pathlib import Path

from support.onetest import LocalOneTest
from support.project import Project

BROKEN = {"PYTHONPATH": str(Path(__file__).parent / "broken_summary")}
SUITE = (
    "<testsuite name='s'><testcase classname='c' name='bad'><failure message='red'/></testcase></testsuite>"
)


def test_the_results_are_delivered_and_the_outcome_is_written(
    onetest: LocalOneTest, project: Project
) -> None:
    project.write("out/a.xml", SUITE)
    done = project.report(env=BROKEN)
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    assert [case["status"] for case in onetest.cases(done.launch_id)] == ["failed"]
    (warning,) = [text for text in done.outcome["warnings"] if "RuntimeError" in text]
    assert "The summary lacks the tests: A bug in onetest-ci" in warning
    assert "secret" not in done.stdout + done.stderr + warning
    # People still see which test failed.
    assert "c > bad" in done.stdout


def test_a_gate_that_cannot_be_judged_fails(project: Project) -> None:
    project.write("out/a.xml", SUITE.replace("<failure message='red'/>", ""))
    done = project.report("--fail-on", "any", env=BROKEN)
    assert (done.code, done.status) == (1, "delivered"), done.stderr
    assert not done.outcome["gate"]["passed"]
