"""Name the jobs of a file: one for each runner, since each has its own exit code."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from onetest_ci.init.runner import Found

# GitHub refuses 100 characters, and the name is also that of a file.
_LONGEST_NAME: Final = 80


class Job(NamedTuple):
    """A job that runs the tests of one runner.

    Attributes:
        name: of ASCII letters, digits and hyphens; no two jobs have the same, also without regard to case,
            as GitHub compares them.
        found: the runner.
        title: for people; empty if there is one job.
    """

    name: str
    found: Found
    title: str


def make_jobs(runners: Iterable[Found]) -> list[Job]:
    """Return the jobs of the runners."""
    every = list(runners)
    if len(every) == 1:
        return [Job("test", every[0], "")]
    jobs: list[Job] = []
    names: set[str] = set()
    for found in every:
        folder = re.sub(r"[^A-Za-z0-9]+", "-", found.folder).strip("-")
        base = (f"{found.runner}-{folder}" if folder else found.runner)[:_LONGEST_NAME].rstrip("-")
        numbered = (base, *(f"{base}-{number}" for number in range(2, 1000)))
        name = next(name for name in numbered if name.lower() not in names)
        names.add(name.lower())
        title = f"{found.runner} in {found.folder}" if found.folder else found.runner
        jobs.append(Job(name, found, title))
    return jobs
