"""GitHub's runner reads the log and the files of a step that reports."""

import json
import re
from pathlib import Path

import pytest

from onetest_ci.outputs.github import path_for_other_steps
from support.command import run
from support.github_runner import SUMMARY_LIMIT, Command, commands, outputs
from support.hostile import hostile_suite
from support.onetest import LocalOneTest
from support.project import Project, Reported
from support.proxy import Answer

ENVIRONMENTS = Path(__file__).parents[1] / "ci" / "environments"
SUITE = (
    "<testsuite name='s'><testcase classname='c' name='good'/><testcase classname='c' name='bad'>"
    "<failure message='red'/></testcase><testcase classname='c' name='worse'><error message='x'/></testcase>"
    "<testcase classname='c' name='later'><skipped/></testcase><testcase classname='c' name='f'><failure/>"
    "</testcase><testcase classname='c' name='f'/></testsuite>"
)


class Runner:
    """One step: its environment, and the files that it leaves for the runner."""

    def __init__(self, project: Project, name: str) -> None:
        recorded = json.loads((ENVIRONMENTS / f"{name}.json").read_text(encoding="utf-8"))
        self.project = project
        self.files = project.path / "_temp"
        self.workspace = project.path / "work"
        for place in (self.files, self.workspace / "out", self.files / "runner_temp"):
            place.mkdir(parents=True)
        self.output, self.summary = self.files / "output", self.files / "summary"
        self.output.write_text("", encoding="utf-8")
        self.summary.write_text("from the step before\n\n", encoding="utf-8")
        event = self.files / "event.json"
        event.write_text(json.dumps(recorded.get("event", {})), encoding="utf-8")
        kept = {key: value for key, value in recorded["env"].items() if key not in {"PATH", "HOME"}}
        self.env = kept | {
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_EVENT_PATH": str(event),
            "RUNNER_TEMP": str(self.files / "runner_temp"),
        }
        project.path = self.workspace

    def action(self, **inputs: str) -> Reported:
        """Run as the action does: each input is a variable, and the command line has no option."""
        given = {"files": "out", "json": str(self.files / "outcome.json")} | inputs
        variables = {f"INPUT_{name.upper().replace('_', '-')}": value for name, value in given.items()}
        onetest = self.project.onetest
        own = {
            "INPUT_API-KEY": onetest.api_key,
            "INPUT_PRODUCT-ID": onetest.product_id,
            "INPUT_BASE-URL": self.project.proxy.url,
        }
        self.project.env = {}
        return self.project.report_as_it_is(
            env=self.env | own | variables, outcome=self.files / "outcome.json"
        )

    def outputs(self) -> dict[str, str]:
        return outputs(self.output.read_text(encoding="utf-8"))

    def written(self) -> str:
        return self.summary.read_text(encoding="utf-8")


OF_TESTS = "Failed: "
"""What the title of a failed test's annotation begins with."""


def of_the_run(log: str) -> list[Command]:
    """Return the commands of the run as a whole: without the mask, groups and annotations of tests."""
    return [
        one
        for one in commands(log)
        if one.name not in {"add-mask", "group", "endgroup"}
        and not one.properties.get("title", "").startswith(OF_TESTS)
    ]


def test_outputs_summary_and_annotations(onetest: LocalOneTest, project: Project) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE)
    done = runner.action(environment="stage", environment_url="https://stage.example")
    launch = onetest.launch(done.launch_id)
    assert done.code == 0, done.stderr
    assert runner.outputs() == {
        "launch-id": launch["uuid"],
        "launch-url": launch["link"].replace(onetest.url, project.proxy.url),
        "build-id": launch["build_id"],
        "environment-id": launch["environment_id"],
        "tests": "5",
        "passed": "2",
        "failed": "2",
        "skipped": "1",
        "flaky": "1",
        "new-failures": "",
        "fixed": "",
        "quarantined": "0",
        "gate": "",
        "api-calls": str(len(project.proxy.requests)),
        "upload-status": "delivered",
        "bundle-path": "",
    }
    assert runner.written().startswith("from the step before\n\n### ❌")
    assert "5 tests: 2 passed, 1 failed, 1 in error, 1 skipped, 1 flaky" in runner.written()
    lines = done.stdout.splitlines()
    assert lines[0] == f"::add-mask::{onetest.api_key}"
    assert of_the_run(done.stdout + done.stderr) == []
    found = commands(done.stdout + done.stderr)
    assert [one.name for one in found].count("add-mask") == 1
    failed = [(one.properties["title"], one.data) for one in found if one.name == "error"]
    assert failed == [("Failed: c > worse", "x"), ("Failed: c > bad", "red")]
    assert (
        launch["name"]
        == json.loads((ENVIRONMENTS / "github-push.json").read_text())["env"]["GITHUB_WORKFLOW"]
    )
    attributes = {one["key"]: one["value"] for one in launch["attributes"]}
    assert (attributes["ci"], attributes["branch"]) == ("github", runner.env["GITHUB_REF_NAME"])
    build = f"/api/membership/api/v1/products/{onetest.product_id}/builds/{launch['build_id']}"
    assert onetest.get(build)["version"] == runner.env["GITHUB_RUN_NUMBER"]
    assert list((runner.files / "runner_temp").iterdir()) == []


