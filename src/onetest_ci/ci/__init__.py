"""Which CI is this, and what does it say of the run."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from onetest_ci.ci import safe_values
from onetest_ci.ci.checkout import Checkout, read_checkout
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.host import cleaned
from onetest_ci.ci.host_table import find_host
from onetest_ci.ci.variable_references import is_unreplaced

__all__ = ["OVERRIDABLE", "CIContext", "detect"]

# Says what no variable of the host says, or says it wrongly: a host that is not in the table, one inside of
# another, a build of somebody else's commit.
_NAMED: Final = "ONETEST_CI"
OVERRIDABLE: Final = (
    "run_id",
    "run_attempt",
    "workflow",
    "job",
    "build_number",
    "branch",
    "tag",
    "commit",
    "pull_request",
    "repository",
    "repository_url",
    "run_url",
    "job_url",
    "actor",
)


def detect(environ: Mapping[str, str], cwd: Path) -> CIContext:
    """Return what CI tells of this run; what it leaves open is read from the git checkout around ``cwd``.

    Args:
        environ: the process's variables; an empty one counts as unset. ``ONETEST_CI`` names the host, and
            ``ONETEST_CI_BRANCH`` and its like override what the host says.
        cwd: the current directory; the workspace of CI is tried when it lies in no checkout.

    Returns:
        The context; with no CI and no checkout only ``folder`` is filled. Never raises.
    """
    context, stand_in = _from_provider(environ)
    checkout = around = read_checkout(cwd)
    if checkout is None and context.workspace is not None:
        checkout = read_checkout(context.workspace)
    if checkout is not None:
        context = _completed(context, checkout, stand_in)
    folder = checkout.root if checkout is not None else cwd
    return replace(
        context,
        repository=context.repository or safe_values.repository_path(context.repository_url),
        folder=safe_values.text(folder.name),
        checkout=around.root if around is not None else None,
    )


def _completed(context: CIContext, checkout: Checkout, stand_in: str) -> CIContext:
    """Fill from a checkout what CI leaves open.

    A checkout of the host's stand-in is the one that the job gets unasked: it does not show what was tested.
    """
    context = replace(context, repository_url=context.repository_url or checkout.remote_url)
    if stand_in and checkout.commit == stand_in:
        return context
    commit = context.commit or checkout.commit
    # The local branch of a pull request's checkout has any name; that of another commit is another branch.
    is_open = not (context.branch or context.tag or context.pull_request) and commit == checkout.commit
    return replace(context, commit=commit, branch=checkout.branch if is_open else context.branch)


def _from_provider(environ: Mapping[str, str]) -> tuple[CIContext, str]:
    """Return what the host tells, and the commit that it gives in place of the one that was tested."""
    named = safe_values.text(environ.get(_NAMED, ""))
    host = find_host(environ, named.lower())
    key = host.key if host else named
    environ = {name: value for name, value in environ.items() if not is_unreplaced(value, key)}
    told = host.tell(environ) if host else {}
    overridden = {
        field: value
        for field in OVERRIDABLE
        if (value := cleaned(field, environ.get(f"{_NAMED}_{field.upper()}", "")))
    }
    if host is None and not named:
        # Nothing says that this is CI; then nothing is overridden either.
        return CIContext(), ""
    told |= overridden
    if "commit" in overridden:
        told.pop("merge_commit", None)
    stand_in = told.pop("stand_in", "")
    context = CIContext(
        host=key,
        host_name=host.name if host else named,
        path_map=host.path_map(environ) if host else (),
        workspace=safe_values.path(told.pop("workspace", "")),
        checkout=None,
        temp_dir=safe_values.path(told.pop("temp_dir", "")),
        **told,
    )
    return context, stand_in
