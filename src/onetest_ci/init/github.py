"""Write the workflow for GitHub Actions."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.init.jobs import Job
from onetest_ci.init.quoting import yaml_block, yaml_text
from onetest_ci.init.runner import Found

PATH: Final = ".github/workflows/onetest.yml"
_HEAD: Final = """\
# Runs the tests and reports them to OneTest, also when they fail.
# Needs the secret ONETEST_API_KEY and the variable ONETEST_PRODUCT_ID of the repository.
# A pull request from a fork gets no secrets. Its job sends nothing and keeps the results as an artifact.
name: onetest
"""
_KEEP_CODE: Final = ('echo "code=${code:=0}" >> "$GITHUB_OUTPUT"', 'exit "$code"')
"""Keeps the exit code for later steps, and ends with it."""


def workflow(jobs: list[Job], branch: str) -> str:
    """Return the workflow.

    Args:
        jobs: one for each runner.
        branch: whose pushes start it; empty for all branches.
    """
    # Jobs are separated by an empty line.
    every = "\n\n".join("\n".join(_job(job)) for job in jobs)
    return "\n".join((*_head(branch), every, ""))


def _head(branch: str) -> Iterator[str]:
    yield _HEAD
    yield "on:"
    yield "  push:"
    if branch:
        yield f"    branches: [{yaml_text(branch)}]"
    yield from ("  pull_request:", "", "permissions:", "  contents: read", "", "jobs:")


def _job(job: Job) -> Iterator[str]:
    found = job.found
    yield f"  {job.name}:"
    if job.title:
        yield f"    name: {yaml_text(job.title)}"
    yield "    runs-on: ubuntu-latest"
    if found.folder:
        yield from ("    defaults:", "      run:", f"        working-directory: {yaml_text(found.folder)}")
    yield from ("    steps:", "      - uses: actions/checkout@v6", "        with:")
    # Of a pull request, the checkout is a trial merge, whose first parent is the base commit.
    yield "          fetch-depth: 2 # the base commit too: its quarantine list counts in a pull request"
    yield from _language(found)
    install = (*_own_install(found),)
    if install:
        yield from _run(install, "      - run:", "          ")
    yield from ("      - name: Run the tests", "        id: tests", "        run: |")
    yield from yaml_block(found.prepare, "          ")
    yield from yaml_block((f"{found.command} || code=$?",), "          ")
    yield from (f"          {line}" for line in _KEEP_CODE)
    yield from report_steps(found.report_paths, "      ")


def step_with_code() -> tuple[str, ...]:
    """Return the lines of a step of a project's own that passes the exit code of its command on."""
    lines = ("COMMAND || code=$?", *_KEEP_CODE)
    return ("      - id: tests", "        run: |", *(f"          {line}" for line in lines))


def report_steps(reports: list[str], indent: str) -> Iterator[str]:
    """Yield the lines of the two steps that report and that keep what was not delivered.

    Args:
        reports: files and globs.
        indent: before each line.
    """
    lines = [
        "- name: Report to OneTest",
        "  id: onetest",
        "  if: always() # also when the tests failed",
        "  uses: onetest/report-action@v1",
        "  with:",
        "    api-key: ${{ secrets.ONETEST_API_KEY }}",
        "    product-id: ${{ vars.ONETEST_PRODUCT_ID }}",
    ]
    if len(reports) == 1:
        lines.append(f"    files: {yaml_text(reports[0])}")
    else:
        lines += ["    files: |", *(f"      {report}" for report in reports)]
    lines += [
        "    test-exit-code: ${{ steps.tests.outputs.code }}",
        "- name: Keep what was not delivered",
        "  if: always() && steps.onetest.outputs.bundle-path != ''",
        "  uses: actions/upload-artifact@v6",
        "  with:",
        "    name: onetest-bundle-${{ github.job }}-${{ strategy.job-index }}",
        "    path: ${{ steps.onetest.outputs.bundle-path }}",
    ]
    return (f"{indent}{line}" for line in lines)


def _language(found: Found) -> Iterator[str]:
    """Yield the step that installs the language."""
    language = found.set_up
    if not language.action:
        return
    yield f"      - uses: {language.action}"
    inputs = [(key, found.below_root(name)) for name, key in found.versions] or list(language.inputs)
    if inputs:
        yield "        with:"
    for key, value in inputs:
        yield f"          {key}: {yaml_text(value)}"


def _own_install(found: Found) -> Iterator[str]:
    """Yield the commands that install what is missing on GitHub's runner, which needs sudo for packages."""
    if found.language == "bats":
        yield from (f"sudo {command}" for command in found.set_up.packages)
    yield from found.install


def _run(commands: tuple[str, ...], key: str, indent: str) -> Iterator[str]:
    if len(commands) == 1 and "\n" not in commands[0]:
        yield f"{key} {yaml_text(commands[0])}"
    else:
        yield f"{key} |"
        yield from yaml_block(commands, indent)