def test_an_upload_that_failed_is_loud_and_outputs_are_written(project: Project) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE)
    project.proxy.answer("/api/", Answer(500))
    done = runner.action(fail_on_upload_error="true")
    assert done.code == 4
    outputs = runner.outputs()
    assert (outputs["upload-status"], outputs["launch-id"], outputs["tests"]) == ("failed", "", "5")
    bundle = Path(outputs["bundle-path"])
    assert bundle.parent == runner.workspace
    assert (bundle / "bundle.json").is_file()
    error, notice = of_the_run(done.stdout)
    assert (error.name, error.properties["title"]) == ("error", "onetest-ci: upload failed")
    assert "status 500" in error.data
    assert (notice.name, f"onetest-ci push {bundle}" in notice.data) == ("notice", True)
    assert "**failed**" in runner.written()


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ("github-pull-request-fork", "pull request from a fork"),
        ("github-pull-request-fork-deleted", "pull request from a fork"),
        ("github-dependabot", "Dependabot run"),
        ("github-dependabot-push", "Dependabot run"),
    ],
)
def test_a_run_without_secrets_collects_and_says_so_once(
    project: Project, environment: str, why: str
) -> None:
    runner = Runner(project, environment)
    project.write("out/a.xml", SUITE)
    done = runner.action(api_key="", product_id="")
    assert (done.code, project.proxy.requests) == (0, []), done.stderr
    outputs = runner.outputs()
    assert (outputs["upload-status"], outputs["tests"], outputs["failed"]) == ("skipped", "5", "2")
    bundle = Path(outputs["bundle-path"])
    assert (bundle / "bundle.json").is_file()
    (notice,) = of_the_run(done.stdout + done.stderr)
    assert notice.name == "notice"
    assert why in notice.data
    assert f"onetest-ci push {bundle}" in notice.data
    assert why in runner.written()
    # A trusted workflow delivers it.
    trusted = project.onetest.env
    assert project.push(bundle, env=trusted).code == 0


def test_a_trusted_run_without_key_is_refused(project: Project) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE)
    done = runner.action(api_key="")
    assert done.code == 5
    assert runner.outputs()["upload-status"] == "refused"
    errors = [one for one in of_the_run(done.stdout) if one.name == "error"]
    assert [one.properties["title"] for one in errors] == ["onetest-ci: upload refused"]


def test_bundle_path_is_one_that_the_jobs_other_steps_know() -> None:
    assert path_for_other_steps(Path("/github/workspace/onetest-bundle-1")) == "onetest-bundle-1"
    assert path_for_other_steps(Path("/home/runner/work/r/r/b")) == "/home/runner/work/r/r/b"


def test_no_text_of_a_report_becomes_a_command_or_breaks_a_table(
    onetest: LocalOneTest, project: Project
) -> None:
    runner = Runner(project, "github-push")
    suite, count = hostile_suite()
    project.write("out/a.xml", suite)
    names = ["::error::name.xml", "##[add-mask]n.xml", "a\n::error::b.xml"]
    for name in names:
        project.write(f"out/{name}", "<testsuite><testcase classname='c' name='x'><failure/></testcase>")
    done = runner.action(
        launch_name="::error::launch ##[group]x | y", max_api_calls="5000", artifacts="out/**", debug="true"
    )
    assert done.status == "delivered", done.stderr
    log = done.stdout + "\n" + done.stderr
    found = commands(log)
    assert {command.name for command in found} == {"add-mask", "error"}
    assert [one.data for one in found if one.name == "add-mask"] == [onetest.api_key]
    assert [one.properties["title"] for one in of_the_run(log)] == [
        *["onetest-ci: broken-xml"] * len(names),
        f"onetest-ci: {count - 3} more tests failed",
    ]
    # The runner shows ten errors of a step.
    assert len(re.findall("(?m)^::error ", log)) == 10
    for stream in (done.stdout, done.stderr):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", stream)
    assert f"#### Failed tests ({count + len(names)})" in runner.written()
    assert runner.outputs()["tests"] == str(count + len(names))
    cases = onetest.cases(done.launch_id)
    assert len(cases) == count + len(names)
    assert {case["status"] for case in cases} == {"failed"}


