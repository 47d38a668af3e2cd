"""What CI says about the run that the reports came from."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onetest_ci.ci.path_map import CONTAINER_WORKSPACE, PathMap, here, there

MAX_ATTRIBUTE: Final = 128
"""Characters of an attribute's value that every client and server keeps (docs/onetest-api.md#limits)."""

# Pipeline names on GitLab are often composed per run ("Pipeline for branch x"); a job's name is stable.
_NAMED_BY_JOB: Final = frozenset({"gitlab"})


@dataclass(frozen=True, slots=True)
class CIContext:
    """One run on a CI host, or in a plain checkout; an empty field is one that nobody told.

    All text is free of control characters, URLs are free of credentials; it is still text that others chose.

    Attributes:
        host: key of the host (``github``), or what ONETEST_CI says; empty outside CI.
        host_name: the same for people.
        run_id: the host's id of the run (pipeline, build), unique on that host.
        run_attempt: which attempt of the whole run (not of one job: all share it), from 1, where the host
            counts them.
        workflow: name of the workflow, pipeline or Jenkins job, without branch and matrix parts.
        job: the part of the workflow that this is: a job, on Jenkins the stage.
        leg: which of the jobs that share the workflow's name this is, as of a matrix; the same in each run.
        build_number: the number by which people know the run.
        branch: the branch that was tested: of a pull request the source branch, of a merge queue the base;
            empty for a tag.
        tag: the tag that was tested.
        commit: full id of the commit that was tested; of a pull request its head, which people know, rather
            than a trial merge.
        merge_commit: the trial merge of a pull request, where CI tested that and not the head alone.
        pull_request: number of the pull or merge request.
        repository: path of the repository on its host, as ``owner/name``.
        repository_url: where the repository is.
        run_url: page of the run.
        job_url: page of the job.
        tested_run_url: page of the run whose end started this one (``workflow_run``).
        actor: login of who caused the run.
        folder: name of the checkout's folder, or of the current one.
        workspace: the directory that CI checks out to; None outside CI.
        checkout: top level of the git checkout around the current directory, if there is one.
        temp_dir: the directory that CI clears after the job.
        debug: not empty when CI was asked for verbose logs.
        path_map: directories that lie elsewhere for this process than for the steps before it.
        untrusted: why CI keeps secrets from this run (``pull request from a fork``); empty when it does not.
    """

    host: str = ""
    host_name: str = ""
    run_id: str = ""
    run_attempt: str = ""
    workflow: str = ""
    job: str = ""
    leg: str = ""
    build_number: str = ""
    branch: str = ""
    tag: str = ""
    commit: str = ""
    merge_commit: str = ""
    pull_request: str = ""
    repository: str = ""
    repository_url: str = ""
    run_url: str = ""
    job_url: str = ""
    tested_run_url: str = ""
    actor: str = ""
    folder: str = ""
    workspace: Path | None = None
    checkout: Path | None = None
    temp_dir: Path | None = None
    debug: str = ""
    path_map: PathMap = ()
    untrusted: str = ""

    @property
    def default_launch_name(self) -> str:
        """The workflow, else the job, else the repository, outside CI the folder; with the leg of a matrix.

        The same in each run.
        """
        name = self.shared_launch_name
        return f"{name} {self.leg}" if name and self.leg and self.leg not in name else name

    @property
    def shared_launch_name(self) -> str:
        """The default name of a launch that all legs report to."""
        names = [self.workflow, self.job, self.repository if self.host else ""]
        if self.host in _NAMED_BY_JOB:
            names.insert(0, self.job)
        return next(filter(None, (*names, self.folder)), "")

    def workspace_or(self, cwd: Path) -> Path:
        """Return the workspace of CI, else the top level of the checkout, else the current directory."""
        return self.workspace or self.checkout or cwd

    def here(self, path: str) -> str:
        """A path of the steps before this one, as this process can use it."""
        return here(path, self.path_map)

    def on_the_machine(self, path: Path) -> Path:
        """Return a path as people find it on the machine: a container action sees the workspace elsewhere."""
        if self.workspace != Path(CONTAINER_WORKSPACE):
            return path
        return Path(there(str(path), self.path_map))

    def is_out_of_reach(self, path: str) -> bool:
        """Whether a container action can never read this path: it sees no more than the runner's mounts."""
        return (
            self.workspace == Path(CONTAINER_WORKSPACE)
            and Path(path).is_absolute()
            and not Path(path).is_relative_to("/github")
            # Not Path.exists, which a path that is too long makes fail.
            and not os.path.exists(path)  # noqa: PTH110
        )

    @property
    def default_build_version(self) -> str:
        """The tag, else the number of the run; empty outside CI."""
        return self.tag or self.build_number

    def attributes(self) -> list[tuple[str, str]]:
        """What a launch is marked with, known values only (docs/onetest-api.md#start-a-launch).

        Values fit ``MAX_ATTRIBUTE``; a longer URL is left out, since a cut one leads nowhere.
        """
        told = [
            ("ci", self.host),
            ("run_url", self.run_url),
            ("job_url", self.job_url),
            ("tested_run_url", self.tested_run_url),
            ("workflow", self.workflow),
            ("job", self.job),
            ("build", self.build_number),
            ("repository", self.repository),
            ("branch", self.branch),
            ("tag", self.tag),
            ("commit", self.commit),
            ("merge_commit", self.merge_commit),
            ("pull_request", self.pull_request),
            ("actor", self.actor),
        ]
        fitting = (
            (key, value) for key, value in told if len(value) <= MAX_ATTRIBUTE or not key.endswith("_url")
        )
        return [(key, value[:MAX_ATTRIBUTE]) for key, value in fitting if value]
