"""Find the host and the default branch of a checkout, from git's own files."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.ci import git_config
from onetest_ci.ci.checkout import Checkout, commit_of_ref, git_directories, read_checkout
from onetest_ci.safe_open import open_regular

HOSTS: Final = ("github", "gitlab", "jenkins")
_ADDRESS: Final = r"(?i)(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:]+)"
# What a host reads as the name itself and not as a pattern.
_PLAIN_BRANCH: Final = r"[A-Za-z0-9_][A-Za-z0-9_./-]*"
_ORIGIN: Final = "refs/remotes/origin/"
_MAX_BYTES: Final = 1024 * 1024


class Repository(NamedTuple):
    """The repository of a checkout.

    Attributes:
        root: the resolved directory that files are written below.
        remote: the name of the remote's machine; empty without one.
        branch: the default branch; empty if none is known, or if its name would need quoting.
    """

    root: Path
    remote: str
    branch: str

    @property
    def host(self) -> str:
        """Return the CI host that the remote's name shows: one of ``HOSTS``; empty if it shows none."""
        parts = self.remote.lower().split(".")
        return next((host for host in ("github", "gitlab") if any(host in part for part in parts)), "")


def read_repository(start: Path, environ: Mapping[str, str]) -> Repository:
    """Return the repository around a directory; the directory itself is the root without a checkout."""
    checkout = read_checkout(start)
    if checkout is None:
        return Repository(start.resolve(), "", "")
    found = re.match(_ADDRESS, checkout.remote_url)
    branch = _default_branch(checkout, environ)
    return Repository(
        root=checkout.root.resolve(),
        remote=found[1] if found else "",
        branch=branch if re.fullmatch(_PLAIN_BRANCH, branch) else "",
    )


def _default_branch(checkout: Checkout, environ: Mapping[str, str]) -> str:
    """Return the branch that the remote has as its default, else git's own if it exists, else the current."""
    git = git_directories(checkout.root)
    if git is None:
        return checkout.branch
    head = _read(git.common / "refs" / "remotes" / "origin" / "HEAD").strip()
    if head.startswith(f"ref: {_ORIGIN}"):
        return head.removeprefix(f"ref: {_ORIGIN}")
    configured = git_config.value(_read(git.common / "config"), "init", "", "defaultbranch")
    home = environ.get("HOME", "")
    if not configured and home:
        configured = git_config.value(_read(Path(home) / ".gitconfig"), "init", "", "defaultbranch")
    known = configured and any(
        commit_of_ref(git, f"{where}{configured}") for where in ("refs/heads/", _ORIGIN)
    )
    return configured if known else checkout.branch


def _read(file: Path) -> str:
    try:
        with open_regular(file) as stream:
            return stream.read(_MAX_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
