"""Describe the CI run that the reports come from."""

import os
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.ci.path_map import CONTAINER_WORKSPACE, PathMap, to_local, to_machine

MAX_ATTRIBUTE: Final = 128
"""Characters of an attribute's value that every client and server keeps (docs/onetest-api.md#limits)."""

# Pipeline names on GitLab are often composed per run ("Pipeline for branch x"); a job's name is stable.
_NAMED_BY_JOB: Final = frozenset({"gitlab"})
_IN_CONTAINER: Final = Path(CONTAINER_WORKSPACE)


class CIContext(NamedTuple):
    """One run on a CI host, or in a plain checkout. A field is empty if it is unknown.

    Texts have no control characters and URLs no credentials. Their content is still not trusted.

    Attributes:
        host: key of the host (``github``), or the value of ONETEST_CI; empty outside CI.
        host_name: name of the host for people.
        run_id: the host's id of the run (pipeline, build), unique on that host.
        run_attempt: number of the attempt of the whole run, from 1; all jobs share it.
        workflow: name of the workflow, pipeline or Jenkins job, without branch and matrix parts.
        job: name of this part of the workflow: of the job, on Jenkins of the stage.
        leg: distinguishes the jobs of one workflow, as those of a matrix; the same in each run.
        build_number: the number of the run that people see.
        branch: the branch that was tested: of a pull request the source branch, of a merge queue the base;
            empty for a tag.
        tag: the tag that was tested.
        commit: full id of the commit that was tested; of a pull request its head, not the trial merge.
        merge_commit: the trial merge of a pull request, if CI tested that and not the head alone.
        pull_request: number of the pull or merge request.
        repository: path of the repository on its host, as ``owner/name``.
        repository_url: address of the repository.
        run_url: page of the run.
        job_url: page of the job.
        tested_run_url: page of the run whose end started this one (``workflow_run``).
        actor: login of the person who caused the run.
        folder: name of the checkout's folder, or of the current one.
        workspace: the directory that CI checks out to; None outside CI.
        checkout: top level of the git checkout around the current directory, if there is one.
        temp_dir: the directory that CI clears after the job.
        debug: ``true`` if the run has verbose logs.
        path_map: directories that this process finds elsewhere than the steps before it.
        untrusted: why CI keeps secrets from this run (``pull request from a fork``); empty if it does not.
        open_to_outsiders: kind of this run if CI passes secrets to it although anybody may have chosen the
            tested code; else empty.
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
    open_to_outsiders: str = ""

    @property
    def outsiders_run(self) -> str:
        """Kind of this run if anybody may have chosen the tested code and its results; else empty."""
        return self.untrusted or self.open_to_outsiders

    @property
    def default_launch_name(self) -> str:
        """Name of a launch, the same in each run: ``shared_launch_name`` and the leg."""
        name = self.shared_launch_name
        return f"{name} {self.leg}" if name and self.leg and self.leg not in name else name

    @property
    def shared_launch_name(self) -> str:
        """Name of a launch that all legs share.

        The workflow, else the job, the repository, the folder. On GitLab the job comes first.
        """
        names = [self.workflow, self.job, self.repository if self.host else ""]
        if self.host in _NAMED_BY_JOB:
            names.insert(0, self.job)
        return next(filter(None, (*names, self.folder)), "")

    def workspace_or(self, cwd: Path) -> Path:
        """Return the workspace of CI, else the top level of the checkout, else the current directory."""
        return self.workspace or self.checkout or cwd

    def here(self, path: str) -> str:
        """Return a path that an earlier step wrote, as this process must spell it."""
        return to_local(path, self.path_map)

    def on_the_machine(self, path: Path) -> Path:
        """Return a path as people find it on the machine; in a container action the workspace differs."""
        if self.workspace != _IN_CONTAINER:
            return path
        return Path(to_machine(str(path), self.path_map))

    def is_out_of_reach(self, path: str) -> bool:
        """Return whether a container action cannot read this path, since it is not mounted."""
        return (
            self.workspace == _IN_CONTAINER
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
        """Return the attributes of a launch that are not empty (docs/onetest-api.md#start-a-launch).

        Values are cut to ``MAX_ATTRIBUTE``; a longer URL is left out, since a cut one leads nowhere.
        """
        pairs = [
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
            (key, value) for key, value in pairs if len(value) <= MAX_ATTRIBUTE or not key.endswith("_url")
        )
        return [(key, value[:MAX_ATTRIBUTE]) for key, value in fitting if value]
