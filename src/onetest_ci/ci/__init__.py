"""Which CI is this, and what does it say of the run."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from onetest_ci.ci import clean
from onetest_ci.ci.checkout import read_checkout
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.providers import provider_of

__all__ = ["CIContext", "detect"]


def detect(environ: Mapping[str, str], cwd: Path) -> CIContext:
    """What CI tells of this run; what it leaves open is read from the git checkout around ``cwd``.

    Args:
        environ: the process's variables; an empty one counts as unset.
        cwd: the current directory; the workspace of CI is tried when it lies in no checkout.

    Returns:
        The context; with no CI and no checkout only ``folder`` is filled. Never raises.
    """
    context = _from_provider(environ)
    checkout = read_checkout(cwd)
    if checkout is None and context.workspace is not None:
        checkout = read_checkout(context.workspace)
    if checkout is not None:
        branch = "" if context.tag else checkout.branch
        context = replace(
            context,
            branch=context.branch or branch,
            commit=context.commit or checkout.commit,
            repository_url=context.repository_url or checkout.remote_url,
        )
    folder = checkout.root if checkout is not None else cwd
    return replace(
        context,
        repository=context.repository or clean.repository_path(context.repository_url),
        folder=clean.text(folder.name),
    )


def _from_provider(environ: Mapping[str, str]) -> CIContext:
    provider = provider_of(environ)
    if provider is None:
        return CIContext()
    told = provider.tell(environ)
    workspace = clean.path(told.pop("workspace", ""))
    temp_dir = clean.path(told.pop("temp_dir", ""))
    return CIContext(
        provider=provider.key, provider_name=provider.name, workspace=workspace, temp_dir=temp_dir, **told
    )
