"""Decide what to write for a host, and what a person has to do."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from onetest_ci.init import github, gitlab, jenkins
from onetest_ci.init.existing import Existing, has_job, include_block, stage_of_tests
from onetest_ci.init.jobs import make_jobs
from onetest_ci.init.repository import Repository
from onetest_ci.init.runner import Found


class Plan(NamedTuple):
    """What to write.

    Attributes:
        path: of the file, below the root; empty if nothing is to be written.
        text: of the file.
        lines: that a person adds to a file of their own; empty for none.
        where: the file for these lines.
        job_lines: by which the job that runs the tests keeps their exit code; empty for none. Its own command
            takes the place of ``COMMAND`` in them, and in ``lines``.
        replaces: what of the file the lines take the place of; empty if they are added.
    """

    path: str
    text: str
    lines: tuple[str, ...] = ()
    where: str = ""
    job_lines: tuple[str, ...] = ()
    replaces: str = ""


SECRETS: Final = {
    "github": (
        "Create the secret ONETEST_API_KEY: Settings > Secrets and variables > Actions > Secrets.",
        "Create the variable ONETEST_PRODUCT_ID: the same page, Variables.",
    ),
    "gitlab": (
        "Create the variable ONETEST_API_KEY, masked: Settings > CI/CD > Variables.",
        "Create the variable ONETEST_PRODUCT_ID on the same page.",
    ),
    "jenkins": (
        "Create a secret text with the id onetest-api-key: Manage Jenkins > Credentials.",
        "Create the variable ONETEST_PRODUCT_ID: Manage Jenkins > System > Global properties.",
        'Add the shared library "onetest": Manage Jenkins > System > Global Trusted Pipeline Libraries.',
    ),
}
"""Where a person sets the key and the product, by host."""
_ANY_BRANCH: Final = "The default branch is not known, so pushes to any branch start the jobs."


def whole_file(host: str, runners: list[Found], repository: Repository, remarks: Sequence[str] = ()) -> Plan:
    """Return the file that runs and reports the tests, as if the project had none.

    Args:
        host: one of ``HOSTS``.
        runners: of the project.
        repository: of the project.
        remarks: sentences for the comment at the start of the file.
    """
    jobs = make_jobs(runners)
    if host == "github" and not repository.branch:
        remarks = (*remarks, _ANY_BRANCH)
    make: dict[str, Callable[[], Plan]] = {
        "github": lambda: Plan(github.PATH, github.workflow(jobs, repository.branch)),
        "gitlab": lambda: Plan(gitlab.PATH, gitlab.pipeline(jobs, "")),
        "jenkins": lambda: Plan(jenkins.PATH, jenkins.pipeline(jobs)),
    }
    plan = make[host]()
    return plan._replace(text=_with_remarks(plan.text, remarks))


def _with_remarks(text: str, remarks: Iterable[str]) -> str:
    """Return the text of a file with sentences at the end of the comment that it begins with."""
    mark = text.partition(" ")[0]
    lines = text.split("\n")
    end = next(number for number, line in enumerate(lines) if not line.startswith(mark))
    return "\n".join((*lines[:end], *(f"{mark} {remark}" for remark in remarks), *lines[end:]))


def make_plan(
    host: str,
    runners: list[Found],
    repository: Repository,
    existing: Existing,
    *,
    remarks: Sequence[str] = (),
    force: bool,
) -> Plan:
    """Return what to write beside the CI files that exist. A second job for the same tests is not made.

    Args:
        host: one of ``HOSTS``.
        runners: of the project.
        repository: of the project.
        existing: the host's files.
        remarks: sentences for the comment at the start of a file that runs the tests.
        force: write the whole file in any case.
    """
    whole = whole_file(host, runners, repository, remarks)
    if force or not existing.files:
        return whole
    reports = list(dict.fromkeys(path for found in runners for path in found.report_paths))
    if host == "gitlab":
        include, has_own = include_block(repository.root, gitlab.INCLUDED)
        replaces = "the key include" if has_own else ""
        if existing.testing:
            own = gitlab.job_with_code(reports)
            text = gitlab.report_only(reports)
            return Plan(gitlab.INCLUDED, text, include, gitlab.PATH, own, replaces)
        jobs = [
            job._replace(name=f"{job.name}-onetest") if has_job(repository.root, job.name) else job
            for job in make_jobs(runners)
        ]
        text = gitlab.pipeline(jobs, stage_of_tests(repository.root))
        return Plan(gitlab.INCLUDED, _with_remarks(text, remarks), include, gitlab.PATH, (), replaces)
    if host == "jenkins":
        return Plan("", "", tuple(jenkins.steps_with_code(reports)), jenkins.PATH)
    if existing.testing is None:
        return whole
    steps = tuple(github.report_steps(reports, "      "))
    return Plan("", "", steps, existing.testing.path, github.step_with_code())
