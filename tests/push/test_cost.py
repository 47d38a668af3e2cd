"""The estimate is an upper bound for all reports."""

import pytest

from onetest_ci.onetest.endpoints import Endpoints
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


def test_the_estimate_covers_all_paths_of_the_set_up(project: Project) -> None:
    project.write("out/a.xml", suite(1, 1, 1))

    def estimate(*flags: str) -> int:
        done = project.report("--mode", "launch", "--dry-run", *flags)
        return int(done.delivery["api_calls"]["estimate"])

    def paths(*calls: str) -> int:
        return sum(Endpoints().candidates(f"membership.{call}") for call in calls)

    without = estimate()
    build = ("releases", "sprints", "find_or_create_build", "release_builds", "create_release_build")
    # The lists are read again after a build or an environment was created.
    assert estimate("--build-version", "1") - without >= paths(*build) + 1
    environment = ("--environment", "e", "--environment-url", "https://e.example")
    assert estimate(*environment) - without >= paths("environments", "create_environment") + 1
    deployed = estimate(*environment, "--build-version", "1", "--deployment")
    assert deployed - estimate(*environment, "--build-version", "1") >= paths("record_deployment")
