"""Write the pipeline for GitLab CI."""

import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from onetest_ci.init.jobs import Job
from onetest_ci.init.quoting import yaml_text
from onetest_ci.init.runner import MAKE_DIRECTORY, REPORTS

PATH: Final = ".gitlab-ci.yml"
INCLUDED: Final = ".gitlab/onetest.yml"
_OWN_CODE: Final = f"{REPORTS}/tests.exit-code"
"""The exit code of a job of the project's own."""
_HEAD: Final = """\
# Runs the tests and reports them to OneTest, also when they fail.
# Needs the CI/CD variables ONETEST_API_KEY (masked) and ONETEST_PRODUCT_ID.
# A merge request from a fork has no key: its job sends nothing and keeps the results as an artifact."""
_REPORT_HEAD: Final = """\
# Reports the tests to OneTest, also when they fail.
# Needs the CI/CD variables ONETEST_API_KEY (masked) and ONETEST_PRODUCT_ID.
# The job reads the reports that earlier jobs keep as artifacts with `when: always`.
# A merge request from a fork has no key: its job sends nothing and keeps the results as an artifact."""


def pipeline(jobs: list[Job], stage: str) -> str:
    """Return a pipeline that runs the tests and reports them.

    Args:
        jobs: one for each runner.
        stage: of the tests; empty for the default, ``test``.
    """
    lines = [line for job in jobs for line in ("", *_test(job, stage), "", *_report(job))]
    return "\n".join((_HEAD, *lines, ""))


def report_only(reports: list[str]) -> str:
    """Return a pipeline with one job that reports what other jobs tested."""
    return "\n".join((_REPORT_HEAD, "", *_job("onetest", "$CI_PROJECT_PATH", _OWN_CODE, reports), ""))


def job_with_code(reports: list[str]) -> tuple[str, ...]:
    """Return the lines of a job of the project's own that keeps its exit code and reports."""
    commands = (MAKE_DIRECTORY, "COMMAND || code=$?", *_keep_code(_OWN_CODE))
    script = (f"    - {yaml_text(command)}" for command in commands)
    return ("  script:", *script, *artifacts((*reports, _OWN_CODE), "  "))


def _test(job: Job, stage: str) -> Iterator[str]:
    found = job.found
    yield f"{job.name}:"
    if stage:
        yield f"  stage: {yaml_text(stage)}"
    yield f"  image: {yaml_text(found.set_up.image)}"
    yield "  script:"
    # cd comes first, so that the tests run where their files are.
    folder = (f"cd {shlex.quote(found.folder)}",) if found.folder else ()
    for command in (*folder, *found.set_up.packages, *found.install, MAKE_DIRECTORY):
        yield f"    - {yaml_text(command)}"
    yield "    - |"
    for line in f"{found.command} || code=$?".split("\n"):
        yield f"      {line}"
    yield from (f"    - {command}" for command in _keep_code(f"{REPORTS}/{_code_file(job)}"))
    yield from artifacts((*found.report_paths, found.below_root(f"{REPORTS}/{_code_file(job)}")), "  ")


def artifacts(paths: Iterable[str], indent: str) -> Iterator[str]:
    """Yield the lines by which a job keeps files for later jobs."""
    lines = ("artifacts:", "  when: always # also when the tests failed", "  paths:")
    return (f"{indent}{line}" for line in (*lines, *(f"    - {yaml_text(path)}" for path in paths)))


def _report(job: Job) -> Iterator[str]:
    name = "onetest" if not job.title else f"onetest-{job.name}"
    launch = f"$CI_PROJECT_PATH {job.title}".strip()
    code = job.found.below_root(f"{REPORTS}/{_code_file(job)}")
    return _job(name, launch, code, job.found.report_paths)


def _job(name: str, launch: str, exit_code: str, reports: list[str]) -> Iterator[str]:
    yield f"{name}:"
    yield "  stage: .post"
    yield "  image: ghcr.io/onetest/report-action:1"
    yield "  when: always"
    yield "  variables:"
    yield f"    ONETEST_LAUNCH_NAME: {yaml_text(launch)}"
    if len(reports) == 1:
        yield f"    ONETEST_FILES: {yaml_text(reports[0])}"
    else:
        yield "    ONETEST_FILES: |"
        yield from (f"      {report}" for report in reports)
    yield "  script:"
    export = f'export ONETEST_TEST_EXIT_CODE="$(cat {shlex.quote(exit_code)})"'
    yield f"    - {yaml_text(export)}"
    yield "    - onetest-ci report"
    yield from (
        "  artifacts:",
        "    when: always",
        "    paths:",
        "      - onetest-bundle-*/ # what was not delivered",
    )


def _keep_code(file: str) -> tuple[str, str]:
    """Return the commands that keep the exit code in a file, and end with it."""
    return (f'echo "${{code:=0}}" > {file}', 'exit "$code"')


def _code_file(job: Job) -> str:
    return f"{job.name}.exit-code"
