"""The estimate is an upper bound for all reports."""

import pytest

from support.project import Project


def suite(cases: int, logs: int, size: int) -> str:
    """Make cases with a number of log entries each: attempts, and the failure."""
    attempts = "".join(f"<rerunFailure message='try {n} {'x' * size}'/>" for n in range(logs - 1))
    return "<testsuite name='s'>{}</testsuite>".format(
        "".join(
            f"<testcase classname='c' name='t{n}'><failure message='red {'x' * size}'/>{attempts}</testcase>"
            for n in range(cases)
        )
    )


@pytest.mark.parametrize(
    ("cases", "logs", "size"), [(1, 1, 1), (40, 11, 1), (30, 1, 60_000), (3, 45, 60_000)]
)
@pytest.mark.parametrize("mode", ["launch", "import"])
def test_the_estimate_holds(project: Project, mode: str, cases: int, logs: int, size: int) -> None:
    project.write("out/a.xml", suite(cases, logs, size))
    for number in range(3):
        project.write(f"files/{number}.txt", "x")
    done = project.report(
        *("--mode", mode, "--artifacts", "files/**", "--build-version", "never seen before"),
        *("--environment", f"{mode}-{cases}-{logs}", "--environment-url", "https://e.example"),
        "--deployment",
    )
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    calls = done.delivery["api_calls"]
    assert calls["total"] == len(project.proxy.requests)
    assert calls["total"] <= calls["estimate"] <= 2 * calls["total"] + 12
