"""Jenkins: names of jobs that contain branches and axes, and pull requests by the plugin that builds them.

Sources: branch-api, BranchNameContributor.java (multibranch); ghprb, GhprbTrigger.java; gitlab-plugin,
CauseData.java; bitbucket-push-and-pull-request, README; gerrit-trigger, GerritTriggerParameters.java, and
gerrit-code-review, README, which set the same variables.
"""

from typing import Final, NamedTuple
from urllib.parse import unquote

from onetest_ci.ci.host import Environ, Fields, Host

# Declarative pipelines run their own steps, ``post`` among them, in stages of this prefix.
_PSEUDO_STAGE: Final = "Declarative: "
# The git plugin writes this if it checked out a commit and not a branch.
_DETACHED: Final = "detached"


class Trigger(NamedTuple):
    """The variables of a plugin that builds pull requests.

    Attributes:
        plugin: its name, for people.
        number: the variable of the number. If it is set, the plugin started the build.
        branch: the variable of the source branch.
        commits: the variables of the head commit, best first. Without one, the commit that was checked out
            counts, which may be a trial merge.
    """

    plugin: str
    number: str
    branch: str
    commits: tuple[str, ...] = ()


TRIGGERS: Final = (
    # A change has a target and no source branch; the first commit is that of a merged change.
    # Multibranch jobs of Gerrit set CHANGE_ID and CHANGE_BRANCH too, to "C-1234/5" and "34/1234/5".
    Trigger("Gerrit", "GERRIT_CHANGE_NUMBER", "GERRIT_BRANCH", ("GERRIT_NEWREV", "GERRIT_PATCHSET_REVISION")),
    Trigger("multibranch", "CHANGE_ID", "CHANGE_BRANCH"),
    Trigger("GitHub pull request builder", "ghprbPullId", "ghprbSourceBranch", ("ghprbActualCommit",)),
    Trigger("GitLab", "gitlabMergeRequestIid", "gitlabSourceBranch", ("gitlabMergeRequestLastCommit",)),
    Trigger(
        "Bitbucket push and pull request",
        "BITBUCKET_PULL_REQUEST_ID",
        "BITBUCKET_SOURCE_BRANCH",
        ("BITBUCKET_PULL_REQUEST_LATEST_COMMIT_FROM_SOURCE_BRANCH",),
    ),
)
"""The first whose number is set counts."""


def adjust(fields: Fields, environ: Environ) -> Fields:
    """Return the job's own name, its leg, the branch without its remote, and the pull request."""
    changed = {
        "workflow": _job_name(fields.get("workflow", ""), environ.get("BRANCH_NAME", "")),
        "branch": _branch(fields, environ),
    }
    axes = fields.get("workflow", "").rpartition("/")[2]
    if _is_matrix(axes):
        changed["leg"] = f"({axes.replace(',', ', ')})"
    if fields.get("job", "").startswith(_PSEUDO_STAGE):
        changed["job"] = ""
    return changed | _pull_request(environ)


def _pull_request(environ: Environ) -> Fields:
    trigger = next((trigger for trigger in TRIGGERS if environ.get(trigger.number)), None)
    if trigger is None:
        return {}
    # Not BRANCH_NAME, which is "PR-7", nor GIT_BRANCH, the ref of a trial merge.
    found = {"pull_request": environ[trigger.number], "branch": environ.get(trigger.branch, "")}
    commit = next(filter(None, (environ.get(name, "") for name in trigger.commits)), "")
    return found | ({"commit": commit} if commit else {})


def _branch(fields: Fields, environ: Environ) -> str:
    # BRANCH_NAME is the tag's name for a tag.
    if "tag" in fields:
        return ""
    branch = fields.get("branch", "")
    if branch == _DETACHED:
        branch = environ.get("GIT_BRANCH", "")
    return "" if branch == _DETACHED else branch.removeprefix("origin/")


def _job_name(full_name: str, branch: str) -> str:
    """Return ``folder/job`` for ``folder/job/feature%2Fx`` (multibranch) and ``folder/job/OS=a,JDK=21``."""
    parent, _, last = full_name.rpartition("/")
    if not parent:
        return full_name
    is_branch = bool(branch) and unquote(last) == branch
    return parent if is_branch or _is_matrix(last) else full_name


def _is_matrix(name: str) -> bool:
    """Return whether the last part of a job's name lists the axes of a matrix."""
    return all("=" in axis for axis in name.split(","))


# Any Jenkins lists its variables at /env-vars.html. BUILD_USER_ID: build user vars plugin; RUN_DISPLAY_URL:
# display URL API plugin.
HOST: Final = Host(
    key="jenkins",
    name="Jenkins",
    documentation=(
        "https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables",
        "https://plugins.jenkins.io/git/#plugin-content-environment-variables",
    ),
    # JENKINS_URL is unset where the administrator configured no URL.
    marks=(frozenset({"JENKINS_URL"}), frozenset({"JENKINS_HOME", "BUILD_TAG"})),
    fields={
        "run_id": ("BUILD_TAG", "{JOB_NAME}-{BUILD_NUMBER}"),
        "workflow": ("JOB_NAME",),
        "job": ("STAGE_NAME",),
        "build_number": ("BUILD_NUMBER",),
        # Those of pull requests depend on the plugin: TRIGGERS.
        "branch": ("BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH"),
        "tag": ("TAG_NAME",),
        "commit": ("GIT_COMMIT",),
        "merge_commit": ("GIT_COMMIT",),
        "repository_url": ("GIT_URL", "GIT_URL_1"),
        "run_url": ("BUILD_URL", "RUN_DISPLAY_URL"),
        "actor": ("BUILD_USER_ID", "CHANGE_AUTHOR"),
        "workspace": ("WORKSPACE",),
        "temp_dir": ("WORKSPACE_TMP",),
    },
    url_variables=(
        "HUDSON_URL",
        "JENKINS_URL",
        "JOB_URL",
        "GIT_URL_[0-9]+",
    ),
    adjust=adjust,
)
