"""Find the commit that a pull or merge request starts from, in a clone that may be shallow.

The ids that CI provides come first: the code under test cannot change them. A branch of the clone counts
only in a trusted run.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from onetest_ci.ci import safe_values
from onetest_ci.ci.checkout import GitDirectories, commit_of_ref
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.git_objects import ObjectMissing, parents
from onetest_ci.ci.github_events import Event
from onetest_ci.ci.host import Environ

_COMMITS: Final[Mapping[str, tuple[str, ...]]] = {
    # The first is set for merged results only: the commit of the target branch that was merged.
    "gitlab": ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"),
    "bitbucket": ("BITBUCKET_PR_DESTINATION_COMMIT",),
    "buildkite": ("BUILDKITE_MERGE_QUEUE_BASE_COMMIT",),
}
_IN_EVENT: Final = ("pull_request.base.sha", "merge_group.base_sha")
_BRANCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "github": ("GITHUB_BASE_REF",),
    "gitlab": ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME"),
    "azure": ("SYSTEM_PULLREQUEST_TARGETBRANCH",),
    "bitbucket": ("BITBUCKET_PR_DESTINATION_BRANCH",),
    "buildkite": ("BUILDKITE_PULL_REQUEST_BASE_BRANCH",),
    "woodpecker": ("CI_COMMIT_TARGET_BRANCH",),
    "drone": ("DRONE_TARGET_BRANCH",),
    "travis": ("TRAVIS_BRANCH",),
    "appveyor": ("APPVEYOR_REPO_BRANCH",),
    "bitrise": ("BITRISEIO_GIT_BRANCH_DEST",),
    "codebuild": ("CODEBUILD_WEBHOOK_BASE_REF",),
    "codefresh": ("CF_PULL_REQUEST_TARGET",),
    "jenkins": ("CHANGE_TARGET", "ghprbTargetBranch", "gitlabTargetBranch", "BITBUCKET_TARGET_BRANCH"),
}
"""Variables of the branch that a pull or merge request goes into."""


def is_about_a_change(environ: Environ, context: CIContext) -> bool:
    """Return whether the run is one of a change, such as a pull request, or reports such a run.

    The pull request of a fork may have no number in ``workflow_run``; CI names a commit that is not tested.
    """
    if context.pull_request or context.untrusted:
        return True
    return any(_provided(environ, context)) or _stand_in(environ, context) is not None


def base_commits(
    environ: Environ, context: CIContext, git: GitDirectories, *, is_tested: bool
) -> Iterator[str]:
    """Yield the ids of the commits that may be the base, best first. The clone may lack them.

    A clone's branch may already be at the tested commit, which is not the base.

    Args:
        environ: the process's variables.
        context: of a pull or merge request.
        git: of the checkout.
        is_tested: whether the checkout is that of the repository that CI tests. A submodule has branches of
            its own, and which repository it is of comes with the change.
    """
    tested = {context.commit, context.merge_commit}
    yield from (
        commit
        for commit in _all(environ, context, git, is_tested=is_tested)
        if commit and commit not in tested
    )
    # If the tested commit is the last one of the default branch, it is not a change.
    if commit := _stand_in(environ, context):
        yield commit


def base_branches(environ: Environ, context: CIContext) -> frozenset[str]:
    """Return the names of the branch that the change goes into, as far as CI provides them."""
    names = _BRANCHES.get(context.host, ())
    return frozenset(filter(None, (safe_values.branch(environ.get(name, "")) for name in names)))


def _all(environ: Environ, context: CIContext, git: GitDirectories, *, is_tested: bool) -> Iterator[str]:
    yield from _provided(environ, context)
    yield from _merged_into(context, git)
    if is_tested and not context.outsiders_run:
        for name in _BRANCHES.get(context.host, ()):
            branch = safe_values.branch(environ.get(name, ""))
            yield commit_of_ref(git, f"refs/remotes/origin/{branch}") if branch else ""


def _provided(environ: Environ, context: CIContext) -> Iterator[str]:
    """Yield what CI provides as the base. Each may be empty."""
    for name in _COMMITS.get(context.host, ()):
        yield safe_values.commit_id(environ.get(name, ""))
    if context.host == "github":
        event = Event.of(environ)
        yield from (safe_values.commit_id(event.text(path)) for path in _IN_EVENT)


def _stand_in(environ: Environ, context: CIContext) -> str | None:
    """Return the commit of the default or the base branch in events about other commits; else None.

    It is empty if CI does not provide it.
    """
    if context.host != "github":
        return None
    commit = Event.of(environ).tested({}).get("stand_in")
    return None if commit is None else safe_values.commit_id(commit)


def _merged_into(context: CIContext, git: GitDirectories) -> Iterator[str]:
    """Yield the other parent of a trial merge, one of whose two parents is the tested commit."""
    if not context.merge_commit:
        return
    try:
        both = parents(git.common, context.merge_commit)
    except ObjectMissing:
        return
    others = [one for one in both if one != context.commit]
    if len(both) == 2 and len(others) == 1:  # noqa: PLR2004 - a merge of two
        yield others[0]
