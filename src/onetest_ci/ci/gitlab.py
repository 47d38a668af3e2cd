"""GitLab CI: what a table cannot say."""

from collections.abc import Mapping
from typing import Final

FROM_A_FORK: Final = "merge request from a fork"


def adjust(told: dict[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Tags and forks.

    A merge request's pipeline runs in the fork, which has none of the parent's variables, unless a member of
    the parent starts it in the parent ("Merge request pipelines", "Use with forked projects").
    """
    changed: dict[str, str] = {}
    if "tag" in told:
        # CI_COMMIT_REF_NAME names the tag.
        changed["branch"] = ""
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
    target = environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if source and target and source != target and environ.get("CI_PROJECT_ID") == source:
        changed["untrusted"] = FROM_A_FORK
    return changed
