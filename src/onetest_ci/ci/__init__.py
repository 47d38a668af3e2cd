"""Detect the CI host, and describe the run by its variables and the git checkout."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onetest_ci.ci import safe_values
from onetest_ci.ci.checkout import Checkout, read_checkout
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.host import cleaned
from onetest_ci.ci.host_table import find_host

__all__ = ["OVERRIDABLE", "CIContext", "detect"]

# For what the host's variables lack or have wrong: a host that is not in the table, one inside of another, a
# build of another repository's commit.
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
    """Return the context of this run; fields that CI does not set are read from the git checkout.

    Args:
        environ: the process's variables; an empty one counts as unset. ``ONETEST_CI`` names the host, and
            ``ONETEST_CI_BRANCH`` and its like override the host's variables.
        cwd: the current directory. If it is not in a checkout, the workspace of CI may be one.

    Returns:
        The context; without CI and a checkout only ``folder`` is not empty. Never raises.
    """
    context, stand_in = _from_variables(environ)
    checkout = around = read_checkout(cwd)
    if checkout is None and context.workspace is not None:
        checkout = read_checkout(context.workspace)
    if checkout is not None:
        context = _completed(context, checkout, stand_in)
    folder = checkout.root if checkout is not None else cwd
    return context._replace(
        repository=context.repository or safe_values.repository_path(context.repository_url),
        folder=safe_values.text(folder.name),
        checkout=around.root if around is not None else None,
    )


def _completed(context: CIContext, checkout: Checkout, stand_in: str) -> CIContext:
    """Fill the fields that CI does not set from a checkout.

    Every job gets a checkout of the host's stand-in: it does not show what was tested.
    """
    context = context._replace(repository_url=context.repository_url or checkout.remote_url)
    if stand_in and checkout.commit == stand_in:
        return context
    commit = context.commit or checkout.commit
    # The local branch of a pull request's checkout may have any name. One at another commit was not tested.
    is_open = not (context.branch or context.tag or context.pull_request) and commit == checkout.commit
    return context._replace(commit=commit, branch=checkout.branch if is_open else context.branch)


def _from_variables(environ: Mapping[str, str]) -> tuple[CIContext, str]:
    """Return the context from variables, and the commit that the host names in place of the tested one."""
    named = safe_values.text(environ.get(_NAMED, ""))
    host = find_host(environ, named.lower())
    if host is None and not named:
        return CIContext(), ""
    if host is not None:
        environ = {name: value for name, value in environ.items() if not host.is_unreplaced(value)}
    fields = host.read_fields(environ) if host else {}
    overridden = {
        field: value
        for field in OVERRIDABLE
        if (value := cleaned(field, environ.get(f"{_NAMED}_{field.upper()}", "")))
    }
    fields |= overridden
    if "commit" in overridden:
        fields.pop("merge_commit", None)
    stand_in = fields.pop("stand_in", "")
    context = CIContext(
        host=host.key if host else named,
        host_name=host.name if host else named,
        path_map=host.path_map(environ) if host else (),
        workspace=safe_values.path(fields.pop("workspace", "")),
        checkout=None,
        temp_dir=safe_values.path(fields.pop("temp_dir", "")),
        **fields,
    )
    return context, stand_in
