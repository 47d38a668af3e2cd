"""Read pull requests and merge queues from refs, addresses and names of branches.

Sources: GitHub's documentation, "About pull requests" (``refs/pull/N/head`` and ``/merge``) and "Managing a
merge queue" (``gh-readonly-queue/BASE/pr-N-SHA``); GitLab's, "Merge request pipelines"
(``refs/merge-requests/N/head``, ``/merge``) and "Merge trains" (``/train``); TeamCity's, "Pull Requests"
(``refs/pull-requests/N/from`` of Bitbucket Data Center); AWS CodeBuild's (``pr/N``).
"""

import re
from typing import Final, NamedTuple

_NUMBER: Final = r"[1-9][0-9]{0,17}"
# Both are compiled on first use.
_PULL_REQUEST: Final = rf"""(?x)
      (?:\#|pr/)? (?P<number>{_NUMBER})
    | refs/(?:pull|merge-requests|pull-requests)/ (?P<ref>{_NUMBER}) /(?:head|merge|train|from)
    | https?://[^\s,]{{1,1024}}/(?:pull|pull-requests|merge_requests)/ (?P<address>{_NUMBER})
    """
_QUEUE: Final = (
    rf"(?:refs/heads/|(?:refs/remotes/)?origin/)?gh-readonly-queue/(.+)/pr-({_NUMBER})-[0-9a-f]{{7,64}}"
)


class MergeQueue(NamedTuple):
    """The two facts in the name of the temporary branch of a GitHub merge queue.

    Attributes:
        base: the branch that the queue merges into.
        pull_request: number of the last pull request of the group.
    """

    base: str
    pull_request: str


def merge_queue(branch: str) -> MergeQueue | None:
    """Read the name of a merge queue's branch, or its full ref; None for any other branch.

    Anybody who opens a pull request can name a branch like this. Call it only for branches of the repository.
    """
    found = re.fullmatch(_QUEUE, branch.strip()) if branch else None
    return MergeQueue(found[1], found[2]) if found else None


def pull_request(value: str) -> str:
    """Return the number of a pull or merge request; empty if the value contains none.

    Hosts set a plain number (``false`` for none), a ref or an address.
    """
    found = re.fullmatch(_PULL_REQUEST, value.strip()) if value else None
    return next(filter(None, found.groups()), "") if found else ""
