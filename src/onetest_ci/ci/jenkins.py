"""Jenkins: names that carry more than the name."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

# Declarative pipelines run their own steps, ``post`` among them, in stages of this prefix.
_PSEUDO_STAGE: Final = "Declarative: "
# What the git plugin writes where a commit is checked out and no branch.
_DETACHED: Final = "detached"


def adjust(told: dict[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The job's own name, and the branch without its remote."""
    changed = {
        "workflow": _job_name(told.get("workflow", ""), environ.get("BRANCH_NAME", "")),
        "branch": _branch(told, environ),
    }
    if told.get("job", "").startswith(_PSEUDO_STAGE):
        changed["job"] = ""
    return changed


def _branch(told: dict[str, str], environ: Mapping[str, str]) -> str:
    # BRANCH_NAME is the tag's name for a tag, and "PR-7" for a pull request whose source is unknown.
    if "tag" in told or ("pull_request" in told and not environ.get("CHANGE_BRANCH")):
        return ""
    branch = told.get("branch", "")
    if branch == _DETACHED:
        branch = environ.get("GIT_BRANCH", "")
    return "" if branch == _DETACHED else branch.removeprefix("origin/")


def _job_name(full_name: str, branch: str) -> str:
    """``folder/job`` of ``folder/job/feature%2Fx`` (multibranch) or ``folder/job/OS=a,JDK=21`` (matrix)."""
    parent, _, last = full_name.rpartition("/")
    if not parent:
        return full_name
    is_branch = bool(branch) and unquote(last) == branch
    is_matrix = all("=" in axis for axis in last.split(","))
    return parent if is_branch or is_matrix else full_name
