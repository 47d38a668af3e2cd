"""Write the pipeline for Jenkins."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.init.jobs import Job
from onetest_ci.init.quoting import groovy_script, groovy_text
from onetest_ci.init.runner import Found

PATH: Final = "Jenkinsfile"
_HEAD: Final = """\
// Runs the tests and reports them to OneTest, also when they fail.
// Needs the shared library "onetest", a secret text with the id onetest-api-key, the variable
// ONETEST_PRODUCT_ID, the plugins Docker Pipeline and Credentials Binding, and the tools of the tests.
// Forks: a build has the key, whoever wrote the change. Let Jenkins build changes of trusted people only.
@Library('onetest@v1') _

pipeline {
    agent any

    stages {"""


def pipeline(jobs: list[Job]) -> str:
    """Return the declarative pipeline: one stage for each runner."""
    return "\n".join((_HEAD, *(line for job in jobs for line in _stage(job, jobs)), "    }", "}", ""))


def _stage(job: Job, jobs: list[Job]) -> Iterator[str]:
    found = job.found
    yield f"        stage({groovy_text(job.title or 'Test')}) {{"
    yield "            steps {"
    several = len(jobs) > 1
    if several:
        # A stage that fails does not keep the next one from running.
        yield "                catchError(buildResult: 'FAILURE', stageResult: 'FAILURE') {"
    indent = " " * (20 if several else 16)
    yield f"{indent}script {{"
    body = indent + "    "
    if found.folder:
        yield from (f"{body}int code = 0", f"{body}dir({groovy_text(found.folder)}) {{")
        yield from _commands(found, body + "    ", "code = ")
        yield f"{body}}}"
    else:
        yield from _commands(found, body, "int code = ")
    yield from report_step(found.report_paths, body)
    yield f"{indent}}}"
    if several:
        yield "                }"
    yield from ("            }", "        }")


def _commands(found: Found, indent: str, assigned: str) -> Iterator[str]:
    """Yield the steps that install what the tests need, and that run the tests."""
    # An agent keeps its workspace, and with it the reports of the build before.
    emptied = (*found.prepare, f"rm -f {' '.join(found.reports)}") if found.prepare else ()
    before = (*found.install, *emptied)
    if before:
        first, *rest = groovy_script(before, indent)
        yield from (f"{indent}sh {first}", *rest)
    *lines, last = groovy_script((found.command,), indent)
    script = [*lines, f"{last})"]
    script[0] = f"{indent}{assigned}sh(returnStatus: true, script: {script[0]}"
    yield from script


def steps_with_code(reports: list[str]) -> Iterator[str]:
    """Yield the lines that run a command of a project's own and report with its exit code."""
    indent = " " * 12
    yield f"{indent}script {{"
    yield f"{indent}    int code = sh(returnStatus: true, script: 'COMMAND')"
    yield from report_step(reports, f"{indent}    ")
    yield f"{indent}}}"


def report_step(reports: list[str], indent: str) -> Iterator[str]:
    """Yield the lines of the step that reports, and keeps what was not delivered.

    Args:
        reports: files and globs.
        indent: before each line.
    """
    files = ", ".join(groovy_text(report) for report in reports)
    yield f"{indent}onetestReport("
    yield f"{indent}    files: [{files}],"
    yield f"{indent}    testExitCode: code,"
    yield f"{indent}    productId: env.ONETEST_PRODUCT_ID,"
    yield f"{indent}    credentialsId: 'onetest-api-key')"
