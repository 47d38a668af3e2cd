"""Facts of single hosts that their row in the table cannot hold.

Each function is a host's ``adjust``: it returns the fields that change.
"""

import re
from typing import Final

from onetest_ci.ci import safe_values
from onetest_ci.ci.host import FROM_A_FORK, Environ, Fields, part_of

_TAG: Final = "refs/tags/"
_TRIAL_MERGE: Final = r"pull/[0-9]+(?:/|\Z)"


def drop_branch_of_tag(fields: Fields, _environ: Environ) -> Fields:
    """Remove the branch of a tag's build: it is the tag's own name, or the default branch."""
    return {"branch": ""} if "tag" in fields else {}


def azure(fields: Fields, environ: Environ) -> Fields:
    """Read tags, pull requests, forks and parts of a parallel job."""
    changed: Fields = {}
    ref = environ.get("BUILD_SOURCEBRANCH", "")
    if ref.startswith(_TAG):
        changed |= {"tag": ref.removeprefix(_TAG), "branch": ""}
    elif ref.startswith("refs/pull/") and environ.get("BUILD_REPOSITORY_PROVIDER", "").startswith("GitHub"):
        # SYSTEM_PULLREQUEST_PULLREQUESTID is GitHub's internal id there, which people do not see.
        changed["pull_request"] = ref
    if safe_values.switch(environ.get("SYSTEM_PULLREQUEST_ISFORK", "")):
        changed["untrusted"] = FROM_A_FORK
    index, total = environ.get("SYSTEM_JOBPOSITIONINPHASE", ""), environ.get("SYSTEM_TOTALJOBSINPHASE", "")
    return changed | _part(fields, index, total)


def circleci(fields: Fields, environ: Environ) -> Fields:
    """Correct the fields of pull requests, and number parallel jobs.

    A fork's branch is ``pull/7``. Of several pull requests CIRCLE_PULL_REQUEST is one at random.
    """
    changed = drop_branch_of_tag(fields, environ)
    if "," in environ.get("CIRCLE_PULL_REQUESTS", "") and not environ.get("CIRCLE_PR_NUMBER"):
        changed["pull_request"] = ""
    if re.match(_TRIAL_MERGE, fields.get("branch", "")):
        changed["branch"] = ""
    if environ.get("CIRCLE_PR_USERNAME"):
        changed["untrusted"] = FROM_A_FORK
    index = environ.get("CIRCLE_NODE_INDEX", "")
    changed["job"] = part_of(
        fields.get("job", ""), _counted_from_one(index), environ.get("CIRCLE_NODE_TOTAL", "")
    )
    return changed


def buildkite(fields: Fields, environ: Environ) -> Fields:
    """Correct the branch of pull requests and merge queues, and number parallel jobs.

    A fork's branch is ``owner:branch``. BUILDKITE_MERGE_QUEUE_BASE_BRANCH holds the base of a merge queue.
    """
    changed = drop_branch_of_tag(fields, environ)
    base = environ.get("BUILDKITE_MERGE_QUEUE_BASE_BRANCH", "")
    if base:
        changed["branch"] = base
    elif "pull_request" in fields and "branch" in fields:
        changed["branch"] = fields["branch"].rpartition(":")[2]
    index = _counted_from_one(environ.get("BUILDKITE_PARALLEL_JOB", ""))
    return changed | _part(fields, index, environ.get("BUILDKITE_PARALLEL_JOB_COUNT", ""))


def bitbucket(_fields: Fields, environ: Environ) -> Fields:
    """Number parallel steps; no variable holds their names."""
    part = _counted_from_one(environ.get("BITBUCKET_PARALLEL_STEP", ""))
    return (
        {"leg": part_of("step", part, environ.get("BITBUCKET_PARALLEL_STEP_COUNT", "")).removeprefix("step ")}
        if part
        else {}
    )


def travis(fields: Fields, environ: Environ) -> Fields:
    """Number jobs without a name, and mark forks: their builds have no secure variables."""
    changed = drop_branch_of_tag(fields, environ)
    # "12.2": the second job of build 12.
    part = environ.get("TRAVIS_JOB_NUMBER", "").rpartition(".")[2]
    if "job" not in fields and part not in {"", "1"}:
        changed["leg"] = f"({part})"
    if "pull_request" in fields and environ.get("TRAVIS_SECURE_ENV_VARS") == "false":
        changed["untrusted"] = FROM_A_FORK
    return changed


def appveyor(fields: Fields, environ: Environ) -> Fields:
    """Mark forks: their builds have no secure variables."""
    changed = drop_branch_of_tag(fields, environ)
    head, base = environ.get("APPVEYOR_PULL_REQUEST_HEAD_REPO_NAME"), environ.get("APPVEYOR_REPO_NAME")
    if "pull_request" in fields and head and head != base:
        changed["untrusted"] = FROM_A_FORK
    return changed


def codebuild(fields: Fields, environ: Environ) -> Fields:
    """Read the project's name from the build's id, and the branch, tag or pull request from its trigger.

    The trigger is ``branch/x``, ``tag/x`` or ``pr/7``.
    """
    changed = {"workflow": fields.get("run_id", "").partition(":")[0]}
    if "job" in fields:
        changed["leg"] = f"({fields['job']})"
    trigger = environ.get("CODEBUILD_WEBHOOK_TRIGGER") or environ.get("CODEBUILD_SOURCE_VERSION", "")
    kind, _, name = trigger.partition("/")
    if kind == "pr":
        changed["pull_request"] = name
    if environ.get("CODEBUILD_WEBHOOK_MERGE_COMMIT"):
        changed["branch"] = environ.get("CODEBUILD_WEBHOOK_BASE_REF", "")
    elif kind == "tag" or environ.get("CODEBUILD_WEBHOOK_HEAD_REF", "").startswith(_TAG):
        head = environ.get("CODEBUILD_WEBHOOK_HEAD_REF", "").removeprefix(_TAG)
        changed |= {"tag": name if kind == "tag" else head, "branch": ""}
    elif kind == "branch" and "branch" not in fields:
        changed["branch"] = name
    return changed


def codefresh(fields: Fields, environ: Environ) -> Fields:
    """Replace branch and commit of a merged pull request by its target branch and the merge's commit."""
    changed = drop_branch_of_tag(fields, environ)
    if safe_values.switch(environ.get("CF_PULL_REQUEST_MERGED", "")):
        merged = environ.get("CF_PULL_REQUEST_MERGED_COMMIT_SHA", "")
        changed |= {
            "commit": merged or fields.get("commit", ""),
            "branch": environ.get("CF_PULL_REQUEST_TARGET", ""),
        }
    return changed


def _part(fields: Fields, index: str, total: str) -> Fields:
    """Return the name of a parallel job with its number, and the leg if there are several."""
    job = part_of(fields.get("job", ""), index, total)
    return {"job": job} if job == fields.get("job", "") else {"job": job, "leg": f"({job})"}


def _counted_from_one(index: str) -> str:
    """Return an index that the host counts from 0."""
    return str(int(index) + 1) if re.fullmatch(r"[0-9]{1,5}", index) else ""