def test_three_thousand_failures_fit_into_the_summary(project: Project) -> None:
    runner = Runner(project, "github-push")
    long = "&amp;|&lt;" * 2000
    cases = "".join(
        f"<testcase classname='c' name='t{n}{long[:600]}'><failure message='{n}{long}'/></testcase>"
        for n in range(3000)
    )
    project.write("out/a.xml", f"<testsuite name='s'>{cases}</testsuite>")
    done = runner.action()
    size = runner.summary.stat().st_size
    assert size < SUMMARY_LIMIT
    whole, short = (len(re.findall(line, runner.written())) for line in (r"<br><code>\d", r"(?m)^- `c > t\d"))
    left = re.search(r"(?m)^- ([\d,]+) more failed tests; the reports contain them$", runner.written())
    assert left
    assert whole + short + int(left[1].replace(",", "")) == 3000
    assert runner.outputs()["failed"] == "3000"
    assert done.status == "delivered"
    # Ten annotations have up to 4,000 characters each.
    assert len(done.stdout) < 60_000
    assert runner.output.stat().st_size < SUMMARY_LIMIT


def test_outputs_of_several_steps_append(project: Project) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE)
    runner.output.write_text("mine=1\n", encoding="utf-8")
    runner.action()
    assert runner.outputs()["mine"] == "1"


@pytest.mark.parametrize(
    ("inputs", "code", "title", "status"),
    [
        ({"mode": "fastest"}, 2, "bad-option", "refused"),
        ({"product_id": ""}, 2, "missing-option", "refused"),
        ({"api_key": "short"}, 2, "bad-option", "refused"),
        ({"bundle": "out"}, 4, "bundle-exists", "failed"),
    ],
)
def test_a_run_that_ends_early_leaves_annotation_outputs_and_summary(
    project: Project, inputs: dict[str, str], code: int, title: str, status: str
) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE)
    done = runner.action(**inputs)
    assert done.code == code
    errors = [one for one in commands(done.stdout + done.stderr) if one.name == "error"]
    assert [one.properties["title"] for one in errors] == [f"onetest-ci: {title}"]
    outputs = runner.outputs()
    assert outputs.pop("upload-status") == status
    assert set(outputs.values()) == {""}
    assert f"### ❌ onetest-ci: {title}" in runner.written()
    assert runner.written().startswith("from the step before")
    assert project.proxy.requests == []


def test_a_mistake_on_the_command_line_and_an_output_that_cannot_be_written(project: Project) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE)
    done = run("report", "--no-such-option", cwd=project.path, env=runner.env)
    assert done.returncode == 2
    (error,) = of_the_run(done.stdout + done.stderr)
    assert error.properties["title"] == "onetest-ci: bad-command-line"
    assert "--no-such-option" in error.data
    assert runner.outputs()["upload-status"] == "refused"
    # Other hosts get none of these files.
    done = run("report", "--no-such-option", cwd=project.path, env={"GITHUB_OUTPUT": str(project.path / "o")})
    assert commands(done.stdout + done.stderr) == []
    assert not (project.path / "o").exists()

    env = runner.env | {"ONETEST_DRY_RUN": "true", "ONETEST_JSON": str(project.path / "out")}
    done = run("report", "out", cwd=project.path, env=env)
    assert done.returncode == 2
    assert "onetest-ci: output-not-written" in [one.properties["title"] for one in of_the_run(done.stdout)]


def test_the_log_is_utf_8_whatever_the_code_page_is(project: Project) -> None:
    runner = Runner(project, "github-push")
    project.write("out/a.xml", SUITE.replace("name='bad'", "name='größer ✓'"))
    env = runner.env | {"PYTHONIOENCODING": "cp437", "ONETEST_DRY_RUN": "true"}
    done = run("report", "out", cwd=project.path, env=env)
    assert "größer ✓" in done.stdout
