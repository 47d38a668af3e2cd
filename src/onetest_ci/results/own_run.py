"""Recognise saved results of the change under test itself, with which it must not be compared.

Else each of its failures would be known on the second run.
"""

from onetest_ci.ci.base_commit import base_branches, is_about_a_change
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.host import Environ
from onetest_ci.results.saved import RunHeader


def why_own(saved: RunHeader, environ: Environ, context: CIContext) -> str:
    """Return why saved results are those of the tested change; empty if they are not.

    Outside of changes, only an earlier attempt of the same run is refused: the base branch is compared with
    its own earlier runs.

    Args:
        saved: the run that saved them.
        environ: the process's variables.
        context: of this run.
    """
    if saved.run and (saved.run, saved.commit) == (context.run_id, context.commit):
        return "this run saved it, perhaps in an earlier attempt"
    if not is_about_a_change(environ, context):
        return ""
    if saved.pull_request:
        is_same = saved.pull_request == context.pull_request
        return f"a run of this change (#{saved.pull_request}) saved it" if is_same else ""
    if saved.commit and saved.commit in {context.commit, context.merge_commit}:
        return f"it is of the commit under test ({saved.commit[:12]})"
    # A fork's branch is another one than that of its name in this repository.
    is_own_branch = bool(saved.branch) and saved.branch == context.branch and not context.untrusted
    if is_own_branch and saved.branch not in base_branches(environ, context):
        return f"it is of the branch under test ({saved.branch})"
    return ""
