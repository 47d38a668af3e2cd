"""What a table cannot say of hosts that need a few lines only."""

import re
from typing import Final

from onetest_ci.ci import safe_values
from onetest_ci.ci.host import FROM_A_FORK, Environ, Fields, part_of

_TAG: Final = "refs/tags/"
_TRIAL_MERGE: Final = re.compile(r"pull/[0-9]+(?:/|\Z)")


def tag_is_no_branch(told: Fields, _environ: Environ) -> Fields:
    """The branch of a tag's build is the tag's own name, or the default branch."""
    return {"branch": ""} if "tag" in told else {}


def azure(told: Fields, environ: Environ) -> Fields:
    """Tags, forks, parts of a job."""
    changed: Fields = {}
    ref = environ.get("BUILD_SOURCEBRANCH", "")
    if ref.startswith(_TAG):
        changed |= {"tag": ref.removeprefix(_TAG), "branch": ""}
    elif ref.startswith("refs/pull/") and environ.get("BUILD_REPOSITORY_PROVIDER", "").startswith("GitHub"):
        # SYSTEM_PULLREQUEST_PULLREQUESTID is GitHub's inner id there, which people do not see.
        changed["pull_request"] = ref
    if safe_values.switch(environ.get("SYSTEM_PULLREQUEST_ISFORK", "")):
        changed["untrusted"] = FROM_A_FORK
    changed["job"] = part_of(
        told.get("job", ""),
        environ.get("SYSTEM_JOBPOSITIONINPHASE", ""),
        environ.get("SYSTEM_TOTALJOBSINPHASE", ""),
    )
    if changed["job"] != told.get("job", ""):
        changed["leg"] = f"({changed['job']})"
    return changed


def circleci(told: Fields, environ: Environ) -> Fields:
    """Fix what CircleCI gives for pull requests and parallel jobs.

    A fork's branch is ``pull/7``. Of several pull requests CIRCLE_PULL_REQUEST is one at random.
    """
    changed = tag_is_no_branch(told, environ)
    if "," in environ.get("CIRCLE_PULL_REQUESTS", "") and not environ.get("CIRCLE_PR_NUMBER"):
        changed["pull_request"] = ""
    if _TRIAL_MERGE.match(told.get("branch", "")):
        changed["branch"] = ""
    if environ.get("CIRCLE_PR_USERNAME"):
        changed["untrusted"] = FROM_A_FORK
    index = environ.get("CIRCLE_NODE_INDEX", "")
    changed["job"] = part_of(
        told.get("job", ""), _counted_from_one(index), environ.get("CIRCLE_NODE_TOTAL", "")
    )
    return changed


def buildkite(told: Fields, environ: Environ) -> Fields:
    """Fix what Buildkite gives for pull requests, merge queues and parallel jobs.

    Parts are counted from 0. A fork's branch is ``owner:branch``. A variable of its own holds the base branch
    of a merge queue.
    """
    changed = tag_is_no_branch(told, environ)
    base = environ.get("BUILDKITE_MERGE_QUEUE_BASE_BRANCH", "")
    if base:
        changed["branch"] = base
    elif "pull_request" in told and "branch" in told:
        changed["branch"] = told["branch"].rpartition(":")[2]
    part = _counted_from_one(environ.get("BUILDKITE_PARALLEL_JOB", ""))
    changed["job"] = part_of(told.get("job", ""), part, environ.get("BUILDKITE_PARALLEL_JOB_COUNT", ""))
    if changed["job"] != told.get("job", ""):
        changed["leg"] = f"({changed['job']})"
    return changed


def bitbucket(_told: Fields, environ: Environ) -> Fields:
    """Tell parallel steps apart, which have no names in variables; counted from 0."""
    part = _counted_from_one(environ.get("BITBUCKET_PARALLEL_STEP", ""))
    return (
        {"leg": part_of("step", part, environ.get("BITBUCKET_PARALLEL_STEP_COUNT", "")).removeprefix("step ")}
        if part
        else {}
    )


def travis(told: Fields, environ: Environ) -> Fields:
    """A fork's pull request is built without secure variables."""
    changed = tag_is_no_branch(told, environ)
    # "12.2": the second job of build 12. Only named jobs tell themselves apart.
    part = environ.get("TRAVIS_JOB_NUMBER", "").rpartition(".")[2]
    if "job" not in told and part not in {"", "1"}:
        changed["leg"] = f"({part})"
    if "pull_request" in told and environ.get("TRAVIS_SECURE_ENV_VARS") == "false":
        changed["untrusted"] = FROM_A_FORK
    return changed


def appveyor(told: Fields, environ: Environ) -> Fields:
    """A fork's pull request is built without secure variables."""
    changed = tag_is_no_branch(told, environ)
    head, base = environ.get("APPVEYOR_PULL_REQUEST_HEAD_REPO_NAME"), environ.get("APPVEYOR_REPO_NAME")
    if "pull_request" in told and head and head != base:
        changed["untrusted"] = FROM_A_FORK
    return changed


def codebuild(told: Fields, environ: Environ) -> Fields:
    """Read the project's name in the build's id, and what was built in ``branch/x``, ``tag/x`` or a ref."""
    changed = {"workflow": told.get("run_id", "").partition(":")[0]}
    if "job" in told:
        changed["leg"] = f"({told['job']})"
    trigger = environ.get("CODEBUILD_WEBHOOK_TRIGGER") or environ.get("CODEBUILD_SOURCE_VERSION", "")
    kind, _, name = trigger.partition("/")
    if kind == "pr":
        changed["pull_request"] = name
    if environ.get("CODEBUILD_WEBHOOK_MERGE_COMMIT"):
        changed["branch"] = environ.get("CODEBUILD_WEBHOOK_BASE_REF", "")
    elif kind == "tag" or environ.get("CODEBUILD_WEBHOOK_HEAD_REF", "").startswith(_TAG):
        head = environ.get("CODEBUILD_WEBHOOK_HEAD_REF", "").removeprefix(_TAG)
        changed |= {"tag": name if kind == "tag" else head, "branch": ""}
    elif kind == "branch" and "branch" not in told:
        changed["branch"] = name
    return changed


def codefresh(told: Fields, environ: Environ) -> Fields:
    """Move a merged pull request to its target branch and to the commit that the merge made."""
    changed = tag_is_no_branch(told, environ)
    if safe_values.switch(environ.get("CF_PULL_REQUEST_MERGED", "")):
        merged = environ.get("CF_PULL_REQUEST_MERGED_COMMIT_SHA", "")
        changed |= {
            "commit": merged or told.get("commit", ""),
            "branch": environ.get("CF_PULL_REQUEST_TARGET", ""),
        }
    return changed


def _counted_from_one(index: str) -> str:
    return str(int(index) + 1) if re.fullmatch(r"[0-9]{1,5}", index) else ""
