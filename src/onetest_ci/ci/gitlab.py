"""GitLab CI: its row, and tags and forks, which a table cannot hold."""

from typing import Final

from onetest_ci.ci.host import Environ, Fields, Host
from onetest_ci.ci.variable_references import PERCENT, SHELL

FROM_A_FORK: Final = "merge request from a fork"


def adjust(fields: Fields, environ: Environ) -> Fields:
    """Remove the branch of a tag, and mark merge requests from forks.

    A merge request's pipeline runs in the fork, which has none of the parent's variables, unless a member of
    the parent starts it in the parent ("Merge request pipelines", "Use with forked projects").
    """
    changed: Fields = {}
    if "tag" in fields:
        # CI_COMMIT_REF_NAME names the tag.
        changed["branch"] = ""
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    target = environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if source and target and source != target and environ.get("CI_PROJECT_ID") == source:
        changed["untrusted"] = FROM_A_FORK
    return changed


HOST: Final = Host(
    key="gitlab",
    name="GitLab CI",
    documentation=("https://docs.gitlab.com/ci/variables/predefined_variables/",),
    marks=(frozenset({"GITLAB_CI"}),),
    fields={
        "run_id": ("CI_PIPELINE_ID",),
        "workflow": ("CI_PIPELINE_NAME",),
        "job": ("CI_JOB_NAME",),
        "build_number": ("CI_PIPELINE_IID",),
        "branch": (
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
            "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
            "CI_COMMIT_BRANCH",
            "CI_COMMIT_REF_NAME",
        ),
        "tag": ("CI_COMMIT_TAG",),
        # The first is set for merged results and merge trains only, where the last is a merge commit.
        "commit": (
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
            "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA",
            "CI_COMMIT_SHA",
        ),
        "merge_commit": ("CI_COMMIT_SHA",),
        "pull_request": ("CI_MERGE_REQUEST_IID", "CI_EXTERNAL_PULL_REQUEST_IID"),
        "repository": ("CI_PROJECT_PATH",),
        "repository_url": ("CI_PROJECT_URL", "CI_REPOSITORY_URL"),
        "run_url": ("CI_PIPELINE_URL",),
        "job_url": ("CI_JOB_URL",),
        "actor": ("GITLAB_USER_LOGIN",),
        "workspace": ("CI_PROJECT_DIR",),
        "debug": ("CI_DEBUG_TRACE",),
    },
    url_variables=(
        "CI_API_GRAPHQL_URL",
        "CI_API_V4_URL",
        "CI_MERGE_REQUEST_PROJECT_URL",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL",
        "CI_SERVER_URL",
    ),
    references=f"{SHELL}|{PERCENT}",
    adjust=adjust,
)
